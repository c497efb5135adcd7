"""How far an upload is, how fast, and how long still: from what headquarters confirmed. Pure.

Only what headquarters said it holds durably counts (tus: an answered HEAD or PATCH), never what was
written into a socket. Instants are of a monotonic clock in real seconds: no clock that is set
changes a rate. One that seemed to go back all the same counts as standing still.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

WINDOW_S = 120.0
"""A rate is that of the last two minutes: on a slow line one piece takes the better part of one."""
STALL_S = WINDOW_S
"""Nothing confirmed for so long is told as a standstill; a rate of that time would be none."""
SETTLE_S = 2.0
"""Of less time no rate is told: two pieces in one breath say nothing about the next minute."""
SLOT_S = 1.0
"""Confirmations this near to each other count as one: what is remembered stays small."""


@dataclass(frozen=True)
class Mark:
    """So many bytes were confirmed at that instant (monotonic seconds)."""

    at_s: float
    confirmed: int


@dataclass(frozen=True)
class Track:
    """One upload under way. ``size`` and ``confirmed``: bytes. ``began_s``: when this attempt
    began; ``asked``: in it headquarters said how much it holds. ``marks`` of this attempt, oldest
    first: the first one is where it went on, and no growth of its own."""

    size: int
    began_s: float
    confirmed: int = 0
    asked: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Pace:
    """``rate``: bytes a real second lately, None while nothing can be said. ``left_min``: whole
    minutes still to go at that rate, rounded up; None: unknown. ``still_s``: real seconds since
    the last byte was confirmed in this attempt, or since it began. ``stalled``: too long."""

    rate: float | None
    left_min: int | None
    still_s: float
    stalled: bool


def begin(size: int, confirmed: int, now_s: float) -> Track:
    """An attempt begins, with what was last known to be confirmed."""
    return Track(size, now_s, min(max(confirmed, 0), size))


def confirm(track: Track, offset: int, now_s: float) -> Track:
    """Headquarters holds ``offset`` bytes. The first word of an attempt is where it goes on from;
    fewer than before is a new beginning there, and the rate is measured anew."""
    now_s = max(now_s, _last_s(track))
    offset = min(max(offset, 0), track.size)
    if not track.asked or offset < track.confirmed:
        return replace(track, confirmed=offset, asked=True, marks=(Mark(now_s, offset),))
    if offset == track.confirmed:
        return track
    marks = _thinned((*track.marks, Mark(now_s, offset)))
    return replace(track, confirmed=offset, marks=_within(marks, now_s))


def pace(track: Track, now_s: float) -> Pace:
    """How it goes at this instant."""
    now_s = max(now_s, _last_s(track))
    still_s = now_s - _last_s(track)
    left = track.size - track.confirmed
    if left == 0:
        return Pace(None, 0, still_s, stalled=False)
    if still_s >= STALL_S:
        return Pace(None, None, still_s, stalled=True)
    rate = _rate(_within(track.marks, now_s), now_s)
    return Pace(rate, None if rate is None else minutes(left, rate), still_s, stalled=False)


def minutes(left: int, rate: float) -> int:
    """Whole minutes for ``left`` bytes, rounded up: nobody is promised less than it takes."""
    assert rate > 0
    return math.ceil(left / rate / 60)


@dataclass(frozen=True)
class Share:
    """One bundle in the sum of all: bytes, and its rate while it moves. ``follows``: it is not
    under way, but goes on by itself as soon as another one is through."""

    size: int
    confirmed: int
    rate: float | None = None
    follows: bool = False


@dataclass(frozen=True)
class InAll:
    """The sum: bytes, bytes a second, whole minutes or None when that cannot be said."""

    size: int
    confirmed: int
    rate: float | None
    left_min: int | None


def in_all(shares: Sequence[Share]) -> InAll:
    """Every bundle together, over one line. How long it takes is unknown as soon as one that is
    not home neither moves nor follows one that does."""
    size, confirmed = sum(one.size for one in shares), sum(one.confirmed for one in shares)
    rate = sum(one.rate for one in shares if one.rate is not None)
    away = [one for one in shares if one.confirmed < one.size]
    known = rate > 0 and all(one.rate is not None or one.follows for one in away)
    left = size - confirmed
    left_min = 0 if not away else minutes(left, rate) if known else None
    return InAll(size, confirmed, rate if rate > 0 else None, left_min)


def _last_s(track: Track) -> float:
    return track.marks[-1].at_s if track.marks else track.began_s


def _rate(marks: tuple[Mark, ...], now_s: float) -> float | None:
    """From the first mark to now: the pause at the end counts, or a dead line would look fast."""
    if len(marks) < 2 or now_s - marks[0].at_s < SETTLE_S:
        return None
    return (marks[-1].confirmed - marks[0].confirmed) / (now_s - marks[0].at_s)


def _thinned(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    near = len(marks) > 2 and marks[-1].at_s - marks[-3].at_s < SLOT_S
    return (*marks[:-2], marks[-1]) if near else marks


def _within(marks: tuple[Mark, ...], now_s: float) -> tuple[Mark, ...]:
    """The marks of the window, and the last one before it: growth is counted from somewhere."""
    older = sum(mark.at_s <= now_s - WINDOW_S for mark in marks)
    return marks[max(0, older - 1) :]
