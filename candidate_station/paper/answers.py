"""Rules about an item's values: what may be stored, and when an item counts as answered."""

from collections.abc import Mapping

from candidate_station.paper.arranged_answers import fits_arrangement
from candidate_station.paper.arrangements import Arrangement
from candidate_station.paper.description import (
    ChoiceInteraction,
    InlineChoiceInteraction,
    Interaction,
    PreparedItem,
)
from candidate_station.paper.graphic import GraphicInteraction
from candidate_station.paper.graphic_answers import fits as graphic_fits
from venue_server.wire.paper_index import ItemIndex

MAX_TEXT = 100_000  # characters of one text answer; far beyond any essay, far below a message


def is_answered(item: ItemIndex | PreparedItem, values: Mapping[str, list[str]]) -> bool:
    """True when every interaction of the item holds something: one value at least.

    So a match table with one pair counts as answered, as a multiple choice with one option does;
    how many it takes is the candidate's affair. But a half-filled item counts as unanswered, so
    that the warning at hand-in (G10) never hides a forgotten blank. An item that asks nothing is
    answered. A medium to play asks nothing: its count of
    plays is only recorded.
    """
    return all(
        any(value.strip() for value in values.get(interaction.response_id, []))
        for interaction in item.interactions
        if interaction.kind != "media"
    )


def _accept(interaction: Interaction, raw: object) -> list[str] | None:
    if not isinstance(raw, list) or not all(isinstance(value, str) for value in raw):
        return None
    if isinstance(interaction, GraphicInteraction):
        return list(raw) if graphic_fits(interaction, raw) else None
    if isinstance(interaction, ChoiceInteraction | InlineChoiceInteraction):
        known = [option.option_id for option in interaction.options]
        most = 1
        if isinstance(interaction, ChoiceInteraction) and interaction.multiple:
            most = interaction.max_choices or len(known)
        fits = set(raw) <= set(known) and len(raw) == len(set(raw)) <= most
        return list(raw) if fits else None
    if isinstance(interaction, Arrangement):
        return list(raw) if fits_arrangement(interaction, raw) else None
    fits = len(raw) <= 1 and all(0 < len(value) <= MAX_TEXT for value in raw)
    return list(raw) if fits else None


def accept_values(prepared: PreparedItem, raw: object) -> dict[str, list[str]] | None:
    """The whole answer in ``raw`` ({response id: [values]}), or None when it does not fit.

    The page is not trusted: only known responses, known options within their bounds, and texts
    of a sane length pass. Responses that are absent come back empty.
    """
    if not isinstance(raw, Mapping):
        return None
    if not set(raw) <= {interaction.response_id for interaction in prepared.interactions}:
        return None
    accepted: dict[str, list[str]] = {}
    for interaction in prepared.interactions:
        values = _accept(interaction, raw.get(interaction.response_id, []))
        if values is None:
            return None
        accepted[interaction.response_id] = values
    return accepted
