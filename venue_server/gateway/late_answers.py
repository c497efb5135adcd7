"""Answers that a station took in 补时 which had been taken back before it heard of it (I07).

They are accepted, for the candidate rightly went by the end on the screen; the ledger and the
room's record say how many there are, so that whoever judges the answers can tell.
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
