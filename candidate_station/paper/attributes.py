"""Attributes of QTI elements as values. What is missing or unreadable counts as not given."""

from collections.abc import Iterator

from lxml import etree

from candidate_station.paper.vocabulary import class_tokens

Element = etree._Element


def number(source: Element, attribute: str, default: int = 0) -> int:
    """A whole number from 0 on."""
    text = source.get(attribute, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else default


def is_true(source: Element, attribute: str) -> bool:
    return source.get(attribute, "false").strip() in ("true", "1")


def hints(source: Element) -> tuple[str, ...]:
    """Class tokens of the QTI shared vocabulary."""
    return tuple(t for t in class_tokens(source.get("class", "")) if t.startswith("qti-"))


def children(source: Element, *names: str) -> Iterator[Element]:
    """Children of these local names, in document order."""
    return source.iterchildren(*(f"{{*}}{name}" for name in names))
