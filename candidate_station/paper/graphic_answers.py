"""What may be stored for the graphic and media interactions. The page is not trusted."""

import re
from collections import Counter
from collections.abc import Sequence

from candidate_station.paper.graphic import (
    MAX_COORDINATE,
    MAX_PLAYS,
    GapPiece,
    GraphicGapMatchInteraction,
    GraphicInteraction,
    Hotspot,
    HotspotInteraction,
    MediaInteraction,
    SelectPointInteraction,
)

_POINT = re.compile(r"(0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})")
_COUNT = re.compile(r"[1-9]\d{0,3}")


def fits(interaction: GraphicInteraction, values: list[str]) -> bool:
    """True when ``values`` is an answer that the interaction allows; an empty one always is."""
    if isinstance(interaction, HotspotInteraction):
        return _hotspots_fit(interaction, values)
    if isinstance(interaction, GraphicGapMatchInteraction):
        return _pairs_fit(interaction, values)
    if isinstance(interaction, SelectPointInteraction):
        return _points_fit(interaction, values)
    return _plays_fit(interaction, values)


def _hotspots_fit(interaction: HotspotInteraction, values: list[str]) -> bool:
    known = {spot.option_id for spot in interaction.hotspots}
    most = (interaction.max_choices or len(known)) if interaction.multiple else 1
    return set(values) <= known and len(values) == len(set(values)) <= most


def _pairs_fit(interaction: GraphicGapMatchInteraction, values: list[str]) -> bool:
    """Each value is ``"piece spot"``; the same pair may come again, as QTI allows."""
    pairs = [value.split(" ") for value in values]
    if any(len(pair) != 2 for pair in pairs):
        return False
    if interaction.max_associations and len(pairs) > interaction.max_associations:
        return False
    return _within([pair[0] for pair in pairs], interaction.options) and _within(
        [pair[1] for pair in pairs], interaction.hotspots
    )


def _within(used: list[str], ends: Sequence[GapPiece | Hotspot]) -> bool:
    bounds = {end.option_id: end.match_max or MAX_PLAYS for end in ends}
    return all(name in bounds and n <= bounds[name] for name, n in Counter(used).items())


def _points_fit(interaction: SelectPointInteraction, values: list[str]) -> bool:
    """Each value is ``"x y"``, whole pixels of the picture, from 0."""
    right = (interaction.picture.width or MAX_COORDINATE) - 1
    bottom = (interaction.picture.height or MAX_COORDINATE) - 1
    points = [_POINT.fullmatch(value) for value in values]
    inside = all(m and int(m[1]) <= right and int(m[2]) <= bottom for m in points)
    most = interaction.max_choices or MAX_PLAYS
    return inside and len(values) == len(set(values)) <= most


def _plays_fit(interaction: MediaInteraction, values: list[str]) -> bool:
    most = interaction.max_plays or MAX_PLAYS
    return len(values) <= 1 and all(_COUNT.fullmatch(v) and int(v) <= most for v in values)
