"""Every page at both field resolutions, both languages, three zooms: nothing clipped.

Set KAODIAN_SHOTS to a folder to get a PNG of each, to be looked at.
"""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget

from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look

SIZES = [(1280, 1024), (1366, 768)]
ZOOMS = [100, 150, 200]
LANGUAGES = ["zh", "en"]


def _settle(window: QWidget) -> None:
    """Let layouts and style sheets take effect; no waiting for time."""
    for _ in range(4):
        QApplication.sendPostedEvents(None, 0)
        QApplication.processEvents()


def _clipped(window: QWidget) -> list[str]:
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel) and widget.text():
            found += _label_clipped(widget)
        elif isinstance(widget, QAbstractButton) and widget.text():
            need = widget.minimumSizeHint()
            if need.width() > widget.width() or need.height() > widget.height():
                found.append(f"button {widget.text()!r} {need} > {widget.size()}")
        elif isinstance(widget, QScrollArea):
            inside = widget.widget()
            if inside is not None and inside.width() > widget.viewport().width():
                found.append(f"scrolls sideways: {widget.objectName()} in {widget.parent()}")
        found += _outside(widget, window)
    return found


def _label_clipped(label: QLabel) -> list[str]:
    """Compare the room a label has with the room its text needs."""
    # hasHeightForWidth is true for wrapping labels only.
    if label.hasHeightForWidth():
        need = label.heightForWidth(label.width())
        words = max(label.text().split() or [""], key=len) if label.text().isascii() else ""
        too_wide = label.fontMetrics().horizontalAdvance(words) > label.contentsRect().width()
        if need > label.height() or too_wide:
            return [f"label {label.text()!r} needs {need}, has {label.size()}"]
        return []
    hint = label.sizeHint()
    if hint.width() > label.width() or hint.height() > label.height():
        return [f"label {label.text()!r} needs {hint}, has {label.size()}"]
    return []


def _outside(widget: QWidget, window: QWidget) -> list[str]:
    """Controls must lie inside the window, unless a scroll area brings them there."""
    if not isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return []
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        return []
    place = widget.mapTo(window, QPoint(0, 0))
    if place.x() < 0 or place.x() + widget.width() > window.width():
        return [f"outside the window sideways: {widget.objectName()} {widget}"]
    if place.y() < 0 or place.y() + widget.height() > window.height():
        return [f"outside the window below: {widget.objectName()} {widget}"]
    return []


def _han(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def _shoot(window: QWidget, name: str) -> None:
    folder = os.environ.get("KAODIAN_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert window.grab().save(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_h05_no_text_is_clipped_at_any_zoom(station, states, size, zoom, language):
    window = station.window
    station.speak(language)
    station.look(Look(Scheme.NORMAL, zoom))
    window.resize(*size)
    problems = {}
    for name, state in states.items():
        window.show_state(state)
        _settle(window)
        assert (window.width(), window.height()) == size, f"{name} forces a larger window"
        if clipped := _clipped(window):
            problems[name] = clipped
        _shoot(window, f"station-{name}-{language}-{size[0]}x{size[1]}-{zoom}")
    assert problems == {}


@pytest.mark.parametrize("scheme", list(Scheme))
def test_h05_every_scheme_draws_the_answer_page(station, states, rehearsal, scheme):
    station.window.resize(1280, 1024)
    station.look(Look(scheme, 100))
    for name, state in {"answer": rehearsal, "offline": states["answer_offline"]}.items():
        station.window.show_state(state)
        _settle(station.window)
        assert _clipped(station.window) == []
        _shoot(station.window, f"station-scheme-{scheme}-{name}")


def test_language_switch_leaves_no_chinese_of_our_own(station, states):
    """Only data (names, titles) and the two bilingual signs may hold Chinese in English."""
    data = _data_texts(states)
    station.speak("en")
    left = []
    for name, state in states.items():
        station.window.show_state(state)
        for widget in station.window.findChildren(QWidget):
            if (
                widget.objectName() == "rehearsalBanner"
                or widget is station.window.top_bar.language
            ):
                continue
            for text in _texts(widget):
                for known in data:
                    text = text.replace(known, "")
                if _han(text):
                    left.append((name, type(widget).__name__, text))
    assert left == []


def _texts(widget: QWidget) -> list[str]:
    texts = [widget.accessibleName(), widget.toolTip()]
    if isinstance(widget, QLabel | QAbstractButton):
        texts.append(widget.text())
    if isinstance(widget, QLineEdit):
        texts.append(widget.placeholderText())
    return texts


def _data_texts(states) -> list[str]:
    found = {"一、单项选择题", "二、多项选择题", "三、案例分析题"}
    for state in states.values():
        if state.candidate:
            found.add(state.candidate.name)
        if state.session:
            found |= {state.session.exam_title, state.session.subject_title}
        found |= {state.venue_name, state.instructions}
    return sorted(found - {""}, key=len, reverse=True)


def test_h04_focus_is_visible_on_every_page(station, states):
    """Whoever works by keyboard sees where they are: something has the focus after each change."""
    for name, state in states.items():
        station.window.show_state(state)
        station.window.activateWindow()
        if not any(map(_presses, station.window.pages[state.screen].findChildren(QWidget))):
            continue
        focus = station.window.focusWidget()
        assert focus is not None and focus.isVisible(), name
        assert focus.focusPolicy() != Qt.FocusPolicy.NoFocus or name.startswith("answer"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_h05_every_control_has_a_name_to_be_said(station, states, language):
    """A screen reader says what each button and field is for, in the language of the window."""
    station.speak(language)
    nameless = []
    for name, state in states.items():
        station.window.show_state(state)
        _settle(station.window)
        for widget in filter(_presses, station.window.findChildren(QWidget)):
            said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            if not said.strip() or (language == "zh" and said.strip() in "…"):
                nameless.append((name, type(widget).__name__, widget.objectName()))
    assert nameless == []


def _presses(widget: QWidget) -> bool:
    """True for something on the page that can be pressed or typed into."""
    return isinstance(widget, QAbstractButton | QLineEdit) and widget.isVisible()
