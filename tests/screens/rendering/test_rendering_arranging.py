"""Order, hottext and slider; and what every arranging interaction has in common."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.screens.rendering.arrangement_items import ARRANGEMENTS, STEPS

STATUS = "document.querySelector('.kd-status').textContent"
Key = Qt.Key

ANSWERS = {
    "match-b1": ["q3 C", "q1 A"],
    "match-table": ["p2 y"],
    "match-many": ["p1 y", "p1 x"],
    "match-once": ["p3 z", "p1 x"],
    "order": ["s2", "s1", "s3", "s4"],
    "order-shuffled": ["s1", "s2", "s3", "s4"],
    "order-some": ["s4", "s1"],
    "order-flat": ["s4", "s3", "s2", "s1"],
    "gap": ["w3 g3", "w1 g1"],
    "gap-shuffled": ["w2 g1", "w2 g3"],
    "gap-few": ["w1 g2", "w1 g1"],
    "gap-picture": ["i2 g2"],
    "hot-one": ["h3"],
    "hot-two": ["h1", "h4"],
    "associate": ["d b", "a c"],
    "associate-shuffled": ["a b", "c a"],
    "slider": ["35"],
    "slider-fine": ["-0.3"],
    "slider-upright": ["0"],
}


# ---- order -------------------------------------------------------------------------------------


def test_order_untouched_is_no_answer_until_the_candidate_says_so(driver):
    driver.show("order")
    assert "按当前顺序作答" in driver.js(STATUS)
    driver.click(".kd-order-settle .kd-button")
    driver.wait_values({"R": list(STEPS)})
    assert driver.js(STATUS) == "已作答"
    driver.click(".kd-order-settle .kd-button")
    driver.wait_values({"R": []})
    assert "尚未作答" in driver.js(STATUS)


def test_order_by_mouse_with_buttons_and_by_choosing_a_place(driver):
    driver.show("order")
    driver.click(".kd-later", 0)
    driver.wait_values({"R": ["s2", "s1", "s3", "s4"]})
    driver.click(".kd-handle", 3)
    driver.wait_js("document.querySelectorAll('.kd-picked').length === 1")
    driver.click(".kd-handle", 0)
    driver.wait_values({"R": ["s4", "s2", "s1", "s3"]})
    driver.click(".kd-handle", 1)
    driver.click(".kd-handle", 1)  # a second click lets go
    driver.wait_js("document.querySelector('.kd-picked') === null")
    assert driver.answers[-1][1] == {"R": ["s4", "s2", "s1", "s3"]}


@pytest.mark.parametrize("item", ["order", "order-flat"])
def test_order_by_keyboard(driver, item):
    driver.show(item)
    driver.focus()
    driver.key(Key.Key_Down)
    assert driver.answers == [], "arrows alone only look"
    driver.key(Key.Key_Space)
    driver.key(Key.Key_Down)
    driver.wait_values({"R": ["s1", "s3", "s2", "s4"]})
    driver.key(Key.Key_Right)
    driver.wait_values({"R": ["s1", "s3", "s4", "s2"]})
    driver.wait_js("document.activeElement.getAttribute('aria-label') === '第 4 位 收集数据'")
    driver.key(Key.Key_Escape)
    driver.wait_values({"R": ["s1", "s2", "s3", "s4"]})


def test_order_by_dragging(driver):
    driver.show("order")
    start, end = driver.point(".kd-handle", 2), driver.point(".kd-handle", 0)
    QTest.mousePress(driver.surface, Qt.MouseButton.LeftButton, pos=start)
    for point in (start - QPoint(0, 10), end + QPoint(0, 5), end):
        QTest.mouseMove(driver.surface, point)
    driver.wait_js("document.querySelector('.kd-over') !== null")
    QTest.mouseRelease(driver.surface, Qt.MouseButton.LeftButton, pos=end)
    driver.wait_values({"R": ["s3", "s1", "s2", "s4"]})
    assert driver.js("document.querySelector('.kd-picked')") is None, "a drag is no click"


def test_order_of_some_by_mouse_and_by_keyboard(driver):
    driver.show("order-some")
    assert driver.js("document.querySelectorAll('.kd-rest .kd-row').length") == 4
    driver.click(".kd-rest .kd-handle", 2)
    driver.wait_values({"R": ["s3"]})
    driver.focus()
    driver.key(Key.Key_Down)
    driver.key(Key.Key_Space)
    driver.wait_values({"R": ["s3", "s1"]})
    driver.click(".kd-rest .kd-handle", 0)
    driver.wait_js("document.querySelector('.kd-status.kd-refused') !== null")
    driver.click(".kd-out", driver.js(
        "[...document.querySelectorAll('.kd-out')]"
        ".findIndex(one => one.closest('.kd-row').textContent.includes('检验'))"
    ))  # fmt: skip
    driver.wait_values({"R": ["s1"]})
    driver.key(Key.Key_Home)
    driver.key(Key.Key_Delete)
    driver.wait_values({"R": []})


# ---- hottext -----------------------------------------------------------------------------------


def test_hottext_by_mouse_second_click_clears(driver):
    driver.show("hot-one")
    driver.click(".kd-word", 1)
    driver.wait_values({"R": ["h2"]})
    driver.click(".kd-word strong", 0)
    driver.wait_values({"R": []})
    driver.click(".kd-word", 3)
    driver.click(".kd-word", 0)
    driver.wait_values({"R": ["h1"]})
    assert "{{constructor}}" in driver.js("document.querySelector('.kd-hot-text').textContent")


def test_hottext_by_keyboard_keeps_to_its_bounds(driver):
    driver.show("hot-two")
    driver.focus()
    for key in (Key.Key_Space, Key.Key_Right, Key.Key_Right, Key.Key_Return):
        driver.key(key)
    driver.wait_values({"R": ["h1", "h3"]})
    driver.key(Key.Key_End)
    driver.key(Key.Key_Space)
    driver.wait_js("document.querySelector('.kd-status.kd-refused') !== null")
    driver.key(Key.Key_Home)
    driver.key(Key.Key_Delete)
    driver.wait_values({"R": ["h3"]})


def test_letters_typed_in_one_interaction_never_answer_another(driver):
    driver.show("hot-and-choice")
    driver.focus()
    driver.wait_js("document.activeElement.matches('.kd-word')")
    driver.key(Key.Key_A)
    driver.key(Key.Key_Space)
    driver.wait_values({"R": ["h1"], "C": []})


# ---- slider ------------------------------------------------------------------------------------


def test_slider_untouched_is_no_answer_and_says_so(driver):
    driver.show("slider")
    assert "尚未作答" in driver.js(STATUS)
    assert driver.js("document.querySelector('.kd-range').getAttribute('aria-valuetext')") == (
        "尚未作答"
    )
    assert driver.js("document.querySelector('.kd-slider-value').textContent") == "—"
    driver.click(".kd-range")  # exactly where it stands
    driver.wait_values({"R": ["50"]})
    driver.click(".kd-slider-side .kd-button")
    driver.wait_values({"R": []})


def test_slider_by_keyboard(driver):
    driver.show("slider")
    driver.focus()
    driver.key(Key.Key_Space)
    driver.wait_values({"R": ["50"]})
    driver.key(Key.Key_Right)
    driver.wait_values({"R": ["55"]})
    driver.key(Key.Key_Home)
    driver.wait_values({"R": ["0"]})
    driver.key(Key.Key_Delete)
    driver.wait_values({"R": []})


def test_slider_reports_decimals_without_noise(driver):
    driver.show("slider-fine", {"R": ["0.2"]})
    driver.focus()
    driver.key(Key.Key_Up)
    driver.wait_values({"R": ["0.3"]})
    for value in ("0.4", "0.5", "0.6", "0.7"):
        driver.key(Key.Key_Up)
        driver.wait_values({"R": [value]})


# ---- all of them -------------------------------------------------------------------------------


@pytest.mark.parametrize("item", ANSWERS)
def test_arranged_state_is_restored_exactly(driver, item):
    values = {"R": ANSWERS[item]}
    driver.show(item, values)
    driver.show("single")
    driver.show(item, values)
    assert driver.js("JSON.parse(kaodian.state()).values") == values
    assert driver.answers == []


def test_nothing_is_answered_by_showing_it(driver):
    for item in ARRANGEMENTS:
        driver.show(item)
        assert driver.js("Object.values(JSON.parse(kaodian.state()).values).flat()") == [], item
    assert driver.answers == [] and driver.violations == []


@pytest.mark.parametrize(
    ("item", "selector"),
    [
        ("match-b1", ".kd-cell"),
        ("gap", ".kd-gap.kd-filled"),
        ("associate", ".kd-remove"),
        ("order", ".kd-later"),
        ("hot-two", ".kd-word"),
        ("slider", ".kd-range"),
    ],
)
def test_g12_frozen_arrangements_take_nothing(driver, item, selector):
    values = {"R": ANSWERS[item]}
    driver.show(item, values)
    driver.focus()
    driver.view.set_frozen(True)
    driver.wait_js("document.documentElement.classList.contains('kd-frozen')")
    driver.click(selector)
    driver.heard("keyup", lambda: driver.key(Key.Key_Space))
    driver.heard("keyup", lambda: driver.key(Key.Key_Delete))
    assert driver.js("JSON.parse(kaodian.state()).values") == values
    assert driver.answers == []
    driver.view.set_frozen(False)
    driver.wait_js("!document.documentElement.classList.contains('kd-frozen')")
    driver.click(selector)
    driver.qtbot.waitUntil(lambda: bool(driver.answers), timeout=5000)


@pytest.mark.parametrize("item", [name for name in ARRANGEMENTS if name != "hostile-ids"])
def test_every_arrangement_shows_the_focus(driver, item):
    driver.show(item)
    driver.focus()
    driver.key(Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    driver.key(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    style = "(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))"
    driver.wait_js(f'document.activeElement !== document.body && {style}.join() === "solid,3px"')


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_h05_zoom_clips_no_arrangement(driver, percent):
    driver.view.set_zoom(percent)
    for item in ARRANGEMENTS:
        driver.show(item, {"R": ANSWERS.get(item, [])})
        driver.wait_js(f"Math.round(devicePixelRatio * 100) === {percent}")
        wider = driver.js(
            "[...document.querySelectorAll('.kd-pane, .kd-scroll, .kd-chip, .kd-row, .kd-gap,"
            " .kd-pair, .kd-match-row, .kd-slider-area')]"
            ".filter(part => part.scrollWidth > part.clientWidth + 1)"
            ".map(part => part.className)"
        )
        assert wider == [], item
        assert driver.js("document.documentElement.scrollWidth <= innerWidth"), item
