"""Personal time and exceptions on a real venue: 补时, reopening, special exit, breaks (I07-I12)."""

import time
from typing import Any

from venue_server.wire.console_orders import ConfirmExit
from venue_server.wire.credit_orders import (
    CreditReason,
    DecideTime,
    ExitReason,
    ExitSpecially,
    GetCredits,
    ProposeTime,
    ReopenSitting,
)
from venue_server.wire.day_records import RecordField
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import Save, SaveAck, SittingChanged, TimingChanged

MINUTE = 60_000
LIVE_S = 2.0  # I08


async def proposed(day: Any, minutes: int) -> dict[str, Any]:
    """The invigilator of the first station's room proposes."""
    why = CreditReason.STATION_FAULT
    order = ProposeTime(0, "01", day.first.sitting_id, why, 60 * minutes, "重启后无法登录")
    return dict((await day.rooms["01"].order(order))["credit"])


async def credited(day: Any, minutes: int) -> dict[str, Any]:
    """The invigilator proposes, the chief approves."""
    made = await proposed(day, minutes)
    decided = await day.chief.order(DecideTime(0, made["proposal_id"], approve=True))
    return dict(decided["credit"])


async def test_i08_seven_minutes_more_reach_the_answering_station_within_two_seconds(
    exam_day: Any, kit: Any
) -> None:
    """And they survive a restart of the server, a restart of the station and a swap of the seat."""
    day, world = exam_day, exam_day.world
    before = day.first.heard.all(TimingChanged)[-1].timing
    made = await proposed(day, 7)
    asked = time.monotonic()
    await day.chief.order(DecideTime(0, made["proposal_id"], approve=True))
    told = await day.first.heard.next(TimingChanged, fits=lambda m: m.credited_s == 420)
    assert time.monotonic() - asked < LIVE_S  # some ten milliseconds on this project's machines
    assert told.timing.end_ms == before.end_ms + 7 * MINUTE
    assert told.timing.closed_until_ms == before.closed_until_ms  # the room's, not theirs
    await world.restart()
    view = (await day.first.welcome()).sitting
    assert view.timing == told.timing and view.credited_s == 420
    await day.first.close()
    again = await world.connect(day.first.identity, "01", "01", day.first.hello)
    assert (await again.welcome()).sitting.timing == told.timing
    chain = kit.Chain(day.first.sitting_id)
    world.go(before.end_ms + 6 * MINUTE)
    again.sitting = view
    ack = await again.save(chain.add(world.now_ms(), "in the time given back"))
    assert ack.seq == 1


async def test_i07_two_people_and_a_cap_and_several_add_up(exam_day: Any) -> None:
    day, chief, room = exam_day, exam_day.chief, exam_day.rooms["01"]
    sitting_id = day.first.sitting_id

    def propose(minutes: int, note: str = "停电", reference: str = "") -> ProposeTime:
        reason = CreditReason.POWER
        return ProposeTime(0, "01", sitting_id, reason, 60 * minutes, note, reference)

    assert await room.refused(propose(0)) is RefusalCode.NOTHING_MEASURED
    assert await room.refused(propose(5, note="")) is RefusalCode.REASON_MISSING
    assert await room.refused(propose(31)) is RefusalCode.CREDIT_ABOVE_CAP
    own = (await chief.order(propose(2)))["credit"]["proposal_id"]
    assert await chief.refused(DecideTime(0, own, approve=True)) is RefusalCode.SAME_PERSON
    assert await room.refused(DecideTime(0, own, approve=True)) is RefusalCode.ROLE_NOT_ALLOWED
    first = await credited(day, 20)
    assert first["decided_by"] != first["proposed_by"]
    again = await chief.refused(DecideTime(0, first["proposal_id"], approve=False))
    assert again is RefusalCode.CREDIT_DECIDED
    assert await room.refused(propose(20)) is RefusalCode.CREDIT_ABOVE_CAP
    more = (await room.order(propose(20, reference="人考函〔2026〕7号")))["credit"]
    await chief.order(DecideTime(0, more["proposal_id"], approve=True))
    told = await day.first.heard.next(TimingChanged, fits=lambda m: m.credited_s == 2400)
    assert told.timing.end_ms - told.timing.effective_start_ms > 40 * MINUTE
    listed = (await chief.order(GetCredits(0)))["credits"]
    assert [one["approved"] for one in listed] == [True, True, None]
    other = ProposeTime(0, "01", day.other.sitting_id, CreditReason.OTHER, 60, "邻座")
    assert await room.refused(other) is RefusalCode.ROOM_NOT_YOURS


