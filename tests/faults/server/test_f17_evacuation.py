"""F17: evacuation. One key stops every room; it can be stopped again before it goes on."""

from typing import Any

from venue_server.wire.names import SessionState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.roomtime_orders import GetRoomTimes, ResumeTime, SuspendTime
from venue_server.wire.station_messages import TimingChanged


async def test_f17_a_deputy_alone_stops_every_room(exam_day: Any, kit: Any) -> None:
    world = exam_day.world
    world.go(kit.DAY.at(30))
    deputy = await world.console(kit.DEPUTY)
    assert await deputy.refused(SuspendTime(0, " ")) is RefusalCode.REASON_MISSING
    assert (await deputy.order(SuspendTime(0, "火警，疏散")))["rooms"] == ["01", "02"]
    for station in exam_day.stations:
        assert (await station.heard.next(TimingChanged, fits=lambda m: m.timing.stands)).timing
    (said,) = world.events("time.suspended")
    assert (said["actor"], said["data"]["reason"]) == (kit.DEPUTY, "火警，疏散")
    assert await deputy.refused(ResumeTime(0, "误报")) is RefusalCode.ROLE_NOT_ALLOWED


async def test_f17_a_second_alarm_during_the_lead_calls_the_resumption_off(
    exam_day: Any, kit: Any
) -> None:
    world, chief = exam_day.world, exam_day.chief
    world.go(kit.DAY.at(30))
    await chief.order(SuspendTime(0, "火警，疏散"))
    at = (await chief.order(ResumeTime(0, "误报")))["resumes_at_ms"]
    assert world.now_ms() < at
    assert (await chief.order(SuspendTime(0, "又响")))["rooms"] == ["01", "02"]
    world.go(kit.DAY.at(100))
    room = (await chief.order(GetRoomTimes(0)))["rooms"][0]
    assert room["resumes_at_ms"] == 0 and room["suspended_at_ms"] < at
    await chief.board(lambda b: b.venue.session_state is SessionState.STARTED)
    at = (await chief.order(ResumeTime(0, "解除")))["resumes_at_ms"]
    left = kit.DAY.at(90) - room["suspended_at_ms"]
    told = await exam_day.first.heard.next(
        TimingChanged, fits=lambda m: m.timing.resumes_at_ms == at
    )
    assert told.timing.end_ms - at == left
