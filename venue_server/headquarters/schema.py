"""The profile's own schema (profile.rng), as a second judge of what goes into a paper.

The checks in code say exactly what is wrong; the schema knows nothing of them and says whether
the result is of the profile. Where code refused a file already, the schema keeps quiet; where code
found nothing and the schema does, the file is refused all the same.
"""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path

from lxml import etree

from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import Element, local

SCHEMA_FILE = Path(__file__).parent / "profile.rng"

_RNG = "{http://relaxng.org/ns/structure/1.0}"
# What libxml2 says (relaxng.c) and the short form in which it is told.
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"Invalid attribute (\S+) for element (\S+)", r"\2/@\1"),
    (r"Element (\S+) failed to validate attributes", r"\1/@…"),
    (r"Expecting element (\S+), got (\S+)", r"\2 ≠ \1"),
    (r"Did not expect element (\S+) there", r"\1"),
    (r"Expecting an element (\S*) ?, got nothing", r"\1 …"),
    (r"Element (\S+) has extra content: (\S+)", r"\1/\2"),
    (r"Did not expect text in element (\S+) content", r"\1: text"),
)


@cache
def _schema(start: str = "") -> etree.RelaxNG:
    """The schema, or the part of it that describes one element. The files are the package's own;
    nothing of a paper is read with this parser."""
    grammar = etree.parse(SCHEMA_FILE)
    if start:
        (choice,) = grammar.getroot().findall(f"{_RNG}start/{_RNG}choice")
        choice[:] = [choice.makeelement(f"{_RNG}ref", {"name": start})]
    return etree.RelaxNG(grammar)


@cache
def _elements() -> frozenset[str]:
    """The elements that have a pattern of their own."""
    defines = etree.parse(SCHEMA_FILE).getroot().findall(f"{_RNG}define")
    return frozenset(name for d in defines if (name := d.get("name", "")).startswith("qti-"))


def check_schema(root: Element, place: Place, findings: Findings) -> None:
    """Report where the sealed form of an item or stimulus leaves the profile."""
    schema = _schema()
    if findings.refused(place.file) or schema.validate(root):
        return
    for line, what in _from_the_inside(root) or [_first(root, schema)]:
        findings.add(Rule.SCHEMA, place.at(line), what)


def _from_the_inside(root: Element) -> list[tuple[int, str]]:
    """Line and fault of each innermost element that is wrong. libxml2 tells of a choice only that
    no branch fits, so a fault deep inside a question would be told of the question."""
    found: list[tuple[int, str]] = []
    blamed: set[Element] = set()
    for element in reversed(list(root.iter())):
        name = local(element)
        if name not in _elements() or element in blamed:
            continue
        schema, alone = _schema(name), deepcopy(element)
        alone.tail = None
        if not schema.validate(alone):
            found.append(_first(element, schema))
            blamed.update(element.iterancestors())
    return found[::-1]


def _first(element: Element, schema: etree.RelaxNG) -> tuple[int, str]:
    """Where and what, in the schema's words about this element."""
    errors = list(schema.error_log)
    told = [short for error in errors if (short := _short(error.message))]
    lines = [error.line for error in errors if error.line > 0]
    what = told[0] if told else "; ".join(error.message for error in errors[:1])
    return (lines or [element.sourceline or 0])[0], f"{local(element)}: {what}"


def _short(message: str) -> str:
    for pattern, short in _MESSAGES:
        found = re.match(pattern, message)
        if found:
            return found.expand(short)
    return ""
