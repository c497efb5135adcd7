"""The closed-room policy: golden table of REQUIREMENTS §7, its edges, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.policy import admits, has_ended, has_started, may_submit, timing
from venue_server.wire.names import MediaClass

T0 = 1_790_000_000_000
MINUTE = 60_000
NORMAL, AUDIO, VIDEO = MediaClass.NORMAL, MediaClass.AUDIO, MediaClass.VIDEO

GOLDEN = [
    # (minutes, media, relaxed, closed until, admission closes), the last two in minutes after T0
    (60, NORMAL, False, 60, 5),
    (90, NORMAL, True, 75, 5),
    (90, NORMAL, False, 90, 5),
    (120, NORMAL, True, 105, 5),
    (120, NORMAL, False, 120, 5),
    (121, NORMAL, True, 120, 5),
    (121, NORMAL, False, 120, 5),
    (150, NORMAL, True, 120, 5),
    (150, NORMAL, False, 120, 5),
    (180, NORMAL, True, 120, 5),
    (180, NORMAL, False, 120, 5),
    (240, NORMAL, True, 120, 5),
    (240, NORMAL, False, 120, 5),
    (60, AUDIO, True, 60, 0),
    (180, VIDEO, False, 180, 0),
    (10, NORMAL, True, 0, 5),
]


@pytest.mark.parametrize(("minutes", "media", "relaxed", "closed", "late"), GOLDEN)
def test_g02_g05_golden_table(
    minutes: int, media: MediaClass, relaxed: bool, closed: int, late: int
) -> None:
    times = timing(T0, minutes * 60, media, relaxed)
    assert times.effective_start_ms == T0
    assert times.closed_until_ms == T0 + closed * MINUTE
    assert times.admission_closes_ms == T0 + late * MINUTE
    assert times.end_ms == T0 + minutes * MINUTE


@pytest.mark.parametrize("relaxed", [True, False])
def test_g02_g04_7200_seconds_are_within_two_hours_and_7201_are_not(relaxed: bool) -> None:
    within = timing(T0, 7200, NORMAL, relaxed)
    beyond = timing(T0, 7201, NORMAL, relaxed)
    assert within.closed_until_ms == within.end_ms - (900_000 if relaxed else 0)
    assert beyond.closed_until_ms == T0 + 7_200_000 < beyond.end_ms


@pytest.mark.parametrize("media", [AUDIO, VIDEO])
def test_g05_audio_and_video_stay_closed_to_the_end_whatever_the_length(media: MediaClass) -> None:
    for seconds in (60, 5400, 7200, 7201, 14_400):
        for relaxed in (True, False):
            times = timing(T0, seconds, media, relaxed)
            assert times.closed_until_ms == times.end_ms


def test_f05_admission_at_299_999_is_allowed_and_at_300_000_refused() -> None:
    times = timing(T0, 5400, NORMAL, True)
    assert admits(times, T0 + 299_999)
    assert not admits(times, T0 + 300_000)
    assert admits(times, T0 - 10 * MINUTE)


def test_f06_audio_admits_until_the_millisecond_before_the_start() -> None:
    times = timing(T0, 5400, AUDIO, False)
    assert admits(times, T0 - 1)
    assert not admits(times, T0)


def test_g01_hand_in_opens_at_closed_until_and_not_a_millisecond_before() -> None:
    times = timing(T0, 5400, NORMAL, True)
    assert not may_submit(times, T0 + 75 * MINUTE - 1)
    assert may_submit(times, T0 + 75 * MINUTE)


def test_g09_g12_answering_is_from_the_start_to_just_before_the_end() -> None:
    times = timing(T0, 5400, NORMAL, True)
    assert not has_started(times, T0 - 1)
    assert has_started(times, T0)
    assert not has_ended(times, T0 + 90 * MINUTE - 1)
    assert has_ended(times, T0 + 90 * MINUTE)


def test_personal_time_moves_the_personal_end_only() -> None:
    plain = timing(T0, 5400, NORMAL, True)
    extended = timing(T0, 5400, NORMAL, True, personal_extra_s=420)
    assert extended.end_ms == plain.end_ms + 420_000
    assert extended.closed_until_ms == plain.closed_until_ms
    assert extended.admission_closes_ms == plain.admission_closes_ms


def test_time_is_never_shortened() -> None:
    with pytest.raises(AssertionError):
        timing(T0, 5400, NORMAL, True, personal_extra_s=-1)
    with pytest.raises(AssertionError):
        timing(T0, 0, NORMAL, True)


starts = st.integers(0, 2**45)
durations = st.integers(1, 24 * 3600)
medias = st.sampled_from(list(MediaClass))


@given(starts, durations, medias, st.booleans(), st.integers(0, 7200))
def test_instants_stay_in_order(
    start: int, seconds: int, media: MediaClass, relaxed: bool, extra: int
) -> None:
    times = timing(start, seconds, media, relaxed, extra)
    assert start <= times.closed_until_ms <= start + seconds * 1000 <= times.end_ms
    assert start <= times.admission_closes_ms <= start + 300_000
    if seconds >= 1200 or (seconds >= 300 and not relaxed):
        # Nobody may leave with the paper in mind while others may still come in.
        assert times.admission_closes_ms <= times.closed_until_ms


@given(starts, durations, medias, st.booleans(), st.integers(0, 10_000_000))
def test_a_late_start_shifts_every_instant_by_the_same(
    start: int, seconds: int, media: MediaClass, relaxed: bool, late: int
) -> None:
    before, after = (timing(s, seconds, media, relaxed) for s in (start, start + late))
    assert after.effective_start_ms - before.effective_start_ms == late
    assert after.admission_closes_ms - before.admission_closes_ms == late
    assert after.closed_until_ms - before.closed_until_ms == late
    assert after.end_ms - before.end_ms == late


@given(durations, medias)
def test_relaxing_never_closes_longer(seconds: int, media: MediaClass) -> None:
    relaxed, strict = (timing(T0, seconds, media, flag) for flag in (True, False))
    assert relaxed.closed_until_ms <= strict.closed_until_ms
    assert relaxed.end_ms == strict.end_ms


@given(durations, medias, st.booleans(), st.integers(-10_000_000, 100_000_000))
def test_predicates_never_go_back(
    seconds: int, media: MediaClass, relaxed: bool, offset: int
) -> None:
    times = timing(T0, seconds, media, relaxed)
    now, later = T0 + offset, T0 + offset + 1
    assert admits(times, now) or not admits(times, later)
    assert may_submit(times, later) or not may_submit(times, now)
    assert has_ended(times, later) or not has_ended(times, now)
    assert may_submit(times, now) or not has_ended(times, now)
