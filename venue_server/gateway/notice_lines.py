"""What a room's record says of headquarters' correction notices (K01, F14)."""

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.notice_desk import NoticeDesk
from venue_server.release.notices.service import notice_in
from venue_server.release.notices.store import KeptNotice
from venue_server.sitting.rows import Sitting
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.names import SittingState

_HAD_IT = frozenset({SittingState.IN_PROGRESS, SittingState.SUBMITTED, SittingState.EXITED})


class NoticeRecords:
    """A line for each published notice that concerned the room; never its text (O02)."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._desk = NoticeDesk(parts)

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """The lines of one room, in the order of the notices."""
        had_it = [
            each
            for each in self._parts.sittings.sittings(session_id)
            if each.room_id == room_id and each.state in _HAD_IT
        ]
        published = [each for each in self._parts.notices.all() if each.published_at_ms]
        lines = (self._line(kept, had_it) for kept in published)
        return [line for line in lines if line is not None]

    def _line(self, kept: KeptNotice, had_it: list[Sitting]) -> RecordLine | None:
        sealed = notice_in(kept).sealed
        mine = [
            each
            for each in had_it
            if (form := self._desk.form_of(each)) is not None
            and form.paper_id == kept.paper_id
            and form.form_id in sealed
        ]
        if not mine:
            return None
        has_read = self._parts.notices.has_read
        read = sum(has_read(each.sitting_id, kept.paper_id, kept.sequence) for each in mine)
        text = f"总部更正通知第 {kept.sequence} 号已发布，应读 {len(mine)} 人，已确认 {read} 人"
        return RecordLine(RecordField.INCIDENTS, kept.published_at_ms, text)
