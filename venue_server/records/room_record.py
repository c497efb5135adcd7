"""考场情况记录单 (K01-K03): its fields from facts, its content hash, what does not add up. Pure.

The signed content holds what is true of the sitting itself. What comes after signing (backup
media, upload receipt, the ledger's head) is printed beside it and is not part of the content, so
that it cannot void a signature.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from venue_server.records.points import PointAnswer, RecordPoint
from venue_server.records.statistics import of_sittings
from venue_server.sitting.plan import Plan
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.messages import PaperSeal
from venue_server.wire.names import Role, SittingState
from venue_server.wire.record_orders import WrittenField
from venue_server.wire.remarks import Remark, RemarkCode, remark

RECORD_TYPE = "kaodian.room-record"
RECORD_VERSION = "1.0"
NONE = "无"
"""Blank fields are struck (K02)."""

REQUIRED = (Role.INVIGILATOR, Role.INVIGILATOR, Role.CHIEF)
"""Signatures without which a record is not complete (K01), by different people."""

UNHELD = (Role.CHIEF,)
"""The same where there was nothing to invigilate: what J3 §12 itself asks for."""

_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Note:
    """Something the ledger tells about a ticket of this room, at an instant of exam time."""

    at_ms: int
    ticket_no: str

    def __str__(self) -> str:
        return f"{self.ticket_no} {_clock(self.at_ms)}"


@dataclass(frozen=True)
class PapersOfRecord:
    """The papers of one room: ``used`` by its candidates, ``sealed`` to the end (reserves, replaced
    forms), and what the record says of reserves approved for it (D10)."""

    used: Sequence[PaperSeal] = ()
    sealed: Sequence[PaperSeal] = ()
    approvals: Sequence[str] = ()


@dataclass(frozen=True)
class RoomFacts:
    """All a record is made from. ``sittings`` are this room's; ``lines`` are what the parts of the
    day tell of it; ``points`` are what people must look at (K07); ``written`` are its written
    fields."""

    plan: Plan
    session: Session
    room_id: str
    sittings: Sequence[Sitting]
    papers: PapersOfRecord
    late: Sequence[Note] = ()
    doubts: Sequence[Note] = ()
    logged_in_again: Sequence[Note] = ()
    lines: Sequence[RecordLine] = ()
    points: Sequence[RecordPoint] = ()
    written: Mapping[WrittenField, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordContent:
    """What is signed: labels to values in the order of the sheet, and its hash."""

    content: dict[str, Any]
    content_hash: str
    problems: list[Remark]
    points: list[RecordPoint] = field(default_factory=list)
    written: Mapping[WrittenField, str] = field(default_factory=dict)
    required: Sequence[Role] = REQUIRED

    @property
    def unanswered(self) -> list[Remark]:
        """Points nobody looked at yet (K07)."""
        return [each.about for each in self.points if each.answer is None]

    @property
    def fields(self) -> dict[str, Any]:
        """Labels to values."""
        fields: dict[str, Any] = self.content["record"]
        return fields


def room_record(facts: RoomFacts) -> RecordContent:
    """The record of one room as it stands now."""
    content = {
        "type": RECORD_TYPE,
        "version": RECORD_VERSION,
        "plan_id": facts.plan.plan_id,
        "session_id": facts.session.session_id,
        "room_id": facts.room_id,
        "record": _struck(_fields(facts)),
    }
    return RecordContent(
        content,
        sha256_hex(canonical(content)),
        problems(facts),
        list(facts.points),
        facts.written,
        required_signatures(facts.sittings),
    )


def problems(facts: RoomFacts) -> list[Remark]:
    """What K02 and K03 want and the facts do not give; empty when the record may be signed."""
    numbers = of_sittings(facts.room_id, facts.sittings)
    found = []
    if not numbers.whole:
        found.append(
            remark(
                RemarkCode.COUNTS_DIFFER,
                scheduled=numbers.scheduled,
                present=numbers.present,
                absent=numbers.absent,
            )
        )
    if numbers.submitted != numbers.present:
        found.append(
            remark(
                RemarkCode.HAND_INS_MISSING,
                present=numbers.present,
                submitted=numbers.submitted,
            )
        )
    return found


def required_signatures(sittings: Sequence[Sitting]) -> Sequence[Role]:
    """Whose signatures a room's record needs (K01). Of a session that headquarters stopped before
    it began (I03), in a room that nobody was let into, no invigilator saw anything to sign for, and
    perhaps none was ever there: the chief's."""
    nothing = all(
        one.state is SittingState.NOT_HELD and one.admitted_at_ms is None for one in sittings
    )
    return UNHELD if sittings and nothing else REQUIRED


def missing_signatures(signed: Sequence[Role], required: Sequence[Role] = REQUIRED) -> list[Role]:
    """Which of the required signatures are still missing (K01)."""
    left = list(signed)
    missing = []
    for role in required:
        if role in left:
            left.remove(role)
        else:
            missing.append(role)
    return missing


def answers_digest(sittings: Sequence[Sitting]) -> str:
    """One hash over every hand-in receipt of a room: SHA-256 of the RFC 8785 array of
    [sitting_id, final_seq, final_head], by sitting id; empty when nobody handed in."""
    ends = sorted(
        [one.sitting_id, one.final_seq, one.final_head]
        for one in sittings
        if one.submitted_at_ms is not None
    )
    return sha256_hex(canonical(ends)) if ends else ""


