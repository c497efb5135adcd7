"""Several forms a session: what a plan may say, who gets which, what a reserve does (C05, D10)."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.forms import Form, Substitution, assign, same_form_neighbours
from venue_server.sitting.plan import Plan, PlannedSession
from venue_server.sitting.plan_reading import read_plan
from venue_server.wire.refusals import Refusal, RefusalCode

A, B, R = Form("p", "A"), Form("p", "B"), Form("spare", "R")
PAPERS = [
    {"paper_id": "p", "form_id": "A"},
    {"paper_id": "p", "form_id": "B"},
    {"paper_id": "spare", "form_id": "R", "reserve": True},
]
SEATS = [("R1", "01"), ("R1", "02"), ("R1", "03"), ("R2", "04"), ("R2", "05")]


def read(payload: dict[str, Any], papers: list[dict[str, Any]], forms: str) -> Plan | Refusal:
    session = payload["sessions"][0]
    session["papers"] = papers
    for each, form in zip(session["candidates"], forms, strict=True):
        each["form_id"] = form.strip("-")
    return read_plan(payload)


def session_of(found: Plan | Refusal) -> PlannedSession:
    assert isinstance(found, Plan), found
    return found.sessions[0]


@pytest.mark.parametrize(
    ("papers", "forms"),
    [
        (PAPERS, "ABAB-"),  # nobody may be without a form
        (PAPERS, "ABARA"),  # a reserve is nobody's form
        (PAPERS, "ABACA"),
        (PAPERS[2:], "-----"),  # only reserves
        ([*PAPERS, PAPERS[0]], "ABABA"),
        ([*PAPERS, {"paper_id": "q", "form_id": "A"}], "ABABA"),  # which A?
        ([], "A----"),  # a form of a plan that names none
        ([{"paper_id": "../p", "form_id": "A"}], "AAAAA"),
        ([{"paper_id": "p", "form_id": "A/../B"}], "AAAAA"),
    ],
)
def test_c05_a_plan_that_does_not_say_who_gets_what_is_refused(
    plan_payload: dict[str, Any], papers: list[dict[str, Any]], forms: str
) -> None:
    found = read(plan_payload, papers, forms)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.PLAN_INVALID


def test_c05_each_seat_gets_its_candidates_form_and_spares_the_first(
    plan_payload: dict[str, Any],
) -> None:
    session = session_of(read(plan_payload, PAPERS, "ABABA"))
    found = assign(session, None)
    assert [found.of_seat(*seat) for seat in SEATS] == [A, B, A, B, A]
    assert found.of_seat("R1", "99") == A
    assert found.needed == (A, B), "a reserve is needed by nobody"


def test_one_form_needs_no_names_and_none_at_hand_gives_none(plan_payload: dict[str, Any]) -> None:
    session = session_of(read(plan_payload, [], "-----"))
    only = Form("whatever", "X")
    assert assign(session, only).of_seat("R1", "01") == only
    assert assign(session, only).needed == (only,)
    assert assign(session, None).of_seat("R1", "01") is None
    assert assign(session, None).needed == ()
    single = session_of(read(plan_payload, PAPERS[:1], "-----"))
    assert assign(single, only).of_seat("R2", "05") == A, "the plan's name counts, not what came"


def test_d10_a_reserve_for_all_replaces_every_main_form(plan_payload: dict[str, Any]) -> None:
    session = session_of(read(plan_payload, PAPERS, "ABABA"))
    found = assign(session, None, [Substitution(R)])
    assert {found.of_seat(*seat) for seat in SEATS} == {R}
    assert found.needed == (R,), "the main forms are not opened"


def test_d10_a_reserve_for_one_room_or_one_form_touches_nothing_else(
    plan_payload: dict[str, Any],
) -> None:
    session = session_of(read(plan_payload, PAPERS, "ABABA"))
    room = assign(session, None, [Substitution(R, "R2")])
    assert [room.of_seat(*seat) for seat in SEATS] == [A, B, A, R, R]
    assert set(room.needed) == {A, B, R}
    form = assign(session, None, [Substitution(R, "", "B")])
    assert [form.of_seat(*seat) for seat in SEATS] == [A, R, A, R, A]
    assert form.needed == (A, R)


def test_d10_the_narrower_approval_wins(plan_payload: dict[str, Any]) -> None:
    session = session_of(read(plan_payload, PAPERS, "ABABA"))
    other = Form("spare", "S")
    found = assign(session, None, [Substitution(other, "R2", "B"), Substitution(R)])
    assert [found.of_seat(*seat) for seat in SEATS] == [R, R, R, other, R]


@given(
    st.lists(
        st.builds(
            Substitution,
            st.sampled_from([R, Form("spare", "S")]),
            st.sampled_from(["", "R1", "R2"]),
            st.sampled_from(["", "A", "B"]),
        ),
        max_size=6,
        unique_by=lambda each: (each.room_id, each.replaces),
    )
)
def test_e06_every_seats_form_is_one_that_must_be_released(uses: list[Substitution]) -> None:
    """Whatever was approved: a seat has exactly one form, and the start waits for it."""
    found = assign(_SESSION, None, uses)
    given_out = {found.of_seat(*seat) for seat in SEATS}
    assert None not in given_out
    assert given_out <= set(found.needed)
    assert len(set(found.needed)) == len(found.needed)


_SESSION = msgspec.convert(
    {
        "session_id": "s1",
        "subject_code": "x",
        "subject_title": "x",
        "start_ms": 1,
        "duration_s": 5400,
        "media_class": "NORMAL",
        "relaxed": False,
        "receipt_open_ms": 0,
        "receipt_close_ms": 1,
        "receipt_limit_s": 1,
        "admission_open_s": 1,
        "papers": PAPERS,
        "candidates": [
            {
                "ticket_no": f"t{seat}",
                "name": "x",
                "id_document": "OTHER",
                "id_number": "1",
                "room_id": room,
                "seat_no": seat,
                "form_id": "AB"[at % 2],
            }
            for at, (room, seat) in enumerate(SEATS)
        ],
    },
    PlannedSession,
)


def test_c05_neighbours_with_the_same_form_are_named_not_refused(
    plan_payload: dict[str, Any],
) -> None:
    fine = read(plan_payload, PAPERS, "ABABA")
    assert isinstance(fine, Plan)
    assert same_form_neighbours(fine) == []
    side_by_side = read(plan_payload, PAPERS, "AABAB")
    assert isinstance(side_by_side, Plan)
    (named,) = same_form_neighbours(side_by_side)
    assert "R1: 01 / 02 = A" in named
    one_form = read(plan_payload, PAPERS[:1], "AAAAA")
    assert isinstance(one_form, Plan)
    assert same_form_neighbours(one_form) == [], "with one form there is nothing to alternate"
