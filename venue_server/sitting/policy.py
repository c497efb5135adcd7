"""THE closed-room policy (G01-G08, F05, F06, I02, I06; regulation art. 30, 32): one pure function.

Every instant of a sitting comes from :func:`timing`; nobody else may add or compare these offsets.
All intervals are half-open: what closes or opens at an instant does so exactly at that millisecond.

**Approved adjustments** are taken in the order of the instants at which they took effect, and move
only what then still lay ahead: a door that is shut stays shut, a hand-in that was allowed stays
allowed, an end that came stays. So nothing is ever shortened, opened earlier or opened again.

* An *extension* (顺延) moves the end, and the room's closure where the rule ties it to the end (up
  to two hours, audio, video: to the end or 15 minutes before it). Where the rule is 「封闭2小时」
  the two hours stay two hours. Which rule applies follows from the planned duration alone:
  extending a two-hour exam does not turn it into a longer one. The admission cut-off hangs on the
  start and stays.
* A *suspension* freezes the room: everything that lay ahead moves by as long as it lasts. While it
  lasts (no resumption ordered) the room's own clock stands at its beginning, so nothing closes,
  opens or ends meanwhile.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from venue_server.wire.messages import Timing
from venue_server.wire.names import MediaClass

LATE_ENTRY_S = 300  # 「其他考试开始5分钟后一律禁止进入考场」
LONG_EXAM_S = 7200  # 「2小时以内」 includes 7200 s; longer exams are closed for this long
RELAXED_S = 900  # 「可视情况调整至考试结束前15分钟」
NEVER_MS = 2**52
"""The start of a room that is held back: later than every instant, and still an exact integer."""


class AdjustmentKind(StrEnum):
    """How a room's time was changed. Names are kept in the store."""

    EXTENSION = "EXTENSION"
    SUSPENSION = "SUSPENSION"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One approved change. ``at_ms`` is when it took effect by the room's own clock;
    ``length_ms`` is None while a suspension lasts."""

    kind: AdjustmentKind
    at_ms: int
    length_ms: int | None

    def __post_init__(self) -> None:
        assert self.length_ms is None or self.length_ms >= 0, "time is never shortened"
        open_ended = self.length_ms is None
        assert not open_ended or self.kind is AdjustmentKind.SUSPENSION, "an extension has a length"


@lru_cache(maxsize=1024)  # asked twice for every save, with a handful of answers
def timing(
    start_ms: int,
    duration_s: int,
    media_class: MediaClass,
    relaxed: bool,
    personal_extra_s: int = 0,
    adjustments: tuple[Adjustment, ...] = (),
) -> Timing:
    """The instants of one sitting.

    ``start_ms`` is the effective start of its room, so an approved late start shifts everything
    (G08); ``duration_s`` and ``relaxed`` come from the signed plan only (G03). ``personal_extra_s``
    (an approved 补时, never negative) moves the personal end alone: the room's closure is a
    property of the session, not of one candidate. ``adjustments`` are the room's, in any order;
    suspensions do not overlap.
    """
    assert duration_s > 0 and personal_extra_s >= 0, "time is never shortened"
    times = Timing(
        effective_start_ms=start_ms,
        admission_closes_ms=start_ms + 1000 * _late_entry_s(media_class),
        closed_until_ms=start_ms + 1000 * _closed_s(duration_s, media_class, relaxed),
        end_ms=start_ms + 1000 * (duration_s + personal_extra_s),
    )
    by_end = _closure_follows_end(duration_s, media_class)
    for each in sorted(adjustments, key=lambda each: each.at_ms):
        times = _adjusted(times, each, by_end)
    return times


def _adjusted(times: Timing, by: Adjustment, closure_follows_end: bool) -> Timing:
    """``times`` after one more adjustment: whatever lies after ``by.at_ms`` moves, if it may."""
    length = by.length_ms or 0

    def later(instant_ms: int) -> int:
        return instant_ms + length if instant_ms > by.at_ms else instant_ms

    closed, end = later(times.closed_until_ms), later(times.end_ms)
    if by.kind is AdjustmentKind.EXTENSION:
        return Timing(
            effective_start_ms=times.effective_start_ms,
            admission_closes_ms=times.admission_closes_ms,
            closed_until_ms=closed if closure_follows_end else times.closed_until_ms,
            end_ms=end,
            suspended_at_ms=times.suspended_at_ms,
            resumes_at_ms=times.resumes_at_ms,
        )
    return Timing(
        effective_start_ms=later(times.effective_start_ms),
        admission_closes_ms=later(times.admission_closes_ms),
        closed_until_ms=closed,
        end_ms=end,
        suspended_at_ms=by.at_ms,
        resumes_at_ms=0 if by.length_ms is None else by.at_ms + length,
    )


def _late_entry_s(media_class: MediaClass) -> int:
    return LATE_ENTRY_S if media_class is MediaClass.NORMAL else 0


def _closed_s(duration_s: int, media_class: MediaClass, relaxed: bool) -> int:
    if media_class is not MediaClass.NORMAL:
        return duration_s  # G05 overrides G03 and G04
    if duration_s > LONG_EXAM_S:
        return LONG_EXAM_S  # G04: the relaxation has no effect
    return max(0, duration_s - RELAXED_S) if relaxed else duration_s


def _closure_follows_end(duration_s: int, media_class: MediaClass) -> bool:
    return media_class is not MediaClass.NORMAL or duration_s <= LONG_EXAM_S


def admits(times: Timing, now_ms: int) -> bool:
    """May somebody still enter the room? No role may override a no (「一律」)."""
    return times.room_clock_ms(now_ms) < times.admission_closes_ms


def may_submit(times: Timing, now_ms: int) -> bool:
    """Is the room's closure over, so that handing in and leaving are allowed (G01)?"""
    return times.room_clock_ms(now_ms) >= times.closed_until_ms


def has_started(times: Timing, now_ms: int) -> bool:
    """May the paper be open (G12)?"""
    return times.room_clock_ms(now_ms) >= times.effective_start_ms


def has_ended(times: Timing, now_ms: int) -> bool:
    """Is answering over for this sitting (G09, G12)?"""
    return times.room_clock_ms(now_ms) >= times.end_ms
