"""Papers give way to saves by a measured pace, and are everywhere in time (P4, R11, E05)."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.delivery_pace import (
    LATE_S,
    LONGEST_S,
    LOWEST,
    MUCH_MS,
    SMALL,
    WHOLE,
    DeliveryPace,
    floor_of,
)
from venue_server.responses.waits import Waits

MB = 1_000_000


@dataclass
class Delivering:
    """Pieces go out one after the other, each as soon as the pace lets it."""

    pace: DeliveryPace = field(default_factory=lambda: DeliveryPace(Waits()))
    now_s: float = 100.0
    sent: int = 0

    def go(self, for_s: float, waited_ms: float | None, floor: float = LOWEST) -> float:
        """Bytes a second over a stretch; ``waited_ms``: what each save waits, None without any."""
        ends, sent = self.now_s + for_s, 0
        while self.now_s < ends:
            if waited_ms is not None:
                self.pace.waits.saved(self.now_s, waited_ms)
            piece = self.pace.piece(self.now_s)
            self.now_s += piece / (500 * MB)  # the line itself
            pause_s = self.pace.sent(self.now_s, piece, floor)
            assert 0 <= pause_s <= LONGEST_S
            self.now_s += pause_s
            sent += piece
        return sent / for_s


def test_p4_nobody_saves_nothing_is_held_back() -> None:
    delivering = Delivering()
    assert delivering.go(5, None) > 450 * MB
    assert delivering.pace.piece(delivering.now_s) == WHOLE


def test_p4_saves_that_wait_slow_it_down_to_the_floor_and_no_further() -> None:
    delivering = Delivering()
    delivering.go(1, None)
    delivering.go(3, 3 * MUCH_MS)
    assert 0.8 * LOWEST < delivering.go(10, 3 * MUCH_MS) < 1.3 * LOWEST
    assert 1000 * delivering.pace.ahead(delivering.now_s) < 300 * MB, (
        "what lies in memory for a thousand stations"
    )
    assert 0.8 * 40 * MB < delivering.go(10, 3 * MUCH_MS, 40 * MB) < 1.3 * 40 * MB


def test_p4_saves_that_do_not_wait_cost_smaller_pieces_only() -> None:
    delivering = Delivering()
    delivering.go(1, 1.0)
    assert delivering.pace.rate is None
    assert delivering.pace.piece(delivering.now_s) == SMALL


def test_p4_it_is_as_fast_as_before_when_the_pressure_is_over() -> None:
    delivering = Delivering()
    delivering.go(5, 3 * MUCH_MS)
    assert delivering.pace.rate is not None
    delivering.go(20, 1.0)
    assert delivering.pace.rate is None, "with saves that do not wait"
    delivering.go(5, 3 * MUCH_MS)
    delivering.go(5, None)
    assert delivering.pace.rate is None, "without saves"


def test_r3_a_disk_that_is_slow_anyway_does_not_hold_papers_up() -> None:
    """What saves waited while nothing was delivered is the usual."""
    delivering = Delivering()
    for number in range(200):
        delivering.pace.waits.saved(delivering.now_s + number * 0.02, 40.0)
    delivering.now_s += 4
    assert delivering.go(5, 41.0) > 300 * MB


def test_r11_a_loop_whose_turns_are_long_slows_it_down_as_well() -> None:
    delivering = Delivering()
    pace = delivering.pace
    for _ in range(400):
        pace.waits.saved(delivering.now_s, 1.0)
        pace.turned(3 * MUCH_MS)
        delivering.now_s += pace.sent(delivering.now_s, SMALL, LOWEST) + 0.001
    assert pace.rate is not None
    assert pace.rate < 2 * LOWEST


@given(lacking=st.integers(0, 10**12), left_s=st.floats(-1e6, 1e6))
def test_e05_the_floor_is_enough_to_be_everywhere_before_the_release(
    lacking: int, left_s: float
) -> None:
    takes_s = lacking / floor_of(lacking, left_s)
    assert takes_s <= max(LATE_S, left_s / 2) * 1.001


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 2.0), st.one_of(st.none(), st.floats(0, 500)), st.floats(LOWEST, 1e9)
        ),
        max_size=60,
    )
)
def test_e05_it_never_falls_below_the_floor(
    stretches: list[tuple[float, float | None, float]],
) -> None:
    pace, now_s = DeliveryPace(Waits()), 0.0
    for passed_s, waited_ms, floor in stretches:
        now_s += passed_s
        if waited_ms is not None:
            pace.waits.saved(now_s, waited_ms)
        before = pace.rate
        assert pace.sent(now_s, SMALL, floor) <= LONGEST_S
        judged = pace.rate != before
        assert pace.rate is None or not judged or pace.rate >= floor
