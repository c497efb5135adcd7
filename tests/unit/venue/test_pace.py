"""How fast one peer is read (R9)."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.pace import BURST, FRAMES_PER_S, GAP_S, TURN, Pace


def test_r9_after_a_few_frames_the_others_have_their_turn() -> None:
    pace = Pace(0.0)
    told = [pace.frame(0.0) for _ in range(3 * TURN)]
    assert [n for n, pause in enumerate(told, 1) if pause == 0.0] == [TURN, 2 * TURN, 3 * TURN]


def test_p3_who_waits_for_each_answer_needs_no_turn() -> None:
    pace = Pace(0.0)
    told = [pace.frame(number * 2 * GAP_S) for number in range(1, 10 * TURN)]
    assert told == [None] * len(told)


def test_h08_a_tail_of_a_whole_exam_goes_through_without_a_wait() -> None:
    pace = Pace(0.0)
    assert not any(pace.frame(0.0) for _ in range(int(BURST)))


def test_r9_who_sends_without_end_is_read_at_the_rate() -> None:
    pace, now_s, frames = Pace(0.0), 0.0, 0
    while now_s < 60:
        now_s += pace.frame(now_s) or 0.0
        frames += 1
    assert frames <= BURST + 60 * FRAMES_PER_S + 1


@given(st.lists(st.floats(0, 10), max_size=200))
def test_r9_however_frames_come_no_more_than_rate_and_burst(gaps: list[float]) -> None:
    """Whoever waits as told is never read faster, and whoever is slow never waits."""
    pace, now_s = Pace(0.0, 10, 5), 0.0
    for frames, gap in enumerate(gaps, 1):
        now_s += gap
        pause = pace.frame(now_s) or 0.0
        assert frames <= 5 + 10 * (now_s + pause) + 1e-6
        assert pause == 0.0 or gap < 1
        now_s += pause


def test_r9_a_pace_that_is_used_up_says_so_until_somebody_waited() -> None:
    pace = Pace(0.0, 10, 5)
    for _ in range(5):
        assert not pace.spent
        pace.frame(0.0)
    assert pace.spent
    pace.frame(1.0)
    assert not pace.spent
