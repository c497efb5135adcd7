"""What stands on the sheets, as HTML for QTextDocument. The sheets themselves are in Chinese: they
are the official forms, whatever language the console speaks."""

from html import escape
from typing import Any

from invigilator_app.actions.results import PrintedRecord, RoomRecord
from invigilator_app.board.instants import day_minute, minute
from invigilator_app.board.view import RoomBoard
from venue_server.wire.names import Role

STYLE = """
<style>
h1 { font-size: 20pt; text-align: center; margin-bottom: 4pt; }
h2 { font-size: 13pt; margin: 8pt 0 4pt 0; }
p, td, th { font-size: 11pt; }
table { border-collapse: collapse; }
.big { font-size: 30pt; font-weight: bold; }
</style>
"""
_BLANK = "无"
"""Blank fields are struck as 无 (K02)."""


UNSIGNED = PrintedRecord(draft=True)
"""A print that nobody noted."""


_ROLES: dict[str, str] = {
    Role.CHIEF: "主考",
    Role.DEPUTY: "副主考",
    Role.INVIGILATOR: "监考人员",
    Role.ROVING: "流动监考",
    Role.SYSADMIN: "系统管理员",
    Role.INSPECTOR: "巡视",
    Role.ZONE_DIRECTOR: "考区主任",
}


def record_sheet(venue_name: str, record: RoomRecord, printed: PrintedRecord = UNSIGNED) -> str:
    """考场情况记录单 with its signatures and content hash. Only the first print of what everyone
    signed is the original: others are marked 副本, unsigned ones 未签署稿 (K06)."""
    fields = table([(name, value_text(value)) for name, value in record.record.items()])
    signed = [
        f"<tr><td>{escape(_ROLES.get(each.role, each.role))}</td><td>{escape(each.name)}</td>"
        f"<td>{escape(day_minute(each.at_ms))}</td></tr>"
        for each in record.signatures
    ]
    missing = "".join(
        f"<tr><td>{escape(_ROLES.get(role, role))}</td><td>（未签名）</td><td></td></tr>"
        for role in record.required
    )
    mark = "（未签署稿）" if printed.draft else "（副本）" if printed.copy else ""
    beside = table([(name, value_text(value)) for name, value in record.beside.items()])
    ledger = (
        f"<p>台账：{printed.ledger_entries} 条，链首摘要 {escape(printed.ledger_head)}</p>"
        f"<p>打印时间：{escape(day_minute(printed.at_ms))}</p>"
        if printed.ledger_head
        else ""
    )
    return (
        f"{STYLE}<h1>考场情况记录单{mark}</h1><p align='center'>{escape(venue_name)}</p>{fields}"
        "<h2>签名</h2><table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        f"<tr><th align='left'>角色</th><th align='left'>姓名</th><th align='left'>时间</th></tr>"
        f"{''.join(signed)}{missing}</table>"
        f"<p>内容摘要（SHA-256）：{escape(record.content_hash)}</p>"
        f"{beside if record.beside else ''}{ledger}"
    )


def door_sheet(venue_name: str, board: RoomBoard) -> str:
    """The sheet at the room's door (C03): room, subject, ticket range, count, times."""
    room, session = board.room, board.room.session
    assert session is not None
    tickets = sorted(seat.ticket_no for seat in board.seats.values() if seat.ticket_no)
    rows = [
        ("考试", session.exam_title),
        ("科目", session.subject_title),
        ("准考证号", f"{tickets[0]} 至 {tickets[-1]}" if tickets else ""),
        ("应考人数", str(room.scheduled)),
        ("开考时间", day_minute(session.scheduled_start_ms)),
    ]
    if room.timing is not None:
        rows += [
            ("禁止入场时间", minute(room.timing.admission_closes_ms)),
            ("考场封闭至", minute(room.timing.closed_until_ms)),
            ("考试结束", minute(room.timing.end_ms)),
        ]
    return (
        f"{STYLE}<h1>{escape(venue_name)}</h1>"
        f"<p align='center' class='big'>{escape(room.name)}</p>"
        f"{table(rows)}<p>请凭有效身份证件和准考证入场，两证缺一不可。</p>"
    )


def value_text(value: Any) -> str:
    """One field's value as text; lists one a line; nothing is 无."""
    match value:
        case None | "" | []:
            return _BLANK
        case bool():
            return "是" if value else "否"
        case list():
            return "\n".join(value_text(each) for each in value)
        case dict():
            return "；".join(f"{name} {value_text(each)}" for name, each in value.items())
    return str(value)


def table(rows: list[tuple[str, str]]) -> str:
    """Labels and values, one pair a row; nothing is 无 (K02)."""
    body = "".join(
        f"<tr><td width='28%'><b>{escape(name)}</b></td>"
        f"<td>{escape(text or _BLANK).replace(chr(10), '<br>')}</td></tr>"
        for name, text in rows
    )
    return f"<table border='1' cellspacing='0' cellpadding='5' width='100%'>{body}</table>"
