"""When to try again: exponential back-off with jitter, and what headquarters asks for. Pure.

The figures come from a simulation of 5,000 venues that end at one instant (docs/scale.md,
tests/benchmarks/scale.py).
"""

from collections.abc import Callable

FIRST_S = 2.0
LONGEST_S = 300.0
SPREAD = 1.5
"""A wait that headquarters asks for is stretched by up to this: venues that were told the same
number at the same instant must not come back together."""

Uniform = Callable[[float, float], float]


def delay_s(failures: int, uniform: Uniform, asked_s: float | None = None) -> float:
    """Seconds to wait after ``failures`` attempts in a row that moved nothing (at least 1).

    ``asked_s`` is headquarters' Retry-After with 429 or 503, None when it said nothing: it knows
    its load better than any venue, so it is kept, within limits. Otherwise jitter over the upper
    half keeps venues from coming back together after an outage of headquarters, yet never makes
    one hammer it.
    """
    assert failures >= 1
    if asked_s is not None:
        asked = min(LONGEST_S, max(FIRST_S, asked_s))
        return uniform(asked, asked * SPREAD)
    ceiling = min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 16))
    return uniform(ceiling / 2, ceiling)
