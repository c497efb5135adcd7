"""The assessment test: nested sections flattened, selection and order fixed for this form.

QTI leaves selection and shuffling to the moment of delivery. A form of an examination must be
checkable beforehand, so both are carried out here, once, from the form's seed, and recorded in
the key document: children are ranked by SHA-256(seed | purpose | section | child). Where the order
is left to each candidate, a shuffled section of plain items only is marked instead, and the station
draws the order from the form's seed and the sitting.
"""

import hashlib
from dataclasses import dataclass, field

from venue_server.headquarters.package_source import PackageSource, resolve
from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import (
    QTI,
    XML_LANG,
    Element,
    children,
    local,
    namespace,
    parse,
)

TITLE_JOIN = " · "
_BRANCHING = ("qti-pre-condition", "qti-branch-rule")
_IGNORED = ("qti-time-limits", "qti-item-session-control")


@dataclass(frozen=True)
class ItemRef:
    """One reference of the test to an item. ``identifier`` is unique in the test."""

    identifier: str
    path: str
    place: Place


@dataclass
class Section:
    """One run of items under one title. ``rubrics`` are the candidate's rubric blocks that come
    before it: outermost first."""

    section_id: str
    title: str
    rubrics: list[Element]
    items: list[ItemRef] = field(default_factory=list)
    shuffle: bool = False


@dataclass
class Plan:
    """What the test says, flattened. ``fixed`` records each selection and shuffle carried out;
    ``canonical`` is every item of the test in its own order."""

    file: str
    root: Element | None
    title: str = ""
    language: str = ""
    sections: list[Section] = field(default_factory=list)
    fixed: list[dict[str, object]] = field(default_factory=list)
    canonical: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FormOrder:
    """How a form gets its order: ``seed`` ranks what is selected and shuffled at sealing;
    ``for_candidates`` leaves the order of items to each candidate where the test shuffles."""

    seed: str
    for_candidates: bool = False


def read_test(source: PackageSource, path: str, order: FormOrder, findings: Findings) -> Plan:
    """Flatten the test in ``path``."""
    place = Place(path)
    root = parse(source, path, place, findings)
    plan = Plan(path, root)
    if root is None:
        return plan
    if namespace(root) != QTI:
        findings.add(Rule.QTI_VERSION, place.at(root.sourceline), namespace(root) or local(root))
        return plan
    if local(root) != "qti-assessment-test":
        findings.add(Rule.WRONG_ROOT, place.at(root.sourceline), local(root))
        return plan
    plan.title, plan.language = root.get("title", ""), root.get(XML_LANG, "")
    for element in root.iter():
        if local(element) == "qti-assessment-item-ref":
            plan.canonical.append(element.get("identifier", ""))
    _Flattening(source, order, findings, plan).walk(root)
    return plan


