"""What happened to the machine's own clocks since the last look: a jump, a sleep (F7).

Exam time runs on; the caller records it and asks headquarters anew.
"""

from dataclasses import dataclass

from venue_server.trusted_time.sources_io import ClockSources

JUMP_LIMIT_MS = 2_000
SLEPT_LIMIT_MS = 100


@dataclass(frozen=True)
class Seen:
    """Since the last look (ms): by how much the wall clock was set, how long the machine slept."""

    jumped_ms: int = 0
    slept_ms: int = 0


class MachineWatch:
    """Compares the wall clock and the time asleep with the steady clock, look by look."""

    def __init__(self, sources: ClockSources) -> None:
        self._sources = sources
        self._wall_minus_steady = sources.wall_ms() - sources.boot_ms()
        self._asleep_ms = sources.suspended_ms()

    def look(self) -> Seen:
        """What happened since the last look. Slow adjustment by NTP is no jump."""
        gap = self._sources.wall_ms() - self._sources.boot_ms()
        asleep = self._sources.suspended_ms()
        jumped, slept = gap - self._wall_minus_steady, asleep - self._asleep_ms
        self._wall_minus_steady, self._asleep_ms = gap, asleep
        return Seen(
            jumped_ms=int(jumped) if abs(jumped) >= JUMP_LIMIT_MS else 0,
            slept_ms=int(slept) if slept >= SLEPT_LIMIT_MS else 0,
        )
