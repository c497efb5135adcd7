"""Everything at the console works by keyboard: each control is reached by Tab, nothing traps the
focus, and each has a name that a screen reader can say, in both languages."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTabWidget,
    QWidget,
)

from invigilator_app.screens.grouped_tabs import GroupedTabs

CJK = re.compile(r"[\u3400-\u9fff]")
KINDS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)
MANY = 250
"""More Tab presses than any page has controls: whoever is not reached by then never is."""


def controls(root: QWidget) -> list[QWidget]:
    """What can be acted on now; the inner parts of a combo box or a spin box belong to it."""
    return [
        each
        for kind in KINDS
        for each in root.findChildren(kind)
        if each.isVisible()
        and each.isEnabled()
        and not _is_part(each)
        and not (isinstance(each, QTabBar) and each.count() < 2)
    ]


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return (
        isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | QTabBar | QAbstractItemView)
        or widget.objectName() == "qt_spinbox_lineedit"
        or (parent is not None and parent.metaObject().className() == "QTableView")
        or widget.metaObject().className() in ("QComboBoxListView", "QTableCornerButton")
    )


def pages(console) -> Iterator[str]:
    """Bring every page and tab up; yields its name."""
    duty = console.window.duty
    for name in ("rooms", "ceremony", "closing", "record", "data", "admin", "incidents"):
        page = getattr(duty, name)
        duty.open_page(page)
        tabs = getattr(page, "tabs", None)
        if not isinstance(tabs, QTabWidget | GroupedTabs):
            yield name
            continue
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            yield f"{name}-{at}"


def reached_by_tab(qtbot, start: QWidget, wanted: set[QWidget]) -> set[QWidget]:
    """What Tab comes to from ``start``, until it is there again or all wanted were seen."""
    start.setFocus()
    seen: set[QWidget] = set()
    for _ in range(MANY):
        focus = QApplication.focusWidget()
        if focus is None or wanted <= seen:
            break
        seen.add(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    return seen


def spoken(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):  # its name on Linux is what is chosen: look for the label
        labels = [each for each in widget.window().findChildren(QLabel) if each.buddy() is widget]
        return widget.accessibleName() or "".join(each.text() for each in labels)
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def told(widget: QWidget) -> str:
    """Which one, for whoever reads a failure."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLineEdit) else ""
    return f"{type(widget).__name__} {widget.objectName()} {text} {spoken(widget)}"


def in_exclusive_group(widget: QWidget) -> bool:
    """Of such a group Tab reaches the chosen one; arrow keys go to the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive()


def test_tab_reaches_every_control_of_every_page(start, qtbot) -> None:
    console = start()
    console.sign_in("both")
    lost: dict[str, list[str]] = {}
    for page in pages(console):
        QApplication.processEvents()
        wanted = {each for each in controls(console.window) if not in_exclusive_group(each)}
        chosen = next(each for each in console.window.duty.nav_buttons if each.isChecked())
        seen = reached_by_tab(qtbot, chosen, wanted)
        if missing := [told(each) for each in wanted - seen if each.isVisible()]:
            lost[page] = missing
    assert lost == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_control_has_a_name_to_be_said(start, language: str) -> None:
    console = start(language=language)
    wrong: dict[str, list[str]] = {}
    nameless = [told(each) for each in controls(console.window) if not spoken(each).strip()]
    console.sign_in("both")
    for page in pages(console):
        QApplication.processEvents()
        found = controls(console.window)
        bad = [told(each) for each in found if not spoken(each).strip()]
        if language == "en":
            bad += [told(each) for each in found if CJK.search(spoken(each)) and not _data(each)]
        if bad:
            wrong[page] = bad
    assert nameless == [] and wrong == {}


def _data(widget: QWidget) -> bool:
    """Names that are people's and rooms' own, not the program's."""
    return isinstance(widget, QTabBar | QAbstractItemView)


@pytest.mark.parametrize("opens", ["admit", "book", "credit"])
def test_a_dialog_of_the_room_is_worked_and_left_by_keyboard(start, qtbot, opens: str) -> None:
    console = start()
    console.sign_in("both")
    rooms = console.window.duty.rooms
    rooms.jump("07")
    button = getattr(rooms, opens)
    if not button.isEnabled():
        pytest.skip(f"{opens} is not open at this moment")
    qtbot.keyClick(console.window, *_keys(button))
    console.until(lambda: any(each.isVisible() for each in console.window.findChildren(QDialog)))
    box = next(each for each in console.window.findChildren(QDialog) if each.isVisible())
    box.activateWindow()
    console.until(box.isActiveWindow)  # no window, no focus
    wanted = {each for each in controls(box) if not in_exclusive_group(each)}
    assert wanted and [told(each) for each in wanted if not spoken(each).strip()] == []
    first = next(iter(wanted))
    seen = reached_by_tab(qtbot, first, wanted)
    assert [told(each) for each in wanted - seen] == []
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    console.until(lambda: not box.isVisible())


def _keys(button: QAbstractButton) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    combination = button.shortcut()[0]
    return combination.key(), combination.keyboardModifiers()