def beside(copies: Sequence[str], receipt: str) -> dict[str, Any]:
    """Fields of the sheet that come after the signatures and so cannot be part of them."""
    return _struck({"备份介质编号": list(copies), "上传回执号": receipt})


def _fields(facts: RoomFacts) -> dict[str, Any]:
    """REQUIREMENTS §K, in its order. Empty: nothing happened, or not kept by this version."""
    plan, session, planned = facts.plan, facts.session, facts.session.planned
    numbers = of_sittings(facts.room_id, facts.sittings)
    room_names = {room.room_id: room.name for room in plan.rooms}
    times = session.times_in(facts.room_id)
    begun = session.start_in(facts.room_id) is not None
    planned_end = planned.start_ms + planned.duration_s * 1000
    absent = [one for one in facts.sittings if one.absent]
    return {
        "考试名称": plan.exam_title,
        "科目": f"{planned.subject_code} {planned.subject_title}",
        "考点": plan.venue_name,
        "考场": f"{facts.room_id} {room_names.get(facts.room_id, '')}".strip(),
        "日期": _day(planned.start_ms),
        "规定起止": _span(planned.start_ms, planned_end),
        "实际起止": _span(times.effective_start_ms, times.end_ms) if begun else "",
        "考场封闭截止": "" if session.is_held(facts.room_id) else _clock(times.closed_until_ms),
        "应考": numbers.scheduled,
        "实考": numbers.present,
        "缺考": numbers.absent,
        **({"未开考": numbers.not_held} if numbers.not_held else {}),
        "缺考准考证号": [_absence(one) for one in absent],
        "迟到拒入": [str(note) for note in facts.late],
        "证件存疑及处理": _told(facts, RecordField.DOUBTS, _doubts(facts)),
        "换机": _told(facts, RecordField.SWAPS),
        "补时": _told(facts, RecordField.ADJUSTMENTS),
        "顺延": _told(facts, RecordField.EXTENSIONS),
        "暂离": _told(facts, RecordField.BREAKS),
        "误操作交卷处理": _told(facts, RecordField.REOPENED),
        "特殊离场": _told(facts, RecordField.EXITS),
        "违纪违规": _told(facts, RecordField.VIOLATIONS),
        "暂扣物品": _told(facts, RecordField.ITEMS),
        "进入考场的其他人员": _told(facts, RecordField.VISITORS),
        "突发事件及处理": _told(facts, RecordField.INCIDENTS),
        "系统、设备异常": _told(facts, RecordField.EQUIPMENT, _again(facts)),
        "试卷包号与封存校验码": "；".join(map(_seal, facts.papers.used)),
        "封签当众展示": "两名监考人员展示，应试人员见证" if _witnessed(facts) else "",
        "备用卷": [
            *facts.papers.approvals,
            *(f"{_seal(seal)} 未启封" for seal in facts.papers.sealed),
        ],
        "作答数据份数": numbers.submitted,
        "作答数据校验码": answers_digest(facts.sittings),
        "核查事项": [_looked(each.about, said) for each in facts.points if (said := each.answer)],
        **{each.value: facts.written.get(each, "") for each in WrittenField},
    }


def _told(facts: RoomFacts, about: RecordField, own: Sequence[tuple[int, str]] = ()) -> list[str]:
    """What the parts of the day and the ledger tell for one field, in the order of time."""
    lines = [
        (line.at_ms, f"{_clock(line.at_ms)} {line.text}")
        for line in facts.lines
        if line.field is about
    ]
    return [text for _at_ms, text in sorted([*own, *lines])]


def _looked(about: Remark, said: PointAnswer) -> str:
    """The point, the remark or 已核查, and who looked."""
    return f"{about.text('zh')}：{said.remark or '已核查'}（{said.name}）"


def _doubts(facts: RoomFacts) -> list[tuple[int, str]]:
    return [(note.at_ms, f"{note} {_cleared(note, facts.sittings)}") for note in facts.doubts]


def _again(facts: RoomFacts) -> list[tuple[int, str]]:
    return [(note.at_ms, f"{note} 重新登录") for note in facts.logged_in_again]


def _struck(fields: dict[str, Any]) -> dict[str, Any]:
    return {label: NONE if value in ("", []) else value for label, value in fields.items()}


def _absence(sitting: Sitting) -> str:
    if sitting.logged_in_at_ms is not None:
        return f"{sitting.ticket_no}（已登录未打开试卷）"
    if sitting.admitted_at_ms is not None:
        return f"{sitting.ticket_no}（已入场未登录）"
    return sitting.ticket_no


def _cleared(doubt: Note, sittings: Sequence[Sitting]) -> str:
    admitted = {one.ticket_no for one in sittings if one.admitted_at_ms is not None}
    return "后经查验一致，准予入场" if doubt.ticket_no in admitted else "未准入场"


def _witnessed(facts: RoomFacts) -> bool:
    return facts.room_id in facts.session.witnessed_rooms


def _seal(paper: PaperSeal) -> str:
    mark = f" ■ {paper.classification}" if paper.classification else ""  # D12
    return f"{paper.paper_id}/{paper.form_id} {paper.short_digest}{mark}"


def _local(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_CHINA)


def _day(at_ms: int) -> str:
    return _local(at_ms).strftime("%Y-%m-%d")


def _clock(at_ms: int) -> str:
    return _local(at_ms).strftime("%H:%M:%S")


def _span(start_ms: int, end_ms: int) -> str:
    return f"{_clock(start_ms)}—{_clock(end_ms)}"
