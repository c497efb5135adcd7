"""Instructions of the section are always one key away (H02)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look

FIRST = "每题只有 1 个最符合题意。"
SECOND = "每题有 2 个或 2 个以上符合题意。" * 40


@pytest.fixture
def page(station, states):
    """The answer page in the first section; ``go`` moves to an item."""
    window = station.window
    page = window.pages[states["answer"].screen]

    def go(number, text):
        cells = tuple(
            replace(cell, current=cell.number == number) for cell in states["answer"].navigator
        )
        window.show_state(
            replace(states["answer"], navigator=cells, item_id=f"item-{number}", instructions=text)
        )
        QApplication.processEvents()

    page.go = go
    go(23, FIRST)
    window.activateWindow()
    return page


def _words(page) -> str:
    return page.instructions.widget().text()


def test_h02_they_open_with_the_section_and_close_by_key(qtbot, station, page):
    panel = page.instructions
    assert panel.isVisible() and _words(page) == FIRST
    qtbot.waitUntil(station.window.isActiveWindow)
    QTest.keyClick(station.window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert panel.toggle.isVisible()
    page.go(24, FIRST)
    assert not panel.isVisible(), "closed for the section, not for one item"
    page.go(25, SECOND)
    assert panel.isVisible() and _words(page) == SECOND
    page.go(23, FIRST)
    assert not panel.isVisible(), "as the candidate left it"
    panel.toggle.click()
    assert panel.isVisible()


def test_h02_without_instructions_there_is_nothing_to_press(page):
    page.go(37, "")
    assert not page.instructions.isVisible() and not page.instructions.toggle.isVisible()


def test_h02_the_next_candidate_begins_with_open_instructions(page):
    page.instructions.toggle.click()
    page.reset()
    assert not page.instructions.isVisible()
    page.go(23, FIRST)
    assert page.instructions.isVisible()


@pytest.mark.parametrize("zoom", [100, 200])
def test_h02_short_ones_show_whole_and_long_ones_scroll(station, page, zoom):
    station.look(Look(Scheme.NORMAL, zoom))
    panel = page.instructions
    scroll = panel.verticalScrollBar()

    def settled(whole):
        for _ in range(4):
            QApplication.sendPostedEvents(None, 0)
            QApplication.processEvents()
        assert (scroll.maximum() == 0) is whole
        assert panel.height() <= Look(Scheme.NORMAL, zoom).px(panel.HEIGHT)

    page.go(23, FIRST)
    settled(True)
    page.go(25, SECOND)
    settled(False)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_PageDown)
    assert scroll.value() > 0, "by keyboard as well"
