"""Trusted exam time: headquarters' signed time carried on by the boot clock (G08, F7, E01).

Exam time never follows the operating system's wall clock once an anchor exists: it is
``anchor + rate * (boot clock - boot clock at the anchor)``. CLOCK_BOOTTIME goes on through suspend
and across a restart of the server on the same boot, so an anchor kept on disk is as good as new
after kill -9. After a reboot, or without an anchor, the wall clock is shown but not trusted, and
nothing can be released. ``rate`` is 1 except in a rehearsal, whose day runs faster.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from venue_server.storage.files import write_whole

JUMP_LIMIT_MS = 2_000
MAX_UNCERTAINTY_MS = 1_000


class Anchor(msgspec.Struct, frozen=True):
    """One moment known on both clocks."""

    boot_id: str
    boot_ms: float
    exam_ms: float
    rate: float
    source: str


def boot_ms() -> float:
    """Milliseconds of CLOCK_BOOTTIME: monotonic, counts suspend."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) * 1000


def boot_id() -> str:
    """The kernel's id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def wall_ms() -> float:
    """The operating system's wall clock; shown, watched, never trusted."""
    return time.time() * 1000


@dataclass(frozen=True)
class ClockSources:
    """Where the clock reads; replaced in tests."""

    boot_ms: Callable[[], float] = boot_ms
    wall_ms: Callable[[], float] = wall_ms
    boot_id: Callable[[], str] = boot_id


class VenueClock:
    """The one clock of the server. ``file`` keeps the anchor across restarts."""

    def __init__(self, file: Path, sources: ClockSources | None = None) -> None:
        self._file = file
        self._sources = sources or ClockSources()
        self._anchor = self._load()
        self._wall_minus_boot = self._sources.wall_ms() - self._sources.boot_ms()

    @property
    def trusted(self) -> bool:
        """True when an anchor from headquarters holds on this boot."""
        return self._anchor is not None

    @property
    def source(self) -> str:
        """``headquarters``, or ``system`` when nothing better is known."""
        return self._anchor.source if self._anchor else "system"

    @property
    def rate(self) -> float:
        """Exam seconds per real second."""
        return self._anchor.rate if self._anchor else 1.0

    def now(self) -> float:
        """Exam time in milliseconds, with fractions."""
        if self._anchor is None:
            return self._sources.wall_ms()
        elapsed = self._sources.boot_ms() - self._anchor.boot_ms
        return self._anchor.exam_ms + elapsed * self._anchor.rate

    def now_ms(self) -> int:
        """Exam time in whole milliseconds."""
        return int(self.now())

    def real_seconds_until(self, exam_ms: float) -> float:
        """Real seconds from now to an exam instant; never negative."""
        return max(0.0, (exam_ms - self.now()) / self.rate / 1000)

    def anchor_to(self, exam_ms: float, rate: float, round_trip_ms: float, source: str) -> bool:
        """Set the clock from signed time read over a round trip of ``round_trip_ms`` real ms.

        False when the round trip is too long to be exact, or when the new time would step a
        trusted clock back by more than the uncertainty (a replayed answer).
        """
        if round_trip_ms > MAX_UNCERTAINTY_MS:
            return False
        exam_now = exam_ms + rate * round_trip_ms / 2
        if self.trusted and exam_now < self.now() - rate * MAX_UNCERTAINTY_MS:
            return False
        self._anchor = Anchor(
            boot_id=self._sources.boot_id(),
            boot_ms=self._sources.boot_ms(),
            exam_ms=exam_now,
            rate=rate,
            source=source,
        )
        write_whole(self._file, msgspec.json.encode(self._anchor))
        return True

    def wall_jump_ms(self) -> int:
        """How far the wall clock jumped against the boot clock since the last call, 0 if it did
        not. Exam time is untouched; the caller records the jump."""
        gap = self._sources.wall_ms() - self._sources.boot_ms()
        jump = gap - self._wall_minus_boot
        if abs(jump) < JUMP_LIMIT_MS:
            return 0
        self._wall_minus_boot = gap
        return int(jump)

    def _load(self) -> Anchor | None:
        if not self._file.exists():
            return None
        anchor = msgspec.json.decode(self._file.read_bytes(), type=Anchor)
        return anchor if anchor.boot_id == self._sources.boot_id() else None
