"""Exam time at the station: bounded under jitter, alone for an hour, never back by a little."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.client.clock import DRIFT, WINDOW, ExamClock, steady_s
from venue_server.client.time_sync import BURST, ENOUGH_MS, PERIOD_S, TimeSync
from venue_server.wire.messages import TimePing, TimePong

EXAM0 = 1_800_000_000_000.0


class World:
    """A steady clock that a test turns, and a server whose exam time follows it."""

    def __init__(self, rate: float = 1.0, drift: float = 0.0) -> None:
        self.now_s = 1000.0
        self.rate = rate
        self.drift = drift
        self.moved_ms = 0.0
        self.clock = ExamClock(steady=lambda: self.now_s, loop_clock=lambda: self.now_s - 500)

    def exam_ms(self) -> float:
        ran_s = (self.now_s - 1000.0) * (1 + self.drift)
        return EXAM0 + self.moved_ms + ran_s * self.rate * 1000

    def ping(self, there_s: float, back_s: float) -> None:
        sent = self.now_s
        self.now_s += there_s
        stamp = self.exam_ms()
        self.now_s += back_s
        self.clock.sample(sent, self.now_s, stamp, self.rate)

    def error_ms(self) -> float:
        return self.clock.now_ms() - self.exam_ms()


def test_unknown_before_the_first_pong() -> None:
    clock = ExamClock()
    assert not clock.known
    assert clock.uncertainty_ms == float("inf")
    with pytest.raises(AssertionError):
        clock.now_ms()


def test_one_pong_bounds_the_time_by_half_its_round_trip() -> None:
    world = World()
    world.ping(0.030, 0.010)
    assert world.clock.known
    assert world.clock.uncertainty_ms == pytest.approx(20.0, abs=0.1)
    assert world.error_ms() == pytest.approx(10.0, abs=1.0)


def test_p2_start_skew_of_1000_stations_with_0_to_50_ms_jitter() -> None:
    rng = random.Random(20270612)
    openings = []
    for _ in range(1000):
        world = World(drift=rng.uniform(-DRIFT, DRIFT))
        for _ in range(BURST):
            world.ping(rng.uniform(0, 0.05), rng.uniform(0, 0.05))
        world.now_s += rng.uniform(0, PERIOD_S)
        start_ms = EXAM0 + 60_000
        wait_s = world.clock.mono_at(start_ms) - (world.now_s - 500)
        world.now_s += wait_s
        openings.append(world.exam_ms() - start_ms)
    openings.sort()
    p99_spread = openings[-5] - openings[4]
    assert p99_spread < 50.0
    assert abs(openings[500]) < 2.0  # and not all wrong together


def test_g08_counts_on_alone_for_an_hour() -> None:
    world = World(drift=100e-6)
    for _ in range(BURST):
        world.ping(0.001, 0.001)
    before = world.clock.uncertainty_ms
    world.now_s += 3600
    assert abs(world.error_ms()) <= 360.0 + 2.0
    assert world.clock.uncertainty_ms == pytest.approx(before + 3600 * DRIFT * 1000)
    assert abs(world.error_ms()) <= world.clock.uncertainty_ms


@given(
    st.lists(
        st.tuples(st.floats(0, 0.2), st.floats(0, 0.2), st.floats(0, 30)), min_size=1, max_size=60
    ),
    st.floats(-DRIFT, DRIFT),
    st.sampled_from([1.0, 7.5, 60.0]),
)
def test_the_truth_is_always_within_the_uncertainty(
    pings: list[tuple[float, float, float]], drift: float, rate: float
) -> None:
    world = World(rate, drift)
    for there_s, back_s, pause_s in pings:
        world.ping(there_s, back_s)
        world.now_s += pause_s
        estimate = world.clock._estimate_ms()
        assert abs(estimate - world.exam_ms()) <= world.clock.uncertainty_ms + 0.01


@given(st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 0.3)), min_size=2, max_size=60))
def test_what_is_shown_never_steps_back_by_a_little(pings: list[tuple[float, float]]) -> None:
    world = World()
    shown = []
    for there_s, back_s in pings:
        world.ping(there_s, back_s)
        shown.append(world.clock.now_ms())
    assert shown == sorted(shown)


def test_r05_exam_time_moved_back_by_an_hour_is_believed_at_once() -> None:
    world = World()
    for _ in range(BURST):
        world.ping(0.001, 0.001)
    world.clock.now_ms()
    world.moved_ms = -3_600_000
    world.ping(0.001, 0.001)
    assert abs(world.error_ms()) <= 2.0


def test_r05_exam_time_moved_forward_is_believed_at_once() -> None:
    world = World()
    for _ in range(BURST):
        world.ping(0.001, 0.001)
    world.moved_ms = 600_000
    world.ping(0.020, 0.001)
    assert abs(world.error_ms()) <= 21.0


@pytest.mark.parametrize("wrong_s", [86_400.0, -86_400.0])
def test_r05_a_stations_wall_clock_wrong_by_a_day_moves_nothing(
    wrong_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + wrong_s)
    clock = ExamClock()
    sent = clock.steady()
    clock.sample(sent, clock.steady(), EXAM0, 1.0)
    assert 0 <= clock.now_ms() - EXAM0 < 5_000
    monkeypatch.setattr(time, "time", lambda: true() - wrong_s)  # and turned while it runs
    assert 0 <= clock.now_ms() - EXAM0 < 5_000
    assert -5.0 < clock.seconds_until(EXAM0 + 60_000) - 60 <= 0


def test_r05_a_station_that_slept_knows_the_time_and_that_it_is_less_certain() -> None:
    world = World(drift=-50e-6)
    for _ in range(BURST):
        world.ping(0.001, 0.001)
    before = world.clock.uncertainty_ms
    world.now_s += 600  # the steady clock counts while the machine sleeps
    assert abs(world.error_ms()) <= world.clock.uncertainty_ms
    assert world.clock.uncertainty_ms > before + 100
    world.ping(0.001, 0.001)
    world.now_s += 0.1  # what was shown too far ahead stands still until it is true
    assert abs(world.error_ms()) <= 2.0


async def test_f7_a_server_that_guesses_moves_no_station_that_knows() -> None:
    """After a reboot without a source its pongs carry rate 0: stations count on alone."""
    wire, world = Wire(), World()
    world.ping(0.001, 0.001)
    sync = TimeSync(world.clock, wire.send, wire.number)
    sync.start()
    sync.take(TimePong(wire.pings[-1].n, 0.0, EXAM0 + 36_000_000, 0.0))
    assert abs(world.error_ms()) <= 2.0
    sync.stop()


def test_compressed_time_and_its_change() -> None:
    world = World(rate=60.0)
    world.ping(0.001, 0.001)
    assert world.clock.rate == 60.0
    world.now_s += 10
    assert abs(world.error_ms()) <= 60 * 2 + 1
    assert world.clock.seconds_until(world.exam_ms() + 60_000) == pytest.approx(1.0, abs=0.01)
    world.moved_ms = world.exam_ms() - EXAM0 - (world.now_s - 1000) * 1000
    world.rate = 1.0
    world.ping(0.001, 0.001)
    assert world.clock.rate == 1.0
    assert abs(world.error_ms()) <= 2.0


def test_old_samples_leave_the_window() -> None:
    world = World()
    for _ in range(3 * WINDOW):
        world.ping(0.001, 0.001)
    assert len(world.clock._samples) == WINDOW


def test_r05_the_steady_clock_counts() -> None:
    first = steady_s()
    assert steady_s() >= first


# ---- asking ------------------------------------------------------------------------------


class Wire:
    """Collects pings."""

    def __init__(self) -> None:
        self.pings: list[TimePing] = []
        self.last = 0

    def send(self, ping: TimePing) -> bool:
        self.pings.append(ping)
        return True

    def number(self) -> int:
        self.last += 1
        return self.last


class Line:
    """A clock and its asking over a line whose round trip takes ``ms``; the server's clock runs
    by the same steady clock."""

    def __init__(self) -> None:
        self.now_s, self.ahead_ms = 100.0, 0.0
        self.wire, self.clock = Wire(), ExamClock(steady=lambda: self.now_s)
        self.sync = TimeSync(self.clock, self.wire.send, self.wire.number)

    def come_up(self, ms: float) -> int:
        """The link comes up and every ping is answered: how many there were."""
        before = len(self.wire.pings)
        self.sync.start()
        answered = before
        while answered < len(self.wire.pings):
            ping = self.wire.pings[answered]
            answered += 1
            self.now_s += ms / 2000
            stamp = EXAM0 + self.now_s * 1000 + self.ahead_ms
            self.now_s += ms / 2000
            self.sync.take(TimePong(ping.n, ping.mono_ms, stamp, 1.0))
        return answered - before

    def go_down(self, for_s: float) -> None:
        self.sync.stop()
        self.now_s += for_s


async def test_a_burst_is_driven_by_the_pongs_then_a_timer() -> None:
    line = Line()
    assert line.come_up(ms=40) == BURST
    assert line.clock.known
    assert line.sync._timer is not None
    assert line.sync._timer.when() > 0
    line.sync._ping()  # what the timer does
    assert len(line.wire.pings) == BURST + 1
    line.sync.stop()
    assert line.sync._timer is None


async def test_p5_a_burst_ends_when_the_time_is_known_well_enough() -> None:
    line = Line()
    assert line.come_up(ms=1) == 1
    line.go_down(for_s=5)
    assert line.come_up(ms=40) == 1, "what was known before still bounds it"
    assert line.clock.uncertainty_ms <= ENOUGH_MS
    line.go_down(for_s=600)  # 200 ppm of it are 120 ms
    assert line.come_up(ms=40) == BURST
    line.go_down(for_s=600)
    assert line.come_up(ms=2) == 1


async def test_r5_a_server_whose_time_was_moved_is_asked_until_that_is_known_well() -> None:
    line = Line()
    assert line.come_up(ms=1) == 1
    line.go_down(for_s=1)
    line.ahead_ms = 60_000.0
    assert line.come_up(ms=40) == BURST, "what was known before is worth nothing"
    true_ms = EXAM0 + line.now_s * 1000 + 60_000
    assert abs(line.clock.now_ms() - true_ms) <= 21


async def test_pongs_that_answer_nothing_are_ignored() -> None:
    wire, clock = Wire(), ExamClock()
    sync = TimeSync(clock, wire.send, wire.number)
    sync.start()
    sync.take(TimePong(99, 0.0, EXAM0, 1.0))
    assert not clock.known
    number = wire.pings[-1].n
    sync.stop()
    sync.take(TimePong(number, 0.0, EXAM0, 1.0))  # from before the link went down
    assert not clock.known
    sync.start()
    sync.take(TimePong(wire.pings[-1].n, 0.0, EXAM0, 0.0))  # no clock runs at rate 0
    assert not clock.known
    sync.stop()
