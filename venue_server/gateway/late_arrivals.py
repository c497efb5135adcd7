"""Answers that were given in time and came late: accepted, and marked (H08, F4, L02).

A station that was cut off goes on by itself, and what it took within the candidate's own time
counts whenever it comes. The ledger and the room's record say which answers came how long after the
end, so that whoever judges them can tell. What comes after people handed in for a silent station is
kept aside as a branch of the sitting: the rule appends it, or two people decide. After the sealing
it waits for a later version of the bundle, and nothing is wiped before.
"""

from collections.abc import Sequence
from typing import Any

from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.records.store import told
from venue_server.sitting.rows import Sitting
from venue_server.sitting.states import CLOSED_SITTINGS
from venue_server.storage.engine import Store
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.names import SittingState

LATE_REAL_MS = 60_000
"""So long after the end the last answers of any room have come when nothing is wrong."""


def came_after_hand_in(parts: DeskParts, sitting: Sitting, machine_id: str) -> bool:
    """Does a machine bring answers to its own sitting, which was handed in without them? Not when
    two people ended it (V05): then what had come by then is the bundle, by their order."""
    closed = sitting.state in CLOSED_SITTINGS and sitting.state is not SittingState.TERMINATED
    return closed and sitting.machine_id == machine_id != ""


async def note_arrival(
    parts: DeskParts, sitting: Sitting, entries: Sequence[ResponseEntry], known: int, durable: int
) -> None:
    """Note what of a batch became durable now (``known`` was before) and came late."""
    new = [each for each in entries if known < each.seq <= durable]
    after_ms = parts.clock.now_ms() - parts.sittings.times_of(sitting).end_ms
    if not new or after_ms < LATE_REAL_MS * parts.clock.rate:
        return
    await parts.ledger.note(
        Event.ANSWERS_CAME_LATE,
        sitting.machine_id,
        session=sitting.session_id,
        room=sitting.room_id,
        sitting=sitting.sitting_id,
        seat=sitting.seat_no,
        from_seq=new[0].seq,
        to_seq=new[-1].seq,
        given_until_ms=new[-1].at_ms,
        minutes=int(after_ms // 60_000),
    )


class LateArrivals:
    """Source for ``DaySources``; reads the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """One line a sitting, however many batches its tail came in."""
        found: dict[str, list[dict[str, Any]]] = {}
        for entry in self._store.read(
            lambda tx: list(told(tx, session_id, room_id, Event.ANSWERS_CAME_LATE))
        ):
            found.setdefault(entry["data"]["sitting"], []).append(entry)
        return [_line(entries) for entries in found.values()]


def _line(entries: Sequence[dict[str, Any]]) -> RecordLine:
    first, last = entries[0]["data"], entries[-1]["data"]
    text = (
        f"机位 {last['seat']} 作答迟到：第 {first['from_seq']} 至 {last['to_seq']} 条"
        f"在作答时间内作出，结束 {last['minutes']} 分钟后送达服务器，已接收"
    )
    return RecordLine(RecordField.EQUIPMENT, entries[0]["at_ms"], text)
