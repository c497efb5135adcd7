"""Counts per room, per subject and for the whole venue, and their invariants (K03, Y06). Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from venue_server.records.violations.rules import share_too_high
from venue_server.sitting.rows import Sitting, count
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.names import SubmitKind
from venue_server.wire.remarks import Remark, RemarkCode, remark

DUE_DAYS = 3
"""Present, absent, violations and anomalies are reported within three days of the exam (K03)."""

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class Statistics:
    """Counts of one room; ``room_id`` is empty for the whole session, ``session_id`` for the whole
    venue. ``violations``: present candidates a violation was recorded of; ``anomalies``: lines of
    the records about equipment, incidents, time and swaps."""

    room_id: str
    scheduled: int
    admitted: int
    present: int
    absent: int
    submitted: int
    early: int
    automatic: int
    forced: int
    left: int
    violations: int = 0
    anomalies: int = 0
    session_id: str = ""
    subject: str = ""
    not_held: int = 0

    @property
    def whole(self) -> bool:
        """Has everyone scheduled exactly one outcome (K03)?"""
        return self.scheduled == self.present + self.absent + self.not_held

    def as_dict(self) -> dict[str, Any]:
        """As it stands in reports and in the bundle."""
        return asdict(self)


ANOMALIES = (
    RecordField.EQUIPMENT,
    RecordField.INCIDENTS,
    RecordField.SWAPS,
    RecordField.ADJUSTMENTS,
    RecordField.EXTENSIONS,
    RecordField.EXITS,
)


def of_sittings(
    room_id: str,
    sittings: Iterable[Sitting],
    lines: Iterable[RecordLine] = (),
    session_id: str = "",
    subject: str = "",
) -> Statistics:
    """Count these sittings, whose session has ended, and what the records say of them."""
    rows, told = list(sittings), list(lines)
    counts = count(rows, admission_closed=True)
    kinds = [row.submit_kind for row in rows]
    return Statistics(
        room_id=room_id,
        scheduled=counts.scheduled,
        admitted=counts.admitted,
        present=counts.present,
        absent=counts.absent,
        not_held=counts.not_held,
        submitted=counts.submitted,
        early=kinds.count(SubmitKind.EARLY),
        automatic=kinds.count(SubmitKind.AUTO),
        forced=kinds.count(SubmitKind.FORCED),
        left=sum(row.exited_at_ms is not None for row in rows),
        violations=len(violating(rows, told)),
        anomalies=sum(line.field in ANOMALIES for line in told),
        session_id=session_id,
        subject=subject,
    )


def violating(sittings: Iterable[Sitting], lines: Iterable[RecordLine]) -> set[str]:
    """Tickets of those a violation was recorded of. A record that was withdrawn does not count, nor
    does whom the facts of another's only mention."""
    named = {line.violator for line in lines if line.field is RecordField.VIOLATIONS}
    return {row.ticket_no for row in sittings} & named


def per_room(
    sittings: Iterable[Sitting],
    lines_of: Mapping[str, Sequence[RecordLine]] | None = None,
    session_id: str = "",
    subject: str = "",
) -> list[Statistics]:
    """One line a room, in the order of their ids. ``lines_of``: room id to its record's lines."""
    rows = list(sittings)
    told = lines_of or {}
    rooms = sorted({row.room_id for row in rows})
    return [
        of_sittings(
            room,
            (row for row in rows if row.room_id == room),
            told.get(room, ()),
            session_id,
            subject,
        )
        for room in rooms
    ]


def added(rows: Sequence[Statistics], session_id: str = "", subject: str = "") -> Statistics:
    """The sum of rooms or sessions."""
    names = [name for name, value in asdict(_EMPTY).items() if isinstance(value, int)]
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return Statistics(room_id="", session_id=session_id, subject=subject, **sums)


_EMPTY = Statistics("", 0, 0, 0, 0, 0, 0, 0, 0, 0)


def per_subject(sessions: Sequence[Statistics]) -> list[Statistics]:
    """One line a subject, in the order the subjects come, from the sums of its sessions."""
    subjects = list(dict.fromkeys(row.subject for row in sessions))
    return [added([r for r in sessions if r.subject == name], subject=name) for name in subjects]


def broken(row: Statistics) -> list[Remark]:
    """What of K03 does not hold: 应考 = 实考 + 缺考, 违纪 ⊆ 实考, one hand-in for each present."""
    found = []
    if not row.whole:
        found.append(
            remark(
                RemarkCode.COUNTS_DIFFER,
                scheduled=row.scheduled,
                present=row.present,
                absent=row.absent,
            )
        )
    if row.submitted != row.present:
        found.append(
            remark(RemarkCode.HAND_INS_MISSING, present=row.present, submitted=row.submitted)
        )
    if row.violations > row.present:
        found.append(
            remark(RemarkCode.VIOLATIONS_MANY, present=row.present, violations=row.violations)
        )
    return found


def share_warning(row: Statistics, percent: int) -> Remark | None:
    """Violations reach ``percent`` of those present in a room: the authority must hear of it
    (Y06). The decision about the room is never the venue's."""
    if not row.room_id or not share_too_high(row.violations, row.present, percent):
        return None
    return remark(
        RemarkCode.MANY_VIOLATIONS,
        room=row.room_id,
        count=row.violations,
        percent=row.violations * 100 // max(1, row.present),
    )


def days_over(end_ms: int, now_ms: int) -> int:
    """Whole days since the end; negative before it."""
    return (now_ms - end_ms) // DAY_MS


def as_csv(rows: Sequence[Statistics]) -> str:
    """With a head line, comma-separated, CRLF, as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(asdict(_EMPTY)))
    writer.writeheader()
    writer.writerows(row.as_dict() for row in rows)
    return out.getvalue()
