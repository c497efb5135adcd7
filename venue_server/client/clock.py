"""Exam time as this machine knows it: the server's clock, estimated, counting on when it is gone.

Every pong bounds the server's exam time: its stamp was taken between sending the ping and receiving
the pong. The true time therefore lies in the intersection of all samples' intervals, each widened
by what two clocks may drift apart since (Marzullo's intersection, the base of RFC 5905 §11.2). The
shortest round trips bound it most, separately for each direction, so the middle is a better guess
under jitter than the middle of the single best round trip. An empty intersection means that
exam time itself was moved (or the rate changed): the newest sample then stands alone.

Whatever is shown never steps back by less than ``STEP_BACK_S``: it stands still until the estimate
has caught up. A larger correction is shown at once, because then the earlier time was wrong.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

WINDOW = 24
DRIFT = 200e-6  # two quartz clocks at 100 ppm each, the worst ordinary hardware
STEP_BACK_S = 1.0


def steady_s() -> float:
    """Seconds that never jump and, where the system offers it, also count while suspended."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class _Sample(NamedTuple):
    sent_s: float
    received_s: float
    exam_ms: float


class ExamClock:
    """The server's exam time by this machine's steady clock.

    ``steady`` drives the estimate (seconds, counts while suspended); ``loop_clock`` is the clock of
    asyncio timers, used only by :meth:`mono_at`.
    """

    def __init__(
        self,
        steady: Callable[[], float] = steady_s,
        loop_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.steady = steady
        self._loop_clock = loop_clock
        self._samples: deque[_Sample] = deque(maxlen=WINDOW)
        self._rate = 1.0
        self._anchor_s = 0.0
        self._anchor_ms = 0.0
        self._half_width_ms = float("inf")
        self._shown_ms: float | None = None

    @property
    def known(self) -> bool:
        """False until the first pong; the other values mean nothing before."""
        return bool(self._samples)

    @property
    def rate(self) -> float:
        """Exam seconds per real second."""
        return self._rate

    @property
    def uncertainty_ms(self) -> float:
        """Exam milliseconds that the estimate may be off at most, growing while alone."""
        age_s = self.steady() - self._anchor_s
        return self._half_width_ms + age_s * self._rate * DRIFT * 1000

    def sample(self, sent_s: float, received_s: float, exam_ms: float, rate: float) -> None:
        """Take in one pong. ``sent_s`` and ``received_s`` are values of ``steady``."""
        assert received_s >= sent_s and rate > 0
        if rate != self._rate:
            self._samples.clear()
            self._rate = rate
        self._samples.append(_Sample(sent_s, received_s, exam_ms))
        low, high = self._bounds(received_s)
        if low > high:
            newest = self._samples.pop()
            self._samples.clear()
            self._samples.append(newest)
            low, high = self._bounds(received_s)
        self._anchor_s = received_s
        self._anchor_ms = (low + high) / 2
        self._half_width_ms = (high - low) / 2

    def now_ms(self) -> int:
        """Exam time now, milliseconds since the epoch, UTC. Needs ``known``."""
        estimate = self._estimate_ms()
        shown = self._shown_ms
        small = STEP_BACK_S * 1000 * self._rate
        if shown is None or estimate >= shown or shown - estimate > small:
            self._shown_ms = estimate
            return int(estimate)
        return int(shown)

    def seconds_until(self, exam_ms: float) -> float:
        """Real seconds from now to an instant of exam time; negative when it has passed."""
        return (exam_ms - self._estimate_ms()) / (1000 * self._rate)

    def mono_at(self, exam_ms: float) -> float:
        """The value of ``time.monotonic()`` (``loop.call_at``) at an instant of exam time."""
        return self._loop_clock() + self.seconds_until(exam_ms)

    def _estimate_ms(self) -> float:
        assert self.known, "no pong yet"
        return self._anchor_ms + (self.steady() - self._anchor_s) * self._rate * 1000

    def _bounds(self, at_s: float) -> tuple[float, float]:
        """Earliest and latest exam time that all samples allow at ``at_s`` of the steady clock."""
        per_s = self._rate * 1000
        low, high = float("-inf"), float("inf")
        for sent_s, received_s, exam_ms in self._samples:
            low = max(low, exam_ms + (at_s - received_s) * per_s * (1 - DRIFT))
            high = min(high, exam_ms + (at_s - sent_s) * per_s * (1 + DRIFT))
        return low, high