class _Flattening:
    """One walk over the test; appends runs of items to the plan."""

    def __init__(
        self, source: PackageSource, order: FormOrder, findings: Findings, plan: Plan
    ) -> None:
        self._source = source
        self._order = order
        self._findings = findings
        self._plan = plan
        self._seen: set[str] = set()
        self._section_ids: set[str] = set()

    def walk(self, root: Element) -> None:
        self._controls(root)
        rubrics = _candidate_rubrics(root)
        for part in children(root, "qti-test-part"):
            self._controls(part)
            if part.get("navigation-mode") == "linear":
                self._findings.add(
                    Rule.CONTROL_IGNORED, self._place(part), "navigation-mode=linear"
                )
            inner = rubrics + _candidate_rubrics(part)
            for section in children(part, "qti-assessment-section"):
                self._section(section, [], inner)

    def _place(self, element: Element) -> Place:
        return Place(self._plan.file, element.sourceline or 0)

    def _controls(self, element: Element) -> None:
        for child in children(element, *_BRANCHING):
            self._findings.add(Rule.BRANCHING, self._place(child), local(child))
        for child in children(element, *_IGNORED):
            self._findings.add(Rule.CONTROL_IGNORED, self._place(child), local(child))

    def _section(self, element: Element, titles: list[str], rubrics: list[Element]) -> None:
        self._controls(element)
        self._unique(element)
        identifier = element.get("identifier", "")
        title = element.get("title", "") if element.get("visible", "true") == "true" else ""
        titles = [*titles, title] if title else titles
        rubrics = rubrics + _candidate_rubrics(element)
        run: Section | None = None
        parts = self._selected(element, identifier)
        for_candidates = self._left_to_candidates(element, parts)
        if not for_candidates:
            parts = self._ordered(element, parts, identifier)
        self._record(element, identifier, parts)
        for child in parts:
            if local(child) == "qti-assessment-section":
                self._section(child, titles, rubrics)
                run = None
            elif (ref := self._item_ref(child)) is not None:
                if run is None:
                    run = Section(self._run_id(identifier), TITLE_JOIN.join(titles), rubrics)
                    run.shuffle = for_candidates
                    self._plan.sections.append(run)
                run.items.append(ref)

    def _run_id(self, identifier: str) -> str:
        """A second run of the same section gets a number behind its identifier."""
        run_id, number = identifier, 1
        while run_id in self._section_ids:
            number += 1
            run_id = f"{identifier}~{number}"
        self._section_ids.add(run_id)
        return run_id

    def _item_ref(self, element: Element) -> ItemRef | None:
        self._controls(element)
        self._unique(element)
        place, identifier = self._place(element), element.get("identifier", "")
        if children(element, "qti-template-default"):
            self._findings.add(Rule.TEMPLATE, place, identifier)
        href = element.get("href", "")
        path = resolve(self._source, self._plan.file, href)
        if isinstance(path, Rule):
            self._findings.add(path, place, href)
            return None
        return ItemRef(identifier, path, place)

    def _unique(self, element: Element) -> None:
        identifier = element.get("identifier", "")
        if not identifier:
            self._findings.add(Rule.IDENTIFIER_MISSING, self._place(element), local(element))
        elif identifier in self._seen:
            self._findings.add(Rule.DUPLICATE_ID, self._place(element), identifier)
        self._seen.add(identifier)

    def _selected(self, element: Element, identifier: str) -> list[Element]:
        """The section's children after selection."""
        parts = _parts(element)
        for ref in children(element, "qti-assessment-section-ref"):
            self._findings.add(Rule.NOT_YET, self._place(ref), local(ref))
        for selection in children(element, "qti-selection"):
            parts = self._select(selection, parts, identifier)
        return parts

    def _left_to_candidates(self, element: Element, parts: list[Element]) -> bool:
        """True when each candidate gets an order of the items of their own. Only a run of loose
        items can: a section inside it or a ``fixed`` item needs its place, so such a section is
        shuffled at sealing as a whole."""
        return (
            self._order.for_candidates
            and _shuffles(element)
            and all(
                local(part) == "qti-assessment-item-ref" and part.get("fixed", "false") != "true"
                for part in parts
            )
        )

    def _ordered(self, element: Element, parts: list[Element], identifier: str) -> list[Element]:
        return self._shuffle(parts, identifier) if _shuffles(element) else parts

    def _record(self, element: Element, identifier: str, parts: list[Element]) -> None:
        """Keep and tell what was fixed."""
        before = [part.get("identifier", "") for part in _parts(element)]
        after = [part.get("identifier", "") for part in parts]
        if after != before:
            self._plan.fixed.append({"section": identifier, "from": before, "to": after})
            self._findings.add(Rule.FORM_FIXED, self._place(element), identifier)

    def _select(self, selection: Element, parts: list[Element], identifier: str) -> list[Element]:
        text = selection.get("select", "")
        required = [part for part in parts if part.get("required", "false") == "true"]
        if (
            not text.isdecimal()
            or not max(1, len(required)) <= int(text) <= len(parts)
            or selection.get("with-replacement", "false") == "true"
        ):
            self._findings.add(Rule.SELECTION, self._place(selection), f"select={text}")
            return parts
        optional = [part for part in parts if part not in required]
        ranked = sorted(optional, key=lambda part: self._rank("select", identifier, part))
        kept = {id(part) for part in required + ranked[: int(text) - len(required)]}
        return [part for part in parts if id(part) in kept]

    def _shuffle(self, parts: list[Element], identifier: str) -> list[Element]:
        """A permutation of the parts that are not ``fixed``; the fixed ones keep their place."""
        loose = [part for part in parts if part.get("fixed", "false") != "true"]
        ranked = iter(sorted(loose, key=lambda part: self._rank("shuffle", identifier, part)))
        return [part if part.get("fixed", "false") == "true" else next(ranked) for part in parts]

    def _rank(self, purpose: str, section: str, part: Element) -> bytes:
        text = "\0".join((self._order.seed, purpose, section, part.get("identifier", "")))
        return hashlib.sha256(text.encode()).digest()


def _parts(section: Element) -> list[Element]:
    return children(section, "qti-assessment-section", "qti-assessment-item-ref")


def _shuffles(section: Element) -> bool:
    return any(
        ordering.get("shuffle", "false") == "true" for ordering in children(section, "qti-ordering")
    )


def _candidate_rubrics(element: Element) -> list[Element]:
    return [
        rubric
        for rubric in children(element, "qti-rubric-block")
        if "candidate" in rubric.get("view", "").split()
    ]
