"""QTI interaction elements → typed descriptions, options already in the order to be shown."""

from collections.abc import Callable

from lxml import etree

from candidate_station.paper.arranging import ARRANGED
from candidate_station.paper.attributes import hints, number
from candidate_station.paper.description import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    TextEntryInteraction,
)
from candidate_station.paper.graphic_reading import (
    read_graphic_gap_match,
    read_hotspot,
    read_media,
    read_select_point,
)
from candidate_station.paper.reading import ItemReading, orientation_of
from candidate_station.paper.sanitise import Element, UnsupportedContentError
from venue_server.wire.paper_index import InteractionIndex

Read = Callable[["InteractionReader", Element, InteractionIndex], Interaction]


class InteractionReader(ItemReading):
    """Reads the interactions of one item for one sitting."""

    def read(self, source: Element, index: InteractionIndex) -> Interaction:
        """The description of ``source``, which ``index`` lists."""
        return _READERS[index.kind](self, source, index)

    def choice(self, source: Element, index: InteractionIndex) -> ChoiceInteraction:
        options = self.options(source, index.response_id, "qti-simple-choice", "div")
        most = number(source, "max-choices", 1)
        tokens = hints(source)
        return ChoiceInteraction(
            response_id=index.response_id,
            multiple=most != 1 and index.cardinality != "single",
            min_choices=number(source, "min-choices"),
            max_choices=most,
            orientation=orientation_of(source, tokens, "vertical"),
            prompt=self.prompt(source),
            options=options,
            hints=tokens,
        )

    def inline_choice(self, source: Element, index: InteractionIndex) -> InlineChoiceInteraction:
        options = self.options(source, index.response_id, "qti-inline-choice", "span")
        return InlineChoiceInteraction(index.response_id, options, hints(source))

    def text_entry(self, source: Element, index: InteractionIndex) -> TextEntryInteraction:
        return TextEntryInteraction(
            response_id=index.response_id,
            base_type=index.base_type,
            expected_length=number(source, "expected-length"),
            pattern=source.get("pattern-mask", ""),
            placeholder=source.get("placeholder-text", ""),
            hints=hints(source),
        )

    def extended_text(self, source: Element, index: InteractionIndex) -> ExtendedTextInteraction:
        if index.cardinality != "single":
            raise UnsupportedContentError(f"{index.response_id}: several texts in one interaction")
        if (text_format := source.get("format", "plain")) not in ("plain", "preformatted"):
            raise UnsupportedContentError(f"{index.response_id}: text format {text_format!r}")
        return ExtendedTextInteraction(
            response_id=index.response_id,
            expected_lines=number(source, "expected-lines"),
            expected_length=number(source, "expected-length"),
            format=text_format,
            prompt=self.prompt(source),
            placeholder=source.get("placeholder-text", ""),
            hints=hints(source),
        )


_READERS: dict[str, Read] = {
    "choice": InteractionReader.choice,
    "inline-choice": InteractionReader.inline_choice,
    "text-entry": InteractionReader.text_entry,
    "extended-text": InteractionReader.extended_text,
    **ARRANGED,
    "hotspot": read_hotspot,
    "graphic-gap-match": read_graphic_gap_match,
    "select-point": read_select_point,
    "media": read_media,
}
SUPPORTED_KINDS = frozenset(_READERS)
INLINE_KINDS = frozenset({"inline-choice", "text-entry"})


def kind_of(source: Element) -> str:
    """``choice`` for ``qti-choice-interaction``, and so on."""
    return etree.QName(source).localname.removeprefix("qti-").removesuffix("-interaction")
