"""What the readers of all kinds of interactions share: parts, counts, flags, identifiers, keys."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from venue_server.headquarters.answer_key import KeyValue
from venue_server.headquarters.body import BodyReader
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import QTI, Element, children, local, loose_text, namespace

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Declaration:
    """A response declaration before stripping. ``keys`` are the values its key names."""

    identifier: str
    cardinality: str
    base_type: str
    keys: list[KeyValue] = field(default_factory=list)

    @property
    def single(self) -> bool:
        """True when one value answers it."""
        return self.cardinality == "single"


@dataclass
class KeyProblems:
    """What the keys of one item name wrongly: (rule, line, detail)."""

    found: list[tuple[Rule, int, str]] = field(default_factory=list)


class Reading:
    """One interaction being read. ``declaration`` is None when it has none that fits."""

    def __init__(
        self,
        element: Element,
        body: BodyReader,
        declaration: Declaration | None,
        problems: KeyProblems,
    ) -> None:
        self.element = element
        self.body = body
        self.declaration = declaration
        self._problems = problems

    def add(self, rule: Rule, detail: str, element: Element | None = None) -> None:
        """Record a problem at the interaction, or at a part of it."""
        self.body.add(rule, self.element if element is None else element, detail)

    def parts(self, *names: str) -> list[Element]:
        """The children of these names; reads the one prompt, refuses everything else."""
        self.no_text(self.element)
        prompts = 0
        for child in list(self.element):
            if local(child) == "qti-prompt" and namespace(child) == QTI:
                prompts += 1
                if child.getprevious() is not None or prompts > 1:
                    self.add(Rule.MISPLACED, "qti-prompt", child)
                self.body.attributes(child)
                self.body.read_children(child)
            elif local(child) not in names or namespace(child) != QTI:
                self.add(Rule.MISPLACED, local(child) or "entity", child)
        return children(self.element, *names)

    def empty(self, element: Element) -> None:
        """Read a part that holds nothing."""
        self.body.attributes(element)
        self.body.nothing_inside(element)

    def no_text(self, element: Element) -> None:
        """Refuse text that is in none of the parts."""
        if text := loose_text(element):
            self.add(Rule.MISPLACED, text, element)

    def count(self, attribute: str, default: int, element: Element | None = None) -> int:
        """A whole number of 0 or more."""
        where = self.element if element is None else element
        text = where.get(attribute, str(default)).strip()
        if not (text.isascii() and text.isdecimal()):
            self.add(Rule.ATTRIBUTE_INVALID, f"{attribute}={text}", where)
            return default
        return int(text)

    def flag(self, attribute: str, element: Element | None = None) -> bool:
        """A truth value, written as ``true`` or ``false`` afterwards."""
        where = self.element if element is None else element
        text = where.get(attribute)
        if text is None:
            return False
        value = {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text.strip())
        if value is None:
            self.add(Rule.ATTRIBUTE_INVALID, f"{attribute}={text}", where)
            return False
        where.set(attribute, value)
        return value == "true"

    def word(self, attribute: str, *words: str) -> None:
        """One of a few words, when the attribute is given."""
        text = self.element.get(attribute)
        if text is not None and text not in words:
            self.add(Rule.ATTRIBUTE_INVALID, f"{attribute}={text}")

    def number(self, attribute: str, default: float | None = None) -> float | None:
        """A finite number; None with a problem when it is missing or none."""
        text = self.element.get(attribute)
        if text is None:
            if default is None:
                self.add(Rule.ATTRIBUTE_INVALID, f"{local(self.element)}/@{attribute}")
            return default
        value = number(text)
        if value is None:
            self.add(Rule.ATTRIBUTE_INVALID, f"{attribute}={text}")
        else:
            self.element.set(attribute, text.strip())
        return value

    def at_least(self, options: list[Element], least: int) -> None:
        """There are ``least`` options or more."""
        if len(options) < least:
            self.add(Rule.CHOICES_MISSING, f"{len(options)}/{least}")

    def identifiers(self, options: list[Element]) -> set[str]:
        """The identifiers of the options, each given, without blanks, and used once."""
        seen: set[str] = set()
        for option in options:
            identifier = option.get("identifier", "")
            if not identifier:
                self.add(Rule.IDENTIFIER_MISSING, local(option), option)
            elif identifier.split() != [identifier]:
                self.add(Rule.ATTRIBUTE_INVALID, f"identifier={identifier}", option)
            elif identifier in seen:
                self.add(Rule.DUPLICATE_ID, identifier, option)
            seen.add(identifier)
        return seen

    def limits(self, least_name: str, most_name: str, default: int, available: int) -> int:
        """How many answers may and must be given, 0 at most meaning any number. ``available``
        of 0 means there is no natural bound. Returns the most."""
        most = self.count(most_name, default)
        least = self.count(least_name, 0)
        if most and least > most:
            self.add(Rule.ATTRIBUTE_INVALID, f"{least_name} > {most_name}")
        elif available and least > available:
            self.add(Rule.ATTRIBUTE_INVALID, f"{least_name}={least} > {available}")
        if self.declaration is not None and self.declaration.single and most != 1:
            self.add(Rule.ATTRIBUTE_INVALID, f"{most_name}={most}, single")
        return most

    def match_limits(self, option: Element, known: set[str]) -> None:
        """``match-max`` (required, 0 is any number), ``match-min``, ``match-group``."""
        if option.get("match-max") is None:
            self.add(Rule.ATTRIBUTE_INVALID, f"{local(option)}/@match-max", option)
        most = self.count("match-max", 0, option)
        if most and self.count("match-min", 0, option) > most:
            self.add(Rule.ATTRIBUTE_INVALID, "match-min > match-max", option)
        elif not most:
            self.count("match-min", 0, option)
        self.match_group(option, known)

    def match_group(self, option: Element, known: set[str]) -> None:
        """The group names options of this interaction."""
        for identifier in option.get("match-group", "").split():
            if identifier not in known:
                self.add(Rule.ATTRIBUTE_INVALID, f"match-group={identifier}", option)

    def keys(self, rule: Rule, fits: Callable[[KeyValue], str]) -> None:
        """Compare the key with what can be answered: ``fits`` returns what does not."""
        if self.declaration is None:
            return
        correct = [key for key in self.declaration.keys if key.part == "correct"]
        if self.declaration.single and len(correct) > 1:
            self._problems.found.append((Rule.KEY_INVALID, correct[1].line, correct[1].text))
        for key in self.declaration.keys:
            if wrong := fits(key):
                self._problems.found.append((rule, key.line, wrong))

    def identifier_keys(self, known: set[str]) -> None:
        """Keys that name one option each."""
        self.keys(Rule.KEY_UNKNOWN_CHOICE, lambda key: "" if key.text in known else key.text)

    def pair_keys(self, first: set[str], second: set[str]) -> None:
        """Keys that name two options each, of ``first`` and of ``second``."""

        def fits(key: KeyValue) -> str:
            names = key.text.split()
            good = len(names) == 2 and names[0] in first and names[1] in second
            return "" if good else key.text

        self.keys(Rule.KEY_UNKNOWN_CHOICE, fits)


def number(text: str) -> float | None:
    """A finite decimal number, or None."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    value = float(text)
    return value if abs(value) < float("inf") else None
