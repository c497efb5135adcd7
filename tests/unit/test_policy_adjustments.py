"""Extensions and suspensions in the timing function: nothing shortened, nothing opened again."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.policy import (
    Adjustment,
    AdjustmentKind,
    admits,
    has_ended,
    has_started,
    may_submit,
    timing,
)
from venue_server.wire.messages import Timing
from venue_server.wire.names import MediaClass

T0 = 1_790_000_000_000
MINUTE = 60_000
NORMAL = MediaClass.NORMAL


def extension(at: float, minutes: float) -> Adjustment:
    return Adjustment(AdjustmentKind.EXTENSION, T0 + int(at * MINUTE), int(minutes * MINUTE))


def suspension(at: float, minutes: float | None) -> Adjustment:
    length = None if minutes is None else int(minutes * MINUTE)
    return Adjustment(AdjustmentKind.SUSPENSION, T0 + int(at * MINUTE), length)


def shown(times: Timing) -> tuple[float, float, float, float]:
    """Minutes after T0: start, admission closes, closed until, end."""
    instants = (
        times.effective_start_ms,
        times.admission_closes_ms,
        times.closed_until_ms,
        times.end_ms,
    )
    start, closes, closed, end = ((instant - T0) / MINUTE for instant in instants)
    return start, closes, closed, end


@pytest.mark.parametrize(
    ("minutes", "media", "relaxed", "adjustments", "expected"),
    [
        # 顺延 20 minutes, approved at minute 30
        (90, NORMAL, False, (extension(30, 20),), (0, 5, 110, 110)),
        (90, NORMAL, True, (extension(30, 20),), (0, 5, 95, 110)),
        (120, NORMAL, True, (extension(30, 20),), (0, 5, 125, 140)),  # stays 「2小时以内」
        (
            180,
            NORMAL,
            True,
            (extension(30, 20),),
            (0, 5, 120, 200),
        ),  # 「封闭2小时」 stays two hours
        (60, MediaClass.AUDIO, True, (extension(30, 20),), (0, 0, 80, 80)),
        # hand-in already allowed at minute 75: it stays so
        (90, NORMAL, True, (extension(80, 20),), (0, 5, 75, 110)),
        # suspended for 10 minutes: before the door shut, while closed, in the last 15 minutes
        (90, NORMAL, True, (suspension(2, 10),), (0, 15, 85, 100)),
        (90, NORMAL, True, (suspension(30, 10),), (0, 5, 85, 100)),
        (90, NORMAL, True, (suspension(80, 10),), (0, 5, 75, 100)),
        (180, NORMAL, False, (suspension(60, 10),), (0, 5, 130, 190)),
        # before the start, after the stations were told it
        (90, NORMAL, True, (suspension(-1, 10),), (10, 15, 85, 100)),
        # both, in either order of the arguments
        (90, NORMAL, False, (extension(40, 5), suspension(30, 10)), (0, 5, 105, 105)),
        (90, NORMAL, False, (suspension(30, 10), extension(30, 5)), (0, 5, 105, 105)),
    ],
)
def test_i02_i06_what_an_extension_and_a_suspension_move(
    minutes: int,
    media: MediaClass,
    relaxed: bool,
    adjustments: tuple[Adjustment, ...],
    expected: tuple[float, ...],
) -> None:
    times = timing(T0, minutes * 60, media, relaxed, adjustments=adjustments)
    assert shown(times) == expected


def test_f16_while_suspended_nothing_closes_opens_or_ends() -> None:
    times = timing(T0, 5400, NORMAL, True, adjustments=(suspension(2, None),))
    for later in (3, 6, 76, 91, 100_000):
        now = T0 + later * MINUTE
        assert times.is_suspended(now)
        assert admits(times, now) and not may_submit(times, now) and not has_ended(times, now)
        assert times.room_clock_ms(now) == T0 + 2 * MINUTE
    assert not times.is_suspended(T0 + 2 * MINUTE - 1)


def test_f16_the_room_goes_on_at_the_millisecond_that_was_ordered() -> None:
    times = timing(T0, 5400, NORMAL, True, adjustments=(suspension(30, 10),))
    assert times.is_suspended(T0 + 30 * MINUTE)
    assert times.is_suspended(T0 + 40 * MINUTE - 1)
    assert not times.is_suspended(T0 + 40 * MINUTE)
    assert times.end_ms - times.resumes_at_ms == 60 * MINUTE


def test_f16_a_suspension_at_the_millisecond_of_the_end_comes_too_late() -> None:
    times = timing(T0, 5400, NORMAL, True, adjustments=(suspension(90, None),))
    assert has_ended(times, T0 + 90 * MINUTE)


def test_time_cannot_be_taken_away() -> None:
    with pytest.raises(AssertionError):
        Adjustment(AdjustmentKind.EXTENSION, T0, -1)
    with pytest.raises(AssertionError):
        Adjustment(AdjustmentKind.EXTENSION, T0, None)


# ---- random days ---------------------------------------------------------------------------------


@st.composite
def days(draw: st.DrawFn) -> list[Adjustment]:
    """What a venue might order, in the order of time; suspensions do not overlap."""
    now = T0 + draw(st.integers(-60_000, 60_000))
    day: list[Adjustment] = []
    for _ in range(draw(st.integers(1, 6))):
        length = draw(st.integers(0, 3_600_000))
        kind = draw(st.sampled_from(list(AdjustmentKind)))
        day.append(Adjustment(kind, now, length))
        now += draw(st.integers(0, 3_600_000))
        now += length if kind is AdjustmentKind.SUSPENSION else 0
    return day


plans = st.tuples(
    st.integers(600, 5 * 3600),
    st.sampled_from(list(MediaClass)),
    st.booleans(),
    st.integers(0, 900),
)


@given(plans, days())
def test_no_adjustment_shortens_opens_earlier_or_opens_again(
    plan: tuple[int, MediaClass, bool, int], day: list[Adjustment]
) -> None:
    for count, newest in enumerate(day):
        before = timing(T0, *plan, adjustments=tuple(day[:count]))
        after = timing(T0, *plan, adjustments=tuple(day[: count + 1]))
        for name in ("effective_start_ms", "admission_closes_ms", "closed_until_ms", "end_ms"):
            old, new = getattr(before, name), getattr(after, name)
            assert new >= old
            assert new == old or old > newest.at_ms  # what had passed stays
        assert admits(before, newest.at_ms) or not admits(after, newest.at_ms)
        assert may_submit(after, newest.at_ms) == may_submit(before, newest.at_ms)
        assert has_ended(after, newest.at_ms) == has_ended(before, newest.at_ms)
        assert has_started(after, newest.at_ms) == has_started(before, newest.at_ms)


@given(plans, days())
def test_instants_stay_in_order_and_half_open(
    plan: tuple[int, MediaClass, bool, int], day: list[Adjustment]
) -> None:
    times = timing(T0, *plan, adjustments=tuple(day))
    assert times.effective_start_ms <= times.closed_until_ms <= times.end_ms
    assert times.effective_start_ms <= times.admission_closes_ms
    assert admits(times, times.admission_closes_ms - 1)
    assert not admits(times, times.admission_closes_ms)
    assert not may_submit(times, times.closed_until_ms - 1)
    assert may_submit(times, times.closed_until_ms)
    assert not has_ended(times, times.end_ms - 1) and has_ended(times, times.end_ms)


@given(plans, days(), st.integers(0, 20_000_000))
def test_a_suspension_loses_nobody_a_millisecond(
    plan: tuple[int, MediaClass, bool, int], day: list[Adjustment], lasts: int
) -> None:
    """Remaining time when a room stands still is remaining time when it goes on."""
    before = timing(T0, *plan, adjustments=tuple(day))
    at = max([T0, *(each.at_ms + (each.length_ms or 0) for each in day)])
    standing = Adjustment(AdjustmentKind.SUSPENSION, at, None)
    open_ended = timing(T0, *plan, adjustments=(*day, standing))
    resumed = timing(T0, *plan, adjustments=(*day, dataclasses.replace(standing, length_ms=lasts)))
    for name in ("closed_until_ms", "end_ms"):
        left = getattr(before, name) - at
        if left > 0:
            assert getattr(open_ended, name) - at == left
            assert getattr(resumed, name) - resumed.resumes_at_ms == left


@given(plans, days(), st.integers(0, 20_000_000))
def test_an_extension_while_suspended_counts_in_full(
    plan: tuple[int, MediaClass, bool, int], day: list[Adjustment], lasts: int
) -> None:
    at = max([T0, *(each.at_ms + (each.length_ms or 0) for each in day)])
    standing = Adjustment(AdjustmentKind.SUSPENSION, at, lasts)
    extra = Adjustment(AdjustmentKind.EXTENSION, at, 600_000)
    without = timing(T0, *plan, adjustments=(*day, standing))
    with_it = timing(T0, *plan, adjustments=(*day, standing, extra))
    if without.end_ms > at + lasts:
        assert with_it.end_ms == without.end_ms + 600_000
