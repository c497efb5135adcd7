"""Linked sessions (F15), the cut-off for logging in (F07), and doors in every role (F05)."""

import inspect
from typing import Any

import pytest

from venue_server.sitting import service
from venue_server.sitting.door.service import DoorBook
from venue_server.sitting.rows import Sitting
from venue_server.sitting.service import AdmittedView
from venue_server.sitting.states import SITTING_NEXT
from venue_server.wire import hpke
from venue_server.wire.names import PersonCheck, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


@pytest.fixture
async def linked(make_venue: Any) -> Any:
    """Two linked sessions, forty minutes between them, and a third of another group."""
    venue = make_venue()
    start = venue.start_ms
    sessions = [
        venue.planned_session("s1", group="day"),
        venue.planned_session("s2", group="day", start_ms=start + 130 * venue.minute),
        venue.planned_session("s3", start_ms=start + 400 * venue.minute),
    ]
    await venue.load(sessions=sessions)
    return venue


def state(venue: Any, session: str, seat: str = "01") -> SittingState:
    found: SittingState = venue.service.sitting(f"{session}.36011234{seat}").state
    return found


async def test_f15_one_admission_serves_the_linked_sessions(linked: Any) -> None:
    assert isinstance(await linked.admit("01"), AdmittedView)
    assert state(linked, "s2") is SittingState.ADMITTED
    assert state(linked, "s3") is SittingState.SCHEDULED
    told = [each["data"] for each in linked.events() if each["event"] == "candidate.admitted"]
    assert [(each["session"], each.get("linked_from")) for each in told] == [
        ("s1", None),
        ("s2", "s1"),
    ]


async def test_f15_absent_from_the_first_has_the_seconds_own_cut_off(
    linked: Any, clock: Any
) -> None:
    await linked.start()
    clock.minutes(10)
    assert code(await linked.admit("01")) is RefusalCode.ADMISSION_CLOSED
    assert (state(linked, "s1"), state(linked, "s2")) == (
        SittingState.LATE_REFUSED,
        SittingState.SCHEDULED,
    )
    clock.minutes(101)
    second = await linked.admit("01", session_id="s2")
    assert isinstance(second, AdmittedView)
    assert state(linked, "s1") is SittingState.LATE_REFUSED, "never backwards"


async def test_f15_who_sits_in_the_first_only_is_admitted_to_the_first_only(
    make_venue: Any,
) -> None:
    venue = make_venue()
    later = venue.planned_session("s2", group="day", start_ms=venue.start_ms + 130 * venue.minute)
    later["candidates"] = later["candidates"][1:]
    await venue.load(sessions=[venue.planned_session("s1", group="day"), later])
    assert isinstance(await venue.admit("01"), AdmittedView)
    assert venue.service.sitting("s2.3601123401") is None
    assert isinstance(await venue.admit("02"), AdmittedView)
    assert state(venue, "s2", "02") is SittingState.ADMITTED


async def test_f15_a_restart_between_the_sessions_forgets_no_admission(
    linked: Any, make_venue: Any
) -> None:
    await linked.admit("01")
    again = make_venue()
    assert state(again, "s2") is SittingState.ADMITTED
    assert [each.session_id for each in again.service.linked("s2")] == ["s1", "s2"]


async def test_f15_a_doubt_of_the_first_is_open_in_the_second_too(linked: Any) -> None:
    door = DoorBook(linked.store, linked.ledger, linked.service, linked.clock, hpke.generate())
    await linked.admit("01", person=PersonCheck.DOUBT)
    assert state(linked, "s2") is SittingState.SCHEDULED
    await linked.service.admit_in_doubt("s1", "R1", "3601123401", "照片旧", "inv-1,inv-2")
    assert state(linked, "s2") is SittingState.ADMITTED
    assert len(door.open_points("s2")) == 1 and door.open_points("s3") == []
    assert door.room_lines("s2", "R1") == []


@pytest.fixture
async def cut_off(make_venue: Any) -> Any:
    venue = make_venue()
    await venue.load(sessions=[venue.planned_session(login_cutoff_s=1800)])
    assert await venue.service.allow_login("s1", "R1", "inv-1") is None
    return venue


async def test_f07_the_door_and_the_log_in_have_cut_offs_of_their_own(
    cut_off: Any, clock: Any
) -> None:
    await cut_off.start()
    clock.now = cut_off.start_ms + 290_000
    for seat in ("01", "02"):
        assert isinstance(await cut_off.admit(seat), AdmittedView)
    clock.minutes(6)
    assert isinstance(await cut_off.log_in("01"), Sitting)
    clock.now = cut_off.start_ms + 1_800_000
    assert code(await cut_off.log_in("02")) is RefusalCode.LOGIN_CLOSED
    clock.minutes(40)
    assert isinstance(await cut_off.log_in("01"), Sitting), "again after a crash"


async def test_f07_without_a_cut_off_whoever_was_admitted_logs_in(venue: Any, clock: Any) -> None:
    assert await venue.service.allow_login("s1", "R1", "inv-1") is None
    await venue.start()
    clock.minutes(4.9)
    await venue.admit("01")
    clock.minutes(80)
    assert isinstance(await venue.log_in("01"), Sitting)


def test_f05_only_two_ways_admit_and_none_leads_back_from_late() -> None:
    """What admits is named here: both ask the door's rule first. Nobody's order passes it by."""
    ways = {SittingState.SCHEDULED, SittingState.IDENTITY_DOUBT}
    into = {start for start, ends in SITTING_NEXT.items() if SittingState.ADMITTED in ends}
    assert into == ways
    out = {SittingState.ABSENT, SittingState.NOT_HELD}
    assert SITTING_NEXT[SittingState.LATE_REFUSED] == out
    orders = dict(inspect.getmembers(service.SittingService, inspect.iscoroutinefunction))
    assert {name for name in orders if "admit" in name} == {"admit", "admit_in_doubt"}
