"""How long to wait before trying again: fast at first, bounded, spread by jitter.

The bound keeps a whole room back within ten seconds of a server's return (TARGETS R10) without a
thousand stations knocking at the same instant.
"""

FIRST_S = 0.25
LONGEST_S = 5.0
REFUSED_S = 8.0
_LONGEST_EXPONENT = 16


def retry_delay(failures: int, jitter: float) -> float:
    """Seconds before the next attempt after ``failures`` (1 or more) in a row.

    Doubles from ``FIRST_S`` to ``LONGEST_S``; ``jitter`` in [0, 1) takes it to between half and
    all of that.
    """
    assert failures >= 1 and 0.0 <= jitter < 1.0
    longest = min(LONGEST_S, FIRST_S * (1 << min(failures - 1, _LONGEST_EXPONENT)))
    return longest * (0.5 + 0.5 * jitter)


def refused_delay(jitter: float) -> float:
    """Seconds before a refused machine asks again: an administrator may have enrolled it."""
    assert 0.0 <= jitter < 1.0
    return REFUSED_S * (0.5 + 0.5 * jitter)
