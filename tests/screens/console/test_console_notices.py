"""更正通知 on the console: published by two, readers counted, no text of it anywhere (F14, O02)."""

import os
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from invigilator_app.screens.second_dialog import SecondDialog
from venue_server.wire.console_views import Done
from venue_server.wire.notice_orders import (
    GetNotices,
    NoticeState,
    NoticeView,
    PublishNotice,
    RoomReads,
)
from venue_server.wire.session_orders import (
    ArrivedOrderView,
    GetSessionOrders,
    ImportSessionOrder,
    OrderKind,
    TakeSessionOrder,
)


def view(at: int, **changes: object) -> NoticeView:
    fields: dict[str, object] = {
        "paper_id": "P2026",
        "sequence": 1,
        "forms": ["A", "B"],
        "state": NoticeState.HELD,
        "issued_at_ms": at,
        "valid_from_ms": at,
        "imported_at_ms": at,
    }
    return NoticeView(**(fields | changes))  # type: ignore[arg-type]


def on_tab(start, make, person: str, *notices: NoticeView, arrived=(), **looks):
    line = make.FakeLine()
    plain = msgspec.to_builtins(list(notices))
    line.replies = {
        GetNotices: lambda _o: Done(0, {"notices": plain}),
        PublishNotice: lambda _o: Done(0, {"stations": 2}),
        ImportSessionOrder: lambda _o: Done(0, {"suspended": ["r1"]}),
        TakeSessionOrder: lambda _o: Done(0, {"suspended": []}),
        GetSessionOrders: lambda _o: Done(
            0, {"orders": [], "waiting": msgspec.to_builtins(arrived)}
        ),
    }
    console = start(line, **looks)
    console.sign_in(person)
    duty = console.window.duty
    duty.open_page(duty.incidents)
    tab = duty.incidents.notices
    duty.incidents.tabs.setCurrentWidget(tab)
    console.until(lambda: tab.table.rowCount() == len(notices))
    return console, line, tab


def test_f14_the_chief_publishes_with_a_second_person(start, make, qtbot) -> None:
    console, line, tab = on_tab(start, make, "zhukao", view(make.START))
    assert not tab.publish.isEnabled(), "nothing is chosen"
    tab.table.selectRow(0)
    qtbot.mouseClick(tab.publish, Qt.MouseButton.LeftButton)
    console.until(lambda: bool(console.window.findChildren(SecondDialog)))
    (ask,) = console.window.findChildren(SecondDialog)
    ask.person.setText("xitong1")
    ask.password.setText("password")
    qtbot.mouseClick(ask.sign, Qt.MouseButton.LeftButton)
    console.until(lambda: any(isinstance(each, PublishNotice) for each in line.orders))
    (order,) = [each for each in line.orders if isinstance(each, PublishNotice)]
    assert (order.paper_id, order.sequence, order.second.person_id) == ("P2026", 1, "xitong1")


def test_i03_the_chief_takes_in_an_order_with_an_administrator(start, make, qtbot) -> None:
    console, line, tab = on_tab(start, make, "zhukao")
    assert not tab.take_order.isEnabled(), "no file is named"
    tab.file.setText("/media/order.json")
    qtbot.mouseClick(tab.take_order, Qt.MouseButton.LeftButton)
    console.until(lambda: bool(console.window.findChildren(SecondDialog)))
    (ask,) = console.window.findChildren(SecondDialog)
    ask.person.setText("xitong1")
    ask.password.setText("password")
    qtbot.mouseClick(ask.sign, Qt.MouseButton.LeftButton)
    console.until(lambda: any(isinstance(each, ImportSessionOrder) for each in line.orders))
    (order,) = [each for each in line.orders if isinstance(each, ImportSessionOrder)]
    assert (order.file, order.second.person_id) == ("/media/order.json", "xitong1")


def arrived_order(at: int) -> ArrivedOrderView:
    return ArrivedOrderView(
        "ab" * 32, "am", OrderKind.CANCEL, "考中心函〔2026〕7号", "全市停电", at, at
    )


def test_i03_what_came_over_the_line_is_shown_and_taken_in_by_two(start, make, qtbot) -> None:
    console, line, tab = on_tab(start, make, "zhukao", arrived=[arrived_order(make.START)])
    console.until(lambda: tab.arrived.rowCount() == 1)
    assert tab.arrived_card.isVisible() and not tab.take_arrived.isEnabled()
    assert "取消考试" in tab.arrived.item(0, 1).text()
    tab.arrived.selectRow(0)
    qtbot.mouseClick(tab.take_arrived, Qt.MouseButton.LeftButton)
    console.until(lambda: bool(console.window.findChildren(SecondDialog)))
    (ask,) = console.window.findChildren(SecondDialog)
    ask.person.setText("xitong1")
    ask.password.setText("password")
    qtbot.mouseClick(ask.sign, Qt.MouseButton.LeftButton)
    console.until(lambda: any(isinstance(each, TakeSessionOrder) for each in line.orders))
    (order,) = [each for each in line.orders if isinstance(each, TakeSessionOrder)]
    assert (order.sha256, order.second.person_id) == ("ab" * 32, "xitong1")


def test_i03_nobody_but_the_chief_asks_for_them(start, make) -> None:
    _console, line, tab = on_tab(start, make, "jiankao1", view(make.START))
    assert not any(isinstance(each, GetSessionOrders) for each in line.orders)
    assert not tab.arrived_card.isVisible()


def test_f14_who_has_not_read_it_is_named_by_seat(start, make, qtbot) -> None:
    rooms = [RoomReads("r1", 40, ["003", "017"])]
    told = {"state": NoticeState.PUBLISHED, "published_at_ms": make.START, "numbers": ["3"]}
    _console, _line, tab = on_tab(start, make, "jiankao1", view(make.START, rooms=rooms, **told))
    cells = [tab.table.item(0, at).text() for at in range(tab.table.columnCount())]
    assert cells[3] == "3" and "r1-003" in cells[5] and "r1-017" in cells[5]
    tab.table.selectRow(0)
    assert not tab.publish.isEnabled() and not tab.take.isEnabled()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1280, 1024), (1366, 768)], ids=str)
def test_f14_the_page_fits_both_screens(start, make, language, size) -> None:
    rooms = [RoomReads("r1", 40, ["003", "017"])]
    told = {"state": NoticeState.PUBLISHED, "published_at_ms": make.START, "numbers": ["3"]}
    notices = view(make.START, rooms=rooms, **told), view(make.START, sequence=2)
    arrived = [arrived_order(make.START)]
    console, _line, tab = on_tab(
        start, make, "zhukao", *notices, arrived=arrived, language=language
    )
    console.until(lambda: tab.arrived.rowCount() == 1)
    console.window.resize(*size)
    QApplication.processEvents()
    assert (console.window.width(), console.window.height()) == size
    for each in (tab.load_button, tab.take, tab.publish, tab.take_order, tab.take_arrived):
        assert each.width() >= each.minimumSizeHint().width(), each.text()
    folder = os.environ.get("KAODIAN_SHOTS")
    if folder:
        name = f"console-notices-{language}-{size[0]}x{size[1]}.png"
        assert console.window.grab().save(str(Path(folder) / name))
