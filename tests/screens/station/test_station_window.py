"""The window around the pages: banner, close, look, language, contrast, translations."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib import resources
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QPushButton

from candidate_station import screens, translations
from candidate_station.screens.schemes import PALETTES, Scheme, contrast, shape_pairs, text_pairs
from candidate_station.screens.style import ZOOM_STEPS, Look, style_sheet


def test_e07_a_rehearsal_cannot_be_mistaken(station, states, rehearsal):
    banner = station.window.findChild(QLabel, "rehearsalBanner")
    for state in states.values():
        station.window.show_state(state)
        assert not banner.isVisible()
    station.window.show_state(rehearsal)
    assert banner.isVisible() and "试考 REHEARSAL" in banner.text()
    station.speak("en")
    assert "REHEARSAL" in banner.text() and "not a real examination" in banner.text()


def test_close_is_refused_and_reported(qtbot, station):
    event = QCloseEvent()
    with qtbot.waitSignal(station.window.close_wanted):
        station.window.closeEvent(event)
    assert not event.isAccepted()
    assert not station.window.close() and station.window.isVisible()


def test_the_authorised_way_out_is_exit(qapp, station):
    """``quit`` is refused while a window ignores its close; ``exit`` is not."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, lambda: qapp.exit(7))
    assert qapp.exec() == 7


def test_the_language_switch_is_there_before_log_in_only(station, states):
    language = station.window.top_bar.language
    shown = {}
    for name, state in states.items():
        station.window.show_state(state)
        shown[name] = language.isVisible()
    assert {name for name, visible in shown.items() if visible} == {
        "enrol", "connecting", "connecting_with_answers", "waiting", "login",
    }  # fmt: skip


def test_the_language_switches_by_mouse_and_back(qtbot, station, states):
    station.window.show_state(states["waiting"])
    button = station.window.top_bar.language
    assert button.text() == "English"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "中文"
    labels = [w.text() for w in station.window.findChildren(QLabel)]
    assert "Waiting for log-in" in labels and "等待登录" not in labels
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "等待登录" in [w.text() for w in station.window.findChildren(QLabel)]


def test_refusals_follow_the_language(station, states):
    station.window.show_state(states["login"])
    station.speak("en")
    texts = [w.text() for w in station.window.findChildren(QLabel) if w.isVisible()]
    assert any("[ADM-08] wrong seat" in text for text in texts)


def test_h05_zoom_and_scheme_reach_the_item_area(qtbot, station, states):
    station.window.show_state(states["answer"])
    looks: list[Look] = []
    station.window.look_changed.connect(looks.append)
    bar = station.window.top_bar
    assert not bar.smaller.isEnabled()
    for _ in range(len(ZOOM_STEPS) - 1):
        qtbot.mouseClick(bar.larger, Qt.MouseButton.LeftButton)
    assert not bar.larger.isEnabled()
    for _ in Scheme:
        qtbot.mouseClick(bar.scheme, Qt.MouseButton.LeftButton)
    assert [look.zoom for look in looks[:3]] == [125, 150, 200]
    assert [look.scheme for look in looks[3:]] == [Scheme.DARK, Scheme.SOFT, Scheme.NORMAL]


@pytest.mark.parametrize("scheme", list(Scheme))
def test_h05_contrast(scheme):
    palette = PALETTES[scheme]
    weak = [(a, b, contrast(a, b)) for a, b in text_pairs(palette) if contrast(a, b) < 4.5]
    weak += [(a, b, contrast(a, b)) for a, b in shape_pairs(palette) if contrast(a, b) < 3]
    assert weak == []


def test_h05_dark_is_really_high_contrast():
    palette = PALETTES[Scheme.DARK]
    assert contrast(palette.ink, palette.surface) >= 15


@pytest.mark.parametrize("zoom", ZOOM_STEPS)
def test_the_sheet_has_no_unfilled_value(zoom):
    for scheme in Scheme:
        sheet = style_sheet(Look(scheme, zoom))
        assert "$" not in sheet.split("*/", 1)[1]


def test_every_control_has_an_accessible_name(station, states):
    for state in states.values():
        station.window.show_state(state)
        for widget in station.window.findChildren(QPushButton):
            if widget.isVisible():
                assert widget.accessibleName() or widget.text(), widget


def _messages(path: Path) -> dict[tuple[str, str], str]:
    found = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation.get("type") is None, message.findtext("source")
            key = (context.findtext("name"), message.findtext("source"))
            found[key] = translation.text
    return found


def test_every_source_text_is_translated_and_none_is_left_over(tmp_path):
    committed = _messages(Path(str(resources.files(translations) / "station_en.ts")))
    fresh = tmp_path / "fresh.ts"
    sources = [str(p) for p in Path(screens.__file__).parent.glob("*.py")]
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    subprocess.run(
        [str(tool), "-locations", "none", *sources, "-ts", str(fresh)],
        check=True,
        capture_output=True,
    )
    wanted = {
        (context.findtext("name"), message.findtext("source"))
        for context in ET.parse(fresh).getroot().iter("context")
        for message in context.iter("message")
    }
    assert set(committed) == wanted
    assert all(committed.values())
    bilingual = {"English", "切换为英文 English"}
    han = [
        (source, text)
        for (_, source), text in committed.items()
        if any("\u4e00" <= c <= "\u9fff" for c in text)
        and source not in bilingual
        and "REHEARSAL" not in source
        and "PRACTICE" not in source
    ]
    assert han == []


def test_the_placeholders_survive_translation():
    committed = _messages(Path(str(resources.files(translations) / "station_en.ts")))
    wrong = [
        (source, text)
        for (_, source), text in committed.items()
        for mark in ("%1", "%2", "%3")
        if (mark in source) != (mark in text)
    ]
    assert wrong == []
    assert QLibraryInfo.version().toString() >= "6.11.3"
