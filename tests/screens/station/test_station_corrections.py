"""Headquarters' corrections on the answer page (F14): kept in view until read, by keyboard too."""

from PySide6.QtCore import Qt

from candidate_station.session.intents import ReadNotice
from candidate_station.session.screen_state import Correction

UNREAD = Correction(3, (23,), "更正<b>三</b>", "three", False, False)
HERE = Correction(2, (23,), "更正二", "two", True, True)
WHOLE = Correction(1, (), "更正一", "one", True, True)


def shown(panel) -> list[str]:
    return [text.text().splitlines()[-1] for text in panel.texts]


def test_f14_unread_first_then_the_items_own_and_the_rest_one_key_away(station, states, qtbot):
    panel = station.window.answer.corrections
    station.window.show_state(states["answer"])
    panel.show_corrections((WHOLE, HERE, UNREAD))
    assert shown(panel) == ["更正<b>三</b>", "更正二"], "plain text, never markup"
    assert panel.texts[0].textFormat() is Qt.TextFormat.PlainText
    panel.toggle.click()
    assert shown(panel)[-1] == "更正一"
    with qtbot.waitSignal(panel.intent) as told:
        panel.buttons[3].setFocus()
        qtbot.keyClick(panel.buttons[3], Qt.Key.Key_Space)
    assert told.args == [ReadNotice(3)]
    panel.show_corrections(())
    assert panel.isHidden() and panel.toggle.isHidden()


def test_f14_the_panel_speaks_the_candidates_language(station, states):
    panel = station.window.answer.corrections
    station.window.show_state(states["answer_corrected"])
    station.speak("en")
    assert "not above" in panel.texts[0].text()
    station.speak("zh")
    assert "不高于" in panel.texts[0].text()
