"""The time of rooms over the LAN: held, started later, extended, the sealing waits (G08, I02)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import GetRoomRecord, SealSession
from venue_server.wire.messages import Timing
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.roomtime_orders import (
    Approval,
    ConfirmExtension,
    ExtendTime,
    ExtendTimeOffline,
    GetRoomTimes,
    HoldRoom,
    StartRoom,
)
from venue_server.wire.station_messages import TimingChanged

MINUTE = 60_000


def approval(world: Any) -> Approval:
    return Approval("人社部考试中心", "考中心函〔2026〕7号", "王主任", world.now_ms())


async def told(station: Any, fits: Any) -> Timing:
    """The station's timing as soon as it is as wanted."""
    message = await station.heard.next(TimingChanged, fits=lambda m: fits(m.timing))
    return message.timing  # type: ignore[no-any-return]


async def test_g08_a_room_held_back_starts_later_by_the_chief_s_order(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    first, other = [await world.station(admin, *at) for at in (("01", "01"), ("02", "02"))]
    for station in (first, other):
        await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, first, other)
    hold = HoldRoom(0, "02", "门锁故障")
    assert await rooms["02"].refused(hold) is RefusalCode.ROLE_NOT_ALLOWED
    await chief.order(hold)
    await world.arm(chief)
    await world.released(chief)
    await chief.board(lambda b: b.rooms["02"].held and b.rooms["02"].timing is None)
    assert (await told(first, lambda t: True)).effective_start_ms == kit.DAY.at(0)
    await other.content_key()  # the release and its keys are for everybody
    assert other.heard.all(TimingChanged) == []
    world.go(kit.DAY.at(6))

    # Nobody of the held room answers, and whoever comes late there is not late yet.
    chain = kit.Chain(other.sitting_id)
    await other.save(chain.add(world.now_ms()))
    assert (await chief.order(GetRoomTimes(0)))["rooms"][1]["held"]
    late = world.candidate("02", "04")
    assert "admitted" in await rooms["02"].order(world.admission(late))
    refused = await rooms["01"].refused(world.admission(world.candidate("01", "03")))
    assert refused is RefusalCode.ADMISSION_CLOSED

    record = (await chief.order(GetRoomRecord(0, "02")))["record"]
    assert record["实际起止"] == record["考场封闭截止"] == "无", "it has not begun"

    at = (await chief.order(StartRoom(0, "02", "已开门")))["effective_start_ms"]
    timing = await told(other, lambda t: True)
    assert timing.effective_start_ms == at
    assert timing.end_ms == at + 90 * MINUTE
    await chief.board(lambda b: b.rooms["02"].timing == timing and not b.rooms["02"].held)
    world.go(at)
    chain = kit.Chain(other.sitting_id)
    assert other.client.paper_opened(other.sitting_id, world.now_ms())
    assert (await other.save(chain.add(world.now_ms()))).seq == 1

    # Room 01 ends, the session goes on for room 02.
    world.go(kit.DAY.at(91))
    assert (await other.save(chain.add(world.now_ms()))).seq == 2
    await chief.board(lambda b: b.venue.session_state is SessionState.STARTED)
    world.go(timing.end_ms)
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)


async def test_i02_an_extension_is_live_and_needs_headquarters(exam_day: Any, kit: Any) -> None:
    world, chief = exam_day.world, exam_day.chief
    world.go(kit.DAY.at(80))
    order = ExtendTime(0, 20, "广播干扰", approval(world), "02")
    assert await exam_day.rooms["02"].refused(order) is RefusalCode.ROLE_NOT_ALLOWED
    nobody = Approval("人社部考试中心", "", "王主任", world.now_ms())
    refused = await chief.refused(ExtendTime(0, 20, "广播干扰", nobody, "02"))
    assert refused is RefusalCode.APPROVAL_INCOMPLETE
    done = await chief.order(order)
    assert (done["rooms"], done["confirmed"]) == (["02"], True)
    timing = await told(exam_day.other, lambda t: t.end_ms == kit.DAY.at(110))
    assert timing.closed_until_ms == kit.DAY.at(75)  # hand-in was allowed already and stays so
    chain = kit.Chain(exam_day.other.sitting_id)
    world.go(kit.DAY.at(100))
    assert (await exam_day.next_save(exam_day.other, chain)).seq == 1
    # Room 01 got nothing: what comes from there now is too late.
    late = kit.Chain(exam_day.first.sitting_id)
    assert (await exam_day.first.save(late.add(world.now_ms()))).seq == 0


async def test_i02_an_extension_survives_the_server_and_the_station(
    exam_day: Any, kit: Any
) -> None:
    world = exam_day.world
    world.go(kit.DAY.at(30))
    await exam_day.chief.order(ExtendTime(0, 20, "停电", approval(world)))
    await world.restart()
    chief = await world.console(kit.CHIEF)
    await chief.board(lambda b: b.rooms["01"].timing.end_ms == kit.DAY.at(110))
    welcome = await exam_day.first.welcome()
    assert welcome.sitting.timing.end_ms == kit.DAY.at(110)


async def test_i02_an_offline_extension_keeps_the_answers_from_being_sealed(
    exam_day: Any, kit: Any
) -> None:
    world, chief = exam_day.world, exam_day.chief
    world.go(kit.DAY.at(30))
    alone = ExtendTimeOffline(0, 20, "停电，外线中断", world.second(kit.CHIEF))
    assert await chief.refused(alone) is RefusalCode.SAME_PERSON
    done = await chief.order(ExtendTimeOffline(0, 20, "停电，外线中断", world.second(kit.ADMIN)))
    assert done["confirmed"] is False
    await told(exam_day.first, lambda t: t.end_ms == kit.DAY.at(110))
    world.go(kit.DAY.at(110))
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    seal = SealSession(0, SESSION_ID, world.second(kit.ADMIN))
    assert await chief.refused(seal) is RefusalCode.POINTS_OPEN
    await chief.order(ConfirmExtension(0, done["extension_id"], approval(world)))
    assert await chief.refused(seal) is not RefusalCode.POINTS_OPEN
    record = await chief.order(GetRoomRecord(0, "01"))
    assert record["record"]["实际起止"].endswith(clock(kit.DAY.at(110)))


def clock(ms: int) -> str:
    """As on the room record."""
    return (datetime.fromtimestamp(ms / 1000, UTC) + timedelta(hours=8)).strftime("%H:%M:%S")


async def test_i02_people_present_are_still_in_progress_after_the_old_end(
    exam_day: Any, kit: Any
) -> None:
    world, chief = exam_day.world, exam_day.chief
    world.go(kit.DAY.at(89))
    await chief.order(ExtendTime(0, 20, "停电", approval(world)))
    world.go(kit.DAY.at(95))
    await chief.board(lambda b: b.seats["01"]["01"].state is SittingState.IN_PROGRESS)
    assert world.events("session.ended") == []
