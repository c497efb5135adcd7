"""MathML of the authoring tools → MathML Core, which is what the engine draws.

MathML Core knows neither ``mfenced`` nor ``columnalign`` nor ``menclose``; drawn as they are,
brackets would vanish without a word. They are rewritten here: fences become operators, the
alignment a style declaration, enclosures a class.
"""

from collections.abc import Iterator

from lxml import etree

from candidate_station.paper.vocabulary import (
    MATHML_ATTRIBUTES,
    MATHML_DROPPED,
    MATHML_ELEMENTS,
    MATHML_NS,
    class_tokens,
)

Element = etree._Element


def _new(name: str, text: str | None = None) -> Element:
    element = etree.Element(f"{{{MATHML_NS}}}{name}", nsmap={None: MATHML_NS})
    element.text = text
    return element


def _fence(text: str, form: str) -> Element:
    fence = _new("mo", text)
    fence.set("fence", "true")
    fence.set("form", form)
    return fence


def _children(source: Element) -> Iterator[Element]:
    for child in source:
        if isinstance(child.tag, str):
            yield from _converted(child)


def _fenced(source: Element) -> Element:
    """``mfenced`` → ``mrow`` with its fences and separators as operators."""
    row = _new("mrow")
    row.append(_fence(source.get("open", "("), "prefix"))
    separators = "".join(source.get("separators", ",").split())
    for index, child in enumerate(list(_children(source))):
        if index and separators:
            separator = _new("mo", separators[min(index - 1, len(separators) - 1)])
            separator.set("separator", "true")
            row.append(separator)
        row.append(child)
    row.append(_fence(source.get("close", ")"), "postfix"))
    return row


def _inherited_align(cell: Element) -> str:
    """``columnalign`` of a cell, its row or its table; the last word covers the rest."""
    if own := cell.get("columnalign"):
        return own.split()[0]
    row = cell.getparent()
    if row is None:
        return ""
    column = row.index(cell)
    for holder in (row, row.getparent()):
        words = (holder.get("columnalign", "") if holder is not None else "").split()
        if words:
            return words[min(column, len(words) - 1)]
    return ""


def _copied(source: Element, name: str) -> Element:
    target = _new(name, source.text)
    for attribute, value in source.attrib.items():
        if attribute in MATHML_ATTRIBUTES:
            target.set(attribute, value)
    tokens = list(class_tokens(source.get("class", "")))
    if name == "menclose":
        tokens += [f"kd-enclose-{word}" for word in source.get("notation", "longdiv").split()]
    if tokens:
        target.set("class", " ".join(tokens))
    if name == "mtd" and (align := _inherited_align(source)) in ("left", "center", "right"):
        target.set("data-style", f"text-align:{align}")
    target.extend(_children(source))
    return target


def _converted(source: Element) -> Iterator[Element]:
    name = etree.QName(source).localname
    if name in MATHML_DROPPED:
        return
    if name == "mfenced":
        yield _fenced(source)
    elif name in ("semantics", "maction"):
        yield from list(_children(source))[:1]
    elif name in MATHML_ELEMENTS:
        yield _copied(source, name)
    else:
        row = _new("mrow")
        row.extend(_children(source))
        yield row


def convert_math(source: Element) -> Element:
    """A new ``math`` element, allow-listed, with the same meaning; ``source`` is not changed."""
    return _copied(source, "math")
