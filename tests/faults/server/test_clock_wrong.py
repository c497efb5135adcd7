"""Clocks gone wrong at every point of a venue's day (F7, R5): nothing opens, closes or ends at a
wrong instant, everybody is told, and the ledger says what happened."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from venue_server.day_time import TimeKeeper
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.trusted_time.states import ClockState
from venue_server.wire.console_orders import EnterCodeShare
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import FormKey

HOUR_MS = 3_600_000


@dataclass
class Armed:
    """Two people armed the release at T-10; one station holds the paper."""

    world: Any
    chief: Any
    station: Any

    @property
    def point(self) -> int:
        return int(self.world.day.at(-2))

    def untouched(self) -> bool:
        told = self.station.heard.all(FormKey)
        return not told and not self.world.events("release.done", "session.started")

    async def started(self) -> None:
        await self.chief.board(
            lambda b: b.venue.session_state is SessionState.STARTED, "the release"
        )
        await self.station.content_key()


@pytest.fixture
async def armed(world: Any, kit: Any) -> Armed:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    await world.invigilators()
    world.go(world.day.at(-10))
    await world.arm(chief)
    return Armed(world, chief, station)


def server_ms(world: Any) -> float:
    """The server's exam time."""
    return float(world.now_ms())


def state(world: Any) -> ClockState:
    found: ClockState = world.node._base.clock.state
    return found


async def right(world: Any) -> None:
    """Wait until the server's time is headquarters' time again, and trusted."""
    async with asyncio.timeout(20):
        while state(world) is not ClockState.TRUSTED or off(world) > 300:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def off(world: Any) -> float:
    return abs(server_ms(world) - world.headquarters_ms())


async def ask_now(world: Any) -> None:
    """A jump of the wall clock makes the server ask headquarters at once."""
    before = len(world.events("clock.jumped"))
    world.time.wall_ms += 10_000
    await world.recorded("clock.jumped", before + 1)


async def some_looks() -> None:
    """Let the clockwork look several times (it looks every 50 ms in these tests)."""
    await asyncio.sleep(0.3)


# ---- before the release ------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [HOUR_MS, -HOUR_MS, 24 * HOUR_MS])
async def test_r5_the_wall_clock_turned_during_the_countdown_moves_nothing(
    armed: Armed, turned: int
) -> None:
    world = armed.world
    world.go(armed.point - 1_000)
    world.time.wall_ms = turned
    await world.recorded("clock.jumped")
    assert armed.untouched() or world.headquarters_ms() >= armed.point
    await armed.started()
    (released,) = world.events("release.done")
    assert released["at_ms"] >= armed.point
    assert off(world) < 300


async def test_r5_a_paused_server_is_carried_forward_and_releases_at_the_point(
    armed: Armed,
) -> None:
    world = armed.world
    world.time.lost_s = 300.0  # T-15 for the server, T-10 for everybody else
    (seen, *_rest) = await world.recorded("clock.corrected")
    assert seen["data"]["how"] == "step"
    assert abs(seen["data"]["by_ms"] - 300_000) < 1_000
    await right(world)
    assert armed.untouched()
    await armed.chief.board(
        lambda b: any("更正" in each.text("zh") for each in b.venue.alarms),
        "the correction's alarm",
    )
    world.go(armed.point)
    await armed.started()
    (released,) = world.events("release.done")
    assert 0 <= released["at_ms"] - armed.point < 30_000


async def test_r5_a_step_stops_short_of_the_release_point(armed: Armed) -> None:
    world = armed.world
    world.time.lost_s = 600.0  # the point passed while the server stood still
    world.time.skipped_s += 600.0
    await world.recorded("clock.corrected")
    await some_looks()
    assert armed.untouched(), "no step opens a paper"
    assert state(world) is ClockState.SUSPECT
    assert abs(server_ms(world) - (armed.point - 30_000)) < 10_000
    world.time.skipped_s += 31.0  # by running time
    await armed.started()
    assert world.events("release.done")[0]["at_ms"] >= armed.point
    start = armed.station.heard.all(FormKey)[0].effective_start_ms
    assert start == world.day.at(0), "candidates have all their time by the clock they see"


async def test_e01_a_server_ahead_of_headquarters_releases_by_headquarters_time(
    armed: Armed,
) -> None:
    world = armed.world
    world.time.lost_s = -60.0  # a crystal far too fast
    await ask_now(world)
    await armed.chief.board(
        lambda b: any("时间有疑" in each.text("zh") for each in b.venue.alarms), "the alarm"
    )
    assert state(world) is ClockState.SUSPECT
    words = world.template.code_shares()[0]
    refused = await armed.chief.refused(EnterCodeShare(0, SESSION_ID, words))
    assert refused is RefusalCode.CLOCK_UNTRUSTED
    short = armed.point - 5_000 - world.headquarters_ms()
    world.time.skipped_s += short / 1000
    assert server_ms(world) > armed.point, "the server believes that the point has come"
    await some_looks()
    assert armed.untouched()
    world.time.skipped_s += 8.0
    await armed.started()
    start = armed.station.heard.all(FormKey)[0].effective_start_ms
    assert start - 60_000 >= world.day.at(0) - 1_000, "the start waits for headquarters' instant"


