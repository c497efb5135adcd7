"""From a content package to the plain paper: every problem found, every key taken out.

The plain paper leaves as a stream of pieces, in the order that ``venue_server.wire.paper_index``
describes; whoever keeps them gives them back once to be read as a station would.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from venue_server.headquarters.assessment_test import (
    FormOrder,
    ItemRef,
    Plan,
    Section,
    read_test,
)
from venue_server.headquarters.canonical_ids import (
    CanonicalIds,
    as_document,
    form_faults,
    option_ids,
)
from venue_server.headquarters.container import (
    ITEM_NAME,
    STIMULUS_NAME,
    PaperFiles,
    container_pieces,
    read_back,
)
from venue_server.headquarters.content_package import Contents, Resource, read_contents
from venue_server.headquarters.item import ItemReader, ReadItem, ReadStimulus
from venue_server.headquarters.media_store import MediaStore
from venue_server.headquarters.package_source import PackageSource, open_package
from venue_server.headquarters.paper_budget import SizeCounter, paper_budget
from venue_server.headquarters.problems import Findings, Place, Problem, Rule
from venue_server.headquarters.safe_xml import QTI, children, local, plain_text, to_bytes
from venue_server.headquarters.schema import check_schema
from venue_server.headquarters.vocabulary import INSTRUCTION_ELEMENTS
from venue_server.vault.manifest import Budget
from venue_server.wire.paper_index import (
    FORMAT,
    ItemIndex,
    PaperIndex,
    SectionIndex,
    StimulusIndex,
)

# A longer rubric is material to read, not an instruction.
_INSTRUCTION_LENGTH = 400


@dataclass(frozen=True)
class PaperNames:
    """Who the paper is. Empty ``title`` and ``language`` are taken from the package;
    ``for_candidates``: shuffled sections get their order at each station (assessment_test)."""

    paper_id: str
    form_id: str
    subject_code: str
    shuffle_seed: str
    title: str = ""
    language: str = ""
    test: str = ""
    for_candidates: bool = False


# Takes the pieces of the plain paper and gives back a seekable reader over all of it.
Keep = Callable[[Iterator[bytes]], BinaryIO]


@dataclass
class Prepared:
    """The index of a plain paper, what was taken out of it, what a station needs to show it, and
    what to tell. ``canonical`` is the same for all forms of a package."""

    index: PaperIndex
    keys: dict[str, object]
    budget: Budget
    canonical: CanonicalIds
    notices: list[Problem] = field(default_factory=list)


def prepare(package: Path, names: PaperNames, keep: Keep) -> Prepared | list[Problem]:
    """Give the plain paper of ``package`` to ``keep``, or list every reason why not."""
    findings = Findings()
    source = open_package(package, findings)
    if source is None:
        return findings.blocking()
    with source:
        return _Preparation(source, names, findings).run(keep)


def check(package: Path, test: str = "") -> list[Problem]:
    """Every problem and notice of a package, without writing anything."""
    findings = Findings()
    source = open_package(package, findings)
    if source is not None:
        with source:
            _Preparation(source, PaperNames("", "", "", "", test=test), findings).read()
    return findings.blocking() + findings.notices()


@dataclass
class Survey:
    """What a package holds, and everything there is to say about it."""

    problems: list[Problem]
    title: str = ""
    tests: list[str] = field(default_factory=list)
    sections: int = 0
    items: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    stimuli: int = 0
    media_files: int = 0
    media_bytes: int = 0


def survey(package: Path) -> Survey:
    """Read a package as sealing does, without writing anything."""
    findings = Findings()
    source = open_package(package, findings)
    found = Survey([])
    if source is not None:
        with source:
            _Preparation(source, PaperNames("", "", "", ""), findings).survey(found)
    found.problems = findings.blocking() + findings.notices()
    return found


class _Preparation:
    """The state of one run: what was read, under which names it goes into the paper."""

    def __init__(self, source: PackageSource, names: PaperNames, findings: Findings) -> None:
        self._source = source
        self._names = names
        self._findings = findings
        self._media = MediaStore(source)
        self._reader = ItemReader(source, self._media, findings)
        self._read: dict[str, ReadItem | None] = {}
        self._files = PaperFiles()
        self._items: dict[str, ItemIndex] = {}
        self._hrefs: dict[str, str] = {}
        self._stimuli: dict[str, StimulusIndex] = {}
        self._stimulus_of: dict[str, str | None] = {}
        self._keys: list[dict[str, object]] = []

    def run(self, keep: Keep) -> Prepared | list[Problem]:
        """Read everything, write, read again."""
        contents, plan, sections = self.read()
        if self._findings.blocking():
            return self._findings.blocking()
        first = next(iter(self._read.values()))
        assert first is not None
        index = PaperIndex(
            FORMAT,
            self._names.paper_id,
            self._names.form_id,
            self._names.subject_code,
            self._names.title or plan.title or contents.title or self._names.paper_id,
            self._names.language or plan.language or first.language or "zh-CN",
            self._names.shuffle_seed,
            sections,
            self._items,
            self._stimuli,
        )
        canonical = self._canonical(plan)
        media = self._media.used(self._files.media_names)
        counter = SizeCounter(container_pieces(index, self._files, media, self._media))
        self._prove(keep(iter(counter)), canonical)
        if self._findings.blocking():
            return self._findings.blocking()
        keys = self._key_document(plan) | as_document(canonical, index)
        budget = paper_budget(counter.size, len(index.items), media)
        return Prepared(index, keys, budget, canonical, self._findings.notices())

    def _canonical(self, plan: Plan) -> CanonicalIds:
        """From the files of the package, whatever the form made of them."""
        options = {
            ref.identifier: option_ids(item.root)
            for section in plan.sections
            for ref in section.items
            if (item := self._read[ref.path]) is not None
        }
        items = plan.canonical or list(options)
        return CanonicalIds(items, {item: options[item] for item in items if item in options})

    def _prove(self, plain: BinaryIO, canonical: CanonicalIds) -> None:
        """Read what was kept: no key is left (O05), the form permutes the canonical ids (D15)."""
        with plain:
            read = read_back(plain)
        for fault in read.faults:
            self._findings.add(Rule.KEYS_LEFT, Place(fault.file), fault.what)
        if read.index is not None:
            for what in form_faults(canonical, read.index, read.options):
                self._findings.add(Rule.FORM_MISMATCH, Place(), what)

    def survey(self, found: Survey) -> None:
        """Read everything and count."""
        contents, plan, sections = self.read()
        found.title = plan.title or contents.title
        found.tests = [test.identifier for test in contents.tests]
        found.sections, found.items = len(sections), len(self._items)
        found.kinds.update(i.kind for item in self._items.values() for i in item.interactions)
        found.stimuli = len(self._stimuli)
        media = self._media.used(self._files.media_names)
        found.media_files, found.media_bytes = len(media), sum(file.size for file in media)

    def read(self) -> tuple[Contents, Plan, list[SectionIndex]]:
        """Read manifest, test, items, stimuli and media; problems go to the findings."""
        contents = read_contents(self._source, self._findings)
        plan = self._plan(contents)
        sections = [self._section(plan, section) for section in plan.sections]
        if not self._items and not self._findings.blocking():
            self._findings.add(Rule.NO_ITEMS, Place(plan.file))
        return contents, plan, sections

    def _plan(self, contents: Contents) -> Plan:
        if not contents.tests:
            refs = [self._own_ref(resource) for resource in contents.items]
            section = Section("section-1", "", [], [ref for ref in refs if ref is not None])
            return Plan("", None, sections=[section] if section.items else [])
        for test in contents.tests:
            if self._names.test in ("", test.identifier):
                order = FormOrder(self._names.shuffle_seed, self._names.for_candidates)
                return read_test(self._source, test.path, order, self._findings)
        self._findings.add(Rule.TEST_UNKNOWN, Place("imsmanifest.xml"), self._names.test)
        return Plan("", None)

    def _own_ref(self, resource: Resource) -> ItemRef | None:
        """Without a test an item goes by its own identifier."""
        place = Place("imsmanifest.xml", resource.line)
        item = self._item(resource.path, place)
        return None if item is None else ItemRef(item.identifier, resource.path, place)

    def _item(self, path: str, place: Place) -> ReadItem | None:
        """An item file, read once however often it is referred to."""
        if path not in self._read:
            item = self._reader.read_item(path, place)
            self._read[path] = item
            if item is not None:
                self._keep_item(item)
        return self._read[path]

    def _keep_item(self, item: ReadItem) -> None:
        for element, path in item.stimuli:
            at = Place(item.path, element.sourceline or 0, item.identifier)
            stimulus_id = self._stimulus(path, at)
            if stimulus_id is not None:
                element.set("identifier", stimulus_id)
                element.set("href", self._stimuli[stimulus_id].href)
        check_schema(item.root, Place(item.path, 0, item.identifier), self._findings)
        href = ITEM_NAME.format(len(self._hrefs) + 1)
        self._hrefs[item.path] = href
        self._files.documents[href] = to_bytes(item.root)
        self._files.media_names |= item.media_names
        self._keys.append(
            {"href": href, "source": item.path, "identifier": item.identifier}
            | {"parts": item.keys.parts}
        )

    def _stimulus(self, path: str, place: Place) -> str | None:
        if path not in self._stimulus_of:
            read = self._reader.read_stimulus(path, place)
            self._stimulus_of[path] = None
            if read is not None:
                self._keys.append({"source": path, "parts": read.keys.parts if read.keys else []})
                self._stimulus_of[path] = self._keep_stimulus(read, Place(path))
        return self._stimulus_of[path]

    def _keep_stimulus(self, read: ReadStimulus, place: Place) -> str:
        stimulus_id, number = read.identifier or "stimulus", 1
        while stimulus_id in self._stimuli:
            number += 1
            stimulus_id = f"{read.identifier or 'stimulus'}~{number}"
        read.root.set("identifier", stimulus_id)
        check_schema(read.root, place, self._findings)
        href = STIMULUS_NAME.format(len(self._stimuli) + 1)
        self._stimuli[stimulus_id] = StimulusIndex(stimulus_id, href, read.title)
        self._files.documents[href] = to_bytes(read.root)
        self._files.media_names |= read.media_names
        return stimulus_id

    def _section(self, plan: Plan, section: Section) -> SectionIndex:
        instructions: list[str] = []
        shared: list[str] = []
        for number, rubric in enumerate(section.rubrics):
            if _is_instruction(rubric):
                instructions.append(plain_text(rubric))
            else:
                shared.append(self._passage(plan, section, number))
        for ref in section.items:
            self._index_item(ref, shared)
        return SectionIndex(
            section.section_id,
            section.title,
            "\n".join(text for text in instructions if text),
            [ref.identifier for ref in section.items if ref.identifier in self._items],
            section.shuffle,
        )

    def _index_item(self, ref: ItemRef, shared: list[str]) -> None:
        item = self._item(ref.path, ref.place)
        if item is None:
            return
        if ref.identifier in self._items:
            self._findings.add(Rule.DUPLICATE_ID, ref.place, ref.identifier)
        own = [self._stimulus_of[path] for _, path in item.stimuli]
        stimulus_ids = [*shared, *(stimulus for stimulus in own if stimulus is not None)]
        self._items[ref.identifier] = ItemIndex(
            ref.identifier,
            self._hrefs[ref.path],
            item.title,
            list(dict.fromkeys(stimulus_ids)),
            item.interactions,
        )

    def _passage(self, plan: Plan, section: Section, number: int) -> str:
        """A rich rubric as a stimulus that all items of the section share; read once."""
        rubric = section.rubrics[number]
        known = f"{plan.file}#{rubric.getroottree().getpath(rubric)}"
        if known not in self._stimulus_of:
            root = etree.Element(f"{{{QTI}}}qti-assessment-stimulus", nsmap={None: QTI})
            root.set("title", section.title)
            body = etree.SubElement(root, f"{{{QTI}}}qti-stimulus-body")
            for content in children(rubric, "qti-content-body") or [rubric]:
                body.text = content.text
                body.extend(deepcopy(child) for child in content)
            place = Place(plan.file, rubric.sourceline or 0)
            names = self._reader.read_passage(root, place)
            read = ReadStimulus(root, f"rubric-{section.section_id}", section.title, names)
            self._stimulus_of[known] = self._keep_stimulus(read, place)
        stimulus_id = self._stimulus_of[known]
        assert stimulus_id is not None
        return stimulus_id

    def _key_document(self, plan: Plan) -> dict[str, object]:
        """What goes to headquarters' own file and never to a venue."""
        test = plan.root
        return {
            "format": "kaodian-keys/1",
            "paper_id": self._names.paper_id,
            "form_id": self._names.form_id,
            "subject_code": self._names.subject_code,
            "shuffle_seed": self._names.shuffle_seed,
            "fixed": plan.fixed,
            "test": "" if test is None else str(etree.tostring(test, encoding="unicode")),
            "items": {item_id: item.href for item_id, item in self._items.items()},
            "files": self._keys,
        }


def _is_instruction(rubric: etree._Element) -> bool:
    elements = {local(element) for element in rubric.iter()}
    return elements <= INSTRUCTION_ELEMENTS and len(plain_text(rubric)) <= _INSTRUCTION_LENGTH
