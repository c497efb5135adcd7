"""When to try again: exponential back-off with jitter, and what headquarters asks for. Pure.

The figures come from a simulation of 5,000 venues that end at one instant (docs/scale.md,
tests/benchmarks/scale.py), which runs these very functions.
"""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

FIRST_S = 2.0
LONGEST_S = 300.0
LONGEST_ANEW_S = 3600.0
"""Where the whole bundle must be sent again: headquarters refused it, or knows nothing of it. What
is wrong there is mended by people, and 5,000 venues that send everything every five minutes
meanwhile would take the whole line."""
SPREAD = 1.5
"""A wait that headquarters asks for is stretched by up to this: venues that were told the same
number at the same instant must not come back together."""
RECEIPT_FIRST_S = 1.0
RECEIPT_LONGEST_S = 15.0
BUSY = (413, 429, 503, 507)
"""Statuses that pass: too much, too often, too busy, no room (RFC 9110, RFC 4918)."""

SLOW_PIECE_S = 10.0
QUICK_PIECE_S = 1.0
"""How long a piece may take: what was not confirmed is lost with the line, and nobody sees anything
move meanwhile; on a quick line each one costs an answer and a write at headquarters."""

Uniform = Callable[[float, float], float]


def delay_s(
    failures: int,
    uniform: Uniform,
    asked_s: float | None = None,
    longest_s: float = LONGEST_S,
) -> float:
    """Seconds to wait after ``failures`` attempts in a row that moved nothing (at least 1).

    ``asked_s`` is headquarters' Retry-After, None when it said nothing: it knows its load better
    than any venue, so it is kept, within limits. Otherwise jitter over the upper half keeps venues
    from coming back together after an outage of headquarters, yet never makes one hammer it.
    """
    assert failures >= 1
    if asked_s is not None:
        kept = min(LONGEST_S, max(FIRST_S, asked_s))
        return uniform(kept, kept * SPREAD)
    ceiling = min(longest_s, FIRST_S * 2.0 ** min(failures - 1, 16))
    return uniform(ceiling / 2, ceiling)


def next_piece(piece: int, took_s: float, smallest: int, largest: int) -> int:
    """Bytes of the next piece after one of ``piece`` bytes that took ``took_s`` real seconds."""
    if took_s > SLOW_PIECE_S:
        return piece_after_break(piece, smallest)
    return min(largest, piece * 2) if took_s < QUICK_PIECE_S else piece


def piece_after_break(piece: int, smallest: int) -> int:
    """Bytes of the first piece after one that broke off, or to which no answer came in time: a slow
    line must get one through, or it never gets anywhere."""
    return min(piece, max(smallest, piece // 4))


def failures_after(before: int, moved: bool) -> int:
    """Failures in a row after one more: an attempt that moved bytes begins the count anew."""
    return 1 if moved else before + 1


def receipt_pause_s(asked: int, uniform: Uniform, asked_s: float | None = None) -> float:
    """Seconds between two questions for a receipt, after ``asked`` of them (at least 1) within one
    attempt: everybody who uploaded together asks together. Never before ``asked_s``, and more and
    more seldom: a headquarters that always says "soon" does not know how long its queue is."""
    assert asked >= 1
    own = min(RECEIPT_LONGEST_S, RECEIPT_FIRST_S * 2.0 ** min(asked - 1, 16))
    kept = min(LONGEST_S, max(RECEIPT_FIRST_S, asked_s)) if asked_s is not None else 0.0
    return uniform(max(kept, own / 2), max(kept * SPREAD, own))


def come_back_s(asked_s: float | None) -> float | None:
    """What to ask :func:`delay_s` for when an attempt ended without the receipt: a "soon" that did
    not come true is not asked for again and again, the back-off is kept instead."""
    return asked_s if asked_s is not None and asked_s > RECEIPT_LONGEST_S else None


def asked_s(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds, in either form (RFC 9110 §10.2.3); None when nothing is asked for.

    A date is read against the answer's own Date: this venue's clock may be another exam time.
    """
    said = headers.get("Retry-After", "")
    if said.isascii() and said.isdecimal():
        return float(said) if len(said) < 8 else LONGEST_S
    try:
        until, now = (parsedate_to_datetime(each) for each in (said, headers.get("Date", "")))
        wait = (until - now).total_seconds()
    except (TypeError, ValueError, OverflowError):  # no date, or one of them without its zone
        return None
    return wait if wait > 0 else None
