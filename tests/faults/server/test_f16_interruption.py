"""F16: a room or the venue is interrupted. Screens hidden, time frozen, resumed together.

One test per state it can strike in; what the stations do with it is in
tests/unit/station/test_station_suspended.py.
"""

from typing import Any

from venue_server.wire.messages import Timing
from venue_server.wire.names import SessionState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.roomtime_orders import ResumeTime, SuspendTime
from venue_server.wire.station_messages import TimingChanged

MINUTE = 60_000
LEAD_MS = 10_000


async def timing(station: Any, fits: Any) -> Timing:
    message: TimingChanged = await station.heard.next(TimingChanged, fits=lambda m: fits(m.timing))
    return message.timing


async def suspend(day: Any, room_id: str = "") -> int:
    """Suspend now; returns when that was, as the stations are told."""
    await day.chief.order(SuspendTime(0, "停电", room_id))
    station = day.other if room_id == "02" else day.first
    return (await timing(station, lambda t: t.stands)).suspended_at_ms


async def test_f16_in_the_middle_of_the_exam(exam_day: Any, kit: Any) -> None:
    world, chief = exam_day.world, exam_day.chief
    world.go(kit.DAY.at(30))
    since = await suspend(exam_day)
    assert (await timing(exam_day.other, lambda t: t.stands)).suspended_at_ms == since
    await chief.board(lambda b: b.rooms["01"].timing.stands and b.rooms["02"].timing.stands)
    world.go(kit.DAY.at(200))
    await chief.board(lambda b: any(a.code.value == "ALM-40" for a in b.venue.alarms))
    assert world.events("session.ended") == []
    assert await exam_day.rooms["01"].refused(ResumeTime(0, "来电")) is RefusalCode.ROLE_NOT_ALLOWED
    at = (await chief.order(ResumeTime(0, "总部同意，来电")))["resumes_at_ms"]
    assert at >= world.now_ms() - 5 * MINUTE + LEAD_MS
    for station in exam_day.stations:
        told = await timing(station, lambda t: t.resumes_at_ms == at)
        assert told.end_ms - at == kit.DAY.at(90) - since
        assert told.closed_until_ms - at == kit.DAY.at(75) - since
    world.go(at + kit.DAY.at(90) - since)
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)


async def test_f16_one_room_stands_while_the_other_ends(exam_day: Any, kit: Any) -> None:
    world, chief = exam_day.world, exam_day.chief
    world.go(kit.DAY.at(85))
    since = await suspend(exam_day, "02")
    world.go(kit.DAY.at(90))
    chain = kit.Chain(exam_day.first.sitting_id)
    done = await exam_day.first.client.submit(
        exam_day.first.sitting_id, SubmitKind.AUTO, 0, chain.head
    )
    assert not isinstance(done, Refusal)
    other = kit.Chain(exam_day.other.sitting_id)
    early = await exam_day.other.client.submit(
        exam_day.other.sitting_id, SubmitKind.AUTO, 0, other.head
    )
    assert isinstance(early, Refusal)
    await chief.board(lambda b: b.venue.session_state is SessionState.STARTED)
    at = (await chief.order(ResumeTime(0, "来电", "02")))["resumes_at_ms"]
    told = await timing(exam_day.other, lambda t: t.resumes_at_ms == at)
    assert told.end_ms == at + kit.DAY.at(90) - since
    world.go(told.end_ms)
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)


async def test_f16_answers_of_a_station_that_never_learnt_count(exam_day: Any, kit: Any) -> None:
    """It was cut off, went on, locked itself at its old end, and comes back long afterwards."""
    world = exam_day.world
    world.go(kit.DAY.at(30))
    await suspend(exam_day)
    chain = kit.Chain(exam_day.other.sitting_id)
    made = [chain.add(kit.DAY.at(minutes)) for minutes in (31, 60, 90)]
    world.go(kit.DAY.at(180))
    assert (await exam_day.other.save(*made)).seq == 3
    await exam_day.chief.order(ResumeTime(0, "来电"))
    assert (await exam_day.next_save(exam_day.other, chain)).seq == 4


async def test_f16_between_release_and_start_everybody_starts_later(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    stations = [await world.station(admin, *at) for at in (("01", "01"), ("02", "02"))]
    for station in stations:
        await station.fetch()
    await world.open_doors(await world.invigilators(), *stations)
    assert await chief.refused(SuspendTime(0, "停电")) is RefusalCode.ROOM_TIME_NOT_RUNNING
    await world.arm(chief)
    await world.released(chief)
    await chief.order(SuspendTime(0, "停电"))
    since = (await timing(stations[0], lambda t: t.stands)).suspended_at_ms
    assert since < kit.DAY.at(0)
    world.go(kit.DAY.at(10))
    at = (await chief.order(ResumeTime(0, "来电")))["resumes_at_ms"]
    told = await timing(stations[0], lambda t: t.resumes_at_ms == at)
    assert told.effective_start_ms - at == kit.DAY.at(0) - since
    assert told.end_ms - told.effective_start_ms == 90 * MINUTE
    # One was cut off when it was told, and opened at the start it knew: what it took counts.
    chain = kit.Chain(stations[1].sitting_id)
    assert (await stations[1].save(chain.add(kit.DAY.at(1)))).seq == 1


async def test_f16_the_server_is_killed_while_everything_stands(exam_day: Any, kit: Any) -> None:
    world = exam_day.world
    world.go(kit.DAY.at(30))
    since = await suspend(exam_day)
    await world.restart()
    world.go(kit.DAY.at(120))
    chief = await world.console(kit.CHIEF)
    await chief.board(lambda b: b.rooms["01"].timing.stands)
    station = exam_day.first
    view = (await station.welcome()).sitting
    assert view.timing.stands and view.timing.suspended_at_ms == since
    at = (await chief.order(ResumeTime(0, "来电")))["resumes_at_ms"]
    told = await timing(station, lambda t: t.resumes_at_ms == at)
    assert told.end_ms - at == kit.DAY.at(90) - since


async def test_f16_after_the_end_there_is_nothing_to_stop(exam_day: Any, kit: Any) -> None:
    exam_day.world.go(kit.DAY.at(90))
    refused = await exam_day.chief.refused(SuspendTime(0, "停电"))
    assert refused in (RefusalCode.ROOM_TIME_NOT_RUNNING, RefusalCode.SESSION_WRONG_STATE)
