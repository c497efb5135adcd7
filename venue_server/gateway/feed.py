"""The feed for a command platform: counts and states, nothing about anybody (A13, O08).

Names are those of sessions and rooms. A platform reads it by ``venue-server status --feed``; the
venue works the same when nobody does.
"""

from typing import Any

from venue_server.gateway.desk_parts import DeskParts
from venue_server.sitting.rows import Session
from venue_server.wire.console_views import RoomView, VenueView

FEED_TYPE = "kaodian.feed"


def feed(parts: DeskParts, venue: VenueView, rooms: list[RoomView]) -> dict[str, Any]:
    """Counts of every session, the rooms of the current one, alarms by their code."""
    return {
        "type": FEED_TYPE,
        "version": "1.0",
        "venue_id": venue.venue_id,
        "mode": venue.mode.value,
        "at_ms": parts.clock.now_ms(),
        "clock_trusted": venue.clock_trusted,
        "sessions": [_session(parts, each) for each in parts.sittings.sessions()],
        "rooms": [_room(each) for each in rooms],
        "stations_ready": venue.stations_ready,
        "stations_total": venue.stations_total,
        "alarms": sorted({alarm.code.value for alarm in venue.alarms}),
    }


def _session(parts: DeskParts, session: Session) -> dict[str, Any]:
    counts = parts.sittings.counts(session.session_id)
    return {
        "session_id": session.session_id,
        "subject_code": session.planned.subject_code,
        "state": session.state.value,
        "data_state": session.data_state.value,
        "planned_start_ms": session.planned.start_ms,
        "effective_start_ms": session.effective_start_ms,
        "end_ms": session.whole.end_ms,
        "scheduled": counts.scheduled,
        "admitted": counts.admitted,
        "present": counts.present,
        "absent": counts.absent,
        "submitted": counts.submitted,
    }


def _room(room: RoomView) -> dict[str, Any]:
    return {
        "room_id": room.room_id,
        "session_id": room.session.session_id if room.session else "",
        "scheduled": room.scheduled,
        "admitted": room.admitted,
        "present": room.present,
        "absent": room.absent,
        "submitted": room.submitted,
        "answers_at_risk": room.answers_at_risk,
        "invigilators_present": room.invigilators_present,
    }
