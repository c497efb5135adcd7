"""Takes keys, scoring and feedback out of an item and keeps them in the key document (O05, D15)."""

from dataclasses import dataclass, field

from lxml import etree

from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import Element, children, cut, local
from venue_server.wire.answer_keys import KEY_ELEMENTS, is_scorer_rubric, plain_name


@dataclass
class KeyParts:
    """What was taken out of one file: the XML of each part with its line."""

    file: str
    parts: list[dict[str, object]] = field(default_factory=list)

    def keep(self, element: Element) -> None:
        """Remember one part as it stood."""
        xml = etree.tostring(element, encoding="unicode", with_tail=False)
        self.parts.append({"line": element.sourceline or 0, "xml": str(xml)})


def strip_keys(root: Element, place: Place, findings: Findings) -> KeyParts:
    """Remove every key element from ``root`` in place and return them."""
    kept = KeyParts(place.file)
    for element in _key_elements(root):
        name = plain_name(local(element))
        at = place.at(element.sourceline)
        if name == "cataloginfo":
            findings.add(Rule.CATALOG_DROPPED, at)
        if name.startswith("feedback") and element.get("show-hide") == "hide":
            findings.add(Rule.SHOWN_FEEDBACK_DROPPED, at, element.get("identifier", ""))
        kept.keep(element)
        cut(element)
    return kept


def _key_elements(root: Element) -> list[Element]:
    """The outermost key elements, in document order."""
    found: list[Element] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element is not root and _is_key(element):
            found.append(element)
        else:
            waiting.extend(reversed(list(element)))
    return found


def _is_key(element: Element) -> bool:
    name = plain_name(local(element))
    return name in KEY_ELEMENTS or is_scorer_rubric(name, element.get("view"))


@dataclass(frozen=True)
class KeyValue:
    """One value that a response declaration's key names, as written. ``part`` is ``correct``,
    ``mapping`` or ``area``; an area's text is its shape, a blank, its coordinates."""

    line: int
    part: str
    text: str


def key_values(declaration: Element) -> list[KeyValue]:
    """Every value that the key names (before stripping)."""
    found: list[KeyValue] = []
    for correct in children(declaration, "qti-correct-response"):
        for value in children(correct, "qti-value"):
            text = (value.text or "").strip()
            found.append(KeyValue(value.sourceline or 0, "correct", text))
    for mapping in children(declaration, "qti-mapping"):
        for entry in children(mapping, "qti-map-entry"):
            key = entry.get("map-key", "").strip()
            found.append(KeyValue(entry.sourceline or 0, "mapping", key))
    for areas in children(declaration, "qti-area-mapping"):
        for entry in children(areas, "qti-area-map-entry"):
            text = f"{entry.get('shape', '')} {entry.get('coords', '')}"
            found.append(KeyValue(entry.sourceline or 0, "area", text))
    return found
