"""F15: a candidate handed in by mistake; two people undo it, and no time is gained (I10)."""

from typing import Any

import msgspec

from venue_server.wire.credit_orders import ReopenSitting
from venue_server.wire.day_records import RecordField
from venue_server.wire.names import SittingState, SubmitKind
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import SittingChanged, TimingChanged


async def test_f15_i10_a_hand_in_by_mistake_goes_on_with_the_same_chain(
    exam_day: Any, kit: Any
) -> None:
    day, world, chief = exam_day, exam_day.world, exam_day.chief
    times = day.first.heard.all(TimingChanged)[-1].timing
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "A")
    world.go(times.closed_until_ms)
    first = await hand_in(day.first, chain, world, SubmitKind.EARLY)
    reopen = ReopenSitting(0, day.first.sitting_id, "误触交卷", world.second("inv-01-1"))
    blank = msgspec.structs.replace(reopen, reason=" ")
    assert await chief.refused(blank) is RefusalCode.REASON_MISSING
    await chief.order(reopen)
    told = await day.first.heard.next(SittingChanged)
    assert told.sitting.state is SittingState.IN_PROGRESS
    assert told.sitting.reopened_seq == 2 and told.sitting.head == first.head
    assert told.sitting.timing == times, "no time is gained"
    ack = await day.first.save(chain.add(world.now_ms(), "B"))
    assert ack.seq == 3
    second = await hand_in(day.first, chain, world, SubmitKind.EARLY)
    assert second.head != first.head and second.code != first.code
    sources = world.node._day._parts.sources
    session_id = world.node._day._parts.sittings.current_session().session_id
    (line,) = sources.lines(session_id, "01")
    assert line.field is RecordField.REOPENED and "误触交卷" in line.text
    world.go(times.end_ms + 1000)
    late = await chief.refused(reopen)
    assert late is RefusalCode.REOPEN_TOO_LATE


async def hand_in(station: Any, chain: Any, world: Any, kind: SubmitKind) -> Any:
    """Close the chain and hand in."""
    await station.save(chain.add(world.now_ms(), kind="submit"))
    done = await station.client.submit(station.sitting_id, kind, len(chain.entries), chain.head)
    assert done.kind is kind, done
    return done
