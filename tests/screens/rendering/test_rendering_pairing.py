"""Match, gap match and associate: by mouse, by keyboard, by dragging; what gives way to what."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.screens.rendering.arrangement_items import HOSTILE

STATUS = "document.querySelector('.kd-status').textContent"
REFUSED = "document.querySelector('.kd-status.kd-refused') !== null"
TABLE = "document.querySelector('.kd-match-heads').offsetHeight > 0"
LEGEND = "document.querySelector('.kd-match-legend').offsetHeight > 20"
Key = Qt.Key


def cell(row: int, column: int) -> str:
    return f".kd-cell[data-row='{row}'][data-column='{column}']"


def drag(driver, from_selector, from_index, to_selector, to_index):
    """Press, move in steps, let go: as a hand does it."""
    start, end = driver.point(from_selector, from_index), driver.point(to_selector, to_index)
    left, surface = Qt.MouseButton.LeftButton, driver.surface
    QTest.mousePress(surface, left, pos=start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(surface, start + (end - start) * part)
    driver.wait_js("document.querySelector('.kd-over') !== null")
    QTest.mouseRelease(surface, left, pos=end)


# ---- match -------------------------------------------------------------------------------------


def test_match_by_mouse_one_per_row_and_a_second_click_clears(driver):
    driver.show("match-b1")
    assert driver.js(STATUS) == "尚未作答"
    driver.click(cell(0, 0))
    driver.wait_values({"R": ["q1 A"]})
    driver.click(cell(1, 0))
    driver.wait_values({"R": ["q1 A", "q2 A"]})  # an option may be used by several questions
    driver.click(cell(0, 2))
    driver.wait_values({"R": ["q2 A", "q1 C"]})
    assert driver.js(STATUS) == "已配 2 对"
    driver.click(cell(1, 0))
    driver.wait_values({"R": ["q1 C"]})


def test_match_long_options_are_listed_by_letter_and_short_ones_head_a_table(driver):
    driver.show("match-b1")
    legend = driver.js(
        "[...document.querySelectorAll('.kd-match-legend > *')].map(node => node.textContent)"
    )
    assert legend[0].startswith("A心电图") and len(legend) == 5
    driver.show("match-once")
    assert driver.js(TABLE) and not driver.js(LEGEND)
    assert driver.js("document.querySelectorAll('.kd-match-heads .kd-match-head').length") == 4


def test_match_a_table_too_wide_for_the_screen_becomes_a_list(driver):
    driver.show("match-wide", {"R": ["p1 t2"]})
    assert driver.js(TABLE) and not driver.js(LEGEND)
    driver.view.set_zoom(200)
    driver.wait_js(f"!({TABLE}) && {LEGEND}")
    assert driver.js("(s => s.scrollWidth <= s.clientWidth)(document.querySelector('.kd-scroll'))")
    driver.focus()
    driver.key(Key.Key_Home)
    driver.key(Key.Key_Space)
    driver.wait_values({"R": ["p1 t1"]})
    driver.view.set_zoom(100)
    driver.wait_js(f"{TABLE} && !({LEGEND})")


def test_match_by_keyboard(driver):
    driver.show("match-b1")
    driver.focus()
    driver.key(Key.Key_Right)
    driver.key(Key.Key_Space)
    driver.wait_values({"R": ["q1 B"]})
    driver.key(Key.Key_Tab)  # one stop per row
    driver.key(Key.Key_E)
    driver.wait_values({"R": ["q1 B", "q2 E"]})
    driver.key(Key.Key_Down)
    driver.key(Key.Key_Home)
    driver.key(Key.Key_Return)
    driver.wait_values({"R": ["q1 B", "q2 E", "q3 A"]})
    driver.key(Key.Key_Delete)
    driver.wait_values({"R": ["q1 B", "q2 E"]})


def test_match_an_option_that_may_be_used_once_moves_and_says_so(driver):
    driver.show("match-once", {"R": ["p1 x"]})
    driver.click(cell(1, 0))
    driver.wait_values({"R": ["p2 x"]})
    assert "李白" in driver.js(STATUS) and "只能用一次" in driver.js(STATUS)


def test_match_bounds_refuse_instead_of_taking_something_away(driver):
    driver.show("match-many", {"R": ["p1 x", "p1 y", "p3 z"]})
    driver.click(cell(0, 2))  # a third for a row that may have two
    driver.wait_js(REFUSED)
    driver.click(cell(1, 3))
    driver.wait_values({"R": ["p1 x", "p1 y", "p3 z", "p2 w"]})
    driver.click(cell(1, 0))  # a fifth pair of four
    driver.wait_js(REFUSED)
    assert driver.answers[-1][1] == {"R": ["p1 x", "p1 y", "p3 z", "p2 w"]}


def test_match_tells_a_screen_reader_row_and_column(driver):
    driver.show("match-b1")
    names = driver.js(
        f"(cell => [cell.getAttribute('role'), cell.closest('[role=radiogroup]') !== null,"
        f" ...cell.getAttribute('aria-labelledby').split(' ')"
        f".map(id => document.getElementById(id).textContent)])"
        f"(document.querySelector({json.dumps(cell(2, 2))}))"
    )
    assert names[:2] == ["radio", True]
    assert names[2].startswith("拟行冠状动脉") and names[3] == "选择性冠状动脉造影"
    driver.show("match-many")
    assert driver.js(f"document.querySelector({json.dumps(cell(0, 0))}).role") == "checkbox"


# ---- gap match ---------------------------------------------------------------------------------


def test_gap_match_by_mouse_option_then_gap_and_gap_then_option(driver):
    driver.show("gap")
    driver.click(".kd-chip", 0)
    driver.click(".kd-gap", 1)
    driver.wait_values({"R": ["w1 g2"]})
    driver.click(".kd-gap", 0)
    driver.click(".kd-chip", 3)
    driver.wait_values({"R": ["w1 g2", "w4 g1"]})
    driver.click(".kd-gap", 1)
    driver.wait_values({"R": ["w4 g1"]})


def test_gap_match_an_option_used_once_moves_and_a_filled_gap_is_replaced(driver):
    driver.show("gap", {"R": ["w1 g1", "w2 g2"]})
    driver.click(".kd-chip", 0)
    driver.click(".kd-gap", 1)
    driver.wait_values({"R": ["w1 g2"]})


def test_gap_match_by_keyboard(driver):
    driver.show("gap")
    driver.focus()
    driver.key(Key.Key_Right)
    driver.key(Key.Key_Space)
    driver.key(Key.Key_Tab)
    driver.key(Key.Key_Return)
    driver.wait_values({"R": ["w2 g1"]})
    driver.key(Key.Key_Right)
    driver.key(Key.Key_D)  # the letter of an option
    driver.wait_values({"R": ["w2 g1", "w4 g2"]})
    driver.key(Key.Key_Left)
    driver.key(Key.Key_Backspace)
    driver.wait_values({"R": ["w4 g2"]})
    label = "document.querySelectorAll('.kd-gap')[1].getAttribute('aria-label')"
    assert driver.js(label) == "第 2 空 波动"


def test_gap_match_by_dragging_in_between_and_out(driver):
    driver.show("gap")
    drag(driver, ".kd-chip", 2, ".kd-gap", 0)
    driver.wait_values({"R": ["w3 g1"]})
    drag(driver, ".kd-gap", 0, ".kd-gap", 2)
    driver.wait_values({"R": ["w3 g3"]})
    drag(driver, ".kd-gap", 2, ".kd-pool", 0)
    driver.wait_values({"R": []})
    assert driver.js("document.querySelector('.kd-ghost, .kd-over, .kd-dragged')") is None


def test_gap_match_keeps_to_its_bounds(driver):
    driver.show(
        "gap-few", {"R": ["w1 g1", "w1 g2"]}
    )  # an option without a bound, two gaps of three
    driver.click(".kd-chip", 1)
    driver.click(".kd-gap", 2)
    driver.wait_js(REFUSED)
    driver.show("gap-shuffled", {"R": ["w1 g1", "w1 g2"]})  # twice, and not more often
    at = driver.js(
        "[...document.querySelectorAll('.kd-chip')].findIndex(c => c.textContent.includes('增长'))"
    )
    driver.click(".kd-chip", at)
    driver.click(".kd-gap", 2)
    driver.wait_js(REFUSED)
    assert driver.answers == []


def test_gap_match_pictures_are_shown_in_their_gap_and_named(driver):
    driver.show("gap-picture")
    driver.click(".kd-chip", 0)
    driver.click(".kd-gap", 0)
    driver.wait_values({"R": ["i1 g1"]})
    driver.wait_js("document.querySelector('.kd-gap img').naturalWidth === 120")
    label = driver.js("document.querySelector('.kd-gap').getAttribute('aria-label')")
    assert label == "第 1 空 图甲"


# ---- associate ---------------------------------------------------------------------------------


def test_associate_by_mouse_and_making_a_pair_again_takes_it_back(driver):
    driver.show("associate")
    for chip in (0, 2):
        driver.click(".kd-chip", chip)
    driver.wait_values({"R": ["a c"]})
    for chip in (3, 1):
        driver.click(".kd-chip", chip)
    driver.wait_values({"R": ["a c", "d b"]})
    for chip in (2, 0):
        driver.click(".kd-chip", chip)
    driver.wait_values({"R": ["d b"]})
    driver.click(".kd-remove")
    driver.wait_values({"R": []})


@pytest.mark.parametrize(
    ("item", "part", "clicks"),
    [
        ("associate", ".kd-chip", [(".kd-chip", 0), (".kd-chip", 2)]),
        ("gap", ".kd-chip", [(".kd-chip", 0), (".kd-gap", 0)]),
        ("match-many", ".kd-cell", [(".kd-cell", 0), (".kd-cell", 5)]),
        ("hot-two", ".kd-word", [(".kd-word", 0), (".kd-word", 2)]),
        ("order", ".kd-small", [(".kd-later", 0)]),
    ],
)
def test_nothing_moves_under_the_pointer(driver, item, part, clicks):
    places = (
        f"[...document.querySelectorAll('{part}')].map(one => one.getBoundingClientRect())"
        ".map(box => [box.x, box.y, box.right])"
    )
    driver.show(item)
    before = driver.js(places)
    for selector, index in clicks:
        driver.click(selector, index)
    driver.qtbot.waitUntil(lambda: bool(driver.answers and driver.answers[-1][1]["R"]))
    assert driver.js(places) == before


def test_associate_by_keyboard(driver):
    driver.show("associate")
    driver.focus()
    driver.key(Key.Key_Space)
    driver.key(Key.Key_End)
    driver.key(Key.Key_Return)
    driver.wait_values({"R": ["a e"]})
    driver.key(Key.Key_B)
    driver.key(Key.Key_D)
    driver.wait_values({"R": ["a e", "b d"]})
    driver.key(Key.Key_Tab)
    driver.wait_js("document.activeElement.matches('.kd-remove')")
    driver.key(Key.Key_Delete)
    driver.wait_values({"R": ["b d"]})
    driver.key(Key.Key_Return)
    driver.wait_values({"R": []})
    driver.wait_js("document.activeElement.matches('.kd-chip')")


def test_associate_by_dragging(driver):
    driver.show("associate")
    drag(driver, ".kd-chip", 1, ".kd-chip", 3)
    driver.wait_values({"R": ["b d"]})


def test_associate_keeps_to_its_bounds(driver):
    driver.show("associate", {"R": ["a c"]})
    for chip in (0, 4):  # the author is taken
        driver.click(".kd-chip", chip)
    driver.wait_js(REFUSED)
    driver.click(".kd-chip", 0)
    driver.click(".kd-chip", 0)  # a second click lets go
    driver.wait_js(f"{STATUS} === '已配 1 对'")
    assert driver.answers == []


def test_hostile_ids_are_only_text(driver):
    driver.show("hostile-ids")
    for chip in (0, 1, 2, 3):
        driver.click(".kd-chip", chip)
    plain = HOSTILE[2].replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    values = {"__proto__": [f"{HOSTILE[0]} {HOSTILE[1]}", f"{plain} {HOSTILE[3]}"]}
    driver.wait_values(values)
    driver.show("single")
    driver.show("hostile-ids", values)
    assert driver.js("JSON.parse(kaodian.state()).values") == values
    assert driver.violations == []


@pytest.mark.parametrize(
    ("item", "nodes", "count"),
    [
        ("match-table", ".kd-match-heads .kd-match-head > :last-child", 4),
        ("gap-shuffled", ".kd-chip-body", 4),
        ("associate-shuffled", ".kd-chip-body", 5),
    ],
)
def test_d15_options_are_drawn_in_the_order_reported(driver, item, nodes, count):
    driver.show(item)
    prepared = driver.paper.item(item, "sitting-7")
    (interaction,) = prepared.interactions
    options = interaction.targets if item == "match-table" else interaction.options
    drawn = driver.js(f"[...document.querySelectorAll('{nodes}')].map(one => one.textContent)")
    assert len(drawn) == count
    assert all(text in option.html for text, option in zip(drawn, options, strict=True))
    assert prepared.displayed["R"][-count:] == [option.option_id for option in options]
