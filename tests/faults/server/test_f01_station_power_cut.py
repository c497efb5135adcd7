"""F1: the power of one station goes; what was lost is measured, credited and reaches it again."""

from typing import Any

import msgspec

from venue_server.wire.credit_orders import (
    CreditReason,
    DecideTime,
    GetInterruptions,
    GetLostTime,
    ProposeTime,
)
from venue_server.wire.names import SittingState
from venue_server.wire.station_messages import TimingChanged

MINUTE = 60_000


async def test_f01_i12_a_power_cut_is_measured_and_a_pulled_cable_is_not_lost_time(
    exam_day: Any, kit: Any
) -> None:
    """The room's log names person, station, cause, from, until, action, by whom, approval."""
    day, world, room = exam_day, exam_day.world, exam_day.rooms["01"]
    chain = kit.Chain(day.first.sitting_id)
    await day.first.save(chain.add(world.now_ms(), kind="open"))
    await day.first.save(chain.add(world.now_ms(), "A"))
    lost_at = world.now_ms()
    await day.first.close()
    await day.chief.board(lambda b: b.seats["01"]["01"].link.value == "OFFLINE", "the dark seat")
    world.go(lost_at + 5 * MINUTE)
    hello = msgspec.structs.replace(day.first.hello, sitting_id=day.first.sitting_id)
    back = await world.connect(day.first.identity, "01", "01", hello)
    back.sitting = day.first.sitting
    await back.save(chain.add(world.now_ms(), kind="open"))
    await back.save(chain.add(world.now_ms(), "B"))
    lost = await room.order(GetLostTime(0, "01", day.first.sitting_id))
    (gap,) = lost["gaps"]
    assert gap["cause"] == "STATION" and 5 * MINUTE <= gap["measured_ms"] < 6 * MINUTE
    propose = ProposeTime(0, "01", day.first.sitting_id, CreditReason.POWER)
    made = (await room.order(propose))["credit"]
    assert made["seconds"] == 360, "whole minutes, rounded up"
    await day.chief.order(DecideTime(0, made["proposal_id"], approve=True))
    # The other room's cable is pulled: its candidate goes on.
    other = kit.Chain(day.other.sitting_id)
    await day.next_save(day.other, other, "A")
    await day.other.close()
    await day.chief.board(lambda b: b.seats["02"]["02"].link.value == "OFFLINE", "the cable")
    inside = world.now_ms() + MINUTE
    entry = other.add(inside, "B")
    world.go(inside + MINUTE)
    there = await world.connect(day.other.identity, "02", "02", day.other.hello)
    there.sitting = day.other.sitting
    await there.save(entry)
    log = await day.chief.order(GetInterruptions(0))
    first, second = sorted(log["interruptions"], key=lambda one: one["room_id"])
    assert first["action"] == "APPROVED 6 min" and first["approved_by"] == kit.CHIEF
    assert first["station_id"] and first["by"] == "inv-01-1"
    assert second["cause"] == "LINK" and second["measured_ms"] == 0
    assert log["lines"][0]["text"].startswith("room,seat,ticket")
    assert len(log["lines"]) == 3


async def test_f01_i08_more_time_approved_while_the_station_is_dark_is_there_when_it_is_back(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    before = day.first.heard.all(TimingChanged)[-1].timing
    await day.first.close()
    await day.chief.board(lambda b: b.seats["01"]["01"].link.value == "OFFLINE", "the dark seat")
    order = ProposeTime(0, "01", day.first.sitting_id, CreditReason.POWER, 600, "停电")
    made = (await day.rooms["01"].order(order))["credit"]
    await day.chief.order(DecideTime(0, made["proposal_id"], approve=True))
    world.go(before.end_ms + MINUTE)  # the old end passes while nobody hears the station
    back = await world.connect(day.first.identity, "01", "01", day.first.hello)
    view = (await back.welcome()).sitting
    assert view is not None and view.state is SittingState.IN_PROGRESS
    assert view.timing.end_ms == before.end_ms + 10 * MINUTE and view.credited_s == 600
    back.sitting = view
    ack = await back.save(kit.Chain(day.first.sitting_id).add(world.now_ms(), "goes on"))
    assert ack.seq == 1
