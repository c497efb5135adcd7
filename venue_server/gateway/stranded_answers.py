"""Answers that a station brings once the wiping of their session was begun (L02, L10, L11).

Their key is gone or about to go: nothing could keep them. They stay in the station's journal, the
station's order to wipe stays open, and everybody is told until two people brought them out.
"""

from collections.abc import Sequence

from venue_server.gateway.desk_parts import DeskParts
from venue_server.sitting.rows import Sitting
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.names import SessionState

CLOSED = (SessionState.SEALED, SessionState.UPLOADED, SessionState.WIPED)


async def came_too_late(
    parts: DeskParts, machine_id: str, entries: Sequence[ResponseEntry], sitting: Sitting
) -> bool:
    """Is the wiping of their session begun? Then it is written down, durably, who has them."""
    session = parts.sittings.session(sitting.session_id)
    if session.state not in CLOSED or not entries:
        return False
    begun = await parts.station_wipes.brings_answers(
        machine_id, session.session_id, sitting.sitting_id, entries[0].seq, entries[-1].seq
    )
    if begun:
        parts.hub.venue_changed()
    return begun or session.state is SessionState.WIPED


def late_alarms(parts: DeskParts) -> list[Alarm]:
    """One alarm for all stations that are still enrolled; one that was taken off is dealt with."""
    waiting = {each.machine_id for each in parts.station_wipes.with_answers()}
    if not waiting:
        return []
    machines = parts.enrolment.machines("station")
    seats = sorted(f"{m.room_id}-{m.seat_no}" for m in machines if m.machine_id in waiting)
    return [Alarm(AlarmCode.ANSWERS_TOO_LATE, {"seats": ", ".join(seats)})] if seats else []
