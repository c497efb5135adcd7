"""A station whose own clocks are wrong: nothing opens, closes or ends at a wrong instant (R5, F7).

The whole session machine over the station's real estimate of exam time. ``true_s`` is the world's
time; the station's steady clock runs by its crystal; the clock of its timers does not count sleep.
"""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidate_station.session import inputs as ins
from candidate_station.session.intents import ChangeAnswer
from candidate_station.session.screen_state import Screen
from venue_server.client.clock import DRIFT, ExamClock
from venue_server.wire.messages import Timing
from venue_server.wire.names import SittingState

START = 1_800_000_000_000
MINUTE = 60_000
CLOSED_UNTIL, END = START + 75 * MINUTE, START + 90 * MINUTE
TIMING = Timing(START, START + 5 * MINUTE, CLOSED_UNTIL, END)
HOUR_S = 3600.0
PING_MS = 2.0


class Machine:
    """A station on a bench whose clock is an :class:`ExamClock` of its own."""

    def __init__(self, bench: Any, ppm: float = 0.0) -> None:
        self.bench = bench
        self.slept_s = 0.0
        self._ppm = ppm
        self.clock = ExamClock(steady=lambda: bench.mono_s * (1 + ppm * 1e-6))
        bench.now = self.now
        self.hear()

    def now(self) -> ins.Now:
        known = self.bench.clock_known
        return ins.Now(self.bench.mono_s - self.slept_s, self.clock.now_ms() if known else None)

    def hear(self) -> None:
        """A pong of the server."""
        sent = self.clock.steady()
        self.clock.sample(sent, sent + PING_MS / 1000, self.bench.exam_ms() + PING_MS / 2, 1.0)

    def sleep(self, until_ms: int) -> None:
        """The lid is closed, or the process stands still: no tick comes. Then it wakes."""
        seconds = (until_ms - self.bench.exam_ms()) / 1000
        self.bench.mono_s += seconds
        self.slept_s += seconds

    def true(self, exam_ms: float) -> Any:
        """Go to a true instant, and look."""
        self.bench.mono_s += (exam_ms - self.bench.exam_ms()) / 1000
        return self.bench.tick()


def answer(value: str) -> ChangeAnswer:
    return ChangeAnswer("q1", {"R": [value]}, {})


@pytest.mark.parametrize("ppm", [200.0, -200.0, 50.0])
def test_r5_alone_for_an_hour_on_a_bad_crystal_it_ends_within_a_second(
    bench: Any, ppm: float
) -> None:
    """A line cut for the last hour: 200 ppm are 0.72 s in it, and no more than the clock says."""
    machine = Machine(bench, ppm)
    bench.to_screen(Screen.COUNTDOWN)
    bench.release()
    machine.true(START - 1000)
    machine.hear()
    assert machine.true(START + 50).screen is Screen.ANSWER
    bench.flush()
    machine.true(END - HOUR_S * 1000)
    machine.hear()
    bench.cut()
    off_ms = HOUR_S * 1000 * DRIFT + PING_MS
    assert machine.true(CLOSED_UNTIL - off_ms - 50).may_submit is False
    assert machine.true(CLOSED_UNTIL + off_ms + 50).may_submit is True
    bench.want(answer("A"))
    assert machine.true(END - off_ms - 50).screen is Screen.ANSWER
    assert machine.clock.uncertainty_ms <= off_ms + 50
    assert machine.true(END + off_ms + 50).screen in (Screen.SUBMITTING, Screen.SUBMIT_FAILED)
    bench.connect()
    machine.hear()
    machine.true(END + 10_000)
    assert bench.flush().screen is Screen.RECEIPT
    assert [each.kind for each in bench.server.entries] == ["open", "response", "submit"]
    assert bench.server.state is SittingState.SUBMITTED
    answers = [each for each in bench.server.entries if each.kind == "response"]
    assert all(START <= each.at_ms < END for each in answers)


