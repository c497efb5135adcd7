"""Interactions over one picture: hotspot, graphic gap match, select point.

The picture becomes one ``img`` with the width and height to which coordinates refer: those of
the author, else the picture's own. Coordinates leave as whole or decimal numbers and commas.
"""

from venue_server.headquarters.answer_key import KeyValue
from venue_server.headquarters.body import PICTURES
from venue_server.headquarters.interaction_options import gap_choices
from venue_server.headquarters.interaction_reading import Reading, number
from venue_server.headquarters.picture_shape import read_shape
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import Element, children, local

Size = tuple[float, float] | None


def read_hotspot(reading: Reading) -> None:
    """``qti-hotspot-interaction``: areas of a picture are chosen."""
    reading.parts(*PICTURES, "qti-hotspot-choice")
    spots = children(reading.element, "qti-hotspot-choice")
    size = _picture(reading)
    for spot in spots:
        _spot(reading, spot, size)
    reading.at_least(spots, 1)
    reading.identifier_keys(reading.identifiers(spots))
    reading.limits("min-choices", "max-choices", 1, len(spots))


def read_graphic_gap_match(reading: Reading) -> None:
    """``qti-graphic-gap-match-interaction``: pictures or texts are put on areas of a picture."""
    reading.parts(*PICTURES, "qti-gap-text", "qti-gap-img", "qti-associable-hotspot")
    size = _picture(reading)
    options = gap_choices(reading)
    spots = children(reading.element, "qti-associable-hotspot")
    for spot in spots:
        _spot(reading, spot, size)
    reading.at_least(spots, 1)
    known = reading.identifiers(options + spots)
    for part in options + spots:
        reading.match_limits(part, known)
    reading.limits("min-associations", "max-associations", 1, 0)
    reading.pair_keys(
        {option.get("identifier", "") for option in options},
        {spot.get("identifier", "") for spot in spots},
    )


def read_select_point(reading: Reading) -> None:
    """``qti-select-point-interaction``: points of a picture. Areas belong to the key."""
    reading.parts(*PICTURES)
    size = _picture(reading)
    single = reading.declaration is not None and reading.declaration.single
    most = reading.limits("min-choices", "max-choices", 1 if single else 0, 0)
    reading.element.set("max-choices", str(most))
    reading.keys(Rule.KEY_INVALID, lambda key: "" if _key_fits(key, size) else key.text)


def _key_fits(key: KeyValue, size: Size) -> bool:
    if key.part == "area":
        shape, _, coords = key.text.partition(" ")
        found = read_shape(shape, coords)
        return found is not None and found.meets(size)
    numbers = [number(word) for word in key.text.split()]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return False
    return size is None or (0 <= numbers[0] <= size[0] and 0 <= numbers[1] <= size[1])


def _picture(reading: Reading) -> Size:
    """Read the one picture; it stands before the areas. Returns its size in pixels."""
    pictures = children(reading.element, *PICTURES)
    if not pictures:
        reading.add(Rule.MEDIA_MISSING, local(reading.element))
        return None
    for extra in pictures[1:]:
        reading.add(Rule.MISPLACED, local(extra), extra)
    before = pictures[0].getprevious()
    if before is not None and local(before) != "qti-prompt":
        reading.add(Rule.MISPLACED, local(pictures[0]), pictures[0])
    return reading.body.sized_picture(pictures[0])


def _spot(reading: Reading, spot: Element, size: Size) -> None:
    reading.empty(spot)
    shape, coords = spot.get("shape", ""), spot.get("coords", "")
    found = read_shape(shape, coords)
    if found is None:
        reading.add(Rule.SHAPE_INVALID, f"{shape} {coords}".strip(), spot)
        return
    if not found.meets(size):
        reading.add(Rule.SHAPE_INVALID, f"{shape} {coords}: outside the picture", spot)
    spot.set("coords", found.text)
