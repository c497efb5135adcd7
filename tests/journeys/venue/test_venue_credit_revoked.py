"""A wrong entry of 补时 is taken back on a real venue, as far as it was not used (I07)."""

import time
from typing import Any

from venue_server.wire.credit_orders import CreditReason, DecideTime, ProposeTime, RevokeTime
from venue_server.wire.day_records import RecordField
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import Save, SaveAck, TimingChanged

MINUTE = 60_000
LIVE_S = 2.0  # I08 holds for this, too


async def entered_wrongly(day: Any) -> tuple[int, Any]:
    """Thirty minutes for three: (the credit's number, the instants before it)."""
    before = day.first.heard.all(TimingChanged)[-1].timing
    why, which = CreditReason.STATION_FAULT, day.first.sitting_id
    order = ProposeTime(0, "01", which, why, 30 * 60, "重启")
    made = (await day.rooms["01"].order(order))["credit"]
    await day.chief.order(DecideTime(0, made["proposal_id"], approve=True))
    await day.first.heard.next(TimingChanged, fits=lambda m: m.credited_s == 1800)
    return made["proposal_id"], before


async def revoked(day: Any, number: int, minutes: int = 0) -> dict[str, Any]:
    """The invigilator proposes, the chief approves."""
    order = RevokeTime(0, "01", number, "应为3分钟，录成30分钟", 60 * minutes)
    asked = (await day.rooms["01"].order(order))["credit"]
    done: dict[str, Any] = await day.chief.order(DecideTime(0, asked["proposal_id"], approve=True))
    return done


async def test_i07_a_wrong_entry_is_taken_back_live_and_stays_so(exam_day: Any) -> None:
    """By two people, on the station within two seconds, after a restart and on another station."""
    day, world = exam_day, exam_day.world
    number, before = await entered_wrongly(day)
    order = RevokeTime(0, "01", number, "录错", 60)
    own = (await day.chief.order(order))["credit"]["proposal_id"]
    assert await day.chief.refused(DecideTime(0, own, approve=True)) is RefusalCode.SAME_PERSON
    assert (
        await day.rooms["01"].refused(DecideTime(0, own, approve=True))
        is RefusalCode.ROLE_NOT_ALLOWED
    )
    session_id = world.node._day._parts.sittings.current_session().session_id
    sources = world.node._day._parts.sources
    (point,) = sources.points(session_id)
    assert point.rule == "I07" and point.blocks_sealing
    order = RevokeTime(0, "01", number, "应为3分钟，录成30分钟", 27 * 60)
    asked = (await day.rooms["01"].order(order))["credit"]["proposal_id"]
    begun = time.monotonic()
    done = await day.chief.order(DecideTime(0, asked, approve=True))
    told = await day.first.heard.next(TimingChanged, fits=lambda m: m.revoked_s == 1620)
    assert time.monotonic() - begun < LIVE_S  # some ten milliseconds on this project's machines
    assert done["heard"] is True and told.credited_s == 180
    assert told.timing.end_ms == before.end_ms + 3 * MINUTE
    assert done["credit"]["end_before_ms"] - done["credit"]["end_after_ms"] == 27 * MINUTE
    # What the other one asked for is still there to take; this one was to be rejected.
    assert await day.rooms["02"].refused(order) is RefusalCode.ROOM_NOT_YOURS
    lines = [each.text for each in sources.lines(session_id, "01")]
    assert any("27 分钟" in text and "改为" in text and "录成30分钟" in text for text in lines)
    await world.restart()
    view = (await day.first.welcome()).sitting
    assert (view.timing, view.credited_s, view.revoked_s) == (told.timing, 180, 1620)
    await day.first.close()
    again = await world.connect(day.first.identity, "01", "01", day.first.hello)
    assert (await again.welcome()).sitting.timing == told.timing
    (entry,) = world.events("time.revoked")
    assert entry["data"]["seconds"] == 1620 and entry["data"]["reason"] == "应为3分钟，录成30分钟"


async def test_i07_f04_a_station_that_was_away_keeps_what_it_answered_in_that_time(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    number, before = await entered_wrongly(day)
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "A")
    await day.first.close()
    await world.until(
        lambda: day.first.identity.machine_id not in world.node._day._parts.hub.stations
    )
    done = await revoked(day, number)
    assert done["heard"] is False and done["credit"]["taken_s"] == 1800
    world.go(before.end_ms + 5 * MINUTE)
    chain.add(world.now_ms(), "in the time it had been given")
    again = await world.connect(day.first.identity, "01", "01", day.first.hello)
    again.sitting = (await again.welcome()).sitting
    assert again.sitting.timing.end_ms == before.end_ms
    seen = len(again.heard.messages)
    assert again.client.link.send(Save(day.first.sitting_id, chain.entries))
    assert (await again.heard.next(SaveAck, seen)).seq == 2
    (entry,) = await world.recorded("response.in_revoked_time")
    assert entry["data"]["count"] == 1
    session_id = world.node._day._parts.sittings.current_session().session_id
    lines = world.node._day._parts.sources.lines(session_id, "01")
    assert any(
        line.field is RecordField.ADJUSTMENTS and "继续作答 1 条" in line.text for line in lines
    )
    world.go(before.end_ms + 31 * MINUTE)
    chain.add(world.now_ms(), "after every end it was ever told")
    assert again.client.link.send(Save(day.first.sitting_id, chain.entries[2:]))
    assert (await again.heard.next(SaveAck, seen + 1)).seq == 2
