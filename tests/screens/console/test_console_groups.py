"""The administrator's tabs in groups, pages that open at their top, a header that never grows."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

LONG = "National Qualification Examination for Professional and Technical Personnel " * 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_is_in_sight_on_the_smallest_screen_at_150_percent(
    start, qtbot, language: str
) -> None:
    console = start(language=language, zoom=150, size=(1366, 768))
    console.sign_in("both")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tabs = duty.admin.tabs
    assert tabs.count() == len({tabs.widget(at) for at in range(tabs.count())})
    rows = [tabs.groups]
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        assert tabs.currentIndex() == at and tabs.currentWidget().isVisible()
        rows.append(tabs.bar())

    def settled() -> None:
        # Wider than the window, a row of tabs would scroll.
        assert [row for row in rows if row.sizeHint().width() > duty.width()] == []

    qtbot.waitUntil(settled)


def test_ctrl_page_down_goes_through_all_tabs_and_each_fetches(start, qtbot) -> None:
    console = start()
    console.sign_in("both")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tabs, seen = duty.admin.tabs, []
    for _ in range(tabs.count()):
        seen.append(tabs.currentWidget())
        qtbot.keyClick(console.window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert seen == [tabs.widget(at) for at in range(tabs.count())]
    assert tabs.currentIndex() == 0, "and round again"
    qtbot.keyClick(console.window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert tabs.currentIndex() == tabs.count() - 1


def test_arrows_choose_a_group_and_the_group_keeps_its_tab(start, qtbot) -> None:
    console = start()
    console.sign_in("both")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tabs = duty.admin.tabs
    tabs.setCurrentWidget(duty.admin.inspection)
    assert tabs.groups.currentIndex() == 1
    tabs.groups.setFocus()
    qtbot.keyClick(tabs.groups, Qt.Key.Key_Left)
    assert tabs.currentWidget() is duty.admin.status
    qtbot.keyClick(tabs.groups, Qt.Key.Key_Right)
    assert tabs.currentWidget() is duty.admin.inspection


def test_a_page_opens_at_its_top_with_the_focus_in_sight(start, qtbot) -> None:
    console = start(zoom=150, size=(1366, 768))
    console.sign_in("both")
    duty = console.window.duty
    for number, page in enumerate(duty.pages, 1):
        duty.rooms.map.setFocus()
        qtbot.keyClick(
            console.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier
        )
        qtbot.waitUntil(lambda page=page: duty.stack.currentWidget() is page)
        focus = QApplication.focusWidget()
        assert focus is not None and focus.isVisible(), page
        areas = [each for each in page.findChildren(QScrollArea) if each.isVisible()]
        assert [each.verticalScrollBar().value() for each in areas] == [0] * len(areas), page
        duty.open_page(duty.rooms)


@pytest.mark.parametrize("zoom", [100, 150])
def test_long_titles_are_shortened_and_the_header_keeps_its_height(start, make, zoom) -> None:
    heights = []
    for title in ("Exam", LONG):
        brief = msgspec.structs.replace(make.brief(), exam_title=title, subject_title=title)
        room = make.room(1, session=brief)
        first = make.board(make.venue(venue_name=title), [room], {"r1": make.mixed_seats(1)})
        console = start(make.FakeLine(first=first), language="en", zoom=zoom, size=(1366, 768))
        console.sign_in("both")
        header = console.window.duty.header
        console.until(lambda header=header: bool(header.exam.text()))
        heights.append(header.sizeHint().height())
        assert console.window.width() == 1366
        assert header.session.text().endswith("running"), "the state is never shortened"
        assert header.exam.toolTip() == header.exam.accessibleName() == title
        shortened = header.exam.text().endswith("…")
        assert shortened == (title == LONG)
    assert heights[0] == heights[1]
