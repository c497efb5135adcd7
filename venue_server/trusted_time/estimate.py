"""What signed-time exchanges prove: an interval for headquarters' time, and this machine's drift.

An exchange bounds headquarters' time: its stamp was taken between sending and receiving. Truth lies
in the intersection of all exchanges' intervals (Marzullo's intersection, RFC 5905 §11.2), each
widened by what the two clocks may drift apart since. Short round trips bound it most, so the
shortest are the ones kept. Two exchanges far enough apart bound the drift too, and what is left
unknown of it is all that the interval grows by while headquarters is away.

All values are real milliseconds; headquarters' reading is ``exam_ms / rate``. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_DRIFT = 500e-6
"""Worst crystal or virtual machine that is believed; also what is assumed when nothing is known."""
WANDER = 10e-6
"""How far a drift may change with temperature after it was measured."""
USEFUL_DRIFT = 50e-6
"""A drift known no better than this is not compensated, only allowed for."""
WINDOW = 24
KEEP_MS = 2 * 3600 * 1000


class Exchange(NamedTuple):
    """One question and its signed answer: sent and received by the steady clock, headquarters'
    stamp in between (exam milliseconds, cut to whole ones by who stamped it)."""

    sent_ms: float
    received_ms: float
    exam_ms: float

    @property
    def round_trip_ms(self) -> float:
        """Real milliseconds from question to answer."""
        return self.received_ms - self.sent_ms


@dataclass(frozen=True)
class Drift:
    """Headquarters' milliseconds per millisecond here, less one: ``value`` ± ``bound``."""

    value: float = 0.0
    bound: float = MAX_DRIFT


@dataclass(frozen=True)
class Estimate:
    """Headquarters' reading at ``at_ms`` of the steady clock: ``middle_ms`` ± ``half_ms``."""

    at_ms: float
    middle_ms: float
    half_ms: float
    drift: Drift

    def around(self, at_ms: float) -> tuple[float, float]:
        """Earliest and latest reading at another moment of the steady clock."""
        passed = at_ms - self.at_ms
        middle = self.middle_ms + passed * (1 + self.drift.value)
        half = self.half_ms + abs(passed) * self.drift.bound
        return middle - half, middle + half


def keep(window: Sequence[Exchange], newest: Exchange) -> list[Exchange]:
    """The window with ``newest``: old ones leave, then those with the longest round trips."""
    kept = [each for each in window if newest.received_ms - each.received_ms <= KEEP_MS]
    while len(kept) >= WINDOW:
        kept.remove(max(kept, key=lambda each: each.round_trip_ms))
    return [*kept, newest]


def drift_of(window: Sequence[Exchange], rate: float) -> Drift:
    """What the exchanges prove about the drift, every pair of them."""
    low, high = -MAX_DRIFT, MAX_DRIFT
    for at, later in enumerate(window):
        for earlier in window[:at]:
            if later.sent_ms <= earlier.received_ms:
                continue
            passed = (later.exam_ms - earlier.exam_ms) / rate
            longest = later.received_ms - earlier.sent_ms
            shortest = later.sent_ms - earlier.received_ms
            low = max(low, (passed - 1 / rate) / longest - 1)
            high = min(high, (passed + 1 / rate) / shortest - 1)
    if low > high:
        return Drift()  # it changed within the window: allow for the worst
    value, bound = (low + high) / 2, (high - low) / 2 + WANDER
    if bound <= USEFUL_DRIFT:
        return Drift(value, bound)
    return Drift(0.0, min(MAX_DRIFT, max(abs(low), abs(high)) + WANDER))


def estimate(window: Sequence[Exchange], rate: float) -> Estimate | None:
    """Headquarters' reading at the newest exchange; None when the exchanges contradict."""
    drift = drift_of(window, rate)
    at_ms = window[-1].received_ms
    slow, fast = 1 + drift.value - drift.bound, 1 + drift.value + drift.bound
    low = max(each.exam_ms / rate + (at_ms - each.received_ms) * slow for each in window)
    high = min((each.exam_ms + 1) / rate + (at_ms - each.sent_ms) * fast for each in window)
    if low > high:
        return None
    return Estimate(at_ms, (low + high) / 2, (high - low) / 2, drift)


def surely(window: Sequence[Exchange], rate: float) -> Estimate:
    """The estimate of the window, or of its newest exchange alone when they contradict."""
    known = estimate(window, rate) or estimate(window[-1:], rate)
    assert known is not None, "one exchange never contradicts itself"
    return known


def gap(low_ms: float, high_ms: float, reading: Exchange, rate: float) -> float:
    """How far an exchange lies outside ``low_ms``…``high_ms`` (this clock at the moment of receipt,
    real ms); 0 when they overlap. Positive: headquarters is ahead."""
    earliest = reading.exam_ms / rate
    latest = (reading.exam_ms + 1) / rate + reading.round_trip_ms * (1 + MAX_DRIFT)
    if earliest > high_ms:
        return earliest - high_ms
    return min(0.0, latest - low_ms)
