"""QTI's graphic and media interactions → descriptions (:mod:`.graphic`)."""

import re

from candidate_station.paper.attributes import children, hints, is_true, number
from candidate_station.paper.graphic import (
    GapPiece,
    GraphicGapMatchInteraction,
    Hotspot,
    HotspotInteraction,
    MediaInteraction,
    Picture,
    SelectPointInteraction,
)
from candidate_station.paper.reading import ItemReading
from candidate_station.paper.sanitise import Element, UnsupportedContentError, plain_text
from venue_server.wire.paper_index import InteractionIndex

_NUMBER = re.compile(r"-?\d{1,5}(\.\d{1,6})?")
_COORDS = {"rect": 4, "circle": 3, "ellipse": 4, "default": 0}


def _only(source: Element, *names: str) -> Element:
    found = list(children(source, *names))
    if len(found) != 1:
        raise UnsupportedContentError(f"{' or '.join(names)}: {len(found)} instead of one")
    return found[0]


def _picture(reading: ItemReading, source: Element) -> Picture:
    image = _only(source, "img")
    return Picture(
        address=reading.sanitiser.address(image.get("src", "")),
        width=number(image, "width"),
        height=number(image, "height"),
        alt=image.get("alt", ""),
    )


def _coords(shape: str, text: str) -> tuple[float, ...]:
    """The numbers of ``coords``; raises UnsupportedContentError when they do not fit the shape."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if shape == "default":
        return ()
    numbers = tuple(float(part) for part in parts if _NUMBER.fullmatch(part))
    wanted = _COORDS.get(shape)
    fits = len(numbers) == wanted or (
        shape == "poly" and len(numbers) >= 6 and len(numbers) % 2 == 0
    )
    if len(numbers) != len(parts) or not fits:
        raise UnsupportedContentError(f"hotspot: {shape[:20]!r} with coords {text[:60]!r}")
    return numbers


def _hotspots(source: Element, name: str) -> tuple[Hotspot, ...]:
    spots = tuple(
        Hotspot(
            option_id=element.get("identifier", ""),
            shape=element.get("shape", ""),
            coords=_coords(element.get("shape", ""), element.get("coords", "")),
            label=element.get("hotspot-label", ""),
            match_max=number(element, "match-max", 1),
        )
        for element in children(source, name)
    )
    _check_ids(name, [spot.option_id for spot in spots])
    return spots


def _check_ids(name: str, ids: list[str]) -> None:
    # Two ids stand in one value, parted by a blank.
    if not ids or len(set(ids)) != len(ids) or any(len(one.split()) != 1 for one in ids):
        raise UnsupportedContentError(f"{name}: ids are missing or repeated")


def read_hotspot(
    reading: ItemReading, source: Element, index: InteractionIndex
) -> HotspotInteraction:
    single = index.cardinality == "single"
    most = number(source, "max-choices", 1)
    return HotspotInteraction(
        response_id=index.response_id,
        multiple=most != 1 and not single,
        min_choices=number(source, "min-choices"),
        max_choices=1 if single else most,
        prompt=reading.prompt(source),
        picture=_picture(reading, source),
        hotspots=_hotspots(source, "qti-hotspot-choice"),
        hints=hints(source),
    )


def _piece(reading: ItemReading, element: Element) -> GapPiece:
    images = list(children(element, "img"))
    image = images[0] if images else None
    words = element.get("object-label") or (image.get("alt", "") if image is not None else "")
    return GapPiece(
        option_id=element.get("identifier", ""),
        html=reading.sanitiser.fragment(element, "span"),
        label=words or plain_text(element),
        width=number(image, "width") if image is not None else 0,
        height=number(image, "height") if image is not None else 0,
        match_max=number(element, "match-max", 1),
    )


def read_graphic_gap_match(
    reading: ItemReading, source: Element, index: InteractionIndex
) -> GraphicGapMatchInteraction:
    elements = list(children(source, "qti-gap-img", "qti-gap-text"))
    pieces = [_piece(reading, element) for element in elements]
    _check_ids("gap pieces", [piece.option_id for piece in pieces])
    pieces = reading.in_order(source, elements, pieces, index.response_id)
    return GraphicGapMatchInteraction(
        response_id=index.response_id,
        min_associations=number(source, "min-associations"),
        # The schema's default of 1 is not meant: QTI's own examples leave it out and want several.
        max_associations=number(source, "max-associations"),
        prompt=reading.prompt(source),
        picture=_picture(reading, source),
        options=tuple(pieces),
        hotspots=_hotspots(source, "qti-associable-hotspot"),
        hints=hints(source),
    )


def read_select_point(
    reading: ItemReading, source: Element, index: InteractionIndex
) -> SelectPointInteraction:
    single = index.cardinality == "single"
    most = 1 if single else number(source, "max-choices")
    return SelectPointInteraction(
        response_id=index.response_id,
        multiple=most != 1,
        min_choices=number(source, "min-choices"),
        max_choices=most,
        prompt=reading.prompt(source),
        picture=_picture(reading, source),
        hints=hints(source),
    )


def read_media(reading: ItemReading, source: Element, index: InteractionIndex) -> MediaInteraction:
    least, most = number(source, "min-plays"), number(source, "max-plays")
    if most and least > most:
        raise UnsupportedContentError(f"{index.response_id}: min-plays above max-plays")
    return MediaInteraction(
        response_id=index.response_id,
        min_plays=least,
        max_plays=most,
        loop=is_true(source, "loop"),
        autostart=is_true(source, "autostart"),
        prompt=reading.prompt(source),
        html=reading.sanitiser.player(_only(source, "audio", "video")),
        hints=hints(source),
    )
