"""Random answers to matching, ordering, gaps, words in a text and sliders; within their rules."""

from collections.abc import Iterable
from decimal import Decimal
from random import Random

from candidate_station.paper import (
    Arrangement,
    AssociateInteraction,
    GapMatchInteraction,
    HottextInteraction,
    MatchInteraction,
    OrderInteraction,
    SliderInteraction,
)
from candidate_station.paper.arranged_answers import fits_arrangement

_LEFT_OPEN = 0.1  # of the pairs that could be made


def random_arrangement(interaction: Arrangement, rng: Random) -> list[str]:
    """A plausible answer, never empty: most of what can be arranged is."""
    match interaction:
        case MatchInteraction():
            sources = [one.option_id for one in interaction.sources]
            targets = [one.option_id for one in interaction.targets]
            return _pairs(
                interaction, ((s, rng.sample(targets, len(targets))) for s in sources), rng
            )
        case GapMatchInteraction():
            ids = [one.option_id for one in interaction.options]
            return _pairs(
                interaction,
                ((gap, rng.sample(ids, len(ids))) for gap in interaction.gaps),
                rng,
                turned=True,
            )
        case AssociateInteraction():
            ids = rng.sample(
                [one.option_id for one in interaction.options], len(interaction.options)
            )
            return _pairs(interaction, ((a, ids[place + 1 :]) for place, a in enumerate(ids)), rng)
        case OrderInteraction():
            ids = [option.option_id for option in interaction.options]
            most = interaction.max_choices or len(ids)
            least = min(interaction.min_choices, most) if interaction.max_choices else most
            return rng.sample(ids, rng.randint(least, most))
        case HottextInteraction():
            most = min(interaction.max_choices or len(interaction.words), len(interaction.words))
            chosen = set(rng.sample(interaction.words, rng.randint(1, most)))
            return [word for word in interaction.words if word in chosen]
        case SliderInteraction():
            return [_number(interaction, rng)]


def _pairs(
    interaction: Arrangement,
    wishes: Iterable[tuple[str, list[str]]],
    rng: Random,
    turned: bool = False,
) -> list[str]:
    """Each one with the first of its partners that still fits."""
    made: list[str] = []
    for one, partners in wishes:
        if made and rng.random() < _LEFT_OPEN:
            continue
        for other in partners:
            pair = f"{other} {one}" if turned else f"{one} {other}"
            if fits_arrangement(interaction, [*made, pair]):
                made.append(pair)
                break
    return made


def _number(interaction: SliderInteraction, rng: Random) -> str:
    lower, step = Decimal(interaction.lower), Decimal(interaction.step)
    value = lower + step * rng.randint(0, int((Decimal(interaction.upper) - lower) / step))
    return format(value, "f")
