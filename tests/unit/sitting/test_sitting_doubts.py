"""Identity in doubt (F02, F03, F14): admitted by two, on a list until two signatures settle it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.ledger.catalogue import Event
from venue_server.sitting.door.rows import DOUBT_NEXT, OPEN_DOUBTS
from venue_server.sitting.door.service import DoorBook
from venue_server.sitting.service import AdmittedView
from venue_server.wire import hpke
from venue_server.wire.day_records import RecordField
from venue_server.wire.names import (
    ChiefWord,
    DoubtKind,
    DoubtState,
    NameCheck,
    PersonCheck,
    SittingState,
)
from venue_server.wire.refusals import Refusal, RefusalCode

KEY = hpke.generate()
TWO = "inv-1,inv-2"
FIRST = "s1.3601123401.1"


@pytest.fixture
def door(venue: Any) -> Iterator[DoorBook]:
    yield DoorBook(venue.store, venue.ledger, venue.service, venue.clock, KEY)


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


def state(venue: Any, seat: str = "01") -> SittingState:
    found: SittingState = venue.service.sitting(f"s1.36011234{seat}").state
    return found


async def in_doubt(venue: Any, note: str = "照片为五年前") -> Any:
    return await venue.service.admit_in_doubt("s1", "R1", "3601123401", note, TWO)


async def test_f14_a_face_in_doubt_is_let_in_by_two_and_settled_by_two(
    venue: Any, door: DoorBook
) -> None:
    refused = await venue.admit("01", person=PersonCheck.DOUBT)
    assert code(refused) is RefusalCode.IDENTITY_DOUBTED
    assert state(venue) is SittingState.IDENTITY_DOUBT
    assert door.open_points("s1") == [], "nobody is in the room yet"
    assert isinstance(await in_doubt(venue), AdmittedView)
    assert state(venue) is SittingState.ADMITTED
    (doubt,) = door.doubts("s1")
    assert (doubt.state, doubt.admitted_by) == (DoubtState.PROVISIONAL, TWO)
    (point,) = door.open_points("s1")
    assert (point.rule, point.room_id, point.blocks_sealing) == ("F14", "R1", True)
    settled = await door.settle("R1", FIRST, True, "与公安信息比对一致", "inv-1,inv-3")
    assert not isinstance(settled, Refusal)
    assert door.open_points("s1") == []
    (line,) = door.room_lines("s1", "R1")
    assert line.field is RecordField.DOUBTS
    assert line.text.startswith("3601123401 本人与照片不符：先行入场，两名监考人员核验一致并签名")
    assert door.room_lines("s1", "R2") == []
    names = [each["event"] for each in venue.events()]
    wanted = [Event.DOUBT_RAISED, Event.ADMITTED_IN_DOUBT, Event.ADMITTED, Event.DOUBT_SETTLED]
    assert [each for each in names if each in wanted] == wanted


async def test_f14_one_person_never_clears_a_doubt_about_face_or_name(venue: Any) -> None:
    await venue.admit("01", person=PersonCheck.DOUBT)
    assert code(await venue.admit("01")) is RefusalCode.DOUBT_OPEN
    assert state(venue) is SittingState.IDENTITY_DOUBT
    await venue.admit("02", name=NameCheck.DIFFERENT)
    assert code(await venue.admit("02")) is RefusalCode.DOUBT_OPEN


async def test_f14_what_is_not_verified_goes_to_the_chief(venue: Any, door: DoorBook) -> None:
    await venue.admit("01", person=PersonCheck.DOUBT)
    await in_doubt(venue)
    assert (
        code(await door.decide(FIRST, ChiefWord.STAYS, "x", "chief")) is RefusalCode.DOUBT_UNKNOWN
    )
    settled = await door.settle("R1", FIRST, False, "", TWO)
    assert not isinstance(settled, Refusal)
    (point,) = door.open_points("s1")
    assert point.remark.text("en").endswith("the chief must decide")
    decided = await door.decide(FIRST, ChiefWord.REFERRED, "疑似替考，移交", "chief")
    assert not isinstance(decided, Refusal)
    assert (decided.state, decided.word) == (DoubtState.DECIDED, ChiefWord.REFERRED)
    assert door.open_points("s1") == []
    assert "主考决定：按涉嫌替考处理" in door.room_lines("s1", "R1")[0].text
    assert code(await door.settle("R1", FIRST, True, "", TWO)) is RefusalCode.DOUBT_UNKNOWN


async def test_f14_a_doubt_belongs_to_its_room(venue: Any, door: DoorBook) -> None:
    await venue.admit("01", person=PersonCheck.DOUBT)
    await in_doubt(venue)
    assert code(await door.settle("R2", FIRST, True, "", TWO)) is RefusalCode.DOUBT_UNKNOWN
    assert code(await door.settle("R1", "s1.x.1", True, "", TWO)) is RefusalCode.DOUBT_UNKNOWN


async def test_f14_without_a_doubt_nobody_is_let_in_by_two(venue: Any) -> None:
    assert code(await in_doubt(venue)) is RefusalCode.DOUBT_UNKNOWN
    assert state(venue) is SittingState.SCHEDULED
    await venue.admit("01")
    assert code(await in_doubt(venue)) is RefusalCode.ALREADY_ADMITTED


async def test_f14_a_second_finding_joins_the_first(venue: Any, door: DoorBook) -> None:
    await venue.admit("01", id_number=venue.numbers[1])
    await venue.admit("01", id_number=venue.numbers[1], name=NameCheck.DIFFERENT)
    raised = len([each for each in venue.events() if each["event"] == "doubt.raised"])
    await venue.admit("01", id_number=venue.numbers[1])
    (doubt,) = door.doubts("s1")
    assert doubt.kinds == {DoubtKind.NUMBER, DoubtKind.NAME}
    told = [each["data"] for each in venue.events() if each["event"] == "doubt.raised"]
    assert len(told) == raised == 2, "nothing new is not told again"
    assert code(await venue.admit("01")) is RefusalCode.DOUBT_OPEN


async def test_f05_two_people_in_agreement_do_not_admit_after_the_cut_off(
    venue: Any, clock: Any
) -> None:
    await venue.admit("01", person=PersonCheck.DOUBT)
    await venue.start()
    clock.now = venue.start_ms + 300_000
    assert code(await in_doubt(venue)) is RefusalCode.ADMISSION_CLOSED
    assert state(venue) is SittingState.LATE_REFUSED


async def test_f03_a_rare_character_that_the_registration_notes_is_a_note(make_venue: Any) -> None:
    venue = make_venue()
    session = venue.planned_session()
    session["candidates"][0] |= {"name_on_document": "应试㐂", "rare_char_note": "㐂以喜代"}
    await venue.load(sessions=[session])
    assert isinstance(await venue.admit("01", name=NameCheck.RARE_CHARACTER), AdmittedView)
    assert venue.last_event()["data"]["rare_character"] is True
    assert state(venue) is SittingState.ADMITTED


async def test_f03_a_rare_character_that_nobody_noted_is_a_doubt(venue: Any) -> None:
    answer = await venue.admit("01", name=NameCheck.RARE_CHARACTER)
    assert code(answer) is RefusalCode.IDENTITY_DOUBTED


async def test_f02_nothing_at_the_door_changes_the_registration(venue: Any) -> None:
    before = venue.service.candidate(venue.service.sitting("s1.3601123401"))
    await venue.admit("01", id_number=venue.numbers[1], name=NameCheck.DIFFERENT)
    assert venue.service.candidate(venue.service.sitting("s1.3601123401")) == before


@given(st.lists(st.sampled_from(DoubtState), max_size=6))
def test_f14_no_way_leads_out_of_an_open_doubt_but_a_signed_one(path: list[DoubtState]) -> None:
    now = DoubtState.RAISED
    seen = [now]
    for wanted in path:
        if wanted in DOUBT_NEXT[now]:
            now = wanted
            seen.append(now)
    if DoubtState.PROVISIONAL in seen and now not in OPEN_DOUBTS:
        assert DoubtState.VERIFIED in seen or seen[-2:] == [
            DoubtState.NOT_VERIFIED,
            DoubtState.DECIDED,
        ]
