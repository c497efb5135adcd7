"""Interactions without options: texts and numbers typed, sliders, media to play."""

from venue_server.headquarters.answer_key import KeyValue
from venue_server.headquarters.interaction_reading import Reading, number
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import Element, children, local

_PLAYERS = ("object", "audio", "video")
_MOST_STEPS = 10_000


def read_text(reading: Reading) -> None:
    """``qti-text-entry-interaction`` and ``qti-extended-text-interaction``."""
    reading.parts()
    if reading.element.get("format", "plain") not in ("plain", "preformatted"):
        reading.add(Rule.NOT_YET, f"format={reading.element.get('format')}")
    for attribute in ("expected-length", "expected-lines", "max-strings", "min-strings"):
        reading.count(attribute, 0)
    base_type = reading.declaration.base_type if reading.declaration else "string"
    if base_type != "string":
        whole = base_type == "integer"
        reading.keys(Rule.KEY_INVALID, lambda key: _number_fault(key, whole))


def _number_fault(key: KeyValue, whole: bool) -> str:
    value = number(key.text)
    return key.text if value is None or (whole and value != int(value)) else ""


def read_slider(reading: Reading) -> None:
    """``qti-slider-interaction``: bounds, a step that leads from one to the other."""
    reading.parts()
    for attribute in ("step-label", "reverse"):
        reading.flag(attribute)
    reading.word("orientation", "horizontal", "vertical")
    lower, upper = reading.number("lower-bound"), reading.number("upper-bound")
    step = reading.number("step", 1.0)
    if lower is None or upper is None or step is None:
        return
    if not lower < upper:
        reading.add(Rule.ATTRIBUTE_INVALID, "lower-bound >= upper-bound")
    elif step <= 0 or step > upper - lower or upper - lower > step * _MOST_STEPS:
        reading.add(Rule.ATTRIBUTE_INVALID, f"step={reading.element.get('step', '1')}")
    elif _is_integer(reading) and not (lower.is_integer() and step.is_integer()):
        reading.add(Rule.ATTRIBUTE_INVALID, "lower-bound, step: integer")
    else:
        reading.keys(Rule.KEY_INVALID, lambda key: _off_scale(key, lower, upper, step))


def _is_integer(reading: Reading) -> bool:
    return reading.declaration is not None and reading.declaration.base_type == "integer"


def _off_scale(key: KeyValue, lower: float, upper: float, step: float) -> str:
    """The key when no position of the slider gives it; mappings may name any value."""
    value = number(key.text)
    if key.part != "correct":
        return key.text if value is None else ""
    if value is None or not lower <= value <= upper:
        return key.text
    steps = (value - lower) / step
    return "" if abs(steps - round(steps)) < 1e-6 else key.text


def read_media(reading: Reading) -> None:
    """``qti-media-interaction``: sound or film with limits on plays; counts the plays."""
    reading.parts(*_PLAYERS)
    _old_names(reading.element)
    for attribute in ("autostart", "loop"):
        reading.flag(attribute)
    most, least = reading.count("max-plays", 0), reading.count("min-plays", 0)
    if most and least > most:
        reading.add(Rule.ATTRIBUTE_INVALID, "min-plays > max-plays")
    players = children(reading.element, *_PLAYERS)
    if not players:
        reading.add(Rule.MEDIA_MISSING, local(reading.element))
        return
    for extra in players[1:]:
        reading.add(Rule.MISPLACED, local(extra), extra)
    reading.body.read(players[0])
    if local(players[0]) == "img":
        reading.add(Rule.MEDIA_TYPE, "image", players[0])
    # Its own controls would get round the limits; the renderer draws what is allowed.
    players[0].attrib.pop("controls", None)


def _old_names(element: Element) -> None:
    """``minplays`` and ``maxplays``, as QTI 2 wrote them, to the names of QTI 3."""
    for old, new in (("minplays", "min-plays"), ("maxplays", "max-plays")):
        text = element.attrib.pop(old, None)
        if text is not None and element.get(new) is None:
            element.set(new, text)