async def test_r5_a_small_error_is_slewed_away_unseen(armed: Armed) -> None:
    world = armed.world
    before = server_ms(world)
    world.time.lost_s = 1.5
    await ask_now(world)
    (seen,) = await world.recorded("clock.corrected")
    assert seen["data"]["how"] == "slew"
    assert server_ms(world) < before + 60_000
    world.go(armed.point)
    await armed.started()
    assert world.events("release.done")[0]["at_ms"] >= armed.point


async def test_r5_suspend_and_resume_during_the_countdown(armed: Armed) -> None:
    world = armed.world
    world.time.slept_s += 120.0
    world.time.lost_s = -1.2  # the battery clock counted a second too many
    world.time.skipped_s += 120.0
    await world.recorded("clock.slept")
    assert armed.untouched()
    world.go(armed.point)
    await armed.started()
    (released,) = world.events("release.done")
    assert released["at_ms"] >= armed.point
    assert world.headquarters_ms() >= armed.point
    assert world.events("clock.disputed") == []


async def test_r5_a_sleep_that_nobody_noticed_yet_makes_no_dispute(
    armed: Armed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next question to headquarters is quicker than the next look at the machine."""
    world, ask, slept = armed.world, TimeKeeper._exchange, []

    async def asleep_before(self: TimeKeeper) -> bool:
        if not slept:
            slept.append(True)
            world.time.slept_s += 120.0
            world.time.lost_s = -1.2
            world.time.skipped_s += 120.0
        return await ask(self)

    monkeypatch.setattr(TimeKeeper, "_exchange", asleep_before)
    await ask_now(world)
    await world.recorded("clock.slept")
    world.go(armed.point)
    await armed.started()
    assert world.events("clock.disputed") == []


async def test_r5_a_snapshot_set_back_is_noticed_without_headquarters(armed: Armed) -> None:
    world = armed.world
    world.go(world.day.at(-5))
    await world.until(lambda: b"exam_ms" in (world.data / "clock-mark.json").read_bytes())
    await some_looks()  # the mark is raised every 0.2 s in these tests
    await world.cut_off()
    world.time.lost_s = 120.0
    world.time.wall_ms = -120_000.0  # the wall clock goes back with the memory
    (seen,) = await world.recorded("clock.set-back")
    assert abs(seen["data"]["behind_ms"] - 120_000) < 5_000
    assert state(world) is ClockState.SUSPECT
    await world.reconnect()
    await right(world)
    assert armed.untouched()


# ---- during the exam ---------------------------------------------------------------------------


async def test_r5_headquarters_an_hour_ahead_ends_no_exam(exam_day: Any) -> None:
    world = exam_day.world
    world.headquarters_moves(2 * HOUR_MS)
    await ask_now(world)
    await world.recorded("clock.disputed")
    await exam_day.chief.board(
        lambda b: any("时间有疑" in each.text("zh") for each in b.venue.alarms), "the alarm"
    )
    await some_looks()
    assert world.events("session.ended", "clock.corrected") == []
    world.headquarters_moves(-2 * HOUR_MS)
    await right(world)
    world.go(world.day.at(90))
    await world.recorded("session.ended")
    assert world.events("session.ended")[0]["at_ms"] >= world.day.at(90)


async def test_r5_two_sources_of_three_carry_a_paused_server_forward_but_over_no_end(
    exam_day: Any,
) -> None:
    world = exam_day.world
    world.time.wall_ms += world.headquarters_ms() - world.node._base.clock.sources.wall_ms()
    world.time.disciplined = True
    await some_looks()
    world.time.lost_s = 100 * 60.0
    world.time.skipped_s += 100 * 60.0  # the exam's end passed meanwhile
    await world.recorded("clock.corrected")
    await some_looks()
    assert world.events("session.ended") == [], "no step ends an exam"
    assert server_ms(world) < world.day.at(90)
    assert state(world) is ClockState.SUSPECT


async def test_f7_a_reboot_during_the_exam_without_headquarters_ends_and_moves_nothing(
    exam_day: Any,
) -> None:
    world = exam_day.world
    world.go(world.day.at(20))
    await some_looks()
    await world.cut_off()
    station = exam_day.first

    async def rebooted() -> None:
        world.time.reboot("another boot")
        world.time.wall_ms = 10.0 * HOUR_MS
        world.time.skipped_s += 60.0  # it was down for a minute
        await world.start_without_time()

    await world.restart_as(rebooted)
    await some_looks()
    assert state(world) is ClockState.UNSET
    assert server_ms(world) <= world.headquarters_ms()
    assert world.events("session.ended") == []
    await asyncio.sleep(0.1)
    assert station.client.clock.rate == 1.0
    assert station.client.clock.now_ms() < world.day.at(90), "it counted on by itself"
    await world.reconnect()
    await right(world)
    world.go(world.day.at(90))
    await world.recorded("session.ended")
    assert world.events("session.ended")[0]["at_ms"] >= world.day.at(90)


async def test_f7_a_disciplined_system_clock_carries_an_exam_on_after_a_reboot(
    exam_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = exam_day.world
    await some_looks()
    await world.cut_off()

    async def rebooted() -> None:
        world.time.reboot("another boot")
        world.time.disciplined = True
        world.time.wall_ms += world.headquarters_ms() - world.time.sources().wall_ms()
        await world.start_without_time()

    await world.restart_as(rebooted)
    await world.until(lambda: state(world) is ClockState.SYSTEM_SYNCED)
    world.go(world.day.at(90) + 1_000)
    await world.recorded("session.ended")
    assert world.events("session.ended")[0]["at_ms"] >= world.day.at(90)
