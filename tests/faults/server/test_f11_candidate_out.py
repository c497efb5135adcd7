"""F11: a candidate has to leave the seat for a moment; the paper is hidden, the time runs (H06)."""

from typing import Any

from venue_server.wire.credit_orders import EndBreak, GetInterruptions, StartBreak
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import BreakChanged, Welcome


async def test_f11_h06_one_candidate_of_a_room_is_out_and_the_station_is_locked(
    exam_day: Any,
) -> None:
    day, room = exam_day, exam_day.rooms["01"]
    out = StartBreak(0, "01", day.first.sitting_id)
    await room.order(out)
    assert (await day.first.heard.next(BreakChanged)).away
    assert await room.refused(out) is RefusalCode.SOMEBODY_OUT
    await day.world.restart()
    assert (await day.first.heard.next(Welcome)).sitting.away
    room = await day.world.console("inv-01-1")
    back = EndBreak(0, "01", day.first.sitting_id)
    await room.order(back)
    assert not (await day.first.heard.next(BreakChanged)).away
    assert await room.refused(back) is RefusalCode.NOT_OUT
    log = await room.order(GetInterruptions(0, "01"))
    breaks = [one for one in log["interruptions"] if one["cause"] == "BREAK"]
    assert len(breaks) == 1 and breaks[0]["by"] == "inv-01-1"
