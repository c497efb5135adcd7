"""How fast one peer may talk: nobody's frames stand before everybody else's (R9).

A frame costs the server some tens of microseconds, and what a peer sent lies ready in one piece:
unchecked, one station that sends without end would be read for as long as it likes while a thousand
saves wait. So after a few frames the others have their turn, and over a long time a peer is read no
faster than any honest station ever talks. Nothing is dropped: who is too fast waits, and TCP tells.
"""

FRAMES_PER_S = 500.0
"""A station after a long cut sends its tail in frames of 200 answers; ten a second is much."""
BURST = 1000.0
TURN = 16
"""Frames of one peer that are handled in one go."""
GAP_S = 0.001
"""After such a pause of the peer it is another go: who waits for each answer holds nobody up, and
its save need not wake a task (P3)."""


class Pace:
    """A token bucket (RFC 2697's committed rate and burst), by frames. Times are seconds of one
    steady clock."""

    def __init__(self, now_s: float, per_s: float = FRAMES_PER_S, burst: float = BURST) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left = burst
        self._at_s = now_s
        self._frames = 0

    @property
    def spent(self) -> bool:
        """Is nothing left, as far as is known without looking at the clock?"""
        return self._left < 1

    def frame(self, now_s: float) -> float | None:
        """A frame was handled: None to go on, else the seconds to wait before the next one is read
        (0: let the others have their turn)."""
        passed_s, self._at_s = now_s - self._at_s, now_s
        self._left = min(self._burst, self._left + passed_s * self._per_s) - 1
        self._frames = 1 if passed_s >= GAP_S else self._frames + 1
        if self._left < 0:
            return -self._left / self._per_s
        return 0.0 if self._frames % TURN == 0 else None
