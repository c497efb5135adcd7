"""Every type by mouse and by keyboard; what is told, and when (D15, H05, H07, Y03)."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

ON = "[...document.querySelectorAll('[aria-checked=true]')].map(row => row.dataset.id)"


def test_single_choice_by_mouse_second_click_clears(driver):
    driver.show("single")
    driver.click(".kd-option", 1)
    driver.wait_values({"R": ["c2"]})
    driver.click(".kd-option", 2)
    driver.wait_values({"R": ["c3"]})
    assert driver.js(ON) == ["c3"]
    driver.click(".kd-option", 2)
    driver.wait_values({"R": []})
    assert driver.js(ON) == []


def test_whole_option_row_is_clickable(driver):
    driver.show("single")
    edge = driver.js(
        "(b => [b.right - 4, b.bottom - 4])(document.querySelector('.kd-option')"
        ".getBoundingClientRect())"
    )
    assert driver.js(f"document.elementFromPoint({edge[0]}, {edge[1]}).closest('.kd-option')"
                     ".dataset.id") == "c1"  # fmt: skip


def test_single_choice_by_keyboard(driver):
    driver.show("single")
    driver.focus()
    driver.key(Qt.Key.Key_Down)
    driver.key(Qt.Key.Key_Space)
    driver.wait_values({"R": ["c2"]})
    driver.key(Qt.Key.Key_D)
    driver.wait_values({"R": ["c4"]})
    driver.key(Qt.Key.Key_1)
    driver.wait_values({"R": ["c1"]})
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"R": []})


def test_arrows_only_move_and_never_change_an_answer(driver):
    driver.show("single", {"R": ["c1"]})
    driver.focus()
    driver.key(Qt.Key.Key_Down)
    driver.wait_js("document.activeElement.dataset.id === 'c2'")
    assert driver.js(ON) == ["c1"]
    assert driver.answers == []


def test_multiple_choice_by_mouse_keeps_to_its_bounds(driver):
    driver.show("multiple")
    assert driver.js("document.querySelector('.kd-rule').textContent") == "多选题，选 2 项"
    for row in (0, 2):
        driver.click(".kd-option", row)
    driver.wait_values({"R": ["c1", "c3"]})
    driver.click(".kd-option", 3)
    driver.wait_js("document.querySelector('.kd-rule.kd-refused') !== null")
    assert driver.js(ON) == ["c1", "c3"]
    driver.click(".kd-option", 0)
    driver.wait_values({"R": ["c3"]})


def test_multiple_choice_by_keyboard(driver):
    driver.show("multiple")
    driver.focus()
    driver.key(Qt.Key.Key_B)
    driver.key(Qt.Key.Key_4)
    driver.wait_values({"R": ["c2", "c4"]})


def test_text_entry_by_mouse_and_keyboard_also_in_a_table(driver):
    driver.show("blanks")
    driver.click(".kd-text", 0)
    driver.type("Beijing")
    driver.wait_values({"T1": ["Beijing"], "T2": []})
    driver.key(Qt.Key.Key_Tab)
    driver.type("52")
    driver.wait_values({"T1": ["Beijing"], "T2": ["52"]})


def test_a_number_that_is_none_is_pointed_out_but_kept(driver):
    driver.show("blanks")
    driver.click(".kd-text", 1)
    driver.type("abc")
    driver.click(".kd-text", 0)
    driver.wait_js("document.querySelectorAll('.kd-warning')[1].textContent !== ''")
    driver.wait_values({"T1": [], "T2": ["abc"]})


def test_extended_text_counts_characters(driver):
    driver.show("essay")
    driver.focus()
    driver.type("ab c")
    driver.key(Qt.Key.Key_Return)
    driver.type("d")
    driver.wait_values({"E": ["ab c\nd"]})
    assert driver.js("document.querySelector('.kd-counter').textContent") == "字数 4"


def test_inline_choice_by_mouse(driver):
    driver.show("inline")
    is_open = "document.querySelector('.kd-list').matches(':popover-open')"
    driver.click(".kd-select")
    driver.wait_js(is_open)
    driver.click(".kd-entry", 3)
    driver.wait_values({"I": ["c"]})
    assert driver.js("document.querySelector('.kd-shown msqrt') !== null"), "the formula is shown"
    driver.click(".kd-select")
    driver.wait_js(is_open)
    driver.click(".kd-entry", 0)
    driver.wait_values({"I": []})


def test_inline_choice_by_keyboard(driver):
    driver.show("inline")
    driver.focus()
    driver.key(Qt.Key.Key_Down)
    driver.key(Qt.Key.Key_Down)
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"I": ["a"]})
    driver.key(Qt.Key.Key_S)
    driver.wait_values({"I": ["b"]})
    driver.key(Qt.Key.Key_Space)
    driver.key(Qt.Key.Key_Home)
    driver.key(Qt.Key.Key_Escape)
    driver.wait_js("!document.querySelector('.kd-list').matches(':popover-open')")
    assert driver.answers[-1][1] == {"I": ["b"]}


@pytest.mark.parametrize(
    ("item", "values"),
    [
        ("single", {"R": ["c3"]}),
        ("multiple", {"R": ["c1", "c4"]}),
        ("blanks", {"T1": ["北京 <b>&\"'{{1}}"], "T2": ["-5"]}),
        ("essay", {"E": ["第一段\n\n第二段\t末 \u2028 😀"]}),
        ("inline", {"I": ["b"]}),
        ("case", {"R": ["c2"]}),
        ("shuffled", {"R": ["c4"]}),
    ],
)
def test_state_is_restored_exactly(driver, item, values):
    driver.show(item, values)
    driver.show("rich")
    driver.show(item, values)
    assert driver.js("JSON.parse(kaodian.state()).values") == values
    assert driver.answers == []


def test_d15_shuffled_order_is_shown_and_reported(driver):
    driver.show("shuffled")
    order = driver.js("[...document.querySelectorAll('.kd-option')].map(row => row.dataset.id)")
    assert sorted(order) == ["c1", "c2", "c3", "c4"]
    assert order[-1] == "c4", "a fixed option keeps its place"
    driver.click(".kd-option", 0)
    driver.wait_values({"R": [order[0]]})
    assert driver.answers[-1] == ("shuffled", {"R": [order[0]]}, {"R": order})
    letters = driver.js("[...document.querySelectorAll('.kd-mark')].map(mark => mark.textContent)")
    assert letters == ["A", "B", "C", "D"]


def test_h07_typing_is_told_within_300_ms(driver):
    driver.show("essay")
    driver.focus()
    took = []
    for stroke in range(1, 6):
        begun = time.monotonic()
        driver.type("x")
        driver.wait_values({"E": ["x" * stroke]})
        took.append(time.monotonic() - begun)
    assert min(took) < 0.3, "a busy machine delays one of five, not all"


def test_nothing_typed_is_lost_when_the_item_changes_at_once(driver):
    driver.show("essay")
    driver.focus()
    driver.type("last words")
    driver.show("single")
    driver.qtbot.waitUntil(
        lambda: any(told[:2] == ("essay", {"E": ["last words"]}) for told in driver.answers)
    )


def test_there_and_back_at_once_keeps_what_was_typed(driver):
    driver.show("essay")
    driver.focus()
    driver.type("abc")
    essay, single = (driver.paper.item(name, "sitting-7") for name in ("essay", "single"))
    driver.view.show_item(single, {})
    driver.view.show_item(essay, {})
    driver.wait_js("JSON.parse(kaodian.state()).values.E?.[0] === 'abc'")
    driver.wait_values({"E": ["abc"]})


def test_a_lagging_station_brings_no_older_answer_back_but_a_new_sitting_does(driver):
    driver.show("single")
    driver.click(".kd-option", 0)
    driver.wait_values({"R": ["c1"]})
    driver.show("essay")
    driver.show("single", {})
    assert driver.js(ON) == ["c1"]
    driver.view.set_paper(None)
    driver.view.set_paper(driver.paper)
    driver.show("single", {})
    assert driver.js(ON) == []


def test_flush_tells_what_is_typed_before_it_calls_back(driver):
    driver.show("essay")
    driver.focus()
    driver.type("the end")
    told = []
    driver.view.flush(lambda: told.append(driver.answers[-1][:2]))
    driver.qtbot.waitUntil(lambda: bool(told))
    assert told == [("essay", {"E": ["the end"]})]


def test_flush_without_a_page_calls_back_all_the_same(driver):
    called = []
    driver.view.flush(lambda: called.append(True))
    driver.qtbot.waitUntil(lambda: bool(called))


def _compose(driver, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(driver.surface, event)


@pytest.mark.parametrize(("item", "response_id"), [("essay", "E"), ("blanks", "T1")])
def test_half_composed_syllables_are_never_told(driver, item, response_id):
    driver.show(item)
    driver.focus()
    driver.type("1")
    driver.qtbot.waitUntil(lambda: bool(driver.answers))
    for preedit in ("n", "ni", "ni hao"):
        _compose(driver, preedit)
    driver.wait_js("document.activeElement.value === '1ni hao'")
    done = []
    driver.view.flush(lambda: done.append(True))
    driver.qtbot.waitUntil(lambda: bool(done))
    assert all(told[1][response_id] == ["1"] for told in driver.answers)
    _compose(driver, "", "你好")
    driver.qtbot.waitUntil(lambda: driver.answers[-1][1][response_id] == ["1你好"])


def test_g12_frozen_input_takes_nothing_and_keeps_what_was_typed(driver):
    driver.show("essay", {"E": ["held"]})
    driver.focus()
    driver.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    driver.type("!")
    driver.view.set_frozen(True)
    driver.wait_values({"E": ["held!"]})
    told = len(driver.answers)
    driver.type("more")
    driver.heard("mouseup", lambda: driver.click(".kd-essay"))
    assert driver.js("JSON.parse(kaodian.state()).values") == {"E": ["held!"]}
    assert len(driver.answers) == told
    driver.view.set_frozen(False)
    driver.click(".kd-essay")
    driver.type("?")
    driver.qtbot.waitUntil(lambda: len(driver.answers) > told)
    assert "more" not in driver.answers[-1][1]["E"][0]


def test_g12_without_a_paper_there_is_nothing_to_answer(driver):
    driver.show("essay")
    driver.focus()
    driver.type("x")
    driver.view.set_paper(None)
    driver.wait_js("document.querySelectorAll('input, textarea, .kd-option').length === 0")
    driver.type("y")
    assert driver.js("kaodian.state()") == "null"


def test_copying_works_between_answers_only_and_not_out_of_the_paper(driver):
    clipboard = QApplication.clipboard()
    clipboard.setText("from outside")
    control = Qt.KeyboardModifier.ControlModifier
    driver.show("blanks")
    driver.focus()
    driver.key(Qt.Key.Key_V, control)
    driver.type("abc")
    driver.key(Qt.Key.Key_A, control)
    driver.key(Qt.Key.Key_C, control)
    driver.click(".kd-text", 1)
    driver.key(Qt.Key.Key_V, control)
    driver.wait_values({"T1": ["abc"], "T2": ["abc"]})
    assert clipboard.text() == "from outside"
    assert driver.js("getComputedStyle(document.querySelector('.kd-item')).userSelect") == "none"


def test_asking_for_the_shown_item_again_leaves_typing_alone(driver):
    driver.show("essay")
    driver.focus()
    driver.type("abc")
    driver.wait_values({"E": ["abc"]})
    driver.type("d")
    driver.show("essay", {"E": ["abc"]})
    driver.wait_values({"E": ["abcd"]})
    assert driver.js("document.activeElement.matches('textarea')")
