"""The log of interruptions (I12): who was cut off, where, from when to when, measured. Pure.

Start and end come from the ledger: a station's line went down and came up while its candidate was
at work. Cause, action, person and approval come from the incident that names the seat; without one
they are blank, and the log shows that somebody still has to write it down.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Sitting
from venue_server.wire.frames import Part
from venue_server.wire.incidents import IncidentView

LINE_EVENTS = (Event.STATION_DOWN.value, Event.STATION_UP.value)


class LineInterruption(Part, frozen=True):
    """One line of the log. ``end_ms`` and ``duration_ms`` are 0 while it lasts."""

    ticket_no: str
    room_id: str
    seat_no: str
    machine_id: str
    start_ms: int
    end_ms: int = 0
    duration_ms: int = 0
    incident_id: str = ""
    cause: str = ""
    action: str = ""
    by: str = ""
    approval_ref: str = ""


def interruptions(
    entries: Iterable[Mapping[str, Any]],
    sittings: Iterable[Sitting],
    incidents: Sequence[IncidentView],
    end_of: Callable[[Sitting], int],
) -> list[LineInterruption]:
    """Every interruption of somebody at work, in the order of time. ``end_of`` gives a
    sitting's own end in ms: a station that goes away after its candidate's hand-in, or after that,
    interrupts nobody.
    """
    at_work = {one.machine_id: one for one in sittings if one.machine_id and one.present}
    down: dict[str, int] = {}
    found: list[LineInterruption] = []
    for entry in entries:
        machine_id, at_ms = entry["actor"], entry["at_ms"]
        if entry["event"] == Event.STATION_DOWN.value:
            down.setdefault(machine_id, at_ms)
        elif machine_id in down:
            found += _line(at_work.get(machine_id), down.pop(machine_id), at_ms, end_of, incidents)
    for machine_id, since_ms in down.items():
        found += _line(at_work.get(machine_id), since_ms, 0, end_of, incidents)
    return sorted(found, key=lambda one: (one.start_ms, one.room_id, one.seat_no))


def _line(
    sitting: Sitting | None,
    start_ms: int,
    end_ms: int,
    end_of: Callable[[Sitting], int],
    incidents: Sequence[IncidentView],
) -> list[LineInterruption]:
    if sitting is None or sitting.opened_at_ms is None:
        return []
    until_ms = sitting.submitted_at_ms or end_of(sitting)
    if not sitting.opened_at_ms <= start_ms < until_ms:
        return []
    about = _about(sitting, start_ms, end_ms, incidents)
    return [
        LineInterruption(
            ticket_no=sitting.ticket_no,
            room_id=sitting.room_id,
            seat_no=sitting.seat_no,
            machine_id=sitting.machine_id,
            start_ms=start_ms,
            end_ms=end_ms,
            duration_ms=end_ms - start_ms if end_ms else 0,
            incident_id=about.incident_id if about else "",
            cause=about.facts.cause if about else "",
            action=about.facts.action if about else "",
            by=about.opened_by if about else "",
            approval_ref=about.facts.approval_ref if about else "",
        )
    ]


def _about(
    sitting: Sitting, start_ms: int, end_ms: int, incidents: Sequence[IncidentView]
) -> IncidentView | None:
    """The incident that names this seat (or its whole room, or the venue) at this time."""
    for one in incidents:
        here = one.room_id in ("", sitting.room_id)
        named = not one.facts.seats or sitting.seat_no in one.facts.seats
        begun, over = one.facts.started_at_ms, one.facts.ended_at_ms
        meets = (not end_ms or begun <= end_ms) and (not over or over >= start_ms)
        if here and named and meets:
            return one
    return None
