"""The end-of-session list (K07): what a person must look at before a room's record is signed. Pure.

A point has an id that follows from what it is about, so an answer stays with its point, and a
point that changes (another line, another number) needs a new answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from venue_server.records.violations.rules import share_too_high
from venue_server.sitting.rows import Sitting
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.names import SubmitKind
from venue_server.wire.remarks import Remark, RemarkCode, remark

LOOKED_AT = (
    RecordField.SWAPS,
    RecordField.ADJUSTMENTS,
    RecordField.REOPENED,
    RecordField.EXITS,
)
"""Fields of which every line is a point: swapped, time adjusted, reopened, left by exception."""


@dataclass(frozen=True)
class PointAnswer:
    """What somebody said to a point; an empty ``remark`` is a tick."""

    point: str
    remark: str
    person_id: str
    name: str
    at_ms: int


@dataclass(frozen=True)
class RecordPoint:
    """One point and its newest answer, if somebody looked at it."""

    point: str
    about: Remark
    answer: PointAnswer | None = None

    def as_dict(self) -> dict[str, Any]:
        """As consoles get it."""
        said = self.answer
        return {
            "point": self.point,
            "about": self.about,
            "answered": said is not None,
            "remark": said.remark if said else "",
            "name": said.name if said else "",
            "at_ms": said.at_ms if said else 0,
        }


def record_points(
    sittings: Iterable[Sitting],
    answered: Mapping[str, int],
    lines: Iterable[RecordLine],
    answers: Sequence[PointAnswer],
    share_percent: int = 100,
) -> list[RecordPoint]:
    """Every point of a room whose session has ended. ``answered``: sitting id to its number of
    answered items, as reconciliation found it; ``answers`` in the order they were given;
    ``share_percent``: from this share of violators on headquarters must be told (Y06)."""
    newest = {one.point: one for one in answers}
    sittings, lines = list(sittings), list(lines)
    found = [
        (f"{code.name}:{sitting.ticket_no}", remark(code, ticket=sitting.ticket_no))
        for sitting in sittings
        if (code := _of_sitting(sitting, answered.get(sitting.sitting_id))) is not None
    ]
    found += [(line_point(line), _of_line(line)) for line in lines if line.field in LOOKED_AT]
    found += _share(sittings, lines, share_percent)
    return [RecordPoint(point, about, newest.get(point)) for point, about in found]


def _share(
    sittings: Sequence[Sitting], lines: Sequence[RecordLine], percent: int
) -> list[tuple[str, Remark]]:
    """Y06: the answer says when and to whom it was reported; other numbers want another answer."""
    present = {one.ticket_no for one in sittings if one.present}
    caught = {line.violator for line in lines} & present
    if not share_too_high(len(caught), len(present), percent):
        return []
    numbers = {"violations": len(caught), "present": len(present)}
    room_id = sittings[0].room_id
    point = f"{RemarkCode.VIOLATION_SHARE.name}:{len(caught)}/{len(present)}"
    return [(point, remark(RemarkCode.VIOLATION_SHARE, room=room_id, **numbers))]


def line_point(line: RecordLine) -> str:
    """The id of the point about a line: it changes when the line does."""
    said = canonical([line.field.value, line.at_ms, line.text])
    return f"{line.field.name}:{sha256_hex(said)[:16]}"


def _of_line(line: RecordLine) -> Remark:
    return remark(RemarkCode.LINE_TO_CONFIRM, field=line.field.value, text=line.text)


def _of_sitting(sitting: Sitting, answered: int | None) -> RemarkCode | None:
    if not sitting.present:
        if not sitting.absent:
            return None  # not an outcome yet: the counts say so
        logged_in = sitting.logged_in_at_ms is not None
        return RemarkCode.NEVER_OPENED if logged_in else RemarkCode.NOT_LOGGED_IN
    if sitting.submit_kind is SubmitKind.FORCED:
        return RemarkCode.NOT_SUBMITTED_BY_THEMSELVES
    return RemarkCode.ZERO_ANSWERED if answered == 0 else None
