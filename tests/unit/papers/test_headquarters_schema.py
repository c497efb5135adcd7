"""profile.rng and the checks in code agree: on good items, on real ones, on items gone wrong."""

import copy
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.unit.papers.all_kinds import FILES, KINDS, item_of
from venue_server.headquarters import prepare as preparing
from venue_server.headquarters.item import ItemReader
from venue_server.headquarters.media_store import MediaStore
from venue_server.headquarters.package_source import FolderSource, PackageSource, open_package
from venue_server.headquarters.problems import Findings, Place, Problem, Rule
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.schema import SCHEMA_FILE, check_schema
from venue_server.headquarters.vocabulary import ATTRIBUTES, FORBIDDEN, HTML, INTERACTION_PARTS

Package = Callable[..., Path]
# What a grammar can say. Where code finds one of these, the schema must refuse as well; where
# code finds nothing, the schema must not.
GRAMMAR = {
    Rule.UNKNOWN_ELEMENT, Rule.FORBIDDEN_ELEMENT, Rule.MISPLACED, Rule.NOT_YET,
    Rule.NEVER_SUPPORTED, Rule.BODY_MISSING, Rule.IDENTIFIER_MISSING, Rule.EVENT_HANDLER,
    Rule.MEDIA_MISSING, Rule.ADAPTIVE,
}  # fmt: skip


class _Folder(FolderSource):
    """A package of one item in memory over the files of a folder."""

    def __init__(self, root: Path, xml: bytes) -> None:
        super().__init__(root, {p.name: p.stat().st_size for p in root.iterdir()})
        self.sizes["i.xml"] = len(xml)
        self._xml = xml

    def read_xml_bytes(self, name: str, place: Place, findings: Findings) -> bytes | None:
        return self._xml


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


def _verdicts(source: PackageSource, path: str) -> tuple[list[Problem], list[Problem]] | None:
    """What code says and what the schema says; None when there was nothing to go on with."""
    code, schema = Findings(), Findings()
    item = ItemReader(source, MediaStore(source), code).read_item(path, Place(path))
    if item is None:
        return None
    check_schema(item.root, Place(path), schema)
    return code.blocking(), schema.blocking()


def _agree(verdicts: tuple[list[Problem], list[Problem]], what: object) -> None:
    code, schema = verdicts
    if not code:
        assert schema == [], what
    elif any(problem.rule in GRAMMAR for problem in code):
        assert schema, (what, code)


@pytest.mark.parametrize("kind", KINDS)
def test_schema_accepts_every_kind(kind: str, make_package: Package) -> None:
    with _open(make_package({"i.xml": item_of(kind)}, files=FILES)) as source:
        assert _verdicts(source, "i.xml") == ([], [])


def _open(path: Path) -> PackageSource:
    source = open_package(path, Findings())
    assert source is not None
    return source


def test_schema_and_code_agree_on_the_sample_paper() -> None:
    with _open(sample_package_path()) as source:
        items = [name for name in source.sizes if name.startswith("items/")]
        assert len(items) >= 38
        for name in items:
            assert _verdicts(source, name) == ([], []), name


def test_schema_and_code_agree_on_real_items(corpus: list[Path]) -> None:
    clean = 0
    for package in corpus:
        with _open(package) as source:
            for name in source.sizes:
                verdicts = _verdicts(source, name) if name.endswith(".xml") else None
                if verdicts is not None:
                    _agree(verdicts, (package, name))
                    clean += not verdicts[0]
    assert clean > 50


def _sealed_form(kind: str, media: Path) -> etree._Element:
    source = _Folder(media, item_of(kind).encode())
    item = ItemReader(source, MediaStore(source), Findings()).read_item("i.xml", Place("i.xml"))
    assert item is not None
    return item.root


# Kind, element, what happens to it, what the schema says of it.
HOLES: list[tuple[str, str, Callable[[etree._Element], object], str]] = [
    ("order", "qti-item-body", lambda e: e.set("secret", "1"), "qti-item-body/@secret"),
    ("order", "qti-simple-choice", lambda e: e.set("secret", "1"), "qti-simple-choice/@secret"),
    ("match", "qti-simple-match-set", lambda e: e.clear(), "qti-simple-match-set: "),
    ("hottext", "qti-hottext", lambda e: etree.SubElement(e, "x"), "qti-hottext: "),
    ("slider", "qti-slider-interaction", lambda e: e.set("step", "x"), "step"),
    ("hotspot", "qti-hotspot-choice", lambda e: e.set("shape", "star"), "qti-hotspot-choice: "),
    ("choice", "qti-response-declaration", lambda e: etree.SubElement(e, "x"),
     "qti-response-declaration"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "change", "word"), HOLES)
