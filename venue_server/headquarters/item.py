"""Reads one item or stimulus of a package: checked, stripped of keys, ready for the paper."""

from dataclasses import dataclass, field

from venue_server.headquarters.answer_key import KeyParts, strip_keys
from venue_server.headquarters.body import BodyReader
from venue_server.headquarters.interaction_reading import Declaration
from venue_server.headquarters.interactions import InteractionReader, read_declaration
from venue_server.headquarters.media_store import MediaStore
from venue_server.headquarters.package_source import PackageSource, resolve
from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import (
    QTI,
    XML_LANG,
    Element,
    children,
    cut,
    is_old_qti,
    local,
    loose_text,
    namespace,
    parse,
)
from venue_server.headquarters.vocabulary import NEVER_INTERACTIONS
from venue_server.wire.paper_index import InteractionIndex


@dataclass
class ReadItem:
    """One item file in its sealed form. ``stimuli`` pairs each reference with its path."""

    path: str
    root: Element
    identifier: str
    title: str
    language: str
    keys: KeyParts
    interactions: list[InteractionIndex] = field(default_factory=list)
    stimuli: list[tuple[Element, str]] = field(default_factory=list)
    media_names: set[str] = field(default_factory=set)


@dataclass
class ReadStimulus:
    """One stimulus in its sealed form."""

    root: Element
    identifier: str
    title: str
    media_names: set[str]
    keys: KeyParts | None = None


class ItemReader:
    """Reads items and stimuli of one package."""

    def __init__(self, source: PackageSource, media: MediaStore, findings: Findings) -> None:
        self._source = source
        self._media = media
        self._findings = findings

    def read_item(self, path: str, place: Place) -> ReadItem | None:
        """Read the item in ``path``; None when there is nothing to go on with. ``place`` is
        where it is referred to."""
        root = self._root(path, "qti-assessment-item", place)
        if root is None:
            return None
        identifier = root.get("identifier", "")
        place = Place(path, root.sourceline or 0, identifier)
        if not identifier:
            self._findings.add(Rule.IDENTIFIER_MISSING, place, local(root))
        if root.get("adaptive", "false").strip() not in ("false", "0"):
            self._findings.add(Rule.ADAPTIVE, place)
        declarations = self._declarations(root, place)
        keys = strip_keys(root, place, self._findings)
        item = ReadItem(
            path,
            root,
            identifier,
            root.get("title", ""),
            root.get(XML_LANG, ""),
            keys,
        )
        self._read_parts(item, declarations, place)
        return item

    def read_stimulus(self, path: str, place: Place) -> ReadStimulus | None:
        """Read the stimulus in ``path``."""
        root = self._root(path, "qti-assessment-stimulus", place)
        if root is None:
            return None
        place = Place(path, root.sourceline or 0)
        keys = strip_keys(root, place, self._findings)
        names = self.read_passage(root, place)
        return ReadStimulus(root, root.get("identifier", ""), root.get("title", ""), names, keys)

    def read_passage(self, root: Element, place: Place) -> set[str]:
        """Read a stimulus that has no interactions; returns the names of its media."""
        body = BodyReader(self._source, self._media, place, self._findings)
        body.attributes(root)
        self._one_body(root, "qti-stimulus-body", place)
        for child in list(root):
            if local(child) == "qti-stimulus-body":
                body.attributes(child)
                body.read_children(child)
            else:
                self._other_part(child, place)
        return body.media_names

    def _root(self, path: str, name: str, place: Place) -> Element | None:
        root = parse(self._source, path, Place(path), self._findings)
        if root is None:
            return None
        if is_old_qti(root):
            at = Place(path, root.sourceline or 0)
            self._findings.add(Rule.QTI_VERSION, at, namespace(root) or local(root))
            return None
        if local(root) != name:
            self._findings.add(Rule.WRONG_ROOT, place, f"{path}: {local(root)}")
            return None
        if namespace(root) != QTI:
            at = Place(path, root.sourceline or 0)
            self._findings.add(Rule.QTI_VERSION, at, namespace(root))
            return None
        return root

    def _declarations(self, root: Element, place: Place) -> dict[str, Declaration]:
        """The response declarations with their keys, read before stripping; and what can be
        known about templates only now."""
        for child in children(root, "qti-template-declaration", "qti-template-processing"):
            self._findings.add(Rule.TEMPLATE, place.at(child.sourceline), local(child))
        found: dict[str, Declaration] = {}
        for element in children(root, "qti-response-declaration"):
            at = place.at(element.sourceline)
            declaration = read_declaration(element)
            if not declaration.identifier:
                self._findings.add(Rule.IDENTIFIER_MISSING, at, local(element))
            if declaration.identifier in found:
                self._findings.add(Rule.DUPLICATE_ID, at, declaration.identifier)
            if children(element, "qti-default-value"):
                self._findings.add(Rule.RESPONSE_DEFAULT, at, declaration.identifier)
            found[declaration.identifier] = declaration
        return found

    def _read_parts(
        self, item: ReadItem, declarations: dict[str, Declaration], place: Place
    ) -> None:
        interactions = InteractionReader(declarations)
        body = BodyReader(
            self._source, self._media, place, self._findings, interaction=interactions.read
        )
        interactions.body = body
        body.attributes(item.root)
        self._one_body(item.root, "qti-item-body", place)
        for child in list(item.root):
            name = local(child)
            if name == "qti-item-body":
                body.attributes(child)
                body.read_children(child)
            elif name == "qti-response-declaration":
                body.attributes(child)
                body.nothing_inside(child)  # the keys were stripped
            elif name == "qti-assessment-stimulus-ref":
                body.attributes(child)
                body.nothing_inside(child)
                self._stimulus_ref(item, child, place)
            else:
                self._other_part(child, place)
        for rule, line, value in interactions.keys.found:
            self._findings.add(rule, place.at(line), value)
        if not interactions.found and not self._findings.blocking():
            self._findings.add(Rule.NO_INTERACTION, place)
        item.interactions = interactions.found
        item.media_names = body.media_names

    def _one_body(self, root: Element, name: str, place: Place) -> None:
        """One body, and no text beside it."""
        found = children(root, name)
        if not found:
            self._findings.add(Rule.BODY_MISSING, place)
        for extra in found[1:]:
            self._findings.add(Rule.MISPLACED, place.at(extra.sourceline), name)
        if text := loose_text(root):
            self._findings.add(Rule.MISPLACED, place, text)

    def _stimulus_ref(self, item: ReadItem, element: Element, place: Place) -> None:
        href = element.get("href", "")
        path = resolve(self._source, item.path, href)
        if isinstance(path, Rule):
            self._findings.add(path, place.at(element.sourceline), href)
        else:
            item.stimuli.append((element, path))

    def _other_part(self, element: Element, place: Place) -> None:
        """What may stand beside a body, or may not."""
        name, at = local(element), place.at(element.sourceline)
        if name == "qti-stylesheet":
            self._findings.add(Rule.STYLE_DROPPED, at, element.get("href", ""))
            cut(element)
        elif name in ("qti-template-declaration", "qti-template-processing"):
            cut(element)  # refused already
        elif name in NEVER_INTERACTIONS or name == "qti-interaction-modules":
            self._findings.add(Rule.NEVER_SUPPORTED, at, name)
        elif name == "qti-companion-materials-info":
            self._findings.add(Rule.NOT_YET, at, name)
        else:
            self._findings.add(Rule.UNKNOWN_ELEMENT, at, name)
