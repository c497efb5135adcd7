"""What becomes of a difference that headquarters confirmed: slew, step or hold (F7). Pure.

Up to ``SLEW_MS`` the clock runs a little faster or slower. More is a step, forward only, and only
where two of the three sources (headquarters, the steady clock, the disciplined system clock) agree
on it once candidates are answering; before that headquarters alone decides. A step never carries
time over an instant of the day: it stops short of it, and the instant comes by running time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from venue_server.trusted_time.states import Source

SMALL_MS = 100.0
SMALL_SPEED = 100e-6  # half of what stations allow between two clocks
SLEW_MS = 5_000.0
SLEW_SPEED = 0.05
GUARD_S = 30.0
CONFIRM = 3
"""So many exchanges in a row must say the same before anything beyond SMALL_MS is corrected."""
AGREE_MS = 1_000.0
"""A wall clock this near to headquarters' time counts as agreeing with it."""


class Remedy(StrEnum):
    """What is done about a confirmed difference."""

    SLEW = "slew"
    STEP = "step"
    HOLD = "hold"


@dataclass(frozen=True)
class Difference:
    """``gap_ms``: headquarters less this clock, real ms. ``running``: candidates are answering.
    ``backed``: a second source says the same as headquarters. ``source``: this clock's own."""

    gap_ms: float
    source: Source
    running: bool
    backed: bool


def remedy(difference: Difference) -> Remedy:
    """See the module's text. A clock that only followed the system clock always yields."""
    if abs(difference.gap_ms) <= SLEW_MS:
        return Remedy.SLEW
    if difference.source is Source.SYSTEM:
        return Remedy.STEP
    if difference.gap_ms < 0:
        return Remedy.HOLD  # trusted time never goes back
    if difference.running and not difference.backed:
        return Remedy.HOLD
    return Remedy.STEP


def speed(owed_ms: float) -> float:
    """How much faster or slower the clock may run to make good ``owed_ms`` (a ratio)."""
    return SMALL_SPEED if abs(owed_ms) <= SMALL_MS else SLEW_SPEED


def permitted(now_ms: float, target_ms: float, instants: Iterable[float], guard_ms: float) -> float:
    """How far a forward step may go: to the target, or to ``guard_ms`` before the first instant on
    the way (exam ms). Never less than ``now_ms``."""
    crossed = [each for each in instants if now_ms < each <= target_ms]
    if not crossed:
        return target_ms
    return max(now_ms, min(crossed) - guard_ms)