async def test_i07_an_undecided_proposal_keeps_the_candidate_and_the_sealing(
    exam_day: Any, kit: Any
) -> None:
    day, world, room = exam_day, exam_day.world, exam_day.rooms["01"]
    times = day.first.heard.all(TimingChanged)[-1].timing
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "A")
    order = ProposeTime(0, "01", day.first.sitting_id, CreditReason.DISTURBANCE, 120, "广播误播")
    made = (await room.order(order))["credit"]
    world.go(times.closed_until_ms)
    await hand_in(day.first, chain, world, SubmitKind.EARLY)
    leave = ConfirmExit(0, "01", day.first.sitting_id)
    assert await room.refused(leave) is RefusalCode.CREDIT_OPEN
    sources = world.node._day._parts.sources
    session_id = world.node._day._parts.sittings.current_session().session_id
    (point,) = sources.points(session_id)
    assert point.blocks_sealing and point.rule == "I07"
    await day.chief.order(DecideTime(0, made["proposal_id"], approve=False, note="未受影响"))
    assert sources.points(session_id) == []
    await room.order(leave)
    (line,) = sources.lines(session_id, "01")
    assert line.field is RecordField.ADJUSTMENTS and "不批准" in line.text


async def test_g01_somebody_taken_ill_leaves_with_the_answers_as_they_stand(
    exam_day: Any, kit: Any
) -> None:
    day, world, chief = exam_day, exam_day.world, exam_day.chief
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "A")
    who = world.second("inv-01-1")
    order = ExitSpecially(0, day.first.sitting_id, ExitReason.ILLNESS, "急性阑尾炎，送医", who)
    assert await day.rooms["01"].refused(order) is RefusalCode.ROLE_NOT_ALLOWED
    await chief.order(order)
    told = (await day.first.heard.next(SittingChanged)).sitting
    assert told.state is SittingState.EXITED and told.head == chain.head
    await chief.board(
        lambda b: b.seats["01"]["01"].submit_kind is SubmitKind.EXCEPTIONAL, "the exit"
    )
    before = len(day.first.heard.messages)
    assert day.first.client.link.send(Save(day.first.sitting_id, [chain.add(world.now_ms(), "B")]))
    assert (await day.first.heard.next(SaveAck, before)).seq == 1, "nothing is taken any more"
    assert await day.first.log_in() == Refusal(RefusalCode.SITTING_ENDED)
    assert (
        await chief.refused(ReopenSitting(0, day.first.sitting_id, "回来了", who))
        is RefusalCode.SITTING_WRONG_STATE
    )


async def test_g09_the_session_goes_on_until_the_last_personal_end(exam_day: Any, kit: Any) -> None:
    day, world, chief = exam_day, exam_day.world, exam_day.chief
    times = day.first.heard.all(TimingChanged)[-1].timing
    await credited(day, 10)
    sittings = world.node._day._parts.sittings
    session = sittings.current_session()
    assert sittings.last_end_ms(session) == times.end_ms + 10 * MINUTE
    world.go(times.end_ms + MINUTE)
    chain = kit.Chain(day.other.sitting_id)
    await hand_in(day.other, chain, world, SubmitKind.AUTO)
    assert sittings.session(session.session_id).state is SessionState.STARTED
    mine = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, mine, "still answering")
    world.go(times.end_ms + 10 * MINUTE + 1000)
    await hand_in(day.first, mine, world, SubmitKind.AUTO)
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED, "the end")


async def hand_in(station: Any, chain: Any, world: Any, kind: SubmitKind) -> Any:
    """Close the chain and hand in."""
    await station.save(chain.add(world.now_ms(), kind="submit"))
    done = await station.client.submit(station.sitting_id, kind, len(chain.entries), chain.head)
    assert done.kind is kind, done
    return done
