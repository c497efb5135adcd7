"""When to ask headquarters for the time again. Pure; the jitter is handed in."""

from dataclasses import dataclass

from venue_server.trusted_time.states import ClockState

BURST = 3
"""Questions in a row: the first may have to open the connection, the next are the exact ones."""
NEAR_S = 600.0
NEAR_PAUSE_S = 30.0
FAR_PAUSE_S = 300.0
URGENT_S = 2.0
LONGEST_URGENT_S = 30.0
URGENT = frozenset({ClockState.UNSET, ClockState.SYSTEM_SYNCED, ClockState.SUSPECT})


@dataclass(frozen=True)
class Need:
    """How much it matters: the state, failures in a row, and real seconds to the nearest instant
    that hangs on exact time (receipt, release, start, end)."""

    state: ClockState
    failures: int
    to_instant_s: float


def pause_s(need: Need, jitter: float) -> float:
    """Real seconds until the next burst; ``jitter`` from 0 to 1 spreads venues by ±20 %."""
    if need.state in URGENT:
        pause = min(LONGEST_URGENT_S, URGENT_S * 2.0 ** min(need.failures, 10))
    else:
        pause = NEAR_PAUSE_S if need.to_instant_s <= NEAR_S else FAR_PAUSE_S
        if need.failures:
            pause = min(pause, URGENT_S * 2.0 ** min(need.failures, 10))
    return pause * (0.8 + 0.4 * jitter)
