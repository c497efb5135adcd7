"""The supported interactions: each bound to its own fitting response declaration."""

from dataclasses import dataclass, field

from venue_server.headquarters.answer_key import NamedKey, named_options
from venue_server.headquarters.body import BodyReader
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import QTI, Element, children, local, namespace
from venue_server.wire.paper_index import InteractionIndex


@dataclass(frozen=True)
class Declaration:
    """A response declaration before stripping. ``keys`` are the options its key names."""

    identifier: str
    cardinality: str
    base_type: str
    keys: list[NamedKey] = field(default_factory=list)


def read_declaration(element: Element) -> Declaration:
    """Read one ``qti-response-declaration``."""
    base_type = element.get("base-type", "")
    return Declaration(
        element.get("identifier", ""),
        element.get("cardinality", ""),
        base_type,
        named_options(element) if base_type == "identifier" else [],
    )


_TYPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "choice": (frozenset({"identifier"}), frozenset({"single", "multiple"})),
    "inline-choice": (frozenset({"identifier"}), frozenset({"single"})),
    "text-entry": (frozenset({"string", "integer", "float"}), frozenset({"single"})),
    "extended-text": (frozenset({"string"}), frozenset({"single"})),
}


class InteractionReader:
    """Reads the interactions of one item; ``body`` is set before the walk begins."""

    body: BodyReader

    def __init__(self, declarations: dict[str, Declaration]) -> None:
        self._declarations = declarations
        self._inside = False
        self.found: list[InteractionIndex] = []
        self.unknown_keys: list[tuple[int, str]] = []

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
        if kind == "choice":
            self._choice(element, declaration)
        elif kind == "inline-choice":
            self._inline_choice(element, declaration)
        else:
            self._text(element)
        self._inside = False

    def _bind(self, element: Element, kind: str) -> Declaration | None:
        response_id = element.get("response-identifier", "")
        declaration = self._declarations.get(response_id)
        if declaration is None:
            self.body.add(Rule.RESPONSE_MISSING, element, response_id or local(element))
            return None
        if any(known.response_id == response_id for known in self.found):
            self.body.add(Rule.RESPONSE_SHARED, element, response_id)
        base_types, cardinalities = _TYPES[kind]
        if declaration.base_type not in base_types or declaration.cardinality not in cardinalities:
            self.body.add(
                Rule.RESPONSE_TYPE,
                element,
                f"{response_id}: {declaration.cardinality} {declaration.base_type}",
            )
        self.found.append(
            InteractionIndex(response_id, kind, declaration.cardinality, declaration.base_type)
        )
        return declaration

    def _prompt(self, element: Element, options: str) -> list[Element]:
        """Read the prompt, refuse what is neither prompt nor option, return the options."""
        for child in list(element):
            if local(child) == "qti-prompt" and namespace(child) == QTI:
                self.body.attributes(child)
                self.body.read_children(child)
            elif local(child) != options:
                self.body.add(Rule.MISPLACED, child, local(child) or "entity")
        return children(element, options)

    def _choice(self, element: Element, declaration: Declaration | None) -> None:
        options = self._prompt(element, "qti-simple-choice")
        for option in options:
            self.body.attributes(option)
            self.body.read_children(option)
        self._options(element, options, declaration)
        most = self._count(element, "max-choices", 1)
        least = self._count(element, "min-choices", 0)
        if most and least > most:
            self.body.add(Rule.ATTRIBUTE_INVALID, element, "min-choices > max-choices")
        if declaration is not None and declaration.cardinality == "single" and most != 1:
            self.body.add(Rule.ATTRIBUTE_INVALID, element, f"max-choices={most}, single")

    def _inline_choice(self, element: Element, declaration: Declaration | None) -> None:
        options = self._prompt(element, "qti-inline-choice")
        for option in options:
            self.body.attributes(option)
            for child in option:
                self.body.add(Rule.NOT_YET, child, f"qti-inline-choice/{local(child)}")
        self._options(element, options, declaration)

    def _options(
        self, element: Element, options: list[Element], declaration: Declaration | None
    ) -> None:
        if len(options) < 2:
            self.body.add(Rule.CHOICES_MISSING, element, str(len(options)))
        seen: set[str] = set()
        for option in options:
            identifier = option.get("identifier", "")
            if not identifier:
                self.body.add(Rule.IDENTIFIER_MISSING, option, local(option))
            elif identifier in seen:
                self.body.add(Rule.DUPLICATE_ID, option, identifier)
            seen.add(identifier)
        for key in declaration.keys if declaration else []:
            self.unknown_keys += [(key.line, value) for value in sorted(key.values - seen)]

    def _text(self, element: Element) -> None:
        self._prompt(element, "")
        if element.get("format", "plain") not in ("plain", "preformatted"):
            self.body.add(Rule.NOT_YET, element, f"format={element.get('format')}")
        for attribute in ("expected-length", "expected-lines"):
            self._count(element, attribute, 0)

    def _count(self, element: Element, attribute: str, default: int) -> int:
        text = element.get(attribute, str(default)).strip()
        if not text.isdecimal():
            self.body.add(Rule.ATTRIBUTE_INVALID, element, f"{attribute}={text}")
            return default
        return int(text)
