"""QTI body content → XHTML that can do nothing but be read.

The source tree is copied element by element through the allow-list of :mod:`.vocabulary`; it is
never edited in place, and its text is never searched for templates. The result is well-formed
XHTML, parsed as XML on the page, so no HTML parser gets to read it differently (mutation XSS).
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, unquote

from lxml import etree

from candidate_station.paper.description import FILE_PREFIX, PAPER_HOST, PAPER_SCHEME
from candidate_station.paper.mathml import convert_math
from candidate_station.paper.vocabulary import (
    ATTRIBUTES,
    DROPPED,
    GLOBAL_ATTRIBUTES,
    HTML_ELEMENTS,
    ID_ATTRIBUTES,
    MATHML_NS,
    RENAMED,
    XHTML_NS,
    allowed_style,
    class_tokens,
)

Element = etree._Element
Slot = Callable[[Element], Element]
Marks = Mapping[str, Callable[[Element], Element | None]]
_MEDIA = {"image": "img", "audio": "audio", "video": "video"}
_SIZE = re.compile(r"\d{1,5}%?")
_PLAIN = re.compile(r"[\w .%-]{1,60}")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OUTSIDE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|/|\\")


class UnsupportedContentError(Exception):
    """The item asks for something outside the profile; the message names it."""


def new_element(name: str) -> Element:
    """An empty element in the XHTML namespace."""
    return etree.Element(f"{{{XHTML_NS}}}{name}", nsmap={None: XHTML_NS})


def to_fragment(element: Element) -> str:
    """Serialise as one well-formed XHTML fragment."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def plain_text(source: Element) -> str:
    """The text of ``source`` with white space collapsed."""
    return " ".join("".join(source.itertext()).split())


class Sanitiser:
    """Copies content of one file. Collects the media it shows in ``media`` (paths in the paper).

    ``slot`` turns an interaction element into its placeholder. ``marks`` does the same for the
    elements it names; None leaves one out.
    """

    def __init__(
        self, names: frozenset[str], slot: Slot | None = None, marks: Marks | None = None
    ) -> None:
        self._names = names
        self._slot = slot
        self._marks = marks or {}
        self.media: list[str] = []

    def marking(self, marks: Marks) -> "Sanitiser":
        """A sanitiser for the text inside an interaction; the media it meets count here."""
        inner = Sanitiser(self._names, None, marks)
        inner.media = self.media
        return inner

    def content(self, source: Element, name: str = "div") -> Element:
        """A new ``name`` element holding the sanitised content of ``source``."""
        target = new_element(name)
        self._attributes(source, target, name)
        self._fill(source, target)
        return target

    def fragment(self, source: Element | None, name: str = "div") -> str:
        """As :meth:`content`, serialised; the empty string for no source or no content."""
        if source is None:
            return ""
        target = self.content(source, name)
        return to_fragment(target) if len(target) or (target.text or "").strip() else ""

    def _fill(self, source: Element, target: Element) -> None:
        _append_text(target, source.text)
        for child in source:
            if isinstance(child.tag, str):
                self._child(child, target)
            _append_text(target, child.tail)

    def _child(self, child: Element, target: Element) -> None:
        qname = etree.QName(child)
        name = qname.localname
        if qname.namespace == MATHML_NS:
            target.append(convert_math(child))
        elif name.endswith("-interaction") and name.startswith("qti-"):
            if self._slot is None:
                raise UnsupportedContentError(f"{name} is not allowed here")
            target.append(self._slot(child))
        elif name in self._marks:
            if (marked := self._marks[name](child)) is not None:
                target.append(marked)
        elif name.startswith(("qti-template-", "qti-printed-variable", "qti-interaction-")):
            raise UnsupportedContentError(f"{name} is not in the profile")
        elif name in DROPPED or _hidden_rubric(child, name):
            return
        elif name in ("img", "audio", "video", "object", "picture"):
            self._media_element(child, name, target)
        elif name in RENAMED or name in HTML_ELEMENTS:
            target.append(self.content(child, RENAMED.get(name, name)))
        else:
            self._fill(child, target)

    def _attributes(self, source: Element, target: Element, name: str) -> None:
        allowed = GLOBAL_ATTRIBUTES | ATTRIBUTES.get(name, frozenset())
        for attribute, value in source.attrib.items():
            if attribute in allowed and _fits(attribute, value):
                target.set(attribute, value)
            elif attribute in ID_ATTRIBUTES:
                target.set(attribute, " ".join(f"c-{token}" for token in class_tokens(value)))
        if language := source.get(_XML_LANG) or source.get("lang"):
            target.set("lang", language)
        if tokens := class_tokens(source.get("class", "")):
            target.set("class", " ".join(tokens))
        style = source.get("style", "")
        if align := source.get("align"):
            style = f"text-align:{align};{style}"
        if style := allowed_style(style):
            target.set("data-style", style)

    def _media_element(self, source: Element, name: str, target: Element) -> None:
        if name == "picture":
            self._fill(source, target)
            return
        if name == "object":
            family = source.get("type", "").partition("/")[0]
            if family not in _MEDIA:
                self._fill(source, target)
                return
            name = _MEDIA[family]
        address = source.get("src") or source.get("data")
        element = new_element(name)
        self._attributes(source, element, name)
        if address:
            element.set("src", self.address(address))
        if name == "img":
            element.set("alt", source.get("alt", ""))
        else:
            self._player(source, element)
        target.append(element)

    def player(self, source: Element) -> str:
        """An ``audio`` or ``video`` element, serialised, without controls of its own."""
        holder = new_element("div")
        self._media_element(source, etree.QName(source).localname, holder)
        del holder[0].attrib["controls"]
        return to_fragment(holder)

    def _player(self, source: Element, element: Element) -> None:
        element.set("controls", "controls")
        element.set("preload", "metadata")
        element.set("controlslist", "nodownload noremoteplayback noplaybackrate nofullscreen")
        element.set("disablepictureinpicture", "disablepictureinpicture")
        if poster := source.get("poster"):
            element.set("poster", self.address(poster))
        for child in _named(source, ("source", "track")):
            if address := child.get("src"):
                part = new_element(etree.QName(child).localname)
                part.set("src", self.address(address))
                for attribute in ("type", "kind", "srclang", "label", "default"):
                    if (value := child.get(attribute)) is not None:
                        part.set(attribute, value)
                element.append(part)

    def address(self, address: str) -> str:
        """The custom-scheme address of a file in the paper."""
        for candidate in (address, unquote(address)):
            path = posixpath.normpath(candidate.partition("#")[0])
            if path in self._names and not _OUTSIDE.match(candidate):
                self.media.append(path)
                return f"{PAPER_SCHEME}://{PAPER_HOST}{FILE_PREFIX}{quote(path)}"
        raise UnsupportedContentError(f"refers to {address[:80]!r}, which is not in the paper")


def _append_text(target: Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _named(source: Element, names: Iterable[str]) -> list[Element]:
    return [
        child
        for child in source
        if isinstance(child.tag, str) and etree.QName(child).localname in names
    ]


def _hidden_rubric(source: Element, name: str) -> bool:
    return name == "qti-rubric-block" and "candidate" not in source.get("view", "").split()


def _fits(attribute: str, value: str) -> bool:
    if attribute in ("width", "height", "colspan", "rowspan", "span", "start", "value"):
        return bool(_SIZE.fullmatch(value))
    if attribute in ("title", "alt", "aria-label", "abbr"):
        return True
    return bool(_PLAIN.fullmatch(value))
