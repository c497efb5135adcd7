"""The record page's points and written fields, the noted print, the close check (K06-K07, N05)."""

from pathlib import Path

import msgspec
from PySide6.QtWidgets import QFileDialog

from invigilator_app.actions.results import PrintedRecord, RoomRecord
from invigilator_app.printing.sheets import record_sheet
from invigilator_app.screens.points_card import WriteDialog
from tests.screens.console.hands import dialog, press
from venue_server.wire.console_orders import GetRoomRecord
from venue_server.wire.console_views import Done
from venue_server.wire.names import DataState, PackageState, SessionState
from venue_server.wire.record_orders import (
    AnswerRecordPoint,
    EditRoomRecord,
    GetCloseCheck,
    PrintRoomRecord,
    WrittenField,
)
from venue_server.wire.remarks import RemarkCode, remark

ABOUT = msgspec.to_builtins(
    [
        remark(RemarkCode.NOT_LOGGED_IN, ticket="3601"),
        remark(RemarkCode.ZERO_ANSWERED, ticket="3602"),
    ]
)
POINTS = [
    {"point": name, "about": about, "answered": False}
    for name, about in zip(("a", "b"), ABOUT, strict=True)
]
RECORD = {
    "record": {"考场": "第1考场", "应考": 2, "备注": "空调故障"},
    "content_hash": "9f" * 32,
    "required": ["CHIEF"],
    "points": POINTS,
    "written": {"备注": "空调故障"},
}
LOOKED = {**RECORD, "points": [{**each, "answered": True, "name": "主考"} for each in POINTS]}


def opened(start, qtbot, make, replies):
    """The record page with the record read; ``replies`` by the kind of order."""
    venue = make.venue(
        session_state=SessionState.ENDED,
        package_state=PackageState.ENDED,
        data_state=DataState.BACKED_UP,
    )
    rooms = [make.room(1, session_state=SessionState.ENDED, present=37, absent=2)]
    line = make.FakeLine(
        now=make.START + 95 * make.MINUTE,
        first=make.board(venue, rooms, {"r1": make.mixed_seats(1)}),
    )
    line.replies |= {GetRoomRecord: lambda _order: Done(0, RECORD), **replies}
    console = start(line)
    console.sign_in("zhukao")
    page = console.window.duty.record
    console.window.duty.open_page(page)
    press(qtbot, page.load)
    console.until(lambda: page.record is not None)
    return console, page


def test_k07_every_open_point_is_selected_and_looked_at_with_one_remark(start, qtbot, make) -> None:
    console, page = opened(start, qtbot, make, {AnswerRecordPoint: lambda _order: Done(0, LOOKED)})
    card = page.points
    assert not card.look.isEnabled(), "nothing chosen, nothing looked at"
    assert card.table.item(0, 0).text() == "△ 待核查"
    press(qtbot, card.all)
    card.remark.setText("已电话核实")
    press(qtbot, card.look)
    console.until(lambda: card.table.item(1, 0).text() == "✓ 已核查")
    assert AnswerRecordPoint(0, "r1", ["a", "b"], "已电话核实") in console.line.orders


def test_n05_a_field_is_changed_with_what_stood_there_and_why(start, qtbot, make) -> None:
    console, page = opened(start, qtbot, make, {EditRoomRecord: lambda _order: Done(0, RECORD)})
    press(qtbot, page.points.write[WrittenField.REMARKS])
    asked = dialog(console, WriteDialog)
    assert asked.text.toPlainText() == "空调故障"
    assert not asked.yes.isEnabled(), "nothing changed"
    asked.text.setPlainText("空调故障，已报修")
    assert not asked.yes.isEnabled(), "no reason given"
    asked.reason.setText("补充")
    press(qtbot, asked.yes)
    order = EditRoomRecord(0, "r1", WrittenField.REMARKS, "空调故障", "空调故障，已报修", "补充")
    console.until(lambda: order in console.line.orders)


def test_k06_the_server_notes_a_print_before_there_is_one(
    start, qtbot, make, tmp_path: Path
) -> None:
    result = {"copy": True, "draft": False, "at_ms": make.START, "ledger_head": "ab" * 32}
    console, page = opened(start, qtbot, make, {PrintRoomRecord: lambda _order: Done(0, result)})
    press(qtbot, page.print_record)
    console.until(lambda: any(each.isVisible() for each in page.findChildren(QFileDialog)))
    assert PrintRoomRecord(0, "r1", "9f" * 32) in console.line.orders
    file = tmp_path / "record.pdf"
    page.findChildren(QFileDialog)[0].fileSelected.emit(str(file))
    console.until(file.exists)


def test_k06_a_sheet_says_whether_it_is_a_copy_or_a_draft() -> None:
    record = msgspec.convert(RECORD, RoomRecord)
    assert "（未签署稿）" in record_sheet("考点", record)
    copy = record_sheet("考点", record, PrintedRecord(copy=True, ledger_head="ab" * 32))
    assert "（副本）" in copy and "ab" * 32 in copy
    assert "（" not in record_sheet("考点", record, PrintedRecord()).split("</h1>")[0]


def test_the_close_check_says_what_is_open_and_who_must_act(start, qtbot, make) -> None:
    rows = [
        ["1 结果 / 1 outcomes", "已办结 / closed", "ok"],
        ["8 密钥 / 8 keys", "未清除 / not wiped", "bad"],
    ]
    result = {
        "closed": False,
        "sections": [{"title": "s1", "rows": rows}],
        "next": ["系统管理员：未清除 / administrator: not wiped"],
    }
    console, _page = opened(start, qtbot, make, {GetCloseCheck: lambda _order: Done(0, result)})
    admin = console.window.duty.admin
    console.window.duty.open_page(admin)
    admin.tabs.setCurrentWidget(admin.close_check)
    tab = admin.close_check
    console.until(lambda: tab.table.rowCount() == 2)
    assert (tab.table.item(0, 2).text(), tab.table.item(1, 2).text()) == ("✓ 已办结", "✕ 未办结")
    assert "系统管理员：未清除" in tab.next.text()
