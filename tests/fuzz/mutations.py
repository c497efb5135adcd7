"""Turning good input into bad: bytes at random, and values inside JSON.

Everything follows from the ``Random`` given, so that a finding can be made again from its number.
"""

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

from lxml import etree

TOKENS = (
    b"KDFRAG01", b"KDFRAG02", b"KDSTRM01", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\0" * 8,
    b"\xff" * 8, b"\xff\xfe", b"\xed\xa0\x80", b"null", b"true", b"1e999", b"NaN", b"-0", b"{}",
    b"[]", b'""', b"\\ud800", b"\\u0000", b'"version":"1.0"', b'"version":"2.0"', b'"type":',
    b"../", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"&a;", b"<?x?>", b"<!--", b"]]>", b"=" * 4,
    b"9" * 40, b"[" * 200, b'{"a":' * 200, "一".encode(), "\U0001f600".encode(),
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 16, 17, 255, 2**31, 2**53, 2**63, 2**64, 10**400, 0.5, -0.0,
    1e300, "", "0", "1.0", "2.0", "a/b", "..", "A", "\0", "一", "\ud800", "x" * 70, "0" * 64,
    "f" * 64, [], {}, [[]], [None], [0], {"": 0}, {"fragment": 1}, [""] * 20, "LIVE", "PRACTICE",
)  # fmt: skip


def mutated(data: bytes, rng: Random) -> bytes:
    """One to a few changes of bytes."""
    changed = bytearray(data)
    for _ in range(1 + min(rng.randrange(6), rng.randrange(6))):
        rng.choice(_CHANGES)(changed, rng)
    return bytes(changed)


def _flip(data: bytearray, rng: Random) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _set(data: bytearray, rng: Random) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))


def _token(data: bytearray, rng: Random) -> None:
    at = rng.randint(0, len(data))
    token = rng.choice(TOKENS)
    data[at : at + (len(token) if rng.random() < 0.5 else 0)] = token


def _cut(data: bytearray, rng: Random) -> None:
    at = rng.randint(0, len(data))
    if rng.random() < 0.3:
        del data[at:]
    else:
        del data[at : at + rng.randint(1, 16)]


def _repeat(data: bytearray, rng: Random) -> None:
    at = rng.randint(0, len(data))
    piece = bytes(data[at : at + rng.randint(1, 64)])
    data[at:at] = piece * rng.randint(1, 4)


def _number(data: bytearray, rng: Random) -> None:
    """Four bytes that a length field might be."""
    at = rng.randint(0, len(data))
    value = rng.choice((0, 1, len(data), len(data) - 1, 2**24, 2**31, 2**32 - 1)) & 0xFFFFFFFF
    data[at : at + 4] = value.to_bytes(4, rng.choice(("big", "little")))  # type: ignore[arg-type]


_CHANGES: tuple[Callable[[bytearray, Random], None], ...] = (
    _flip, _flip, _set, _token, _cut, _repeat, _number,
)  # fmt: skip


def json_mutated(value: Any, rng: Random) -> Any:
    """The JSON value with one to a few of its inner values changed, dropped, doubled or moved."""
    changed = json.loads(json.dumps(value))
    for _ in range(1 + min(rng.randrange(4), rng.randrange(4))):
        places = list(_places(changed))
        if not places:
            break
        holder, key = rng.choice(places)
        _change(holder, key, rng, places)
    return changed


def _change(holder: Any, key: Any, rng: Random, places: list[tuple[Any, Any]]) -> None:
    what = rng.randrange(8)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif what == 2:
        other, place = rng.choice(places)
        if place in (other if isinstance(other, dict) else range(len(other))):
            holder[key] = json.loads(json.dumps(other[place]))
    elif what == 3 and isinstance(holder[key], int | float):
        holder[key] += rng.choice((-1, 1, 1000, -1000))
    elif what == 4 and isinstance(holder[key], str):
        holder[key] = mutated(holder[key].encode("utf-8", "surrogatepass"), rng).decode(
            "utf-8", "replace"
        )
    elif what == 5 and isinstance(holder, dict):
        holder[str(rng.choice(VALUES))] = _value(rng)
    else:
        holder[key] = _value(rng)


def _value(rng: Random) -> Any:
    return json.loads(json.dumps(rng.choice(VALUES)))


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) below a value, without recursion."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        keys: Any = list(each) if isinstance(each, dict) else ()
        if isinstance(each, list):
            keys = range(len(each))
        for key in keys:
            found.append((each, key))
            waiting.append(each[key])
    return found


ATTRIBUTES = (
    "identifier", "response-identifier", "max-choices", "min-choices", "shuffle", "fixed", "class",
    "base-type", "cardinality", "href", "src", "alt", "width", "data", "type", "view", "style",
    "expected-length", "lang", "colspan", "onclick", "id", "pattern-mask", "match-max",
)  # fmt: skip
ELEMENTS = (
    "qti-choice-interaction", "qti-simple-choice", "qti-text-entry-interaction", "qti-prompt",
    "qti-extended-text-interaction", "qti-inline-choice-interaction", "qti-inline-choice",
    "qti-correct-response", "qti-value", "qti-response-declaration", "qti-item-body", "p", "table",
    "img", "object", "audio", "video", "math", "mfenced", "mi", "ruby", "rt", "script", "a", "br",
    "qti-stimulus-ref", "qti-assessment-stimulus-ref", "qti-rubric-block", "qti-feedback-inline",
    "qti-template-declaration", "qti-mapping", "qti-map-entry", "qti-match-interaction",
    "qti-simple-match-set", "qti-gap", "qti-hottext", "qti-order-interaction", "qti-custom",
)  # fmt: skip
TEXTS = ("", "0", "-1", "1e9", "A", "A B", "RESPONSE", "true", "single", "multiple", "identifier",
         "string", "../x", "/etc/x", "http://x/", "media/a.png", "一", "{{x}}", "%0")  # fmt: skip


def xml_mutated(data: bytes, rng: Random) -> bytes:
    """The XML document with a few elements, attributes or texts changed."""
    root = etree.fromstring(data)
    for _ in range(1 + rng.randrange(5)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        _change_xml(rng.choice(elements), elements, rng)
    return etree.tostring(root)


def _change_xml(element: Any, elements: list[Any], rng: Random) -> None:
    what = rng.randrange(7)
    parent = element.getparent()
    if what == 0 and parent is not None:
        parent.remove(element)
    elif what == 1 and parent is not None:
        rng.choice(elements).append(copy.deepcopy(element))
    elif what == 2:
        element.set(rng.choice(ATTRIBUTES), rng.choice(TEXTS))
    elif what == 3 and element.attrib:
        name = rng.choice(list(element.attrib))
        if rng.random() < 0.5:
            del element.attrib[name]
        else:
            element.set(name, rng.choice(TEXTS))
    elif what == 4:
        element.text = rng.choice(TEXTS).replace("\0", "")
    elif what == 5:
        space = _space(element)
        element.tag = space + rng.choice(ELEMENTS)
    else:
        child = etree.SubElement(element, _space(element) + rng.choice(ELEMENTS))
        child.text = rng.choice(TEXTS)


def _space(element: Any) -> str:
    namespace = etree.QName(element).namespace
    return f"{{{namespace}}}" if namespace else ""
