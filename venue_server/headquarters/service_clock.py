"""The stand-in's own clock: exam time from a start instant and a rate, on the steady clock."""

import time
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field


def steady_s() -> float:
    """Seconds that nobody sets or slews; all programs of one boot read the same."""
    return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)


@dataclass
class HeadquartersClock:
    """``rate`` exam seconds pass per real second, from ``start_ms`` at the instant ``began_s`` of
    ``monotonic``; at the clock's making when that is not given. A service that is started again
    on the same boot is given the instant of the first: its time went on meanwhile.

    ``monotonic`` gives real seconds; tests hand in their own.
    """

    rate: float
    start_ms: int
    monotonic: Callable[[], float] = steady_s
    began_s: InitVar[float | None] = None
    origin_s: float = field(init=False)

    def __post_init__(self, began_s: float | None) -> None:
        if not self.rate > 0:
            raise ValueError("the rate must be positive")
        self.origin_s = self.monotonic() if began_s is None else began_s

    def now_ms(self) -> int:
        """Exam time, milliseconds since the epoch, UTC."""
        return self.start_ms + int((self.monotonic() - self.origin_s) * self.rate * 1000)

    def real_seconds_until(self, at_ms: int) -> float:
        """Real seconds until the exam instant ``at_ms``; 0 when it has come."""
        return max(0.0, (at_ms - self.now_ms()) / 1000 / self.rate)
