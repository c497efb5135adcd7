"""Answers that a station took in 补时 which had been taken back before it heard of it (I07).

They are accepted, for the candidate rightly went by the end on the screen; the ledger and the
room's record say how many there are, so that whoever judges the answers can tell.
"""Answers that a station brings once the wiping of their session was begun (L02, L10, L11).

Their key is gone or about to go: nothing could keep them. They stay in the station's journal, the
station's order to wipe stays open, and everybody is told until two people brought them out.
"""

from collections.abc import Sequence

from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Sitting
from venue_server.wire.chain import ResponseEntry


async def note_late(
    parts: DeskParts, sitting: Sitting, entries: Sequence[ResponseEntry], known: int, durable: int
) -> None:
    """Note what of a batch became durable now (``known`` was before) and lies after the end."""
    new = [each for each in entries if known < each.seq <= durable]
    late = _after_the_end(parts, sitting, new)
    if late:
        await parts.ledger.note(
            Event.ANSWERED_IN_REVOKED_TIME,
            sitting.machine_id,
            sitting=sitting.sitting_id,
            room=sitting.room_id,
            count=len(late),
            seq=late[-1].seq,
        )


def late_answers(
    parts: DeskParts, session_id: str, room_id: str
) -> list[tuple[Sitting, list[ResponseEntry]]]:
    """Each sitting of a room that has such answers, with them."""
    sittings = [
        each
        for each in parts.sittings.sittings(session_id)
        if each.room_id == room_id and parts.sittings.revoked_s(each.sitting_id)
    ]
    found = [
        (each, _after_the_end(parts, each, parts.responses.entries(session_id, each.sitting_id)))
        for each in sittings
    ]
    return [(sitting, late) for sitting, late in found if late]


def _after_the_end(
    parts: DeskParts, sitting: Sitting, entries: Sequence[ResponseEntry]
) -> list[ResponseEntry]:
    end_ms = parts.sittings.times_of(sitting).end_ms
    return [each for each in entries if each.at_ms > end_ms and each.kind != "submit"]
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
from venue_server.wire.alarms import Alarm, AlarmCode
