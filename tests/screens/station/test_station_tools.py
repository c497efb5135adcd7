"""Tools that the plan switches on, and where a screen begins by arrangement (H05)."""

import os
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look


def test_h05_the_calculator_is_there_only_when_the_plan_says_so(station, states) -> None:
    answer = station.window.answer
    station.window.show_state(states["answer"])
    assert answer.calculate.isHidden()
    station.window.show_state(states["answer_tools"])
    assert not answer.calculate.isHidden() and answer.calculator.isHidden()


def test_h05_the_calculator_works_by_keyboard_alone(station, states, qtbot) -> None:
    answer = station.window.answer
    station.window.show_state(states["answer_tools"])
    station.window.show()
    answer.calculate.setChecked(True)
    for key in "1.5*4":
        qtbot.keyClick(answer.calculator, key)
    qtbot.keyClick(answer.calculator, Qt.Key.Key_Return)
    assert answer.calculator.display.text() == "6"
    qtbot.mouseClick(answer.calculator.keys["C"], Qt.MouseButton.LeftButton)
    assert answer.calculator.display.text() == "0"
    qtbot.keyClick(answer.calculator, Qt.Key.Key_Escape)
    assert answer.calculator.isHidden() and not answer.calculate.isChecked()


def test_h05_the_next_candidate_finds_an_empty_calculator(station, states, qtbot) -> None:
    answer = station.window.answer
    station.window.show_state(states["answer_tools"])
    answer.calculate.setChecked(True)
    for key in "7":
        qtbot.keyClick(answer.calculator, key)
    answer.calculator.keys["M+"].click()
    station.window.show_state(states["waiting"])
    assert answer.calculator.state.memory == 0 and not answer.calculate.isChecked()


@pytest.mark.parametrize(
    ("arrangements", "look"),
    [
        ([], Look(Scheme.SOFT, 200)),
        (["KEYBOARD_ONLY"], Look(Scheme.SOFT, 200)),
        (["LARGE_FONT"], Look(Scheme.NORMAL, 150)),
        (["HIGH_CONTRAST", "SPECIAL_SEAT"], Look(Scheme.DARK, 100)),
        (["LARGE_FONT", "HIGH_CONTRAST"], Look(Scheme.DARK, 150)),
    ],
)
def test_h05_a_screen_begins_as_the_candidates_arrangements_say(
    station, states, arrangements, look
) -> None:
    state = states["confirm"]
    own = msgspec.structs.replace(state.candidate, arrangements=arrangements)
    station.window.show_state(states["login"])
    station.window.set_look(Look(Scheme.SOFT, 200))
    station.window.show_state(replace(state, candidate=own))
    assert station.window.look == look
    station.window.set_look(Look(Scheme.SOFT, 125))
    station.window.show_state(replace(states["answer"], candidate=own))
    assert station.window.look == Look(Scheme.SOFT, 125), "what they chose themselves stays"
    station.window.show_state(states["waiting"])
    assert station.window.look == Look()


@pytest.mark.parametrize("size", [(1280, 1024), (1366, 768)], ids=str)
@pytest.mark.parametrize("zoom", [100, 150])
def test_h05_an_open_calculator_fits_and_leaves_the_item_its_room(
    station, states, size, zoom
) -> None:
    answer = station.window.answer
    station.look(Look(Scheme.NORMAL, zoom))
    station.window.resize(*size)
    station.window.show_state(states["answer_tools"])
    station.window.show()
    answer.calculate.setChecked(True)
    for _ in range(4):
        QApplication.processEvents()
    assert (station.window.width(), station.window.height()) == size
    assert answer.item_area.width() >= 0.35 * size[0]
    for key in answer.calculator.keys.values():
        assert key.height() >= key.minimumSizeHint().height(), key.text()
    folder = os.environ.get("KAODIAN_SHOTS")
    if folder:
        name = f"station-calculator-{size[0]}x{size[1]}-{zoom}.png"
        assert station.window.grab().save(str(Path(folder) / name))


# ---- 强调显示 ------------------------------------------------------------------------------


def test_h05_the_highlighter_is_there_only_when_the_plan_says_so(station, states) -> None:
    tool = station.window.answer.highlighter
    wanted = []
    tool.wanted.connect(wanted.append)
    station.window.show_state(states["answer"])
    assert tool.toggle.isHidden()
    station.window.show_state(states["answer_tools"])
    assert not tool.toggle.isHidden() and tool.how.isHidden()
    tool.toggle.click()
    assert wanted == [True] and not tool.how.isHidden()
    station.window.show_state(states["waiting"])
    assert wanted == [True, False], "the next candidate begins without it"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1280, 1024), (1366, 768)], ids=str)
@pytest.mark.parametrize("zoom", [100, 150])
def test_h05_the_highlighter_fits_and_leaves_the_item_its_room(
    station, states, size, zoom, language
) -> None:
    answer = station.window.answer
    station.speak(language)
    station.look(Look(Scheme.NORMAL, zoom))
    station.window.resize(*size)
    station.window.show_state(states["answer_tools"])
    station.window.show()
    answer.highlighter.toggle.setChecked(True)
    for _ in range(4):
        QApplication.processEvents()
    assert (station.window.width(), station.window.height()) == size
    assert answer.item_area.height() >= size[1] / 3, "with the section's instructions open"
    toggle, how = answer.highlighter.toggle, answer.highlighter.how
    assert toggle.width() >= toggle.minimumSizeHint().width()
    assert how.height() >= how.heightForWidth(how.width())
    folder = os.environ.get("KAODIAN_SHOTS")
    if folder:
        name = f"station-highlighter-{language}-{size[0]}x{size[1]}-{zoom}.png"
        assert station.window.grab().save(str(Path(folder) / name))
