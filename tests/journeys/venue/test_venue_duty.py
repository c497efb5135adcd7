"""Duty hours, badges and shifts over the real protocol and the real command (A10, A13, A14)."""

import asyncio
import functools
from typing import Any

import pytest

from tests.journeys.venue.venue_roster import (
    INVIGILATORS,
    SESSION,
    declare_all,
    import_roster,
)
from venue_server import __main__ as program
from venue_server.clock import VenueClock
from venue_server.commands import duty_guard
from venue_server.staff.duty.rules import midnight_before
from venue_server.wire.console_orders import GetStatus
from venue_server.wire.duty_orders import (
    EnterShift,
    GetDuty,
    OverrideDutyHours,
    StaffHere,
    WithdrawShift,
)
from venue_server.wire.people_orders import AssignRoom, DrawRooms, GetOrganisation, GetPeople
from venue_server.wire.refusals import RefusalCode

ALLOWED, UNREADABLE, INSIDE = 0, 1, 3
HOUR = 3_600_000


@pytest.fixture(autouse=True)
def one_clock(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command sees the steady clock that the world's server sees."""
    clock = functools.partial(VenueClock, sources=world.time.sources())
    monkeypatch.setattr(duty_guard, "VenueClock", clock)


async def guard(world: Any) -> int:
    """The command as an installer asks it."""
    return await asyncio.to_thread(program.main, ["duty", "guard", "--data", str(world.data)])


async def test_a14_the_guard_refuses_inside_duty_hours_and_knows_an_override(
    world: Any, kit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    await import_roster(world, await world.console(kit.ADMIN))
    chief = await world.console(kit.CHIEF)
    ((_begins, until),) = (await chief.order(GetDuty(0)))["hours"]
    assert await guard(world) == INSIDE
    assert "DTY-01" in capsys.readouterr().err
    second = world.second(kit.ADMIN)
    assert await chief.refused(OverrideDutyHours(0, " ", second)) is RefusalCode.REASON_MISSING
    assert await guard(world) == INSIDE
    done = await chief.order(OverrideDutyHours(0, "磁盘更换 / a disk is replaced", second))
    assert await guard(world) == ALLOWED
    rows = [row for each in (await chief.order(GetStatus(0)))["sections"] for row in each["rows"]]
    assert any(label.endswith("duty hours") and "overridden" in said for label, said, _ok in rows)
    # Neither a stopped server nor another process changes what was decided.
    await world.stop()
    assert await guard(world) == ALLOWED
    await world.start()
    world.go(done["until_ms"])
    assert await guard(world) == INSIDE
    world.go(until)
    assert await guard(world) == ALLOWED


async def test_a14_an_override_at_the_machine_is_loud_and_recorded_at_the_next_start(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await import_roster(world, await world.console(kit.ADMIN))
    await world.stop()
    assert await guard(world) == INSIDE
    monkeypatch.setenv("KAODIAN_OVERRIDE", "1")
    assert await guard(world) == ALLOWED
    assert "WARNING" in capsys.readouterr().err
    await world.start()  # a start is never asked: this is inside duty hours
    await world.until(lambda: world.events("duty.forced"))
    assert len(world.events("duty.forced")) == 1
    assert not (world.data / "duty-forced.jsonl").exists()


async def test_a14_a_venue_that_cannot_be_read_is_not_allowed(world: Any) -> None:
    await world.stop()
    (world.data / "venue.sqlite").rename(world.data / "away.db")
    assert await guard(world) == UNREADABLE
    assert not (world.data / "venue.sqlite").exists()


async def test_a10_who_showed_no_badge_is_not_drawn_once_badges_are_in_use(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await import_roster(world, admin)
    await declare_all(world, admin)
    second = world.second(kit.DEPUTY)
    assert len((await chief.order(DrawRooms(0, SESSION, second)))["rooms"]["01"]) == 2
    absent, *came = INVIGILATORS
    for person_id in came:
        done = await admin.order(StaffHere(0, f"B-{person_id}", here=True))
        assert done["person_id"] == person_id
    assert await admin.refused(StaffHere(0, "B-9", here=True)) is RefusalCode.BADGE_UNKNOWN
    drawn = await chief.order(DrawRooms(0, SESSION, second, reason="按签到重抽"))
    placed = {who for ones in drawn["rooms"].values() for who in ones}
    assert placed == set(came)
    assign = AssignRoom(0, SESSION, absent, "01", "顶替", second)
    assert await chief.refused(assign) is RefusalCode.NOT_SIGNED_IN_BY_BADGE
    await admin.order(StaffHere(0, absent, here=True))
    await admin.order(StaffHere(0, absent, here=True))
    assert len(world.events("duty.presence")) == len(INVIGILATORS), "twice is once"
    await chief.order(assign)
    await admin.order(StaffHere(0, came[0], here=False))
    present = {each["person_id"]: each for each in (await chief.order(GetDuty(0)))["present"]}
    assert present[came[0]]["left_ms"] >= present[came[0]]["since_ms"] > 0
    assert present[absent]["left_ms"] == 0
    people = {one["person_id"]: one for one in (await chief.order(GetPeople(0)))["people"]}
    assert people[absent]["came_ms"] > 0
    assert people[came[0]]["left_ms"] > 0


async def test_a13_shifts_are_entered_withdrawn_and_their_gaps_told(world: Any, kit: Any) -> None:
    chief, admin = await world.console(kit.CHIEF), await world.console(kit.ADMIN)
    await import_roster(world, admin)
    ((begins, until),) = (await chief.order(GetDuty(0)))["hours"]
    whole = EnterShift(0, kit.ADMIN, "考务办公室", "0791-1", begins, until)
    assert await admin.refused(whole) is RefusalCode.ROLE_NOT_ALLOWED
    nobody = EnterShift(0, "nobody", "p", "", begins, until)
    assert await chief.refused(nobody) is RefusalCode.PERSON_UNKNOWN
    number = (await chief.order(whole))["shift_id"]
    view = await chief.order(GetDuty(0))
    assert view["gaps"] == []
    assert [each["phone"] for each in view["shifts"]] == ["0791-1"]
    assert "0791-1" not in (world.data / "ledger.jsonl").read_text()
    book = await chief.order(GetOrganisation(0))
    assert [each["place"] for each in book["shifts"]] == ["考务办公室"]
    await chief.order(WithdrawShift(0, number, "换人"))
    again = WithdrawShift(0, number, "换人")
    assert await chief.refused(again) is RefusalCode.SHIFT_INVALID
    (gap,) = (await chief.order(GetDuty(0)))["gaps"]
    assert midnight_before(begins + 5 * HOUR) <= gap[0] < gap[1] == until
