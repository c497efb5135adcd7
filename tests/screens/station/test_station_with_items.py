"""The window with the real item area in it: drawing, keys, answers, and pictures for a look.

Set KAODIAN_SHOTS to a folder to get the answer page in every scheme.
"""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from candidate_station.link.item_presenter import ItemPresenter
from candidate_station.lockdown.keys import KeyGuard
from candidate_station.paper import ChoiceInteraction, Option, PreparedItem, Stimulus
from candidate_station.rendering.item_view import ItemView, translation_file
from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look
from candidate_station.screens.window import StationWindow
from candidate_station.session.intents import ChangeAnswer, Step
from candidate_station.translations import Languages

OPTIONS = ("增加货币供应量", "提高法定存款准备金率", "降低再贴现率", "在公开市场上买入国债")
CASE = (
    "<p>某国一季度居民消费价格指数同比上涨 5.2%，中央银行决定抑制通货膨胀。</p>"
    "<table><tr><th>季度</th><th>CPI 同比</th></tr><tr><td>一季度</td><td>5.2%</td></tr>"
    "<tr><td>二季度</td><td>5.6%</td></tr></table>"
)


def _html(body: str) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'


class Paper:
    """One economics question with its case, under whatever id is asked for."""

    def item(self, item_id, sitting_id):
        options = tuple(Option(f"c{n}", _html(f"<p>{o}</p>")) for n, o in enumerate(OPTIONS))
        choice = ChoiceInteraction("RESPONSE", False, 0, 1, "vertical", "", options)
        body = (
            '<p>下列措施中，属于<strong>紧缩性</strong>货币政策的是：</p><div data-slot="0"></div>'
        )
        case = Stimulus("case", "材料", _html(CASE))
        return PreparedItem(item_id, "", "zh", _html(body), (choice,), (case,))

    def file(self, path):
        return None


class Source:
    paper = Paper()
    sitting_id = "S-1"

    def values(self, item_id):
        return {"RESPONSE": ["c1"]}

    def marks(self, item_id):
        return []


@pytest.fixture
def wired(qtbot, qapp, states):
    """Window, presenter and item area as app.py wires them, showing item 23."""
    english = translation_file("en")
    languages = Languages(qapp, [english] if english else [])
    view = ItemView()
    window = StationWindow(view)
    presenter = ItemPresenter(view, Source())
    window.look_changed.connect(presenter.show_look)
    window.leaving.connect(presenter.leaving)
    view.answered.connect(presenter.answered)
    presenter.intent.connect(window.intent)
    window.resize(1280, 1024)
    window.show()
    window.activateWindow()
    with qtbot.waitSignal(view.painted, timeout=30_000):
        window.show_state(states["answer"])
        presenter.show_state(states["answer"])
    qtbot.waitUntil(window.isActiveWindow)
    yield window, view, presenter, languages
    languages.use("zh")
    view.dispose()
    window.hide()
    window.deleteLater()


def test_h05_keys_reach_the_frame_while_the_item_has_the_focus(qtbot, wired):
    window, _, _, _ = wired
    intents: list[object] = []
    window.intent.connect(intents.append)
    inside = QApplication.focusWidget()
    assert window.answer.item_area.isAncestorOf(inside)
    qtbot.keyClick(inside, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: Step(1) in intents)


def test_the_key_guard_reaches_the_engines_inner_widget(qtbot, wired):
    window, _, _, _ = wired
    guard = KeyGuard(window)
    guard.perform()
    inside = QApplication.focusWidget()
    assert window.answer.item_area.isAncestorOf(inside)
    seen: list[int] = []

    class Spy(KeyGuard):
        """Sits behind the guard and sees what it lets through."""

        def eventFilter(self, watched, event):
            if event.type() == event.Type.KeyPress:
                seen.append(event.key())
            return False

    spy = Spy(window)
    inside.removeEventFilter(guard)
    inside.installEventFilter(spy)
    inside.installEventFilter(guard)
    qtbot.keyClick(inside, Qt.Key.Key_F5)
    qtbot.keyClick(inside, Qt.Key.Key_Down)
    guard.revert()
    inside.removeEventFilter(spy)
    assert seen == [Qt.Key.Key_Down]


def test_h07_an_answer_given_in_the_item_becomes_an_intent(qtbot, wired):
    window, _, _, _ = wired
    intents: list[object] = []
    window.intent.connect(intents.append)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_D)
    wanted = ChangeAnswer("item-23", {"RESPONSE": ["c3"]}, {"RESPONSE": ["c0", "c1", "c2", "c3"]})
    qtbot.waitUntil(lambda: wanted in intents)


def test_h05_look_and_language_reach_the_item(qtbot, wired, states):
    window, view, presenter, languages = wired
    for scheme in Scheme:
        window.set_look(Look(scheme, 100))
        _settled_picture(qtbot, window, view, f"station-items-{scheme}")
    window.set_look(Look(Scheme.NORMAL, 150))
    languages.use("en")
    window.set_language("en")
    window.show_state(states["answer_offline"])
    presenter.show_state(states["answer_offline"])
    _settled_picture(qtbot, window, view, "station-items-en-150")
    assert window.answer.next.text() == "&Next"


def _settled_picture(qtbot, window, view, name: str) -> None:
    """Wait until the page has answered once, so that it has drawn what was asked before."""
    done: list[bool] = []
    view.flush(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    folder = os.environ.get("KAODIAN_SHOTS")
    if folder:
        qtbot.wait(300)  # for the picture only: the compositor's last frame
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert window.grab().save(str(Path(folder) / f"{name}.png"))