# The fixture is a factory: each example has a bench of its own.
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ppm=st.floats(-200, 200), alone_min=st.integers(1, 60))
def test_r5_it_opens_neither_early_nor_late_beyond_its_uncertainty(
    new_bench: Any, ppm: float, alone_min: int
) -> None:
    """Cut off with the key in hand before the start (it was released, the instant was told)."""
    bench = new_bench(before_start_ms=70 * MINUTE)
    machine = Machine(bench, ppm)
    bench.to_screen(Screen.COUNTDOWN)
    bench.release()
    machine.true(START - alone_min * MINUTE)
    for _ in range(40):  # what was heard an hour before is forgotten by then
        machine.hear()
    bench.cut()
    off_ms = alone_min * MINUTE * abs(ppm) * 1e-6 + PING_MS + 1
    assert machine.true(START - off_ms - 1).screen is Screen.COUNTDOWN
    assert machine.true(START + off_ms + 1).screen is Screen.ANSWER


@pytest.mark.parametrize("asleep_min", [1, 40, 600])
def test_r5_asleep_over_the_end_it_locks_before_the_first_key(bench: Any, asleep_min: int) -> None:
    """Waking up, a key press may come before any tick and before the line: it is too late."""
    machine = Machine(bench)
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("A"))
    machine.true(END - 30_000)
    machine.sleep(END - 30_000 + asleep_min * MINUTE)
    bench.want(answer("B"))
    bench.tick()
    bench.flush()
    assert bench.screen is Screen.RECEIPT
    answers = [each.values for each in bench.server.entries if each.kind == "response"]
    assert answers == [{"R": ["A"]}]


def test_r5_asleep_over_the_start_it_opens_when_it_wakes_and_not_before(bench: Any) -> None:
    machine = Machine(bench)
    bench.to_screen(Screen.COUNTDOWN)
    bench.release()
    machine.true(START - 60_000)
    machine.sleep(START - 30_000)
    assert bench.tick().screen is Screen.COUNTDOWN
    machine.sleep(START + 60_000)
    state = bench.tick()
    assert state.screen is Screen.ANSWER
    assert abs((state.remaining_s or 0) - (END - START - 60_000) // 1000) <= 1


def test_r5_asleep_in_the_exam_it_goes_on_with_the_right_time_and_nothing_sent_twice(
    bench: Any,
) -> None:
    machine = Machine(bench)
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("A"))
    bench.cut()  # the server noticed the silence
    bench.want(answer("B"))
    machine.sleep(START + 20 * MINUTE)
    assert bench.tick().screen is Screen.ANSWER
    bench.connect()
    machine.hear()
    state = bench.flush()
    assert abs((state.remaining_s or 0) - 70 * 60) <= 1
    assert [each.kind for each in bench.server.entries] == ["open", "response", "response"]


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, 86_400.0, -86_400.0])
def test_r5_the_wall_clock_jumps_in_the_exam_and_nothing_moves(
    bench: Any, monkeypatch: pytest.MonkeyPatch, jump_s: float
) -> None:
    """A flat battery, a wrong time zone, somebody at the settings: no decision reads that clock."""
    true = time.time
    for name in ("time", "time_ns"):
        factor = 1 if name == "time" else 10**9
        monkeypatch.setattr(
            time, name, lambda factor=factor: type(factor)((true() + jump_s) * factor)
        )
    machine = Machine(bench)
    bench.to_screen(Screen.ANSWER)
    assert machine.true(CLOSED_UNTIL - 10).may_submit is False
    assert machine.true(CLOSED_UNTIL + 10).may_submit is True
    bench.want(answer("A"))
    assert machine.true(END - 10).screen is Screen.ANSWER
    machine.true(END + 10)
    assert bench.flush().screen is Screen.RECEIPT
    assert all(START <= each.at_ms <= END + 20 for each in bench.server.entries)
