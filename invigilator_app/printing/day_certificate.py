"""每日数据备份证明: one page for each exam day, to be dated and signed (L05, J6 §8).

A page says what was done with the answers of that day's sessions, every verified copy with medium,
serial, digest and the instant it was read back, what the media are like now, and what is still
lacking. It is of the day on which the sessions began, however long after midnight it is printed.
"""

from collections.abc import Sequence
from html import escape

from invigilator_app.actions.results import CloseCheck, CountRow
from invigilator_app.board.instants import day_minute
from invigilator_app.printing.lists import SIGN, table_of
from invigilator_app.printing.sheets import STYLE
from venue_server.wire.backup_orders import (
    BackupLabel,
    BackupMedium,
    Backups,
    BackupSession,
    days_to_certify,
)
from venue_server.wire.names import DataState

_SESSION_HEADS = ("场次", "科目", "应考", "实考", "作答数据份数", "校验备份")
_COPY_HEADS = ("场次", "份", "介质", "序列号", "文件", "字节", "SHA-256", "读回校验时间")
_MEDIUM_HEADS = ("位置", "编号", "现状", "校验过的备份")
_LACKING = "注意：本日尚有场次未取得规定份数的校验备份，不得密封。"


def day_certificate(
    venue_name: str,
    rows: Sequence[CountRow],
    check: CloseCheck,
    at_ms: int,
    backups: Backups,
) -> str:
    """A page for every exam day until now, the newest first."""
    days = days_to_certify(backups.sessions, at_ms)
    pages = [
        _head(first=day == days[0]) + _page(venue_name, day, rows, check, at_ms, backups)
        for day in days
    ]
    return STYLE + "".join(pages)


def _head(first: bool) -> str:
    style = "" if first else " style='page-break-before: always'"
    return f"<h1{style}>每日数据备份证明</h1>"


def _page(
    venue_name: str,
    day: str,
    rows: Sequence[CountRow],
    check: CloseCheck,
    at_ms: int,
    backups: Backups,
) -> str:
    sessions = [each for each in backups.sessions if each.day == day]
    names = {each.session_id for each in sessions}
    counts = {row.session_id: row for row in rows if row.session_id and not row.room_id}
    held = [_session(each, counts.get(each.session_id), backups.required) for each in sessions]
    copies = [_copy(each) for each in backups.labels if each.session_id in names]
    lacking = any(_lacks(each, backups.required) for each in sessions)
    of_day = [each for each in check.sections if each.title in names]
    points = [
        (section.title, _chinese(name), _chinese(value))
        for section in of_day
        for name, value, _verdict in section.rows
    ]
    closed = all(verdict == "ok" for section in of_day for *_, verdict in section.rows)
    return (
        f"<p align='center'>{escape(venue_name)}</p>"
        f"<p align='center'><b>考试日期：{escape(day)}</b></p>"
        f"{table_of(_SESSION_HEADS, held)}"
        f"{f'<p><b>{_LACKING}</b></p>' if lacking else ''}"
        f"<h2>备份介质</h2>{table_of(_COPY_HEADS, copies)}"
        f"<h2>介质现状</h2>{table_of(_MEDIUM_HEADS, [_medium(each) for each in backups.media])}"
        f"<h2>收尾检查：{'全部办结' if closed else '尚有未办结事项'}</h2>"
        f"{table_of(('场次', '检查项', '结论'), points)}"
        f"<p>台账：{check.ledger.entries} 条，链首摘要 {escape(check.ledger.head)}</p>"
        f"<p>打印时间：{day_minute(at_ms)}</p>"
        f"<p>系统管理员{SIGN}</p><p>主考{SIGN}</p>"
    )


def _lacks(session: BackupSession, required: int) -> bool:
    wiped = session.data_state is DataState.WIPED
    return not wiped and session.counted < required


def _session(session: BackupSession, count: CountRow | None, required: int) -> tuple[str, ...]:
    counts = (count.scheduled, count.present, count.submitted) if count else ("—", "—", "—")
    collecting = session.data_state is DataState.COLLECTING
    verdict = "不足" if _lacks(session, required) else "足够"
    said = "尚未收齐" if collecting else f"{session.counted} / {required} 份，{verdict}"
    return (session.session_id, session.subject_title, *map(str, counts), said)


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


def _medium(medium: BackupMedium) -> tuple[str, ...]:
    state = f"不可用：{_chinese(medium.problem)}" if medium.problem else "在位"
    return (medium.target, medium.medium_id[:8] or "—", state, str(medium.copies))


def _chinese(text: str) -> str:
    """The Chinese half of a text that the server says in both languages."""
    return text.partition(" / ")[0]
