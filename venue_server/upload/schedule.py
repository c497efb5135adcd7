"""When to try again: exponential back-off with full jitter. Pure."""

from collections.abc import Callable

FIRST_S = 2.0
LONGEST_S = 300.0


def delay_s(attempts: int, uniform: Callable[[float, float], float]) -> float:
    """Seconds to wait after ``attempts`` failed attempts (at least 1).

    Jitter over the upper half keeps a thousand venues from coming back together after an outage
    of headquarters, yet never makes one hammer it.
    """
    assert attempts >= 1
    ceiling = min(LONGEST_S, FIRST_S * 2.0 ** min(attempts - 1, 16))
    return uniform(ceiling / 2, ceiling)
