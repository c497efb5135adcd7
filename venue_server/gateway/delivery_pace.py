"""How fast papers are handed out while others save: a measured pace, not only a turn (P4, R11).

    nobody saves         as fast as stations take it
    saves wait longer    the rate falls by two fifths each tick, down to the floor
    they wait no longer  it rises again, until there is no limit

What is measured is the server's own: how long the last groups of saves waited until they were on
both copies, and how long one turn of the loop took. A disk that is slow anyway must not hold papers
up: what saves wait while nothing is delivered is counted as usual.

The floor is what the stations that still lack their paper need to have it in half the time that is
left before the release; after it, within a minute. Pure rules; times are steady seconds.
"""

from dataclasses import dataclass

from venue_server.responses.waits import Waits

TICK_S = 0.05
MUCH_MS, LITTLE_MS = 10.0, 5.0
"""Of the 15 ms that a save may take (P4): above the one it falls, below the other it rises."""
SLOWER, FASTER = 0.6, 1.05
HIGHEST = 400e6
"""Bytes a second; who is allowed that much is limited no more."""
LOWEST = 8e6
LATE_S = 60.0
PAUSE_S = 1.0
LONGEST_S = 3.0
"""No station waits longer for its next piece: after ten seconds it would take the line for dead."""
WHOLE, SMALL, SMALLEST = 2 * 1024 * 1024, 128 * 1024, 32 * 1024
"""A piece while nobody saves, while somebody does, and while very many fetch at once: encrypting it
keeps the loop busy for some milliseconds, or for a fraction of one."""


def floor_of(lacking: int, left_s: float) -> float:
    """Bytes a second for ``lacking`` bytes, ``left_s`` real seconds before the release (or after
    it, below zero)."""
    return max(LOWEST, lacking / (left_s / 2 if left_s > 2 * LATE_S else LATE_S))


@dataclass
class DeliveryPace:
    """One for all stations that fetch. ``rate``: bytes a second, None without a limit."""

    waits: Waits
    rate: float | None = None
    _tick_at_s: float = 0.0
    _sent: int = 0
    _next_at_s: float = 0.0
    _turn_ms: float = 0.0

    def piece(self, now_s: float) -> int:
        """How many bytes to hand over in one go."""
        if self._next_at_s - now_s > LONGEST_S / 2:
            return SMALLEST
        saving = self.waits.saving(now_s)
        return SMALL if saving or self.rate is not None else WHOLE

    def ahead(self, now_s: float) -> int:
        """How many bytes to read at once: what a thousand stations wait for lies in memory."""
        return WHOLE if self.piece(now_s) == WHOLE else 2 * SMALL

    def turned(self, turn_ms: float) -> None:
        """One turn of the loop took so long, after a piece."""
        self._turn_ms = max(self._turn_ms, turn_ms)

    def sent(self, now_s: float, count: int, floor: float) -> float:
        """A piece went out; seconds to wait before anybody's next one."""
        self.waits.delivered(now_s)
        self._sent += count
        passed_s = now_s - self._tick_at_s
        if passed_s > PAUSE_S:  # nothing was handed out meanwhile: begin to count
            self._begin_tick(now_s)
        elif passed_s >= TICK_S:
            self._judge(now_s, floor)
        if self.rate is None:
            return 0.0
        soonest_s = max(now_s, self._next_at_s) + count / self.rate
        self._next_at_s = min(soonest_s, now_s + LONGEST_S)
        return self._next_at_s - now_s

    def _begin_tick(self, now_s: float) -> None:
        self._tick_at_s, self._sent, self._turn_ms = now_s, 0, 0.0

    def _judge(self, now_s: float, floor: float) -> None:
        passed_s = now_s - self._tick_at_s
        went = self._sent / passed_s
        waited_ms, turn_ms = self.waits.worst_ms(), self._turn_ms
        self._begin_tick(now_s)
        saving = self.waits.saving(now_s)
        much = max(MUCH_MS, 2 * self.waits.usual_ms)
        if saving and (waited_ms > much or turn_ms > MUCH_MS):
            self.rate = max(floor, (went if self.rate is None else min(self.rate, went)) * SLOWER)
        elif self.rate is not None and (
            not saving or (waited_ms <= max(LITTLE_MS, 1.5 * self.waits.usual_ms))
        ):
            self.rate = max(floor, self.rate * (FASTER if saving else 2.0))
            if self.rate >= HIGHEST:
                self.rate, self._next_at_s = None, 0.0
