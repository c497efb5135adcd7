"""When to look for the release token, and how loudly to say that nobody answers (F5). Pure.

Before the point the line is only probed (HEAD), more often as the point comes nearer. From the
point on the token is asked for: every venue begins at a moment of its own within the spread, keeps
under a second between questions in the first minute, and then asks less and less often. What
headquarters asks for in Retry-After is kept, never asked before, a little later by jitter, so that
venues that heard the same number do not come back at one instant; and within limits that grow with
the time since the point, so that no value, mistaken or evil, keeps a venue from a token that is
there. Jitter (0 to 1) is handed in.
"""

from dataclasses import dataclass
from enum import IntEnum

WATCH_FROM_S = 45 * 60.0
LONGEST_PROBE_S = 60.0
LOST_PROBE_S = 10.0
SHORTEST_PROBE_S = 2.0
"""5,000 venues that look at the line more often than at the token itself would be the greater load
just before the point (docs/scale.md)."""
SPREAD_S = 0.5
SHORTEST_SPREAD_S = 0.1
FIRST_MINUTE_S = 60.0
PAUSES = ((FIRST_MINUTE_S, 0.6), (600.0, 2.0), (3600.0, 10.0), (float("inf"), 30.0))
"""Until so many seconds after the point, pause for so long, times 1 to 1.5 by jitter."""
NOT_YET_LIMIT_S = 5.0
BUSY_LIMITS = ((FIRST_MINUTE_S, 10.0), (600.0, 30.0), (float("inf"), 60.0))
"""Until so many seconds after the point, keep a Retry-After of 429 or 503 of at most so much."""
OTHER_LINE_S = 0.1


@dataclass(frozen=True)
class Heard:
    """How the last question went: ``fault``: no answer; ``faults`` in a row, over ``lines``."""

    fault: bool = False
    faults: int = 0
    lines: int = 1
    retry_after_s: float | None = None
    busy: bool = False


def first_pause_s(lead_s: float, jitter: float) -> float:
    """Real seconds from the point to the first question. ``lead_s`` is what lies between the point
    and the planned start; a compressed rehearsal has little of it."""
    return min(SPREAD_S, max(SHORTEST_SPREAD_S, lead_s / 4)) * jitter


def pause_s(since_s: float, heard: Heard, jitter: float) -> float:
    """Real seconds from one question to the next, ``since_s`` after the point."""
    if heard.fault and heard.faults < heard.lines:
        return OTHER_LINE_S
    pause = next(pause for until, pause in PAUSES if since_s < until) * (1 + jitter / 2)
    if heard.retry_after_s is None:
        return pause
    busy = next(limit for until, limit in BUSY_LIMITS if since_s < until)
    asked = min(heard.retry_after_s, busy if heard.busy else NOT_YET_LIMIT_S)
    return max(pause, asked + asked_spread_s(asked, heard.busy) * jitter)


def asked_spread_s(asked_s: float, busy: bool) -> float:
    """Over how long venues that were told the same Retry-After come back: half of it when there is
    too much already, else the spread of the point itself, where every second counts."""
    return asked_s / 2 if busy else min(SPREAD_S, asked_s / 4)


def probe_pause_s(to_point_s: float, reachable: bool, jitter: float) -> float:
    """Real seconds between two probes, ``to_point_s`` before the point."""
    longest = LONGEST_PROBE_S if reachable else LOST_PROBE_S
    pause = max(SHORTEST_PROBE_S, min(longest, to_point_s / 10))
    return pause * (0.8 + 0.4 * jitter)


class Urgency(IntEnum):
    """How near the point is while the line is down; each step is said anew."""

    NONE = 0
    NOTICE = 1  # within 45 minutes
    WARNING = 2  # within 30
    ALARM = 3  # within 15: the custodians get ready
    CODE_NEAR = 4  # within 5: envelopes to the office
    CODE = 5  # the point has come


STEPS = (
    (0.0, Urgency.CODE),
    (5.0, Urgency.CODE_NEAR),
    (15.0, Urgency.ALARM),
    (30.0, Urgency.WARNING),
    (45.0, Urgency.NOTICE),
)


def urgency(to_point_ms: float, reachable: bool) -> Urgency:
    """How urgent an unreachable line is, ``to_point_ms`` exam ms before the point."""
    if reachable:
        return Urgency.NONE
    minutes = to_point_ms / 60_000
    return next((step for limit, step in STEPS if minutes <= limit), Urgency.NONE)
