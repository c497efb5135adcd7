"""What a candidate might answer on a picture or to a medium; always within the rules."""

from random import Random

from candidate_station.paper.graphic import (
    GraphicGapMatchInteraction,
    GraphicInteraction,
    HotspotInteraction,
    MediaInteraction,
    SelectPointInteraction,
)

_UNKNOWN_SIZE = 200  # pixels that any picture has


def random_graphic_answer(
    interaction: GraphicInteraction, rng: Random, before: list[str]
) -> list[str]:
    """A new answer in place of ``before``."""
    match interaction:
        case HotspotInteraction():
            return _areas(interaction, rng)
        case GraphicGapMatchInteraction():
            return _pairs(interaction, rng)
        case SelectPointInteraction():
            return _points(interaction, rng)
        case MediaInteraction():
            played = int(before[0]) if before else 0
            return [str(min(played + 1, interaction.max_plays or played + 1))]


def _areas(interaction: HotspotInteraction, rng: Random) -> list[str]:
    names = [spot.option_id for spot in interaction.hotspots]
    if not interaction.multiple:
        return [rng.choice(names)]
    most = min(interaction.max_choices or len(names), len(names))
    return rng.sample(names, rng.randint(1, most))


def _pairs(interaction: GraphicGapMatchInteraction, rng: Random) -> list[str]:
    """Each piece and each area once at most, which fits every bound."""
    most = min(len(interaction.options), len(interaction.hotspots))
    count = rng.randint(1, min(most, interaction.max_associations or most))
    pieces = rng.sample(interaction.options, count)
    areas = rng.sample(interaction.hotspots, count)
    return [f"{p.option_id} {a.option_id}" for p, a in zip(pieces, areas, strict=True)]


def _points(interaction: SelectPointInteraction, rng: Random) -> list[str]:
    width = interaction.picture.width or _UNKNOWN_SIZE
    height = interaction.picture.height or _UNKNOWN_SIZE
    count = rng.randint(1, min(3, interaction.max_choices or 3))
    return list({f"{rng.randrange(width)} {rng.randrange(height)}" for _ in range(count)})
