"""What people have to do with the room record, in the sheet's language (Chinese). Pure."""

from collections.abc import Iterable, Mapping

from venue_server.staff.duty.names import AssignedBy
from venue_server.staff.duty.rows import Assignment
from venue_server.staff.person import NO_ROOM
from venue_server.wire.day_records import RecordField, RecordLine


def assignment_lines(
    assignments: Iterable[Assignment], names: Mapping[str, str], room_id: str
) -> list[RecordLine]:
    """Who was put into the room, or out of it, against the draw (F21)."""
    place: dict[str, str] = {}
    lines = []
    for each in assignments:
        before = place.get(each.person_id, NO_ROOM)
        place[each.person_id] = each.room_id
        if each.way is not AssignedBy.OVERRIDE or room_id not in (before, each.room_id):
            continue
        what = "到本考场监考" if each.room_id == room_id else "离开本考场"
        who = names.get(each.person_id, each.person_id)
        text = f"监考人员{who}{what}：{each.reason}（{each.persons}）"
        lines.append(RecordLine(RecordField.INCIDENTS, each.assigned_at_ms, text))
    return lines


def staffing_lines(rows: Iterable[tuple[str, int, int]], room_id: str) -> list[RecordLine]:
    """When fewer than two were there, and when enough were again (A04). ``rows``: (room,
    invigilators, since)."""
    return [
        RecordLine(RecordField.INCIDENTS, at_ms, f"在场监考人员{count}名")
        for room, count, at_ms in rows
        if room == room_id
    ]
