"""Handing in and leaving (G01, G06, G09-G11)."""

import asyncio
from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Sitting
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

EARLY, AUTO, FORCED = SubmitKind.EARLY, SubmitKind.AUTO, SubmitKind.FORCED
HEAD = "ab" * 32


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


@pytest.fixture
async def sitting_id(venue: Any, clock: Any) -> str:
    """A sitting in progress; 90 minutes, relaxed: hand-in from minute 75."""
    ready: str = await venue.ready("01")
    await venue.start()
    clock.minutes(0)
    await venue.open(ready)
    return ready


async def test_g01_a_closed_room_refuses_hand_in_and_records_it(
    venue: Any, clock: Any, sitting_id: str
) -> None:
    clock.now = venue.start_ms + 75 * venue.minute - 1
    answer = await venue.service.submit(sitting_id, EARLY, 9, HEAD)
    assert code(answer) is RefusalCode.ROOM_CLOSED
    assert venue.last_event()["event"] == Event.SUBMIT_REFUSED.value
    assert venue.service.sitting(sitting_id).state is SittingState.IN_PROGRESS
    clock.now += 1
    assert await venue.service.submit(sitting_id, EARLY, 9, HEAD) == clock.now
    found = venue.service.sitting(sitting_id)
    assert found.state is SittingState.SUBMITTED
    assert (found.submit_kind, found.final_seq, found.final_head) == (EARLY, 9, HEAD)


async def test_g11_the_same_hand_in_gets_the_same_receipt(
    venue: Any, clock: Any, sitting_id: str
) -> None:
    clock.minutes(80)
    first = await venue.service.submit(sitting_id, EARLY, 9, HEAD)
    events = venue.events()
    clock.minutes(81)
    assert await venue.service.submit(sitting_id, EARLY, 9, HEAD) == first
    assert await venue.service.submit(sitting_id, AUTO, 9, HEAD) == first
    assert venue.events() == events
    await venue.service.confirm_exit(sitting_id, "R1", "i")
    assert await venue.service.submit(sitting_id, EARLY, 9, HEAD) == first


async def test_g10_a_hand_in_is_final(venue: Any, clock: Any, sitting_id: str) -> None:
    clock.minutes(80)
    await venue.service.submit(sitting_id, EARLY, 9, HEAD)
    for seq, head in ((10, HEAD), (9, "cd" * 32)):
        answer = await venue.service.submit(sitting_id, EARLY, seq, head)
        assert code(answer) is RefusalCode.SITTING_ENDED
    assert code(await venue.log_in("01")) is RefusalCode.SITTING_ENDED
    assert venue.service.sitting(sitting_id).final_seq == 9


async def test_g09_automatic_hand_in_waits_for_the_end_within_a_clocks_tolerance(
    venue: Any, clock: Any, sitting_id: str
) -> None:
    end = venue.service.session("s1").whole.end_ms
    for now, expected in (
        (end - 20 * venue.minute, RefusalCode.ROOM_CLOSED),
        (end - 2_001, RefusalCode.SITTING_WRONG_STATE),
        (end - 2_000, None),
    ):
        clock.now = now
        answer = await venue.service.submit(sitting_id, AUTO, 9, HEAD)
        assert code(answer) is expected
    assert venue.service.sitting(sitting_id).submit_kind is AUTO


async def test_forced_hand_in_only_after_the_end(venue: Any, clock: Any, sitting_id: str) -> None:
    clock.minutes(89.99)
    answer = await venue.service.submit(sitting_id, FORCED, 9, HEAD)
    assert code(answer) is RefusalCode.SITTING_WRONG_STATE
    clock.minutes(90)
    assert await venue.service.submit(sitting_id, FORCED, 9, HEAD) == clock.now


@pytest.mark.parametrize("kind", [EARLY, AUTO])
async def test_h08_a_station_that_comes_back_after_the_end_hands_in(
    venue: Any, clock: Any, sitting_id: str, kind: SubmitKind
) -> None:
    clock.minutes(90)
    assert await venue.service.end_session("s1") is None
    clock.minutes(100)
    assert await venue.service.submit(sitting_id, kind, 9, HEAD) == clock.now


async def test_after_reconciliation_nothing_is_handed_in_any_more(
    venue: Any, clock: Any, sitting_id: str
) -> None:
    clock.minutes(90)
    await venue.service.end_session("s1")
    await venue.service.advance_session("s1", SessionState.RECONCILED)
    answer = await venue.service.submit(sitting_id, AUTO, 9, HEAD)
    assert code(answer) is RefusalCode.SESSION_WRONG_STATE
    assert code(await venue.service.opened(sitting_id, 1)) is RefusalCode.SITTING_ENDED


async def test_nothing_is_handed_in_that_was_not_opened(venue: Any, clock: Any) -> None:
    sitting_id = await venue.ready("02")
    await venue.start()
    clock.minutes(80)
    answer = await venue.service.submit(sitting_id, EARLY, 0, HEAD)
    assert code(answer) is RefusalCode.SITTING_WRONG_STATE
    assert code(await venue.service.submit("x", EARLY, 0, HEAD)) is RefusalCode.SITTING_UNKNOWN


async def test_a_hand_in_whose_answers_are_not_durable_is_undone(
    venue: Any, clock: Any, sitting_id: str
) -> None:
    clock.minutes(80)

    def no(_tx: Any) -> None:
        raise RefusedError(Refusal(RefusalCode.SAVE_GAP))

    answer = await venue.service.submit(sitting_id, EARLY, 9, HEAD, no)
    assert code(answer) is RefusalCode.SAVE_GAP
    assert venue.service.sitting(sitting_id).state is SittingState.IN_PROGRESS


async def test_two_hand_ins_at_once_leave_one(venue: Any, clock: Any, sitting_id: str) -> None:
    clock.minutes(80)
    answers = await asyncio.gather(
        *(venue.service.submit(sitting_id, EARLY, 9 + n % 2, HEAD) for n in range(6))
    )
    assert [code(answer) for answer in answers] == [None, RefusalCode.SITTING_ENDED] * 3
    assert {answer for answer in answers if isinstance(answer, int)} == {clock.now}


async def test_g06_leaving_needs_a_durable_hand_in_and_the_rooms_invigilator(
    venue: Any, clock: Any, sitting_id: str
) -> None:
    clock.minutes(80)
    service = venue.service
    early = await service.confirm_exit(sitting_id, "R1", "inv-1")
    assert code(early) is RefusalCode.SITTING_WRONG_STATE
    await service.submit(sitting_id, EARLY, 9, HEAD)
    other = await service.confirm_exit(sitting_id, "R2", "inv-1")
    assert other == Refusal(RefusalCode.ROOM_NOT_YOURS, "R1")
    left = await service.confirm_exit(sitting_id, "R1", "inv-1")
    assert isinstance(left, Sitting)
    assert (left.state, left.exited_at_ms) == (SittingState.EXITED, clock.now)
    assert venue.last_event()["actor"] == "inv-1"
    again = await service.confirm_exit(sitting_id, "R1", "inv-1")
    assert code(again) is RefusalCode.SITTING_WRONG_STATE


async def test_a_restart_between_steps_loses_nothing(
    make_venue: Any, venue: Any, clock: Any, sitting_id: str
) -> None:
    clock.minutes(80)
    at = await venue.service.submit(sitting_id, EARLY, 9, HEAD)
    again = make_venue()
    assert await again.service.submit(sitting_id, EARLY, 9, HEAD) == at
    assert again.service.counts("s1").submitted == 1
