"""Reads one item or stimulus body: everything in it is in the profile or gets a located problem.

The same walk brings the body to its sealed form: attributes outside the profile go, references
become paths inside the paper, ``object`` becomes ``img``, ``audio`` or ``video``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lxml import etree

from venue_server.headquarters.mathml import read_math
from venue_server.headquarters.media_store import MediaFile, MediaStore
from venue_server.headquarters.media_type import MediaFault
from venue_server.headquarters.package_source import PackageSource, resolve
from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import (
    MATHML,
    QTI,
    XML_LANG,
    Element,
    children,
    css_without_comments,
    cut,
    local,
    loose_text,
    namespace,
    plain_text,
)
from venue_server.headquarters.vocabulary import (
    FORBIDDEN,
    HTML,
    INTERACTION_PARTS,
    NEVER_INTERACTIONS,
    SUPPORTED_INTERACTIONS,
    VOID,
    allowed_attribute,
)

PICTURES = ("object", "img", "picture")
_CONTAINERS = frozenset({"qti-rubric-block", "qti-content-body"})
_SILENT = frozenset({"data-catalog-idref", "show-hide", "template-identifier", "autoplay"})


class BodyReader:
    """One walk over one document. ``interaction`` is called for each supported interaction; None
    where none may stand (stimuli, rubrics)."""

    def __init__(
        self,
        source: PackageSource,
        media: MediaStore,
        place: Place,
        findings: Findings,
        interaction: Callable[[Element], None] | None = None,
    ) -> None:
        self._source = source
        self._media = media
        self._place = place
        self._findings = findings
        self._interaction = interaction
        self._ids: set[str] = set()
        self._marks: dict[str, Callable[[Element], None]] = {}
        self.media_names: set[str] = set()

    def add(self, rule: Rule, element: Element, detail: str = "") -> None:
        """Record a problem at an element."""
        self._findings.add(rule, self._place.at(element.sourceline), detail)

    @contextmanager
    def marks(self, marks: dict[str, Callable[[Element], None]]) -> Iterator[None]:
        """While this lasts, elements of these names may stand in the text and are read so."""
        before, self._marks = self._marks, marks
        yield
        self._marks = before

    def read_children(self, parent: Element, skip: frozenset[str] = frozenset()) -> None:
        """Read everything below ``parent`` but the children named in ``skip``."""
        for child in list(parent):
            if local(child) not in skip:
                self.read(child)

    def read(self, element: Element) -> None:
        """Read one element and what is inside it."""
        name = local(element)
        if namespace(element) == MATHML:
            read_math(element, self._place, self._findings)
        elif not name or namespace(element) != QTI:
            what = etree.QName(element).text if name else "entity"
            self.add(Rule.UNKNOWN_ELEMENT, element, str(what))
        elif name in SUPPORTED_INTERACTIONS:
            self._read_interaction(element)
        elif name in self._marks:
            self._marks[name](element)
        elif name in NEVER_INTERACTIONS:
            self.add(Rule.NEVER_SUPPORTED, element, name)
        elif name.endswith("-interaction") or name in ("track", "map", "details"):
            self.add(Rule.NOT_YET, element, name)
        elif name in FORBIDDEN:
            self.add(Rule.FORBIDDEN_ELEMENT, element, name)
        elif name == "object":
            self._object(element)
        elif name == "picture":
            self._picture(element)
        elif name in ("audio", "video"):
            self._player(element)
        elif name in HTML or name in _CONTAINERS:
            self._plain(element, name)
        else:
            rule = Rule.MISPLACED if name in INTERACTION_PARTS else Rule.UNKNOWN_ELEMENT
            self.add(rule, element, name)

    def _read_interaction(self, element: Element) -> None:
        if self._interaction is None:
            self.add(Rule.MISPLACED, element, local(element))
        else:
            self._interaction(element)

    def _plain(self, element: Element, name: str) -> None:
        self.attributes(element)
        if name == "qti-rubric-block":
            element.set("view", "candidate")
        if name == "img":
            self._reference(element, "src", "image")
        elif name == "a":
            self._link(element)
        elif name == "source":
            self.add(Rule.MISPLACED, element, name)
        if name in VOID:
            self.nothing_inside(element)
        else:
            self.read_children(element)

    def nothing_inside(self, element: Element) -> None:
        """Refuse whatever stands in an element that is empty by definition."""
        for child in element:
            self.add(Rule.MISPLACED, child, local(child) or "entity")
        if text := loose_text(element):
            self.add(Rule.MISPLACED, element, text)

    def attributes(self, element: Element) -> None:
        """Keep the profile's attributes; drop others with a notice; refuse event handlers."""
        name = local(element)
        for key in list(element.attrib):
            attribute = "xml:lang" if key == XML_LANG else str(etree.QName(key).localname)
            if attribute.lower().startswith("on"):
                self.add(Rule.EVENT_HANDLER, element, f"{name}/@{attribute}")
            elif etree.QName(key).namespace and key != XML_LANG:
                del element.attrib[key]
            elif attribute == "style" and not _fetches(element.get(key, "")):
                # The renderer keeps harmless declarations.
                element.set(key, css_without_comments(element.get(key, "")))
            elif not allowed_attribute(name, attribute):
                if attribute not in _SILENT:
                    self.add(Rule.ATTRIBUTE_DROPPED, element, f"{name}/@{attribute}")
                del element.attrib[key]
        identifier = element.get("id")
        if identifier is not None and identifier in self._ids:
            self.add(Rule.DUPLICATE_ID, element, identifier)
        self._ids.add(identifier or "")

    def _link(self, element: Element) -> None:
        href = element.get("href", "")
        if not href or href.startswith("#"):
            return
        found = resolve(self._source, self._place.file, href)
        rule = found if isinstance(found, Rule) else Rule.NOT_YET
        self.add(rule, element, href)

    def _media_file(self, element: Element, href: str, kind: str) -> MediaFile | None:
        found = resolve(self._source, self._place.file, href)
        if isinstance(found, Rule):
            self.add(found, element, href)
            return None
        file = self._media.look(found)
        if isinstance(file, MediaFault):
            self.add(file.rule, element, f"{href}: {file.detail}")
            return None
        if kind and file.type.kind != kind:
            self.add(Rule.MEDIA_TYPE, element, f"{href}: {file.type.mime}")
            return None
        return file

    def _reference(self, element: Element, attribute: str, kind: str) -> MediaFile | None:
        """Turn one reference into a path inside the paper."""
        href = element.get(attribute)
        if href is None:
            self.add(Rule.ATTRIBUTE_INVALID, element, f"{local(element)}/@{attribute}")
            return None
        file = self._media_file(element, href, kind)
        if file is not None:
            element.set(attribute, file.name)
            self.media_names.add(file.name)
        return file

    def _object(self, element: Element) -> None:
        """``object`` to the element that shows the same file; its fallback text becomes ``alt``."""
        self.attributes(element)
        href = element.get("data")
        if href is None:
            self.add(Rule.ATTRIBUTE_INVALID, element, "object/@data")
            return
        file = self._media_file(element, href, "")
        if file is None:
            return
        fallback = plain_text(element)
        kind = "img" if file.type.kind == "image" else file.type.kind
        element.tag = f"{{{QTI}}}{kind}"
        for child in list(element):
            element.remove(child)
        element.text = None
        element.set("src", file.name)
        if kind == "img":
            element.set("alt", fallback)
        else:
            element.set("controls", "controls")
            label = element.get("aria-label") or element.attrib.pop("title", "") or fallback
            if label:
                element.set("aria-label", label)
        for key in ("data", "type", "width", "height"):
            if not allowed_attribute(kind, key):
                element.attrib.pop(key, None)
        self.media_names.add(file.name)

    def _picture(self, element: Element) -> None:
        """``picture`` to its ``img``; the other sources are left out."""
        images = children(element, "img")
        if len(images) != 1 or images[0].get("src") is None:
            self.add(Rule.ATTRIBUTE_INVALID, element, "picture/img")
            return
        misplaced = [c for c in element if c is not images[0] and local(c) != "source"]
        for child in misplaced:
            self.add(Rule.MISPLACED, child, local(child) or "entity")
        for child in children(element, "img", "source"):
            self.nothing_inside(child)
        if misplaced or any(len(child) for child in element):
            return
        for source in children(element, "source"):
            self.add(Rule.SOURCE_DROPPED, source, source.get("srcset", ""))
            cut(source)
        cut(images[0])
        element.tag = images[0].tag
        for key, value in images[0].attrib.items():
            element.set(key, value)
        self._plain(element, "img")

    def sized_picture(self, element: Element) -> tuple[float, float] | None:
        """Read the picture of an interaction. It becomes an ``img`` with the width and height
        in pixels to which coordinates refer: its own where the author gave none. Returns them."""
        self.read(element)
        file = self._media.named(element.get("src", ""))
        if local(element) != "img" or file is None:
            if local(element) in ("audio", "video"):
                self.add(Rule.MEDIA_TYPE, element, local(element))
            return None
        given = [_pixels(element.get(name)) for name in ("width", "height")]
        own = file.pixels
        if own and given[0] and not given[1]:
            given[1] = given[0] * own[1] / own[0]
        elif own and given[1] and not given[0]:
            given[0] = given[1] * own[0] / own[1]
        elif own and not given[0]:
            given = [float(own[0]), float(own[1])]
        width, height = given
        if not width or not height:
            self.add(Rule.ATTRIBUTE_INVALID, element, "img/@width, @height")
            return None
        element.set("width", f"{width:g}")
        element.set("height", f"{height:g}")
        return width, height

    def gap_picture(self, element: Element) -> None:
        """``qti-gap-img``: one picture and nothing else."""
        self.attributes(element)
        pictures = children(element, *PICTURES)
        for child in list(element):
            if child not in pictures[:1]:
                self.add(Rule.MISPLACED, child, local(child) or "entity")
        if text := loose_text(element):
            self.add(Rule.MISPLACED, element, text)
        if pictures:
            self.sized_picture(pictures[0])
        else:
            self.add(Rule.MEDIA_MISSING, element, local(element))

    def _player(self, element: Element) -> None:
        """``audio`` and ``video``: their own source or the ``source`` children that can play."""
        kind = local(element)
        self.attributes(element)
        element.set("controls", "controls")
        if element.get("poster") is not None:
            self._reference(element, "poster", "image")
        sources = children(element, "source")
        for child in list(element):
            if child not in sources:
                self.read(child)
        if element.get("src") is not None:
            self._reference(element, "src", kind)
        elif not sources:
            self.add(Rule.ATTRIBUTE_INVALID, element, f"{kind}/@src")
        playable = [source for source in sources if self._plays(source, kind)]
        for source in sources:
            if playable and source not in playable:
                self.add(Rule.SOURCE_DROPPED, source, source.get("src", ""))
                cut(source)
                continue
            self.attributes(source)
            self.nothing_inside(source)
            file = self._reference(source, "src", kind)
            if file is not None:
                source.set("type", file.type.mime)

    def _plays(self, source: Element, kind: str) -> bool:
        found = resolve(self._source, self._place.file, source.get("src", ""))
        file = None if isinstance(found, Rule) else self._media.look(found)
        return isinstance(file, MediaFile) and file.type.kind == kind


def _pixels(text: str | None) -> float | None:
    """A length in pixels; None for none, percentages and nonsense."""
    digits = (text or "").strip().removesuffix("px")
    return float(digits) if digits.isascii() and digits.isdecimal() and int(digits) else None


def _fetches(style: str) -> bool:
    """True when a style could load something."""
    compact = "".join(style.split()).lower()
    return any(word in compact for word in ("url(", "@import", "image(", "image-set(", "\\"))
