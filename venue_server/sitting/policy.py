"""THE closed-room policy (requirements G01-G08, F05, F06; regulation art. 30): one pure function.

Every instant of a sitting comes from :func:`timing`; nobody else may add or compare these offsets.
All intervals are half-open: what closes or opens at an instant does so exactly at that millisecond.
"""

from functools import lru_cache

from venue_server.wire.messages import Timing
from venue_server.wire.names import MediaClass

LATE_ENTRY_S = 300  # 「其他考试开始5分钟后一律禁止进入考场」
LONG_EXAM_S = 7200  # 「2小时以内」 includes 7200 s; longer exams are closed for this long
RELAXED_S = 900  # 「可视情况调整至考试结束前15分钟」


@lru_cache(maxsize=256)  # asked twice for every save, with a handful of answers
def timing(
    start_ms: int,
    duration_s: int,
    media_class: MediaClass,
    relaxed: bool,
    personal_extra_s: int = 0,
) -> Timing:
    """The instants of one sitting.

    ``start_ms`` is the effective start, so an approved late start shifts everything (G08);
    ``duration_s`` and ``relaxed`` come from the signed plan only (G03). ``personal_extra_s`` (an
    approved 补时, never negative) moves the personal end alone: the room's closure is a property of
    the session, not of one candidate.
    """
    assert duration_s > 0 and personal_extra_s >= 0, "time is never shortened"
    return Timing(
        effective_start_ms=start_ms,
        admission_closes_ms=start_ms + 1000 * _late_entry_s(media_class),
        closed_until_ms=start_ms + 1000 * _closed_s(duration_s, media_class, relaxed),
        end_ms=start_ms + 1000 * (duration_s + personal_extra_s),
    )


def _late_entry_s(media_class: MediaClass) -> int:
    return LATE_ENTRY_S if media_class is MediaClass.NORMAL else 0


def _closed_s(duration_s: int, media_class: MediaClass, relaxed: bool) -> int:
    if media_class is not MediaClass.NORMAL:
        return duration_s  # G05 overrides G03 and G04
    if duration_s > LONG_EXAM_S:
        return LONG_EXAM_S  # G04: the relaxation has no effect
    return max(0, duration_s - RELAXED_S) if relaxed else duration_s


def admits(times: Timing, now_ms: int) -> bool:
    """May somebody still enter the room? No role may override a no (「一律」)."""
    return now_ms < times.admission_closes_ms


def may_submit(times: Timing, now_ms: int) -> bool:
    """Is the room's closure over, so that handing in and leaving are allowed (G01)?"""
    return now_ms >= times.closed_until_ms


def has_started(times: Timing, now_ms: int) -> bool:
    """May the paper be open (G12)?"""
    return now_ms >= times.effective_start_ms


def has_ended(times: Timing, now_ms: int) -> bool:
    """Is answering over for this sitting (G09, G12)?"""
    return now_ms >= times.end_ms