def test_the_schema_blames_the_innermost_element(
    kind: str, name: str, change: Callable[[etree._Element], object], word: str, media: Path
) -> None:
    """A hole in the checks in code is closed by the schema, with the place."""
    root = _sealed_form(kind, media)
    element = root.find(f".//{{*}}{name}")
    assert element is not None
    change(element)
    findings = Findings()
    check_schema(root, Place("i.xml", 0, "I"), findings)
    (problem,) = findings.blocking()
    assert problem.rule is Rule.SCHEMA and word in problem.detail
    assert problem.place == Place("i.xml", element.sourceline or 0, "I")


def test_what_only_the_schema_finds_refuses_the_package(
    make_package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ItemReader, "_read_parts", lambda *_: None)
    package = make_package({"i.xml": item_of("hotspot")}, files=FILES)
    (problem,) = [p for p in preparing.check(package) if p.rule is Rule.SCHEMA]
    assert problem.place == Place("i.xml", 4, "I-hotspot") and "object" in problem.detail


def test_sealed_items_are_plain_qti_3(make_package: Package, plain: Callable[..., Any]) -> None:
    """1EdTech's own schema accepts the sealed form of every kind."""
    folder = os.environ.get("KAODIAN_QTI_XSD", "")
    if not folder:
        pytest.skip("KAODIAN_QTI_XSD names no folder with the QTI 3.0 schemas")
    items = {f"{kind}.xml": item_of(kind) for kind in KINDS}
    paper = plain(make_package(items, files=FILES))
    schema = _official(Path(folder))
    for item in paper.index.items.values():
        root = etree.fromstring(paper.file(item.href))
        assert schema.validate(root), (item.item_id, schema.error_log)


def _official(folder: Path) -> etree.XMLSchema:
    """The schema of assessment items, every part of it found by its name in the folder."""
    files = {path.name: path for path in folder.rglob("*.xsd")}

    class Local(etree.Resolver):
        def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
            name = system_url.rsplit("/", 1)[-1]
            if name not in files:
                return None
            return self.resolve_filename(str(files[name]), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    (main,) = (files[name] for name in files if name.startswith("imsqti_asiv3p0_sbac"))
    return etree.XMLSchema(etree.parse(main, parser))


def test_the_schema_is_a_file_of_the_package_and_names_nothing_that_is_a_key() -> None:
    text = SCHEMA_FILE.read_text() + SCHEMA_FILE.with_name("profile-body.rng").read_text()
    for word in ("correct", "mapping", "feedback", "processing", "outcome", "catalog"):
        assert f'"qti-{word}' not in text


NAMES = sorted(
    HTML | FORBIDDEN | INTERACTION_PARTS | set(ATTRIBUTES)
    | {"qti-custom-interaction", "qti-item-body", "track", "marquee", "qti-feedback-inline"}
)  # fmt: skip
VALUES = ["", "true", "false", "0", "1", "-1", "2.5", "A", "A B", "rect", "1,2,3", "x", "map.png"]
WORDS = sorted({word for words in ATTRIBUTES.values() for word in words} | {"onclick", "id"})


def _mutate(root: etree._Element, draw: random.Random) -> None:
    """One change somewhere: an element taken, doubled, moved, renamed; an attribute or text."""
    elements = [e for e in root.iter() if e is not root]
    if not elements:
        return
    element = draw.choice(elements)
    parent = element.getparent()
    assert parent is not None
    match draw.randrange(8):
        case 0:
            parent.remove(element)
        case 1:
            parent.insert(parent.index(element), copy.deepcopy(element))
        case 2:
            other = draw.choice(elements)
            if element not in other.iterancestors() and other is not element:
                other.insert(draw.randrange(len(other) + 1), element)
        case 3:
            element.tag = f"{{{etree.QName(root).namespace}}}{draw.choice(NAMES)}"
        case 4:
            element.set(draw.choice(WORDS), draw.choice(VALUES))
        case 5:
            if element.attrib:
                del element.attrib[draw.choice(list(element.attrib))]
        case 6:
            if element.attrib:
                element.set(draw.choice(list(element.attrib)), draw.choice(VALUES))
        case 7:
            element.tail = (element.tail or "") + "字"


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 2**32), changes=st.integers(1, 3))
def test_schema_and_code_agree_on_items_gone_wrong(
    media: Path, kind: str, seed: int, changes: int
) -> None:
    root = etree.fromstring(item_of(kind))
    draw = random.Random(seed)
    for _ in range(changes):
        _mutate(root, draw)
    xml = etree.tostring(root)
    verdicts = _verdicts(_Folder(media, xml), "i.xml")
    if verdicts is not None:
        _agree(verdicts, xml.decode())
