"""Which answers fit the interactions of :mod:`.arrangements`; the page is not trusted."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from candidate_station.paper.arrangements import (
    Arrangement,
    Associable,
    AssociateInteraction,
    GapMatchInteraction,
    HottextInteraction,
    MatchInteraction,
    OrderInteraction,
    SliderInteraction,
)

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


def fits_arrangement(interaction: Arrangement, values: Sequence[str]) -> bool:
    """True when ``values`` is an answer that a candidate can give, complete or not.

    Lower bounds are told to the candidate and judged by nobody here: an answer is on its way.
    """
    match interaction:
        case MatchInteraction():
            return _match_fits(interaction, values)
        case AssociateInteraction():
            return _associate_fits(interaction, values)
        case GapMatchInteraction():
            return _gaps_fit(interaction, values)
        case OrderInteraction():
            return _order_fits(interaction, values)
        case HottextInteraction():
            return _words_fit(interaction, values)
        case SliderInteraction():
            return not values or (len(values) == 1 and _number_fits(interaction, values[0]))


def _pairs(values: Sequence[str]) -> list[tuple[str, str]] | None:
    """Each "one other", with exactly one blank; None when one is no pair."""
    pairs = [tuple(value.split(" ")) for value in values]
    return [(a, b) for a, b in pairs] if all(len(pair) == 2 for pair in pairs) else None


def _within(most: int, count: int) -> bool:
    return not most or count <= most


def _uses_fit(options: Iterable[Associable], used: Iterable[str]) -> bool:
    counted = Counter(used)
    return all(_within(one.match_max, counted.pop(one.option_id, 0)) for one in options) and (
        not counted  # what is left over is not on offer
    )


def _match_fits(interaction: MatchInteraction, values: Sequence[str]) -> bool:
    pairs = _pairs(values)
    return (
        pairs is not None
        and len(set(pairs)) == len(pairs)
        and _within(interaction.max_associations, len(pairs))
        and _uses_fit(interaction.sources, (source for source, _ in pairs))
        and _uses_fit(interaction.targets, (target for _, target in pairs))
    )


def _associate_fits(interaction: AssociateInteraction, values: Sequence[str]) -> bool:
    pairs = _pairs(values)
    return (
        pairs is not None
        and len({frozenset(pair) for pair in pairs}) == len(pairs)
        and all(one != other for one, other in pairs)
        and _within(interaction.max_associations, len(pairs))
        and _uses_fit(interaction.options, (one for pair in pairs for one in pair))
    )


def _gaps_fit(interaction: GapMatchInteraction, values: Sequence[str]) -> bool:
    pairs = _pairs(values)
    if pairs is None:
        return False
    gaps = [gap for _, gap in pairs]
    return (
        len(set(gaps)) == len(gaps)
        and set(gaps) <= set(interaction.gaps)
        and _within(interaction.max_associations, len(pairs))
        and _uses_fit(interaction.options, (option for option, _ in pairs))
    )


def _order_fits(interaction: OrderInteraction, values: Sequence[str]) -> bool:
    ids = {option.option_id for option in interaction.options}
    if not set(values) <= ids or len(set(values)) != len(values):
        return False
    if interaction.max_choices:
        return len(values) <= interaction.max_choices
    return len(values) in (0, len(ids))


def _words_fit(interaction: HottextInteraction, values: Sequence[str]) -> bool:
    return (
        set(values) <= set(interaction.words)
        and len(set(values)) == len(values)
        and _within(interaction.max_choices, len(values))
    )


def _number_fits(interaction: SliderInteraction, value: str) -> bool:
    if not _NUMBER.fullmatch(value):
        return False
    lower, upper = Decimal(interaction.lower), Decimal(interaction.upper)
    place = Decimal(value) - lower
    return Decimal(value) <= upper and place >= 0 and place % Decimal(interaction.step) == 0
