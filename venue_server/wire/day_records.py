"""What the parts of a day tell its records: lines of the room record, and what is still open.

Every part (admission, time, swaps, incidents …) keeps its own rows and tells them here as values;
the room record (K01-K07) and the close check gather them without knowing who told them.
"""

from enum import StrEnum

from venue_server.wire.frames import Part
from venue_server.wire.names import Role
from venue_server.wire.remarks import Remark


class RecordField(StrEnum):
    """A list field of the 考场情况记录单, by its label on the sheet."""

    DOUBTS = "证件存疑及处理"
    SWAPS = "换机"
    ADJUSTMENTS = "补时"
    EXTENSIONS = "顺延"
    BREAKS = "暂离"
    VIOLATIONS = "违纪违规"
    EQUIPMENT = "系统、设备异常"
    REOPENED = "误操作交卷处理"
    EXITS = "特殊离场"
    ITEMS = "暂扣物品"
    VISITORS = "进入考场的其他人员"
    INCIDENTS = "突发事件及处理"


class RecordLine(Part, frozen=True):
    """One line of a room's record: where on the sheet, when (exam time, ms), and what it says, in
    the sheet's language (Chinese). A line about a candidate names their ticket number."""

    field: RecordField
    at_ms: int
    text: str
    grave: bool = False  # a serious violation or a major anomaly: kept longer (M02)
    violator: str = ""  # whose violation, while the record of it stands: a ticket number (K03, V08)


class OpenPoint(Part, frozen=True):
    """Something that must be closed before the day is, and who must act (TIMELINE's close check).

    ``rule`` cites the requirement; an empty ``room_id`` means the venue. What ``blocks_sealing``
    also keeps the session's answers from being sealed (K01, I02).
    """

    rule: str
    remark: Remark
    who: list[Role]
    room_id: str = ""
    blocks_sealing: bool = False


FORMED, CHECKED, USED, STORED = "形成", "核查", "使用", "存储"
"""The four stages of a data set's life (N04)."""
