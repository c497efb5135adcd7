"""Every text colour of the console's style sheet is readable on what it stands on (WCAG 2.2, 1.4.3:
4.5 to 1). Greyed controls are held to the same, because their words say what is not possible."""

import re
from importlib.resources import files

import pytest
from PySide6.QtGui import QColor, QPalette

PAGE, CARD = "#f3f5f8", "#ffffff"
INSIDE = (  # a selector that begins so stands on these, where it has no background of its own
    ("#header", ("#12324f",)),
    ("#headerSmall", ("#12324f",)),
    ('#deadline[next="true"]', ("#ffe9a8",)),
    ('#deadline[passed="true"]', ("#12324f",)),
    ('#outcome[tone="bad"]', ("#fde3e0",)),
    ("#hint", (CARD,)),
    ("#groupBar", (PAGE,)),
)
EITHER = (PAGE, CARD)


def rules() -> list[tuple[str, dict[str, str]]]:
    """Selector and properties of each rule, one selector of a list at a time."""
    text = (files("invigilator_app.screens") / "console.qss").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        parts = (each.partition(":") for each in body.split(";") if ":" in each)
        properties = {name.strip(): value.strip() for name, _, value in parts}
        found += [(each.strip(), properties) for each in selectors.split(",")]
    return found


def grounds(selector: str, properties: dict[str, str]) -> tuple[str, ...]:
    own = properties.get("background", "")
    if own.startswith("#"):
        return (own,)
    return next((on for start, on in INSIDE if selector.startswith(start)), EITHER)


def luminance(colour: str) -> float:
    parts = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


COLOURED = [(selector, each) for selector, each in rules() if "color" in each]
PLACEHOLDERS = [
    each["placeholder-text-color"] for _, each in rules() if "placeholder-text-color" in each
]


def test_the_measure_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")
    assert len(COLOURED) > 25


@pytest.mark.parametrize(("selector", "properties"), COLOURED, ids=[name for name, _ in COLOURED])
def test_a_text_is_readable_on_what_it_stands_on(selector: str, properties: dict[str, str]) -> None:
    for ground in grounds(selector, properties):
        assert contrast(properties["color"], ground) >= 4.5, (selector, ground)


def test_what_a_field_asks_for_is_readable(start) -> None:
    """Some fields are named by nothing else; Qt's own grey is too pale."""
    console = start()
    assert PLACEHOLDERS and all(contrast(each, CARD) >= 4.5 for each in PLACEHOLDERS)
    field = console.window.duty.rooms.search
    field.ensurePolished()
    shown = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert shown.name() in PLACEHOLDERS and shown.alpha() == 255
