"""强调显示 (H05): words marked by mouse and by keyboard, restored exactly, never an answer."""

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

MARKED = "[...CSS.highlights.get('kd-mark')].map(String)"


@pytest.fixture
def marked(driver: Any) -> list[tuple[str, list[str]]]:
    told: list[tuple[str, list[str]]] = []
    driver.view.marked.connect(lambda item, marks: told.append((item, list(marks))))
    return told


def drag(driver: Any, selector: str, start: float, end: float) -> None:
    """Select a stretch of one line with the mouse."""
    surface, left = driver.surface, Qt.MouseButton.LeftButton
    first, last = (driver.at(selector, x, 0.5) for x in (start, end))
    QTest.mousePress(surface, left, pos=first)
    QTest.mouseMove(surface, (first + last) / 2)
    QTest.mouseMove(surface, last)
    QTest.mouseRelease(surface, left, pos=last)


def mark_on(driver: Any) -> None:
    driver.view.set_marking(True)
    driver.wait_js("document.documentElement.classList.contains('kd-marking')")


def test_h05_the_keyboard_marks_words_forward_and_back(
    driver: Any, marked: Any, qtbot: Any
) -> None:
    driver.show("single")
    mark_on(driver)
    driver.wait_js("document.activeElement.classList.contains('kd-item')")
    driver.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(marked))
    first = driver.js(MARKED)
    assert first and "题干".startswith(first[0])
    driver.key(Qt.Key.Key_Right)
    driver.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(marked) == 2)
    driver.key(Qt.Key.Key_Left)
    driver.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(marked) == 3)
    assert marked[-1][1] == marked[0][1], "unmarked again"
    assert driver.answers == [], "marks are no answer"


def test_h05_the_mouse_marks_the_prompt_and_a_click_unmarks(
    driver: Any, marked: Any, qtbot: Any
) -> None:
    driver.show("single")
    drag(driver, ".kd-prompt", 0.02, 0.1)
    mark_on(driver)
    drag(driver, ".kd-prompt", 0.0, 0.1)
    qtbot.waitUntil(lambda: bool(marked))
    assert len(marked) == 1, "without the tool a selection marks nothing"
    (text,) = driver.js(MARKED)
    assert "下列说法正确的是".startswith(text) and text
    driver.press(driver.at(".kd-prompt", 0.02, 0.5))
    qtbot.waitUntil(lambda: marked[-1] == ("single", []))
    assert driver.js(MARKED) == []


def test_h05_options_and_fields_are_not_marked(driver: Any, marked: Any, qtbot: Any) -> None:
    driver.show("single")
    mark_on(driver)
    driver.click(".kd-option", 1)
    driver.wait_values({"R": ["c2"]})
    drag(driver, ".kd-prompt", 0.0, 0.1)
    qtbot.waitUntil(lambda: bool(marked))
    driver.js("document.getSelection().selectAllChildren(document.querySelector('.kd-pane'))")
    driver.js("document.dispatchEvent(new MouseEvent('mouseup', {button: 0}))")
    qtbot.waitUntil(lambda: len(marked) == 2)
    assert "".join(driver.js(MARKED)) == "题干下列说法正确的是（　）。"


def test_h05_marks_come_back_after_item_switch_death_and_restart(
    driver: Any, marked: Any, qtbot: Any
) -> None:
    driver.show("case")
    mark_on(driver)
    driver.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(marked))
    before = driver.js(MARKED)
    (_, marks) = marked[-1]
    driver.show("single")
    assert driver.js(MARKED) == []
    driver.show("case")
    assert driver.js(MARKED) == before
    with qtbot.waitSignal(driver.view.painted, timeout=30_000):
        driver.view._load(at_once=True)
    assert driver.js(MARKED) == before
    driver.view.set_paper(None)
    driver.view.set_paper(driver.paper)  # as after a restart: only the chain knows
    driver.view.set_marks("case", marks)
    driver.show("case")
    assert driver.js(MARKED) == before
    assert len(marked) == 1, "restoring tells nothing"


def test_h05_the_word_of_the_keyboard_is_always_in_sight(driver: Any, marked: Any) -> None:
    driver.show("case")
    mark_on(driver)
    driver.js(
        "[...Array(400)].forEach(() => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true})))"
    )
    assert driver.js("document.querySelector('.kd-material').scrollTop") > 0
    assert driver.js(
        "((w, p) => w.top >= p.top && w.bottom <= p.bottom)("
        "[...CSS.highlights.get('kd-word')][0].getBoundingClientRect(),"
        "document.querySelector('.kd-material').getBoundingClientRect())"
    )


def test_h05_frozen_nothing_is_marked(driver: Any, marked: Any, qtbot: Any) -> None:
    driver.show("single")
    mark_on(driver)
    driver.view.set_frozen(True)
    driver.wait_js("document.documentElement.classList.contains('kd-frozen')")
    driver.heard("keyup", lambda: driver.key(Qt.Key.Key_Space))
    driver.view.set_frozen(False)
    driver.wait_js("!document.documentElement.classList.contains('kd-frozen')")
    driver.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(marked))
    assert len(marked) == 1 and len(marked[0][1]) == 1, "the first one did nothing"


@pytest.mark.parametrize("scheme", ["normal", "dark", "soft"])
def test_h05_marks_are_seen_without_colour_in_every_scheme(
    driver: Any, marked: Any, qtbot: Any, scheme: str
) -> None:
    driver.view.set_scheme(scheme)
    driver.view.set_marks("case", ["3-9", "20-31"])
    driver.show("case")
    assert len(driver.js(MARKED)) == 2
    line = driver.js(
        "getComputedStyle(document.querySelector('.kd-pane'), '::highlight(kd-mark)')"
        ".textDecorationLine"
    )
    assert line == "underline"
    folder = os.environ.get("KAODIAN_SHOTS")
    if folder:
        mark_on(driver)
        driver.key(Qt.Key.Key_Right)
        driver.wait_js("CSS.highlights.get('kd-word').size > 0")
        assert driver.view.grab().save(str(Path(folder) / f"item-highlight-{scheme}.png"))
