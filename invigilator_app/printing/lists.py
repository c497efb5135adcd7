"""Lists and labels of a room, counts and the day's certificate, as HTML for QTextDocument.

Like the sheets these are official forms, in Chinese whatever language the console speaks. Nobody's
identity number stands on any of them (O08).
"""

from collections.abc import Sequence
from html import escape

from invigilator_app.actions.results import CloseCheck, CountRow
from invigilator_app.board.instants import day_minute
from invigilator_app.board.view import RoomBoard
from invigilator_app.printing.sheets import STYLE
from venue_server.wire.backup_orders import BackupLabel
from venue_server.wire.console_views import SeatView
from venue_server.wire.names import SittingState

_LABELS_A_ROW = 2
_SEATS_A_ROW = 4
_SIGN = "签名：＿＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿"


def seat_labels(venue_name: str, board: RoomBoard) -> str:
    """One label a seat: number, name, ticket number. Cut out and put on the desks."""
    cells = [
        f"<p class='big' align='center'>{escape(seat.seat_no)}</p>"
        f"<p align='center'><b>{escape(seat.name)}</b><br>{escape(seat.ticket_no)}</p>"
        f"<p align='center'>{escape(venue_name)}　{escape(board.room.name)}</p>"
        for seat in _taken(board)
    ]
    return f"{STYLE}{_grid(cells, _LABELS_A_ROW)}"


def seating_sheet(venue_name: str, board: RoomBoard) -> str:
    """监考座次表: every seat with name, ticket, a place for the photo and one to sign."""
    cells = [
        f"<p><b>{escape(seat.seat_no)}</b>　{escape(seat.name)}<br>{escape(seat.ticket_no)}</p>"
        "<p align='center'><br><br>（照片）<br><br></p><p>签名：</p>"
        for seat in _taken(board)
    ]
    head = f"<p align='center'>{escape(venue_name)}　{escape(board.room.name)}{_subject(board)}</p>"
    return f"{STYLE}<h1>监考座次表</h1>{head}{_grid(cells, _SEATS_A_ROW)}"


def absent_list(venue_name: str, board: RoomBoard) -> str:
    """缺考名单: everyone the server marked absent, and the counts they belong to (K04)."""
    rows = [
        (seat.seat_no, seat.name, seat.ticket_no)
        for seat in _taken(board)
        if seat.state is SittingState.ABSENT
    ]
    room = board.room
    counts = f"应考 {room.scheduled}　实考 {room.present}　缺考 {room.absent}"
    return (
        f"{STYLE}<h1>缺考名单</h1>"
        f"<p align='center'>{escape(venue_name)}　{escape(room.name)}{_subject(board)}</p>"
        f"<p>{counts}</p>{_table(('机位号', '姓名', '准考证号'), rows)}<p>监考人员{_SIGN}</p>"
    )


def statistics_sheet(venue_name: str, rows: Sequence[CountRow], at_ms: int) -> str:
    """考务情况统计: rooms, sessions, subjects, the venue (K03)."""
    heads = ("范围", "应考", "实考", "缺考", "违纪", "异常")
    body = [
        tuple(map(str, (_scope(r), r.scheduled, r.present, r.absent, r.violations, r.anomalies)))
        for r in rows
    ]
    return (
        f"{STYLE}<h1>考务情况统计</h1><p align='center'>{escape(venue_name)}</p>"
        f"{_table(heads, body)}<p>打印时间：{day_minute(at_ms)}</p><p>主考{_SIGN}</p>"
    )


def day_certificate(
    venue_name: str,
    rows: Sequence[CountRow],
    check: CloseCheck,
    at_ms: int,
    copies: Sequence[BackupLabel] = (),
) -> str:
    """每日数据备份证明: what was done with the day's answers, and every verified copy with medium,
    serial, digest and the instant it was read back; dated, to be signed (L05)."""
    points = [
        (section.title, _chinese(name), _chinese(value))
        for section in check.sections
        for name, value, _verdict in section.rows
    ]
    totals = [
        (r.session_id, str(r.scheduled), str(r.present), str(r.submitted))
        for r in rows
        if r.session_id and not r.room_id
    ]
    return (
        f"{STYLE}<h1>每日数据备份证明</h1><p align='center'>{escape(venue_name)}</p>"
        f"{_table(('场次', '应考', '实考', '作答数据份数'), totals)}"
        f"<h2>备份介质</h2>{_table(_COPY_HEADS, [_copy(each) for each in copies])}"
        f"<h2>收尾检查：{'全部办结' if check.closed else '尚有未办结事项'}</h2>"
        f"{_table(('场次', '检查项', '结论'), points)}"
        f"<p>台账：{check.ledger.entries} 条，链首摘要 {escape(check.ledger.head)}</p>"
        f"<p>打印时间：{day_minute(at_ms)}</p>"
        f"<p>系统管理员{_SIGN}</p><p>主考{_SIGN}</p>"
    )


_COPY_HEADS = ("场次", "份", "介质", "序列号", "文件", "字节", "SHA-256", "读回校验时间")


def _copy(copy: BackupLabel) -> tuple[str, ...]:
    return (
        copy.session_id,
        f"{copy.number}/{copy.total}",
        f"{copy.target} {copy.medium_id[:8]}".strip(),
        copy.serial or "—",
        copy.file,
        str(copy.size),
        copy.digest,
        day_minute(copy.verified_at_ms),
    )


def _taken(board: RoomBoard) -> list[SeatView]:
    return [seat for seat in board.seats.values() if seat.ticket_no]


def _subject(board: RoomBoard) -> str:
    session = board.room.session
    return f"　{escape(session.subject_title)}" if session else ""


def _scope(row: CountRow) -> str:
    if row.room_id:
        return f"{row.session_id} {row.room_id}考场"
    if row.session_id:
        return f"{row.session_id} 场次合计"
    return f"科目 {row.subject}" if row.subject else "考点合计"


def _chinese(text: str) -> str:
    """The Chinese half of a text that the server says in both languages."""
    return text.partition(" / ")[0]


def _grid(cells: Sequence[str], width: int) -> str:
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    body = "".join(
        "<tr>" + "".join(f"<td width='{100 // width}%'>{cell}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table border='1' cellspacing='0' cellpadding='6' width='100%'>{body}</table>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th align='left'>{escape(head)}</th>" for head in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    nothing = "" if rows else f"<tr><td colspan='{len(heads)}'>无</td></tr>"
    table = "<table border='1' cellspacing='0' cellpadding='4' width='100%'>"
    return f"{table}<tr>{top}</tr>{body}{nothing}</table>"
