"""Importing the signed plan (C06, G03, E07): only headquarters' own, for this venue and mode."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from venue_server.sitting.plan import Plan
from venue_server.storage import schema
from venue_server.wire.names import DataState, Mode, SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


async def test_c06_a_signed_plan_makes_its_sessions_rooms_and_sittings(venue: Any) -> None:
    session = venue.service.session("s1")
    assert (session.state, session.data_state) == (SessionState.PLANNED, DataState.COLLECTING)
    sittings = venue.service.sittings("s1")
    assert [(one.room_id, one.seat_no) for one in sittings] == [
        ("R1", "01"),
        ("R1", "02"),
        ("R1", "03"),
        ("R2", "04"),
        ("R2", "05"),
    ]
    assert {one.state for one in sittings} == {SittingState.SCHEDULED}
    assert venue.service.candidate(sittings[3]).name == "应试3"
    assert venue.service.plan.exam_title == "经济专业技术资格考试"
    assert venue.service.planned("s1").subject_code == "ECO-1"
    assert venue.last_event()["event"] == "plan.imported"


async def test_the_document_is_kept_byte_for_byte(make_venue: Callable[[], Any]) -> None:
    venue = make_venue()
    document = venue.hq.plan()
    accepted = venue.hq.accepted
    assert isinstance(
        await venue.service.import_plan(document, accepted, 2, "v1", Mode.REHEARSAL), Plan
    )
    kept = venue.store.read(lambda tx: tx.execute(select(schema.plan.c.document)).scalar_one())
    assert kept.encode() == document


async def test_importing_the_same_document_again_changes_nothing(venue: Any) -> None:
    before = venue.events()
    document = venue.store.read(lambda tx: tx.execute(select(schema.plan.c.document)).scalar_one())
    again = await venue.service.import_plan(
        document.encode(), venue.hq.accepted, 2, "v1", Mode.REHEARSAL
    )
    assert again == venue.service.plan
    assert venue.events() == before
    assert len(venue.service.sittings("s1")) == 5


async def test_another_plan_with_the_same_id_is_refused(venue: Any) -> None:
    answer = await venue.load(exam_title="另一考试")
    assert answer == Refusal(RefusalCode.PLAN_INVALID, "plan_id p1")


async def test_another_plan_with_a_known_session_is_refused_as_a_whole(venue: Any) -> None:
    sessions = [venue.planned_session("s2"), venue.planned_session("s1")]
    answer = await venue.load(plan_id="p2", sessions=sessions)
    assert answer == Refusal(RefusalCode.PLAN_INVALID, "session_id s1")
    assert [one.session_id for one in venue.service.sessions()] == ["s1"]


async def test_a_second_plan_adds_its_sessions(venue: Any) -> None:
    later = venue.planned_session("s2", start_ms=venue.start_ms + 86_400_000)
    assert isinstance(await venue.load(plan_id="p2", sessions=[later]), Plan)
    assert [one.session_id for one in venue.service.sessions()] == ["s1", "s2"]
    assert venue.service.plan.plan_id == "p2"


async def test_e07_wrong_mode_and_c06_wrong_venue_are_refused(make_venue: Any) -> None:
    venue = make_venue()
    document, accepted = venue.hq.plan(), venue.hq.accepted
    for venue_id, mode, code in (
        ("v1", Mode.LIVE, RefusalCode.MODE_MISMATCH),
        ("v2", Mode.REHEARSAL, RefusalCode.PLAN_WRONG_VENUE),
    ):
        answer = await venue.service.import_plan(document, accepted, 2, venue_id, mode)
        assert isinstance(answer, Refusal)
        assert answer.code is code
    assert venue.service.plan is None


async def test_c06_an_edited_or_half_signed_plan_is_refused(make_venue: Any) -> None:
    venue = make_venue()
    good = json.loads(venue.hq.plan())
    edited = json.loads(venue.hq.plan())
    edited["payload"]["sessions"][0]["relaxed"] = False
    half = {**good, "signatures": good["signatures"][:1]}
    twice = {**good, "signatures": good["signatures"][:1] * 2}
    for document in (edited, half, twice):
        answer = await venue.service.import_plan(
            json.dumps(document).encode(), venue.hq.accepted, 2, "v1", Mode.REHEARSAL
        )
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.SIGNATURE_INVALID


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"\xff\xfe", b'{"payload": 1}', b"[" * 100_000])
async def test_junk_is_malformed(make_venue: Any, junk: bytes) -> None:
    venue = make_venue()
    answer = await venue.service.import_plan(junk, venue.hq.accepted, 2, "v1", Mode.REHEARSAL)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.DOCUMENT_MALFORMED


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("g03-relaxed-10-minutes", {"duration_s": 600}),
    ("g03-relaxed-15-minutes", {"duration_s": 900}),
    ("no-duration", {"duration_s": 0, "relaxed": False}),
]


@pytest.mark.parametrize(("name", "changes"), BROKEN, ids=[name for name, _ in BROKEN])
async def test_g03_sessions_that_break_a_rule_are_refused(
    make_venue: Any, name: str, changes: dict[str, Any]
) -> None:
    venue = make_venue()
    answer = await venue.load(sessions=[venue.planned_session(**changes)])
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.PLAN_INVALID


@pytest.mark.parametrize(
    "change",
    [
        {"seat_no": "02"},  # used twice
        {"seat_no": "09"},  # no such seat, and not the ticket's last two digits
        {"ticket_no": "3601123402"},  # stands twice
        {"ticket_no": "3601123407"},  # F12: seat 01 is not 07
        {"name": ""},
        {"name": "名" * 51},
        {"room_id": "R9"},
        {"ticket_no": "../../etc/01"},
    ],
)
async def test_f12_candidates_that_break_a_rule_are_refused(
    make_venue: Any, change: dict[str, Any]
) -> None:
    venue = make_venue()
    session = venue.planned_session()
    session["candidates"][0] = {**session["candidates"][0], **change}
    answer = await venue.load(sessions=[session])
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.PLAN_INVALID


async def test_a_restarted_server_knows_its_plan_and_states(make_venue: Any, venue: Any) -> None:
    assert await venue.service.allow_login("s1", "R1", "inv-1") is None
    again = make_venue()
    assert again.service.plan.plan_id == "p1"
    assert again.service.session("s1").state is SessionState.LOGIN_ALLOWED
    assert again.service.login_allowed("s1", "R1")
    assert not again.service.login_allowed("s1", "R2")
