"""Counts per room and for the whole session (K03). Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from venue_server.sitting.rows import Sitting, count
from venue_server.wire.names import SubmitKind


@dataclass(frozen=True)
class Statistics:
    """Counts of one room; ``room_id`` is empty for the whole session."""

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

    def as_dict(self) -> dict[str, Any]:
        """As it stands in reports and in the bundle."""
        return asdict(self)


def of_sittings(room_id: str, sittings: Iterable[Sitting]) -> Statistics:
    """Count these sittings, whose session has ended."""
    rows = list(sittings)
    counts = count(rows, admission_closed=True)
    kinds = [row.submit_kind for row in rows]
    return Statistics(
        room_id=room_id,
        scheduled=counts.scheduled,
        admitted=counts.admitted,
        present=counts.present,
        absent=counts.absent,
        submitted=counts.submitted,
        early=kinds.count(SubmitKind.EARLY),
        automatic=kinds.count(SubmitKind.AUTO),
        forced=kinds.count(SubmitKind.FORCED),
        left=sum(row.exited_at_ms is not None for row in rows),
    )


def per_room(sittings: Iterable[Sitting]) -> list[Statistics]:
    """One line a room, in the order of their ids."""
    rows = list(sittings)
    rooms = sorted({row.room_id for row in rows})
    return [of_sittings(room, (row for row in rows if row.room_id == room)) for room in rooms]
