"""Rules around trusted time: remedies, steps, pauses, and the machine's own clocks (F7, R5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.trusted_time import sources_io
from venue_server.trusted_time.correction import (
    SLEW_MS,
    Difference,
    Remedy,
    permitted,
    remedy,
    speed,
)
from venue_server.trusted_time.estimate import (
    KEEP_MS,
    WINDOW,
    Drift,
    Exchange,
    drift_of,
    estimate,
    keep,
)
from venue_server.trusted_time.machine import MachineWatch
from venue_server.trusted_time.schedule import (
    FAR_PAUSE_S,
    LONGEST_URGENT_S,
    NEAR_PAUSE_S,
    Need,
    pause_s,
)
from venue_server.trusted_time.sources_io import ClockSources
from venue_server.trusted_time.states import ClockState, Source

HQ, SYSTEM = Source.HEADQUARTERS, Source.SYSTEM


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (Difference(4_999, HQ, running=True, backed=False), Remedy.SLEW),
        (Difference(-4_999, HQ, running=True, backed=False), Remedy.SLEW),
        (Difference(5_001, HQ, running=False, backed=False), Remedy.STEP),
        (Difference(5_001, HQ, running=True, backed=True), Remedy.STEP),
        (Difference(3_600_000, HQ, running=True, backed=False), Remedy.HOLD),
        (Difference(-5_001, HQ, running=False, backed=True), Remedy.HOLD),
        (Difference(-3_600_000, SYSTEM, running=True, backed=False), Remedy.STEP),
        (Difference(3_600_000, SYSTEM, running=True, backed=False), Remedy.STEP),
    ],
)
def test_f7_every_difference_has_its_remedy(difference: Difference, expected: Remedy) -> None:
    assert remedy(difference) is expected


@given(st.floats(-1e9, 1e9), st.booleans(), st.booleans())
def test_r5_headquarters_time_is_never_stepped_back(
    gap: float, running: bool, backed: bool
) -> None:
    if gap < -SLEW_MS:
        assert remedy(Difference(gap, HQ, running, backed)) is Remedy.HOLD


def test_r5_slewing_is_gentle_where_it_can_be() -> None:
    assert speed(50) == speed(-50) == 100e-6
    assert speed(3_000) == 0.05


@given(
    st.floats(0, 1e6), st.floats(0, 1e6), st.lists(st.floats(0, 2e6), max_size=6), st.floats(1, 1e5)
)
def test_r5_a_step_never_crosses_an_instant(
    now: float, ahead: float, instants: list[float], guard: float
) -> None:
    target = now + ahead
    reached = permitted(now, target, instants, guard)
    assert now <= reached <= target
    assert not [each for each in instants if now < each <= reached]
    if not [each for each in instants if now < each <= target]:
        assert reached == target


# ---- when to ask ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("need", "low", "high"),
    [
        (Need(ClockState.TRUSTED, 0, 3_600), 0.8 * FAR_PAUSE_S, 1.2 * FAR_PAUSE_S),
        (Need(ClockState.TRUSTED, 0, 599), 0.8 * NEAR_PAUSE_S, 1.2 * NEAR_PAUSE_S),
        (Need(ClockState.HOLDOVER, 1, 3_600), 3.2, 4.8),
        (Need(ClockState.HOLDOVER, 50, 3_600), 0.8 * FAR_PAUSE_S, 1.2 * FAR_PAUSE_S),
        (Need(ClockState.HOLDOVER, 50, 10), 0.8 * NEAR_PAUSE_S, 1.2 * NEAR_PAUSE_S),
        (Need(ClockState.UNSET, 0, 10), 1.6, 2.4),
        (Need(ClockState.UNSET, 50, 10), 0.8 * LONGEST_URGENT_S, 1.2 * LONGEST_URGENT_S),
        (Need(ClockState.SUSPECT, 0, 10_000), 1.6, 2.4),
        (Need(ClockState.SYSTEM_SYNCED, 2, 10_000), 6.4, 9.6),
    ],
)
def test_f7_headquarters_is_asked_often_when_it_matters_and_backs_off(
    need: Need, low: float, high: float
) -> None:
    assert pause_s(need, 0.0) == pytest.approx(low)
    assert pause_s(need, 1.0) == pytest.approx(high)


# ---- what exchanges prove ------------------------------------------------------------------


def test_f7_the_shortest_round_trips_are_kept() -> None:
    window: list[Exchange] = []
    for n in range(3 * WINDOW):
        window = keep(window, Exchange(n * 100.0, n * 100.0 + n % 40, n * 100.0))
    assert len(window) == WINDOW
    assert max(each.round_trip_ms for each in window[:-1]) <= 20
    late = keep(window, Exchange(KEEP_MS * 2.0, KEEP_MS * 2.0 + 1, KEEP_MS * 2.0))
    assert len(late) == 1


def test_f7_one_exchange_proves_nothing_about_the_drift() -> None:
    assert drift_of([Exchange(0, 10, 0)], 1.0) == Drift()


def test_f7_a_drift_that_changed_is_allowed_for_in_full() -> None:
    hour = 3_600_000.0
    window = [
        Exchange(0, 1, 0),
        Exchange(hour, hour + 1, hour * (1 + 200e-6)),
        Exchange(2 * hour, 2 * hour + 1, 2 * hour),
    ]
    assert drift_of(window, 1.0) == Drift()


def test_f7_exchanges_that_contradict_have_no_estimate() -> None:
    assert estimate([Exchange(0, 10, 0), Exchange(100, 110, 5_000)], 1.0) is None


# ---- the machine ---------------------------------------------------------------------------


class Turned:
    """Clocks set by hand."""

    def __init__(self) -> None:
        self.boot = self.wall = 1_000_000.0
        self.asleep = 0.0

    def watch(self) -> MachineWatch:
        return MachineWatch(
            ClockSources(lambda: self.boot, lambda: self.wall, suspended_ms=lambda: self.asleep)
        )


def test_f7_a_jump_and_a_sleep_are_told_once_and_a_slow_adjustment_never() -> None:
    machine = Turned()
    watch = machine.watch()
    machine.wall += 3_600_000
    assert watch.look().jumped_ms == 3_600_000
    assert watch.look().jumped_ms == 0
    machine.wall -= 7_200_000
    assert watch.look().jumped_ms == -7_200_000
    for _ in range(100):
        machine.boot += 1_000
        machine.wall += 1_500
        assert watch.look().jumped_ms == 0
    machine.boot += 60_000
    machine.wall += 60_000
    machine.asleep += 60_000
    seen = watch.look()
    assert (seen.slept_ms, seen.jumped_ms) == (60_000, 0)
    assert watch.look().slept_ms == 0


def test_f7_this_machines_own_clocks_can_be_read() -> None:
    first = sources_io.boot_ms()
    assert sources_io.boot_ms() >= first > 0
    assert sources_io.suspended_ms() >= 0
    assert len(sources_io.boot_id()) == 36
    error = sources_io.system_error_ms()
    assert error is None or 0 <= error <= 16_000


@pytest.mark.parametrize(("answer", "status"), [(-1, 0), (5, 0), (0, 0x40), (0, 0x1000)])
def test_f7_a_kernel_that_does_not_vouch_for_its_clock_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, answer: int, status: int
) -> None:
    monkeypatch.setattr(sources_io.ctypes, "CDLL", lambda _name: Libc(answer, status))
    assert sources_io.system_error_ms() is None


def test_f7_a_disciplined_clock_tells_its_largest_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources_io.ctypes, "CDLL", lambda _name: Libc(0, 0x2001))
    assert sources_io.system_error_ms() == 1.5
    monkeypatch.setattr(sources_io.ctypes, "CDLL", lambda _name: object())
    assert sources_io.system_error_ms() is None


class Libc:
    """adjtimex(2) as a test wants it."""

    def __init__(self, answer: int, status: int) -> None:
        self._answer = answer
        self._status = status

    def adjtimex(self, timex: object) -> int:
        found = timex._obj  # type: ignore[attr-defined]
        assert found.modes == 0, "read, never set"
        found.status, found.maxerror = self._status, 1_500
        return self._answer
