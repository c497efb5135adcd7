"""What a candidate sees: formulas, pictures, zoom, colour schemes, shared case (H04, H05)."""

import statistics
import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTranslator

from candidate_station.rendering.item_view import SCHEMES, translation_file


def _box(driver, selector: str) -> dict[str, float]:
    return driver.js(f"document.querySelector({selector!r}).getBoundingClientRect()")


def test_formulas_have_a_layout_inline_and_block(driver):
    driver.show("rich")
    inline, block = _box(driver, "p math"), _box(driver, "math[display=block]")
    assert inline["width"] > 20 and inline["height"] > 10
    assert block["height"] > 2 * inline["height"], "fractions and limits stand above each other"
    fraction = driver.js(
        "[...document.querySelector('math[display=block] mfrac').children]"
        ".map(part => part.getBoundingClientRect().top)"
    )
    assert fraction[0] < fraction[1]
    assert _box(driver, "msqrt")["height"] > 10


def test_pictures_are_there_when_painted(driver):
    driver.show("rich")
    assert driver.js(
        "(i => [i.complete, i.naturalWidth, i.naturalHeight])(document.querySelector('img'))"
    ) == [True, 120, 80]


def test_sound_is_playable_from_memory(driver):
    driver.show("rich")
    driver.wait_js("document.querySelector('audio').duration === 1")
    assert driver.js("document.querySelector('audio').controls")


def test_text_is_never_a_template(driver):
    driver.show("rich")
    text = driver.js("document.querySelector('ruby').parentElement.textContent")
    assert "{{constructor.constructor('x')()}} ${7*7}" in text


@pytest.mark.parametrize(
    "item", ["single", "multiple", "blanks", "essay", "inline", "rich", "case"]
)
@pytest.mark.parametrize("percent", [100, 150, 200])
def test_h05_zoom_clips_nothing(driver, item, percent):
    driver.view.set_zoom(percent)
    driver.show(item)
    driver.wait_js(f"Math.round(devicePixelRatio * 100) === {percent}")
    wider = driver.js(
        "[...document.querySelectorAll('.kd-pane, .kd-option, .kd-tabs, table, .kd-select')]"
        ".filter(part => !part.closest('[hidden]') && part.scrollWidth > part.clientWidth + 1)"
        ".map(part => part.className || part.tagName)"
    )
    assert wider == []
    assert driver.js("document.documentElement.scrollWidth <= innerWidth")


def test_h05_zoom_stays_within_its_bounds(driver):
    driver.show("single")
    for asked, got in ((50, 100), (130, 130), (900, 200)):
        driver.view.set_zoom(asked)
        driver.wait_js(f"Math.round(devicePixelRatio * 100) === {got}")


def _luminance(colour: str) -> float:
    numbers = [int(part) / 255 for part in colour[4:-1].split(",")]
    linear = [n / 12.92 if n <= 0.03928 else ((n + 0.055) / 1.055) ** 2.4 for n in numbers]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_is_readable(driver, scheme):
    driver.view.set_scheme(scheme)
    driver.show("single", {"R": ["c1"]})
    pairs = driver.js(
        "[['body', 'body'], ['.kd-option:first-child .kd-mark', '.kd-option:first-child .kd-mark']]"
        ".map(([ink, paper]) => [getComputedStyle(document.querySelector(ink)).color,"
        " getComputedStyle(document.querySelector(paper)).backgroundColor])"
    )
    for ink, ground in pairs:
        light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7


def test_the_focus_is_visible(driver):
    driver.show("single")
    driver.focus()
    style = "(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))"
    assert driver.js(style) == ["solid", "3px"]


def test_shared_case_stands_left_of_its_item_when_there_is_room(driver):
    driver.show("case")
    material, question = _box(driver, ".kd-material:not([hidden])"), _box(driver, ".kd-question")
    assert material["right"] <= question["left"] + 1 and material["top"] > question["top"]
    driver.click(".kd-tab", 1)
    driver.wait_js("document.querySelector('.kd-material:not([hidden])').textContent === '一季度'")
    assert not driver.js("document.querySelector('.kd-question').hidden")


def test_shared_case_becomes_tabs_when_narrow(driver):
    driver.view.resize(700, 600)
    driver.show("case")
    driver.wait_js("innerWidth < 900")
    visible = "[...document.querySelectorAll('.kd-pane:not([hidden])')].length"
    titles = driver.js("[...document.querySelectorAll('.kd-tab')].map(tab => tab.textContent)")
    assert titles == ["案例一", "附表", "试题"]
    assert driver.js(visible) == 1
    driver.click(".kd-tab", 0)
    driver.wait_js("document.querySelector('.kd-question').hidden")
    driver.key(Qt.Key.Key_Left)
    driver.wait_js("!document.querySelector('.kd-question').hidden")
    assert driver.js(visible) == 1


def test_english_labels_through_qt(driver):
    path = translation_file("en")
    assert path is not None and translation_file("zh") is None
    translator = QTranslator()
    assert translator.load(str(path))
    driver.show("multiple", {"R": ["c1"]})
    QCoreApplication.installTranslator(translator)
    try:
        QCoreApplication.sendEvent(driver.view, QEvent(QEvent.Type.LanguageChange))
        driver.wait_js("document.querySelector('.kd-rule').textContent === 'Choose 2'")
    finally:
        QCoreApplication.removeTranslator(translator)
    assert driver.js("JSON.parse(kaodian.state()).values") == {"R": ["c1"]}


def test_an_item_is_painted_fast(driver, record_property):
    names = ["single", "multiple", "blanks", "essay", "inline", "case", "shuffled"] * 6
    driver.show("single")
    took = []
    for name in names[1:]:
        begun = time.perf_counter()
        driver.show(name)
        took.append((time.perf_counter() - begun) * 1000)
    record_property("median_ms", round(statistics.median(took), 1))
    print(f"item switch to painted: median {statistics.median(took):.1f} ms, most {max(took):.1f}")
    # The goal, 30 ms, is measured by the benchmark; here a busy machine gets room.
    assert statistics.quantiles(took, n=4)[0] <= 100
