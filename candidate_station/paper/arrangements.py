"""Descriptions of the interactions in which text is matched, ordered, filled in, marked or slid.

Same rules as :mod:`.description`: frozen, typed, JSON-able; options stand in the order shown. A
bound of 0 means none. ``shown_ids`` are the canonical ids that a candidate saw in an order drawn
for him (D15).
"""

from dataclasses import dataclass
from typing import Literal

from candidate_station.paper.option import Option


@dataclass(frozen=True)
class Associable:
    """An option that takes part in pairs, in at least ``match_min`` and at most ``match_max``."""

    option_id: str
    html: str
    match_min: int
    match_max: int


@dataclass(frozen=True)
class MatchInteraction:
    """Pairs of one source and one target, each "source target". ``multiple`` is whether the
    answer may hold more than one pair."""

    response_id: str
    multiple: bool
    min_associations: int
    max_associations: int
    prompt: str
    sources: tuple[Associable, ...]
    targets: tuple[Associable, ...]
    hints: tuple[str, ...] = ()
    kind: Literal["match"] = "match"

    @property
    def shown_ids(self) -> tuple[str, ...]:
        """Sources, then targets."""
        return tuple(one.option_id for one in self.sources + self.targets)


@dataclass(frozen=True)
class AssociateInteraction:
    """Unordered pairs of options, each "one other"."""

    response_id: str
    multiple: bool
    min_associations: int
    max_associations: int
    prompt: str
    options: tuple[Associable, ...]
    hints: tuple[str, ...] = ()
    kind: Literal["associate"] = "associate"

    @property
    def shown_ids(self) -> tuple[str, ...]:
        return tuple(one.option_id for one in self.options)


@dataclass(frozen=True)
class GapMatchInteraction:
    """Texts or pictures to put into gaps, each "option gap".

    In ``html`` the element with ``data-gap="N"`` marks the place of ``gaps[N]``.
    """

    response_id: str
    multiple: bool
    min_associations: int
    max_associations: int
    prompt: str
    options: tuple[Associable, ...]
    gaps: tuple[str, ...]
    html: str
    hints: tuple[str, ...] = ()
    kind: Literal["gap-match"] = "gap-match"

    @property
    def shown_ids(self) -> tuple[str, ...]:
        return tuple(one.option_id for one in self.options)


@dataclass(frozen=True)
class OrderInteraction:
    """Options to bring into an order: all of them, or, where ``max_choices`` is not 0, from
    ``min_choices`` to ``max_choices`` of them."""

    response_id: str
    min_choices: int
    max_choices: int
    orientation: str  # vertical or horizontal
    prompt: str
    options: tuple[Option, ...]
    hints: tuple[str, ...] = ()
    kind: Literal["order"] = "order"

    @property
    def shown_ids(self) -> tuple[str, ...]:
        return tuple(one.option_id for one in self.options)


@dataclass(frozen=True)
class HottextInteraction:
    """Words to mark in running text.

    In ``html`` the element with ``data-hottext="N"`` holds the words of ``words[N]``.
    """

    response_id: str
    multiple: bool
    min_choices: int
    max_choices: int
    prompt: str
    words: tuple[str, ...]
    html: str
    hints: tuple[str, ...] = ()
    kind: Literal["hottext"] = "hottext"

    @property
    def shown_ids(self) -> tuple[str, ...]:
        """None: the words stand where the text has them."""
        return ()


@dataclass(frozen=True)
class SliderInteraction:
    """A number on a scale. Bounds and step are decimal numbers as text, the step above 0."""

    response_id: str
    base_type: str  # integer or float
    lower: str
    upper: str
    step: str
    step_label: bool
    orientation: str  # horizontal or vertical
    reverse: bool
    prompt: str
    hints: tuple[str, ...] = ()
    kind: Literal["slider"] = "slider"

    @property
    def shown_ids(self) -> tuple[str, ...]:
        """None: there are no options."""
        return ()


Arrangement = (
    MatchInteraction
    | AssociateInteraction
    | GapMatchInteraction
    | OrderInteraction
    | HottextInteraction
    | SliderInteraction
)
