"""What the room record and the close check say about the time of a room (K01, I02). Pure."""

from datetime import UTC, datetime, timedelta

from venue_server.sitting.roomtime.store import (
    OrderedExtension,
    OrderedStart,
    OrderedSuspension,
)
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.names import Role
from venue_server.wire.remarks import RemarkCode, remark

_CHINA = timedelta(hours=8)


def _clock(ms: int) -> str:
    """Chinese standard time, as on the room record."""
    return (datetime.fromtimestamp(ms / 1000, UTC) + _CHINA).strftime("%H:%M:%S")


def start_line(start: OrderedStart) -> RecordLine:
    """A room that was not ready, and when it began."""
    text = f"暂缓开考：{start.held_reason}"
    if start.effective_start_ms is not None:
        text += f"；{_clock(start.effective_start_ms)} 开考：{start.start_reason}"
    return RecordLine(RecordField.EXTENSIONS, start.held_at_ms, text)


def suspension_line(one: OrderedSuspension) -> RecordLine:
    """A time in which the room stood still."""
    text = f"{_clock(one.at_ms)} 暂停（{one.persons}）：{one.reason}"
    if one.length_ms is not None:
        text += f"；{_clock(one.at_ms + one.length_ms)} 恢复"
        text += f"（{one.resumed_by}）：{one.resume_reason}"
    return RecordLine(RecordField.INCIDENTS, one.at_ms, text)


def extension_line(one: OrderedExtension) -> RecordLine:
    """An extension, with headquarters' consent or 待确认."""
    where = "本考场" if one.room_id else "全考点"
    text = f"{where}顺延 {one.length_ms // 60_000} 分钟（{one.persons}）：{one.reason}；"
    if one.confirmed_at_ms is None:
        text += "待确认"
    else:
        text += f"批准：{one.authority} {one.approver}，文号 {one.ref_no}"
    return RecordLine(RecordField.EXTENSIONS, one.ordered_at_ms, text)


def open_extension(one: OrderedExtension) -> OpenPoint:
    """An extension that waits for headquarters' word."""
    said = remark(
        RemarkCode.EXTENSION_UNCONFIRMED,
        number=one.extension_id,
        minutes=one.length_ms // 60_000,
    )
    return OpenPoint("I02", said, [Role.CHIEF], one.room_id, blocks_sealing=True)
