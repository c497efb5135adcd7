"""What the renderer is told about an item: frozen, typed and JSON-able.

``html`` fields hold one well-formed XHTML fragment each, already sanitised (:mod:`.sanitise`).
In an item's ``html`` the element with ``data-slot="N"`` marks the place of ``interactions[N]``.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from candidate_station.paper.arrangements import Arrangement
from candidate_station.paper.graphic import GraphicGapMatchInteraction, GraphicInteraction
from candidate_station.paper.option import Option as Option

PAPER_SCHEME = "kaodian-paper"
PAPER_HOST = "paper"
FILE_PREFIX = "/file/"  # a media file's address is scheme://host + prefix + its path in the paper


@dataclass(frozen=True)
class ChoiceInteraction:
    """Single or multiple choice. ``options`` stand in the order shown.

    ``max_choices`` 0 means no upper bound. ``multiple`` is whether more than one may be chosen.
    """

    response_id: str
    multiple: bool
    min_choices: int
    max_choices: int
    orientation: str  # vertical or horizontal
    prompt: str
    options: tuple[Option, ...]
    hints: tuple[str, ...] = ()  # class tokens of the QTI shared vocabulary
    kind: Literal["choice"] = "choice"


@dataclass(frozen=True)
class InlineChoiceInteraction:
    """A choice inside running text. ``options`` stand in the order shown."""

    response_id: str
    options: tuple[Option, ...]
    hints: tuple[str, ...] = ()
    kind: Literal["inline-choice"] = "inline-choice"


@dataclass(frozen=True)
class TextEntryInteraction:
    """A blank. ``expected_length`` in characters, 0 when unknown; ``pattern`` as in XML Schema."""

    response_id: str
    base_type: str
    expected_length: int
    pattern: str
    placeholder: str
    hints: tuple[str, ...] = ()
    kind: Literal["text-entry"] = "text-entry"


@dataclass(frozen=True)
class ExtendedTextInteraction:
    """An essay. ``expected_lines`` and ``expected_length`` are 0 when unknown."""

    response_id: str
    expected_lines: int
    expected_length: int
    format: str  # plain or preformatted
    prompt: str
    placeholder: str
    hints: tuple[str, ...] = ()
    kind: Literal["extended-text"] = "extended-text"


Interaction = (
    ChoiceInteraction
    | InlineChoiceInteraction
    | TextEntryInteraction
    | ExtendedTextInteraction
    | Arrangement
    | GraphicInteraction
)


def _shown_ids(interaction: Interaction) -> list[str]:
    if isinstance(
        interaction, ChoiceInteraction | InlineChoiceInteraction | GraphicGapMatchInteraction
    ):
        return [option.option_id for option in interaction.options]
    return list(interaction.shown_ids) if isinstance(interaction, Arrangement) else []


@dataclass(frozen=True)
class Stimulus:
    """A shared case shown beside its items."""

    stimulus_id: str
    title: str
    html: str


@dataclass(frozen=True)
class PreparedItem:
    """One item, ready to draw for one sitting.

    ``media`` names the files inside the paper that it shows.
    """

    item_id: str
    title: str
    language: str
    html: str
    interactions: tuple[Interaction, ...]
    stimuli: tuple[Stimulus, ...] = ()
    media: tuple[str, ...] = field(default=(), compare=False)

    @property
    def displayed(self) -> dict[str, list[str]]:
        """Canonical option ids in the order shown, by response id (D15, Y03)."""
        return {
            interaction.response_id: shown
            for interaction in self.interactions
            if (shown := _shown_ids(interaction))
        }

    def to_builtins(self) -> dict[str, Any]:
        """Plain dicts and lists for the page."""
        return asdict(self)
