"""Which incident an interruption belongs to (I12). Pure.

Start and end of an interruption are measured elsewhere (sitting/credit/lost_time.py); its cause in
words and what was done come from the incident that names the seat. Without one they are blank, and
the log shows that somebody still has to write it down.
"""

from collections.abc import Sequence

from venue_server.wire.incidents import IncidentView


def incident_about(
    room_id: str,
    seat_no: str,
    start_ms: int,
    end_ms: int | None,
    incidents: Sequence[IncidentView],
) -> IncidentView | None:
    """The first incident that names this seat (or its whole room, or the venue) at this time;
    ``end_ms`` is None while the interruption lasts."""
    for one in incidents:
        here = one.room_id in ("", room_id)
        named = not one.facts.seats or seat_no in one.facts.seats
        begun, over = one.facts.started_at_ms, one.facts.ended_at_ms
        meets = (end_ms is None or begun <= end_ms) and (not over or over >= start_ms)
        if here and named and meets:
            return one
    return None
