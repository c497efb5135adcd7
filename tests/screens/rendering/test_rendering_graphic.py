"""Hotspots, graphic gap match and points: by mouse and by keyboard, at every zoom and size."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from candidate_station.paper import OpenPaper

CHECKED = "[...document.querySelectorAll('[aria-checked=true]')].map(node => node.dataset.id)"
SHAPES = (
    '<qti-hotspot-choice identifier="A" shape="circle" coords="77,115,8" hotspot-label="西"/>'
    '<qti-hotspot-choice identifier="B" shape="rect" coords="100,10,160,60"/>'
    '<qti-hotspot-choice identifier="C" shape="poly" coords="10,200,60,200,35,260"/>'
    '<qti-hotspot-choice identifier="D" shape="ellipse" coords="150,220,40,20"/>'
)
PIECES = (
    '<qti-gap-img identifier="P1" match-max="1" object-label="甲">'
    '<img src="media/piece.png" width="40" height="20" alt=""/></qti-gap-img>'
    '<qti-gap-text identifier="P2" match-max="2">乙</qti-gap-text>'
    '<qti-gap-text identifier="P3" match-max="0">丙</qti-gap-text>'
    '<qti-associable-hotspot identifier="H1" match-max="1" shape="rect" coords="10,10,90,60"/>'
    '<qti-associable-hotspot identifier="H2" match-max="2" shape="circle" coords="150,150,40"/>'
)
MAP = '<img src="media/map.png" width="200" height="280" alt="地图"/>'


def _item(kind: str, attributes: str, inside: str, cardinality: str, base_type: str):
    body = (
        f'<p>题干</p><qti-{kind}-interaction response-identifier="R" {attributes}>'
        f"<qti-prompt>看图作答。</qti-prompt>{MAP}{inside}</qti-{kind}-interaction>"
    )
    return body, [("R", kind, cardinality, base_type)], []


ITEMS = {
    "spot": _item("hotspot", 'max-choices="1"', SHAPES, "single", "identifier"),
    "spots": _item(
        "hotspot",
        'max-choices="2" class="qti-unselected-hidden"',
        SHAPES + '<qti-hotspot-choice identifier="E" shape="default" coords="0,0,0,0"/>',
        "multiple",
        "identifier",
    ),
    "overlap": _item(
        "hotspot",
        'max-choices="0"',
        '<qti-hotspot-choice identifier="TOP" shape="rect" coords="50,50,100,100"/>'
        '<qti-hotspot-choice identifier="UNDER" shape="rect" coords="0,0,200,280"/>',
        "multiple",
        "identifier",
    ),
    "gaps": _item("graphic-gap-match", "", PIECES, "multiple", "directedPair"),
    "point": _item("select-point", 'max-choices="1"', "", "single", "point"),
    "points": _item("select-point", 'max-choices="2"', "", "multiple", "point"),
    "large": (
        '<qti-select-point-interaction response-identifier="R" max-choices="0">'
        '<img src="media/map.png" width="2400" height="1200" alt=""/>'
        "</qti-select-point-interaction>",
        [("R", "select-point", "multiple", "point")],
        [],
    ),
    "undeclared": (
        '<qti-select-point-interaction response-identifier="R" max-choices="1">'
        '<img src="media/map.png" alt=""/></qti-select-point-interaction>',
        [("R", "select-point", "single", "point")],
        [],
    ),
}


@pytest.fixture(scope="module")
def paper(make_paper, png) -> OpenPaper:
    return make_paper(ITEMS, {"media/map.png": png(200, 280), "media/piece.png": png(40, 20)})


def _spot(driver, name: str) -> str:
    return f"[data-id={name}] .kd-area"


def _values(driver):
    return driver.js("JSON.parse(kaodian.state()).values.R")


def test_a_hotspot_by_mouse_second_click_clears(driver):
    driver.show("spot")
    for name in "ABCD":
        driver.click(_spot(driver, name))
        driver.wait_values({"R": [name]})
        assert driver.js(CHECKED) == [name]
    driver.click(_spot(driver, "D"))
    driver.wait_values({"R": []})
    assert driver.js("document.querySelectorAll('.kd-tick').length") == 0


def test_a_hotspot_is_its_shape_and_not_its_box(driver):
    driver.show("spot")
    driver.press(driver.at(".kd-picture", 12 / 200, 258 / 280))  # in C's box, outside its triangle
    driver.click(_spot(driver, "A"))
    driver.wait_values({"R": ["A"]})
    assert [told[1] for told in driver.answers] == [{"R": ["A"]}]


def test_a_hotspot_by_keyboard(driver):
    driver.show("spot")
    driver.focus()
    driver.key(Qt.Key.Key_Right)
    driver.key(Qt.Key.Key_Down)
    driver.key(Qt.Key.Key_Space)
    driver.wait_values({"R": ["C"]})
    driver.key(Qt.Key.Key_End)
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"R": ["D"]})
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"R": []})


def test_hotspots_have_names_roles_and_a_visible_focus(driver):
    driver.show("spot", {"R": ["A"]})
    driver.focus()
    assert driver.js(
        "(e => ['role', 'aria-label', 'aria-checked'].map(name => e.getAttribute(name)))"
        "(document.activeElement)"
    ) == ["radio", "区域 1 西", "true"]
    ring = "(s => [s.stroke, s.strokeWidth])(getComputedStyle(document.activeElement.firstChild))"
    assert driver.js(ring) == ["rgb(217, 119, 6)", "13px"]
    assert driver.js("document.querySelector('.kd-told').textContent") == "已选：区域 1 西"


def test_several_hotspots_keep_to_their_bounds(driver):
    driver.show("spots")
    assert driver.js("document.querySelector('.kd-rule').textContent") == "多选题，最多选 2 项"
    driver.click(_spot(driver, "A"))
    driver.press(driver.at(".kd-picture", 0.03, 0.03))  # nowhere else: the default hotspot
    driver.wait_values({"R": ["A", "E"]})
    driver.click(_spot(driver, "B"))
    driver.wait_js("document.querySelector('.kd-rule.kd-refused') !== null")
    assert _values(driver) == ["A", "E"]


def test_hidden_hotspots_show_when_chosen_or_focused(driver):
    driver.show("spots", {"R": ["A"]})
    stroke = "getComputedStyle(document.querySelector('[data-id={}] .kd-area')).stroke"
    assert driver.js(stroke.format("B")) == "none"
    assert driver.js(stroke.format("A")) != "none"
    driver.focus()
    driver.key(Qt.Key.Key_Right)
    driver.wait_js(f"{stroke.format('B')} !== 'none'")


def test_of_overlapping_hotspots_the_first_listed_lies_on_top(driver):
    driver.show("overlap")
    driver.press(driver.at(".kd-picture", 75 / 200, 75 / 280))
    driver.wait_values({"R": ["TOP"]})
    driver.press(driver.at(".kd-picture", 150 / 200, 200 / 280))
    driver.wait_values({"R": ["TOP", "UNDER"]})


@pytest.mark.parametrize(
    ("percent", "scheme"),
    [(100, "normal"), (150, "normal"), (200, "normal"), (100, "dark"), (150, "soft")],
)
def test_h05_a_click_means_the_same_pixel_at_every_zoom_and_scheme(driver, percent, scheme):
    driver.view.set_zoom(percent)
    driver.view.set_scheme(scheme)
    driver.show("point")
    driver.wait_js(f"Math.round(devicePixelRatio * 100) === {percent}")
    for number, (x, y) in enumerate(((1, 1), (102, 113), (198, 200)), start=1):
        driver.press(driver.at(".kd-picture", (x + 0.5) / 200, (y + 0.5) / 280))
        driver.qtbot.waitUntil(lambda number=number: len(driver.answers) == number, timeout=3000)
        told = tuple(map(int, driver.answers[-1][1]["R"][0].split()))
        # The picture may begin between two pixels of the screen.
        assert abs(told[0] - x) <= 1 and abs(told[1] - y) <= 1, (told, (x, y))


@pytest.mark.parametrize("width", [1100, 640])
def test_h05_a_picture_larger_than_its_place_is_scaled_and_coordinates_are_not(driver, width):
    driver.view.resize(width, 700)
    driver.show("large")
    driver.wait_js(f"innerWidth === {width}")
    drawn = driver.js("document.querySelector('.kd-picture').getBoundingClientRect()")
    assert drawn["width"] < width and drawn["width"] / drawn["height"] == pytest.approx(2, abs=0.02)
    pixel = 2400 / drawn["width"]
    driver.press(driver.at(".kd-picture", 0.25, 0.5))
    driver.qtbot.waitUntil(lambda: bool(driver.answers), timeout=3000)
    x, y = map(int, driver.answers[-1][1]["R"][0].split())
    assert abs(x - 600) <= 2 * pixel and abs(y - 600) <= 2 * pixel


def test_a_picture_of_undeclared_size_counts_its_own_pixels(driver):
    driver.show("undeclared")
    driver.wait_js("document.querySelector('.kd-shapes').getAttribute('viewBox') === '0 0 200 280'")
    driver.press(driver.at(".kd-picture", 100.5 / 200, 140.5 / 280))
    driver.qtbot.waitUntil(lambda: bool(driver.answers), timeout=3000)
    assert driver.answers[-1][1]["R"][0] in {
        f"{x} {y}" for x in (99, 100, 101) for y in (139, 140, 141)
    }


def test_a_point_by_keyboard_coarse_and_fine(driver):
    driver.show("point")
    driver.focus()
    assert driver.js("document.activeElement.getAttribute('role')") == "application"
    driver.wait_js("getComputedStyle(document.querySelector('.kd-hair')).display === 'block'")
    driver.key(Qt.Key.Key_Right)
    driver.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    driver.key(Qt.Key.Key_Up)
    driver.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    driver.key(Qt.Key.Key_Space)
    driver.wait_values({"R": ["106 134"]})
    driver.key(Qt.Key.Key_Space)
    driver.wait_values({"R": []})
    for _ in range(30):
        driver.key(Qt.Key.Key_Left)
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"R": ["0 134"]})


def test_the_crosshair_stays_in_view_when_keys_move_it(driver):
    driver.view.resize(700, 300)
    driver.show("point")
    driver.focus()
    seen = (
        "(b => b.top >= 0 && b.bottom <= innerHeight)"
        "(document.querySelector('.kd-aim').getBoundingClientRect())"
    )
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        for _ in range(60):
            driver.key(key)
        edge = 279 if key is Qt.Key.Key_Down else 0
        driver.wait_js(f"document.querySelector('.kd-told').textContent.includes(', {edge})')")
        driver.wait_js(seen)
    assert driver.answers == []


def test_points_second_click_clears_and_the_bound_holds(driver):
    driver.show("points")
    assert driver.js("document.querySelector('.kd-rule').textContent") == "最多标记 2 个点"
    places = ((30, 30), (150, 60), (90, 150))
    points = [driver.at(".kd-picture", x / 200, y / 280) for x, y in places]
    driver.press(points[0])
    driver.press(points[1])
    driver.qtbot.waitUntil(lambda: len(driver.answers) == 2, timeout=3000)
    driver.press(points[2])
    driver.wait_js("document.querySelector('.kd-rule.kd-refused') !== null")
    assert len(_values(driver)) == 2
    driver.press(points[0])
    driver.qtbot.waitUntil(lambda: len(driver.answers) == 3, timeout=3000)
    assert len(driver.answers[-1][1]["R"]) == 1
    driver.focus()
    driver.key(Qt.Key.Key_Delete)
    driver.wait_values({"R": []})


def test_a_single_point_moves_with_the_next_click(driver):
    driver.show("point", {"R": ["20 20"]})
    driver.press(driver.at(".kd-picture", 100.5 / 200, 200.5 / 280))
    driver.qtbot.waitUntil(lambda: bool(driver.answers), timeout=3000)
    (told,) = driver.answers[-1][1]["R"]
    assert told.startswith(("99 ", "100 ", "101 ")), "one point, and not the old one"


def test_pieces_by_mouse_are_placed_moved_and_taken_back(driver):
    driver.show("gaps")
    driver.click(".kd-piece", 0)
    driver.click(_spot(driver, "H1"))
    driver.wait_values({"R": ["P1 H1"]})
    assert "已用" in driver.js("document.querySelector('.kd-piece').textContent")
    driver.click(".kd-piece", 0)
    driver.click(_spot(driver, "H2"))
    driver.wait_values({"R": ["P1 H2"]})
    driver.click(".kd-piece", 1)
    driver.click(_spot(driver, "H2"))
    driver.wait_values({"R": ["P1 H2", "P2 H2"]})
    driver.click(_spot(driver, "H2"))
    driver.wait_values({"R": ["P1 H2"]})
    driver.click(_spot(driver, "H2"))
    driver.wait_values({"R": []})


def test_pieces_by_keyboard(driver):
    driver.show("gaps")
    driver.focus()
    driver.key(Qt.Key.Key_Space)
    driver.wait_js("document.activeElement.dataset.id === 'H1'")
    driver.key(Qt.Key.Key_Right)
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"R": ["P1 H2"]})
    driver.wait_js("document.activeElement.dataset.id === 'P1'")
    driver.key(Qt.Key.Key_Right)
    driver.key(Qt.Key.Key_Return)
    driver.wait_js("document.activeElement.dataset.id === 'H1'")
    driver.key(Qt.Key.Key_Escape)
    driver.wait_js("document.activeElement.dataset.id === 'P2'")
    driver.key(Qt.Key.Key_Return)
    driver.key(Qt.Key.Key_Return)
    driver.wait_values({"R": ["P1 H2", "P2 H1"]})
    driver.key(Qt.Key.Key_Tab)
    driver.wait_js("document.activeElement.closest('.kd-spot') !== null")
    driver.key(Qt.Key.Key_Home)
    driver.key(Qt.Key.Key_Delete)
    driver.wait_values({"R": ["P1 H2"]})
    assert (
        driver.js("document.querySelector('[data-id=H2]').getAttribute('aria-label')")
        == "区域 2：甲"
    )


def test_pieces_by_dragging(driver):
    driver.show("gaps")
    piece, area = driver.point(".kd-piece", 0), driver.point(_spot(driver, "H2"))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for target in (area, driver.point(".kd-rule")):
        QTest.mousePress(driver.surface, left, none, piece)
        # A move with a button held is not to be had from QTest's own mouseMove.
        for step in (1, 2, 3):
            way = piece + (target - piece) * step / 3
            move = QMouseEvent(
                QEvent.Type.MouseMove, way.toPointF(),
                driver.surface.mapToGlobal(way.toPointF()), left, left, none,
            )  # fmt: skip
            QApplication.sendEvent(driver.surface, move)
        driver.wait_js("document.querySelector('.kd-flying') !== null")
        QTest.mouseRelease(driver.surface, left, none, target)
        driver.wait_js("document.querySelector('.kd-flying') === null")
        driver.wait_values({"R": ["P1 H2"]})
    driver.wait_js("document.querySelector('[aria-pressed=true]') === null")
    assert len(driver.answers) == 1, "let go elsewhere changes nothing"
    assert driver.violations == []


def test_a_full_area_makes_room_for_the_newest(driver):
    driver.show("gaps", {"R": ["P1 H1", "P3 H2", "P3 H2"]})
    driver.click(".kd-piece", 2)
    driver.click(_spot(driver, "H1"))
    driver.wait_values({"R": ["P3 H2", "P3 H2", "P3 H1"]})


def test_an_area_pressed_with_empty_hands_changes_nothing(driver):
    driver.show("gaps")
    driver.click(_spot(driver, "H1"))
    driver.wait_js("document.querySelector('.kd-told.kd-refused') !== null")
    assert driver.answers == []


def test_a_placed_piece_keeps_its_proportion_and_lies_in_its_area(driver):
    driver.view.resize(500, 700)
    driver.show("gaps", {"R": ["P1 H1"]})
    piece, area, drawn = driver.js(
        "['.kd-placed-piece img', '[data-id=H1] .kd-area', '.kd-picture']"
        ".map(one => document.querySelector(one).getBoundingClientRect())"
    )
    assert piece["width"] / drawn["width"] == pytest.approx(40 / 200, abs=0.01)
    assert piece["left"] >= area["left"] - 1 and piece["right"] <= area["right"] + 1
    assert piece["top"] >= area["top"] - 1 and piece["bottom"] <= area["bottom"] + 1


ANSWERS = {
    "spot": ["C"],
    "spots": ["D", "A"],
    "gaps": ["P1 H1", "P2 H2", "P2 H2"],
    "point": ["0 279"],
    "points": ["10 20", "199 0"],
}


@pytest.mark.parametrize("item", ANSWERS)
def test_h10_an_answer_is_restored_exactly(driver, item):
    driver.show(item, {"R": ANSWERS[item]})
    assert sorted(_values(driver)) == sorted(ANSWERS[item])
    assert driver.answers == []


@pytest.mark.parametrize("item", ["spot", "gaps", "point"])
def test_frozen_takes_nothing(driver, item):
    driver.show(item)
    driver.view.set_frozen(True)
    driver.wait_js("document.querySelector('.kd-graphic').inert")
    driver.press(driver.at(".kd-picture", 0.25, 0.12))
    driver.heard("keyup", lambda: driver.key(Qt.Key.Key_Space))
    driver.view.flush()
    assert _values(driver) == [] and driver.answers == []


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("percent", [100, 200])
def test_h05_pictures_clip_nothing(driver, item, percent):
    driver.view.set_zoom(percent)
    driver.show(item)
    driver.wait_js(f"Math.round(devicePixelRatio * 100) === {percent}")
    wider = driver.js(
        "[...document.querySelectorAll('.kd-pane, .kd-bank, .kd-piece, .kd-graphic')]"
        ".filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className)"
    )
    assert wider == []


def test_no_security_policy_is_in_the_way(driver):
    for item in ITEMS:
        driver.show(item)
    assert driver.violations == []


def test_y03_the_order_of_the_pieces_is_told(driver):
    driver.show("gaps")
    driver.click(".kd-piece", 1)
    driver.click(_spot(driver, "H1"))
    driver.qtbot.waitUntil(lambda: bool(driver.answers), timeout=3000)
    assert driver.answers[-1][2] == {"R": ["P1", "P2", "P3"]}
