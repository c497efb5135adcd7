"""QTI interaction elements → typed descriptions, options already in the order to be shown."""

from collections.abc import Callable

from lxml import etree

from candidate_station.paper.attributes import children as _children
from candidate_station.paper.attributes import hints as _hints
from candidate_station.paper.attributes import is_true as _is_true
from candidate_station.paper.attributes import number as _number
from candidate_station.paper.description import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    Option,
    TextEntryInteraction,
)
from candidate_station.paper.graphic_reading import (
    read_graphic_gap_match,
    read_hotspot,
    read_media,
    read_select_point,
)
from candidate_station.paper.sanitise import Element, Sanitiser, UnsupportedContentError
from candidate_station.paper.shuffle import shuffle_key, shuffled
from venue_server.wire.paper_index import InteractionIndex

Read = Callable[["InteractionReader", Element, InteractionIndex], Interaction]


class InteractionReader:
    """Reads the interactions of one item for one sitting.

    Raises UnsupportedContentError for what the profile does not hold.
    """

    def __init__(
        self, item_id: str, sitting_id: str, shuffle_seed: str, sanitiser: Sanitiser
    ) -> None:
        self._item_id = item_id
        self._sitting_id = sitting_id
        self._shuffle_seed = shuffle_seed
        self._sanitiser = sanitiser

    @property
    def sanitiser(self) -> Sanitiser:
        return self._sanitiser

    def prompt(self, source: Element) -> str:
        return self._prompt(source)

    def key(self, response_id: str) -> bytes:
        """The key of an interaction's order in this sitting."""
        return shuffle_key(self._shuffle_seed, self._sitting_id, self._item_id, response_id)

    def read(self, source: Element, index: InteractionIndex) -> Interaction:
        """The description of ``source``, which ``index`` lists."""
        return _READERS[index.kind](self, source, index)

    def _prompt(self, source: Element) -> str:
        return self._sanitiser.fragment(next(_children(source, "qti-prompt"), None))

    def _options(
        self, source: Element, response_id: str, name: str, wrapper: str
    ) -> tuple[Option, ...]:
        elements = list(_children(source, name))
        ids = [element.get("identifier", "") for element in elements]
        if not ids or "" in ids or len(set(ids)) != len(ids):
            raise UnsupportedContentError(f"{response_id}: option ids are missing or repeated")
        options = [
            Option(option_id, self._sanitiser.fragment(element, wrapper))
            for option_id, element in zip(ids, elements, strict=True)
        ]
        if not _is_true(source, "shuffle"):
            return tuple(options)
        fixed = [_is_true(element, "fixed") for element in elements]
        return tuple(shuffled(options, fixed, self.key(response_id)))

    def choice(self, source: Element, index: InteractionIndex) -> ChoiceInteraction:
        options = self._options(source, index.response_id, "qti-simple-choice", "div")
        most = _number(source, "max-choices", 1)
        hints = _hints(source)
        flat = source.get("orientation") == "horizontal" or "qti-orientation-horizontal" in hints
        return ChoiceInteraction(
            response_id=index.response_id,
            multiple=most != 1 and index.cardinality != "single",
            min_choices=_number(source, "min-choices"),
            max_choices=most,
            orientation="horizontal" if flat else "vertical",
            prompt=self._prompt(source),
            options=options,
            hints=hints,
        )

    def inline_choice(self, source: Element, index: InteractionIndex) -> InlineChoiceInteraction:
        options = self._options(source, index.response_id, "qti-inline-choice", "span")
        return InlineChoiceInteraction(index.response_id, options, _hints(source))

    def text_entry(self, source: Element, index: InteractionIndex) -> TextEntryInteraction:
        return TextEntryInteraction(
            response_id=index.response_id,
            base_type=index.base_type,
            expected_length=_number(source, "expected-length"),
            pattern=source.get("pattern-mask", ""),
            placeholder=source.get("placeholder-text", ""),
            hints=_hints(source),
        )

    def extended_text(self, source: Element, index: InteractionIndex) -> ExtendedTextInteraction:
        if index.cardinality != "single":
            raise UnsupportedContentError(f"{index.response_id}: several texts in one interaction")
        if (text_format := source.get("format", "plain")) not in ("plain", "preformatted"):
            raise UnsupportedContentError(f"{index.response_id}: text format {text_format!r}")
        return ExtendedTextInteraction(
            response_id=index.response_id,
            expected_lines=_number(source, "expected-lines"),
            expected_length=_number(source, "expected-length"),
            format=text_format,
            prompt=self._prompt(source),
            placeholder=source.get("placeholder-text", ""),
            hints=_hints(source),
        )


_READERS: dict[str, Read] = {
    "choice": InteractionReader.choice,
    "inline-choice": InteractionReader.inline_choice,
    "text-entry": InteractionReader.text_entry,
    "extended-text": InteractionReader.extended_text,
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
