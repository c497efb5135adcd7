"""The stand-in's own clock: exam time from a start instant and a rate, on the monotonic clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class HeadquartersClock:
    """``rate`` exam seconds pass per real second, from ``start_ms`` at the clock's making.

    ``monotonic`` gives real seconds; tests hand in their own.
    """

    rate: float
    start_ms: int
    monotonic: Callable[[], float] = time.monotonic
    _origin: float = field(init=False)

    def __post_init__(self) -> None:
        if not self.rate > 0:
            raise ValueError("the rate must be positive")
        self._origin = self.monotonic()

    def now_ms(self) -> int:
        """Exam time, milliseconds since the epoch, UTC."""
        return self.start_ms + int((self.monotonic() - self._origin) * self.rate * 1000)

    def real_seconds_until(self, at_ms: int) -> float:
        """Real seconds until the exam instant ``at_ms``; 0 when it has come."""
        return max(0.0, (at_ms - self.now_ms()) / 1000 / self.rate)
