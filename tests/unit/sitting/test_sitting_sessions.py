"""Sessions: doors, log-in permission, start, end, counts, and the steps after."""

import asyncio
from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.sitting.service import AdmittedView
from venue_server.wire.names import DataState, SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


async def test_f10_nothing_opens_before_the_doors_do(venue: Any, clock: Any) -> None:
    clock.now = venue.start_ms - 1_800_000 - 1
    assert code(await venue.service.allow_login("s1", "R1", "i")) is RefusalCode.ADMISSION_NOT_OPEN
    assert code(await venue.service.arm_session("s1")) is RefusalCode.ADMISSION_NOT_OPEN
    assert venue.service.session("s1").state is SessionState.PLANNED
    clock.now += 1
    assert await venue.service.allow_login("s1", "R1", "i") is None
    assert venue.service.session("s1").state is SessionState.LOGIN_ALLOWED


async def test_f11_log_in_is_allowed_room_by_room_and_told_once(venue: Any) -> None:
    for _ in range(2):
        assert await venue.service.allow_login("s1", "R1", "inv-1") is None
    assert venue.service.login_allowed("s1", "R1")
    assert not venue.service.login_allowed("s1", "R2")
    told = [one for one in venue.events() if one["event"] == Event.LOGIN_ALLOWED.value]
    assert [(one["actor"], one["data"]["room"]) for one in told] == [("inv-1", "R1")]


async def test_log_in_cannot_be_allowed_in_an_unknown_room_or_session(venue: Any) -> None:
    wrong = RefusalCode.SESSION_WRONG_STATE
    assert code(await venue.service.allow_login("s1", "R9", "i")) is wrong
    assert code(await venue.service.allow_login("s9", "R1", "i")) is wrong


async def test_another_room_may_be_allowed_after_arming(venue: Any) -> None:
    assert await venue.service.arm_session("s1") is None
    assert await venue.service.allow_login("s1", "R2", "i") is None
    assert venue.service.session("s1").state is SessionState.ARMED


async def test_e01_a_session_starts_only_when_armed_and_once(venue: Any) -> None:
    service = venue.service
    wrong = RefusalCode.SESSION_WRONG_STATE
    assert code(await service.start_session("s1", venue.start_ms)) is wrong
    assert await service.arm_session("s1") is None
    assert code(await service.arm_session("s1")) is wrong
    assert await service.start_session("s1", venue.start_ms) is None
    assert code(await service.start_session("s1", venue.start_ms + 1)) is wrong
    assert service.session("s1").effective_start_ms == venue.start_ms


async def test_a_session_never_starts_before_its_planned_start(venue: Any) -> None:
    assert await venue.service.arm_session("s1") is None
    early = await venue.service.start_session("s1", venue.start_ms - 1)
    assert code(early) is RefusalCode.RELEASE_TOO_EARLY
    assert venue.service.session("s1").effective_start_ms is None


async def test_what_the_caller_adds_is_undone_together_with_the_order(venue: Any) -> None:
    assert await venue.service.arm_session("s1") is None
    before = venue.events()

    def no(_tx: Any) -> None:
        raise RefusedError(Refusal(RefusalCode.RELEASE_NOT_READY))

    answer = await venue.service.start_session("s1", venue.start_ms, no)
    assert code(answer) is RefusalCode.RELEASE_NOT_READY
    assert venue.service.session("s1").state is SessionState.ARMED
    assert venue.events() == before


async def test_g08_a_late_start_shifts_every_instant(venue: Any) -> None:
    planned = venue.service.session("s1").whole
    await venue.start(late_ms=7 * venue.minute)
    shifted = venue.service.session("s1").whole
    assert shifted.end_ms - planned.end_ms == 7 * venue.minute
    assert shifted.closed_until_ms - planned.closed_until_ms == 7 * venue.minute
    assert shifted.admission_closes_ms == venue.start_ms + 12 * venue.minute


async def test_a_session_does_not_end_a_millisecond_early(venue: Any, clock: Any) -> None:
    await venue.start()
    clock.now = venue.service.session("s1").whole.end_ms - 1
    assert code(await venue.service.end_session("s1")) is RefusalCode.SESSION_WRONG_STATE
    clock.now += 1
    assert await venue.service.end_session("s1") is None
    assert code(await venue.service.end_session("s1")) is RefusalCode.SESSION_WRONG_STATE


async def test_a_session_that_never_started_cannot_end(venue: Any, clock: Any) -> None:
    clock.minutes(300)
    assert code(await venue.service.end_session("s1")) is RefusalCode.SESSION_WRONG_STATE


