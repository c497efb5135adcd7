"""What answers waited until they were durable, as their committer tells it (P4, R11).

The server's own measure of how they fare, for whoever must give way to them. Times are steady
seconds.
"""

QUIET_S = 1.0
"""So long after the last save nobody counts as saving."""


class Waits:
    """What groups of saves waited, as the answers' committer tells it."""

    def __init__(self) -> None:
        self.at_s = -1e9
        self.usual_ms = 0.0
        self._worst_ms = 0.0
        self._delivered_at_s = -1e9

    def saved(self, now_s: float, waited_ms: float) -> None:
        """A group is durable; its first save came ``waited_ms`` ago."""
        self.at_s = now_s
        self._worst_ms = max(self._worst_ms, waited_ms)
        if now_s - self._delivered_at_s > QUIET_S:
            self.usual_ms += (waited_ms - self.usual_ms) / 16

    def saving(self, now_s: float) -> bool:
        """Does anybody save just now?"""
        return now_s - self.at_s < QUIET_S

    def delivered(self, now_s: float) -> None:
        """A piece of a paper goes out: what saves wait now is not the usual."""
        self._delivered_at_s = now_s

    def worst_ms(self) -> float:
        """The longest wait since the last question."""
        worst, self._worst_ms = self._worst_ms, 0.0
        return worst
