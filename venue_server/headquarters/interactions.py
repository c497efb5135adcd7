"""The supported interactions: each bound to its own fitting response declaration."""

from collections.abc import Callable

from venue_server.headquarters.answer_key import key_values
from venue_server.headquarters.body import BodyReader
from venue_server.headquarters.interaction_entries import read_media, read_slider, read_text
from venue_server.headquarters.interaction_options import (
    read_associate,
    read_choice,
    read_gap_match,
    read_hottext,
    read_inline_choice,
    read_match,
    read_order,
)
from venue_server.headquarters.interaction_pictures import (
    read_graphic_gap_match,
    read_hotspot,
    read_select_point,
)
from venue_server.headquarters.interaction_reading import Declaration, KeyProblems, Reading
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import Element, local
from venue_server.wire.paper_index import InteractionIndex


def read_declaration(element: Element) -> Declaration:
    """Read one ``qti-response-declaration``."""
    return Declaration(
        element.get("identifier", ""),
        element.get("cardinality", ""),
        element.get("base-type", ""),
        key_values(element),
    )


_ONE, _MANY = frozenset({"single"}), frozenset({"single", "multiple"})
_NAME = frozenset({"identifier"})
_PAIR = frozenset({"directedPair"})
_NUMBER = frozenset({"integer", "float"})
# Kind, then the base types and cardinalities of its response (QTI 3 ASI, §2.11), and its reader.
_KINDS: dict[str, tuple[frozenset[str], frozenset[str], Callable[[Reading], None]]] = {
    "choice": (_NAME, _MANY, read_choice),
    "inline-choice": (_NAME, _ONE, read_inline_choice),
    "text-entry": (_NUMBER | {"string"}, _ONE, read_text),
    "extended-text": (frozenset({"string"}), _ONE, read_text),
    "order": (_NAME, frozenset({"ordered"}), read_order),
    "hottext": (_NAME, _MANY, read_hottext),
    "match": (_PAIR, _MANY, read_match),
    "associate": (frozenset({"pair"}), _MANY, read_associate),
    "gap-match": (_PAIR, _MANY, read_gap_match),
    "hotspot": (_NAME, _MANY, read_hotspot),
    "graphic-gap-match": (_PAIR, _MANY, read_graphic_gap_match),
    "select-point": (frozenset({"point"}), _MANY, read_select_point),
    "slider": (_NUMBER, _ONE, read_slider),
    "media": (frozenset({"integer"}), _ONE, read_media),
}


class InteractionReader:
    """Reads the interactions of one item; ``body`` is set before the walk begins."""

    body: BodyReader

    def __init__(self, declarations: dict[str, Declaration]) -> None:
        self._declarations = declarations
        self._inside = False
        self.found: list[InteractionIndex] = []
        self.keys = KeyProblems()

    def read(self, element: Element) -> None:
        """Read one interaction."""
        name = local(element)
        if self._inside:
            self.body.add(Rule.MISPLACED, element, name)
            return
        kind = name.removeprefix("qti-").removesuffix("-interaction")
        declaration = self._bind(element, kind)
        self.body.attributes(element)
        self._inside = True
        _KINDS[kind][2](Reading(element, self.body, declaration, self.keys))
        self._inside = False

    def _bind(self, element: Element, kind: str) -> Declaration | None:
        response_id = element.get("response-identifier", "")
        declaration = self._declarations.get(response_id)
        if declaration is None:
            self.body.add(Rule.RESPONSE_MISSING, element, response_id or local(element))
            return None
        if any(known.response_id == response_id for known in self.found):
            self.body.add(Rule.RESPONSE_SHARED, element, response_id)
        base_types, cardinalities, _ = _KINDS[kind]
        self.found.append(
            InteractionIndex(response_id, kind, declaration.cardinality, declaration.base_type)
        )
        if declaration.base_type in base_types and declaration.cardinality in cardinalities:
            return declaration
        detail = f"{response_id}: {declaration.cardinality} {declaration.base_type}"
        self.body.add(Rule.RESPONSE_TYPE, element, detail)
        return None