async def test_k04_the_end_names_everyone_whose_paper_was_never_opened(
    venue: Any, clock: Any
) -> None:
    opened = await venue.ready("01")
    await venue.ready("02")  # logged in, but the paper never opened
    assert isinstance(await venue.admit("03"), AdmittedView)  # admitted, never logged in
    await venue.admit("04", "R2", id_number=venue.numbers[0])  # identity in doubt
    await venue.start()
    clock.minutes(0)
    await venue.open(opened)
    clock.minutes(6)
    await venue.admit("05", "R2")  # too late
    clock.minutes(90)
    assert await venue.service.end_session("s1") is None
    states = {one.seat_no: one.state for one in venue.service.sittings("s1")}
    assert states.pop("01") is SittingState.IN_PROGRESS
    assert set(states.values()) == {SittingState.ABSENT}
    told = venue.last_event()
    assert told["event"] == Event.SESSION_ENDED.value
    assert told["data"]["absent"] == [f"360112340{seat}" for seat in (2, 3, 4, 5)]
    counts = venue.service.counts("s1")
    assert (counts.scheduled, counts.present, counts.absent) == (5, 1, 4)


async def test_k03_counts_before_and_after_the_cut_off(venue: Any, clock: Any) -> None:
    opened = await venue.ready("01")
    assert isinstance(await venue.admit("02"), AdmittedView)
    room = venue.service.counts("s1", "R1")
    assert (room.scheduled, room.admitted, room.present, room.absent) == (3, 2, 0, 0)
    await venue.start()
    clock.minutes(0)
    await venue.open(opened)
    clock.minutes(4.9)
    assert venue.service.counts("s1").absent == 0
    clock.minutes(5)
    whole = venue.service.counts("s1")
    # Who was admitted but has not opened yet may still do so (F07); the others cannot come.
    assert (whole.scheduled, whole.present, whole.absent) == (5, 1, 3)
    assert venue.service.counts("s1", "R2").absent == 2


async def test_l01_data_states_move_only_from_the_state_named(venue: Any) -> None:
    service, wrong = venue.service, RefusalCode.SESSION_WRONG_STATE
    skip = await service.set_data_state("s1", DataState.COLLECTING, DataState.BACKED_UP)
    assert code(skip) is wrong
    late = await service.set_data_state("s1", DataState.COLLECTED, DataState.BACKED_UP)
    assert code(late) is wrong
    for start, to in zip(DataState, list(DataState)[1:], strict=False):
        assert await service.set_data_state("s1", start, to) is None
        assert service.session("s1").data_state is to
    back = await service.set_data_state("s1", DataState.WIPED, DataState.COLLECTING)
    assert code(back) is wrong


async def test_after_the_end_each_step_follows_the_one_before(venue: Any, clock: Any) -> None:
    await venue.start()
    clock.minutes(90)
    assert await venue.service.end_session("s1") is None
    wrong = RefusalCode.SESSION_WRONG_STATE
    assert code(await venue.service.advance_session("s1", SessionState.SEALED)) is wrong
    for to in list(SessionState)[-4:]:
        assert await venue.service.advance_session("s1", to) is None
        assert venue.service.session("s1").state is to
    assert venue.service.current_session() is None


async def test_starting_or_ending_by_advance_is_a_bug(venue: Any) -> None:
    for to in (SessionState.STARTED, SessionState.ENDED):
        with pytest.raises(AssertionError):
            await venue.service.advance_session("s1", to)


async def test_the_current_session_is_the_nearest_not_yet_wiped(venue: Any, clock: Any) -> None:
    afternoon = venue.planned_session("s2", start_ms=venue.start_ms + 300 * venue.minute)
    await venue.load(plan_id="p2", sessions=[afternoon])
    for minutes, expected in ((-500, "s1"), (0, "s1"), (120, "s1"), (240, "s2"), (900, "s2")):
        clock.minutes(minutes)
        assert venue.service.current_session().session_id == expected


async def test_two_orders_at_once_start_a_session_once(venue: Any) -> None:
    assert await venue.service.arm_session("s1") is None
    answers = await asyncio.gather(
        *(venue.service.start_session("s1", venue.start_ms + n) for n in range(5))
    )
    assert [answer for answer in answers if answer is None] == [None]
    started = [one for one in venue.events() if one["event"] == Event.SESSION_STARTED.value]
    assert len(started) == 1
