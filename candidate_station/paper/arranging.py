"""Readers of the interactions in :mod:`.arrangements`.

Bounds that an element leaves out are those of the QTI 3.0 schema, but for two: a gap match without
``max-associations`` is not bounded (the schema says 1, every example has more gaps than that), and
a slider whose step is 0 moves in whole numbers, or in hundredths of its range and finer when they
are not enough.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from lxml import etree

from candidate_station.paper.arrangements import (
    Arrangement,
    Associable,
    AssociateInteraction,
    GapMatchInteraction,
    HottextInteraction,
    MatchInteraction,
    OrderInteraction,
    SliderInteraction,
)
from candidate_station.paper.attributes import children, hints, is_true, number
from candidate_station.paper.reading import ItemReading, distinct_ids, orientation_of
from candidate_station.paper.sanitise import (
    Element,
    UnsupportedContentError,
    new_element,
    to_fragment,
)
from candidate_station.paper.vocabulary import class_tokens
from venue_server.wire.paper_index import InteractionIndex

_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
SECOND_SET = "/2"  # after the response id, in the shuffle key of a match's second set


def _associables(
    reader: ItemReading, source: Element, elements: Sequence[Element], purpose: str
) -> tuple[Associable, ...]:
    """``elements`` as options of pairs, in the order to be shown.

    A pair is written with a blank between its ids, so no id may hold one.
    """
    ids = distinct_ids(elements, purpose)
    if any(len(option_id.split()) != 1 or option_id.strip() != option_id for option_id in ids):
        raise UnsupportedContentError(f"{purpose}: an option id holds a blank")
    options = [
        Associable(
            option_id,
            reader.sanitiser.fragment(element, "span"),
            number(element, "match-min"),
            number(element, "match-max", 1),
        )
        for option_id, element in zip(ids, elements, strict=True)
    ]
    return tuple(reader.in_order(source, elements, options, purpose))


def _most(source: Element, index: InteractionIndex, attribute: str, default: int) -> int:
    """The upper bound of an answer; one value where only one can be reported."""
    return 1 if index.cardinality == "single" else number(source, attribute, default)


def read_match(reader: ItemReading, source: Element, index: InteractionIndex) -> MatchInteraction:
    """A ``qti-match-interaction``."""
    sets = [
        list(children(one, "qti-simple-associable-choice"))
        for one in children(source, "qti-simple-match-set")
    ]
    if len(sets) != 2:
        raise UnsupportedContentError(f"{index.response_id}: a match needs two sets")
    distinct_ids(sets[0] + sets[1], index.response_id)
    most = _most(source, index, "max-associations", 1)
    return MatchInteraction(
        response_id=index.response_id,
        multiple=most != 1,
        min_associations=number(source, "min-associations"),
        max_associations=most,
        prompt=reader.prompt(source),
        sources=_associables(reader, source, sets[0], index.response_id),
        targets=_associables(reader, source, sets[1], index.response_id + SECOND_SET),
        hints=hints(source),
    )


def read_associate(
    reader: ItemReading, source: Element, index: InteractionIndex
) -> AssociateInteraction:
    """A ``qti-associate-interaction``."""
    elements = list(children(source, "qti-simple-associable-choice"))
    most = _most(source, index, "max-associations", 1)
    return AssociateInteraction(
        response_id=index.response_id,
        multiple=most != 1,
        min_associations=number(source, "min-associations"),
        max_associations=most,
        prompt=reader.prompt(source),
        options=_associables(reader, source, elements, index.response_id),
        hints=hints(source),
    )


def read_gap_match(
    reader: ItemReading, source: Element, index: InteractionIndex
) -> GapMatchInteraction:
    """A ``qti-gap-match-interaction``: its options, and its text with the places of the gaps."""
    names = ("qti-gap-text", "qti-gap-img")
    elements = list(children(source, *names))
    gaps: list[Element] = []

    def gap(element: Element) -> Element:
        place = new_element("span")
        place.set("data-gap", str(len(gaps)))
        if tokens := class_tokens(element.get("class", "")):
            place.set("class", " ".join(tokens))
        gaps.append(element)
        return place

    def left_out(element: Element) -> None:
        if element.getparent() is not source:
            raise UnsupportedContentError(f"{index.response_id}: an option inside the text")

    marks = {"qti-gap": gap, "qti-prompt": left_out} | dict.fromkeys(names, left_out)
    html = reader.sanitiser.marking(marks).fragment(source)
    most = _most(source, index, "max-associations", 0)
    options = _associables(reader, source, elements, index.response_id)
    gap_ids = distinct_ids(gaps, index.response_id)
    distinct_ids(elements + gaps, index.response_id)
    return GapMatchInteraction(
        response_id=index.response_id,
        multiple=most != 1,
        min_associations=number(source, "min-associations"),
        max_associations=most,
        prompt=reader.prompt(source),
        options=options,
        gaps=tuple(gap_ids),
        html=html,
        hints=hints(source),
    )


def read_order(reader: ItemReading, source: Element, index: InteractionIndex) -> OrderInteraction:
    """A ``qti-order-interaction``. Without ``min-choices`` everything is to be ordered."""
    options = reader.options(source, index.response_id, "qti-simple-choice", "div")
    tokens = hints(source)
    least = number(source, "min-choices")
    most = min(number(source, "max-choices") or len(options), len(options)) if least else 0
    return OrderInteraction(
        response_id=index.response_id,
        min_choices=least,
        max_choices=most,
        orientation=orientation_of(source, tokens, "vertical"),
        prompt=reader.prompt(source),
        options=options,
        hints=tokens,
    )


def read_hottext(
    reader: ItemReading, source: Element, index: InteractionIndex
) -> HottextInteraction:
    """A ``qti-hottext-interaction``: its text with the words that may be marked."""
    words: list[Element] = []

    def word(element: Element) -> Element:
        if len(list(element.iter("{*}qti-hottext"))) != 1:
            raise UnsupportedContentError(f"{index.response_id}: a hottext inside another")
        place = inner.content(element, "span")
        place.set("data-hottext", str(len(words)))
        words.append(element)
        return place

    def left_out(_: Element) -> None:
        return None

    inner = reader.sanitiser.marking({"qti-hottext": word, "qti-prompt": left_out})
    html = to_fragment(inner.content(source))
    most = _most(source, index, "max-choices", 1)
    return HottextInteraction(
        response_id=index.response_id,
        multiple=most != 1,
        min_choices=number(source, "min-choices"),
        max_choices=most,
        prompt=reader.prompt(source),
        words=tuple(distinct_ids(words, index.response_id)),
        html=html,
        hints=hints(source),
    )


def _decimal(source: Element, attribute: str, default: str = "") -> Decimal:
    text = source.get(attribute, default).strip()
    if not _DECIMAL.fullmatch(text):
        name = etree.QName(source).localname
        raise UnsupportedContentError(f"{name}: {attribute} is not a decimal number")
    return Decimal(text)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def read_slider(reader: ItemReading, source: Element, index: InteractionIndex) -> SliderInteraction:
    """A ``qti-slider-interaction``."""
    lower, upper = _decimal(source, "lower-bound"), _decimal(source, "upper-bound")
    step = abs(_decimal(source, "step", "1"))
    if not step:
        fine = Decimal(1).scaleb((upper - lower).adjusted() - 2) if upper > lower else Decimal(1)
        step = Decimal(1) if index.base_type == "integer" else min(Decimal(1), fine)
    if lower >= upper:
        raise UnsupportedContentError(f"{index.response_id}: the bounds leave nothing to choose")
    if index.base_type == "integer" and any(one % 1 for one in (lower, upper, step)):
        raise UnsupportedContentError(f"{index.response_id}: parts of an integer")
    tokens = hints(source)
    return SliderInteraction(
        response_id=index.response_id,
        base_type=index.base_type,
        lower=_plain(lower),
        upper=_plain(upper),
        step=_plain(step),
        step_label=is_true(source, "step-label"),
        orientation=orientation_of(source, tokens, "horizontal"),
        reverse=is_true(source, "reverse"),
        prompt=reader.prompt(source),
        hints=tokens,
    )


ARRANGED: dict[str, Callable[[ItemReading, Element, InteractionIndex], Arrangement]] = {
    "match": read_match,
    "associate": read_associate,
    "gap-match": read_gap_match,
    "order": read_order,
    "hottext": read_hottext,
    "slider": read_slider,
}
