"""How long a session's records are kept, and whether they may go (M01-M03, M06, M07). Pure; nothing
here destroys anything.

The period runs from the publication of the scores, which people must enter: until then there is
no date, and purging is impossible. The longest period that applies counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from venue_server.wire.refusals import RefusalCode

_CHINA = timezone(timedelta(hours=8))


class RetentionClass(StrEnum):
    """Why records are kept, by the rule that says so."""

    ORDINARY = "ORDINARY"  # 答卷、考场情况记录: six months from the scores (M01)
    GRAVE = "GRAVE"  # serious violations, major anomalies: two years (M02)
    ELECTRONIC = "ELECTRONIC"  # electronic documents: five years (M03)
    LOCAL = "LOCAL"  # a local rule of the exam's category (M06)


MONTHS: Mapping[RetentionClass, int] = {
    RetentionClass.ORDINARY: 6,
    RetentionClass.GRAVE: 24,
    RetentionClass.ELECTRONIC: 60,
}

LOCAL_MONTHS: Mapping[str, int] = {"CIVIL_SERVICE": 12}
"""Months by the plan's category; a category without an entry has no local rule."""


@dataclass(frozen=True)
class Retention:
    """What applies to one kind of record of one session. ``until`` is a date (ISO, China's), None
    as long as the scores are not published."""

    what: str
    classes: Sequence[RetentionClass]
    months: int
    until: str | None
    hold: str

    @property
    def may_be_purged(self) -> bool:
        """Whether a date is known and no legal hold stands; the date itself is compared by whoever
        orders the purge."""
        return self.until is not None and not self.hold

    def as_dict(self) -> dict[str, Any]:
        """As it is shown and exported."""
        return {**asdict(self), "may_be_purged": self.may_be_purged}


def retention(
    category: str,
    grave: bool,
    published_at_ms: int | None,
    hold: str = "",
    local: Mapping[str, int] | None = None,
) -> list[Retention]:
    """What applies to answers and to electronic records of a session. ``grave``: a violation of the
    serious kinds or a major anomaly was recorded; ``hold``: a legal hold's reason, or empty;
    ``local``: months of the plan's own local rules by what is kept."""
    classes = [RetentionClass.ORDINARY, *([RetentionClass.GRAVE] if grave else [])]
    found = []
    for what, more in (("answers", []), ("records", [RetentionClass.ELECTRONIC])):
        months = max(LOCAL_MONTHS.get(category, 0), (local or {}).get(what, 0))
        by_law = [*classes, *([RetentionClass.LOCAL] if months else []), *more]
        longest = max(months, *(MONTHS[each] for each in by_law if each in MONTHS))
        until = None if published_at_ms is None else months_later(published_at_ms, longest)
        found.append(Retention(what, by_law, longest, until, hold))
    return found


def why_not_destroyed(kept: Retention, now_ms: int) -> RefusalCode | None:
    """Why this may not be destroyed at ``now_ms``; None when it may (M07). Nothing unknown ever
    may: without the day of the scores there is no date."""
    if kept.hold:
        return RefusalCode.KEPT_BY_HOLD
    if kept.until is None:
        return RefusalCode.SCORES_UNKNOWN
    return None if day_of(now_ms) >= kept.until else RefusalCode.KEPT_LONGER


def day_of(at_ms: int) -> str:
    """China's date of an instant, ISO."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_CHINA).date().isoformat()


def months_later(at_ms: int, months: int) -> str:
    """The first day on which ``months`` whole months have passed since that day, as an ISO date."""
    day = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_CHINA).date()
    years, month = divmod(day.month - 1 + months, 12)
    first = day.replace(year=day.year + years, month=month + 1, day=1)
    return (first + timedelta(days=day.day - 1)).isoformat()
