"""What the readers of all interactions need: prompts, and options in their order."""

from collections.abc import Sequence
from typing import TypeVar

from candidate_station.paper.attributes import children, is_true
from candidate_station.paper.option import Option
from candidate_station.paper.sanitise import Element, Sanitiser, UnsupportedContentError
from candidate_station.paper.shuffle import shuffle_key, shuffled

T = TypeVar("T")


def orientation_of(source: Element, hints: Sequence[str], default: str) -> str:
    """``horizontal`` or ``vertical``."""
    for word in ("horizontal", "vertical"):
        if source.get("orientation") == word or f"qti-orientation-{word}" in hints:
            return word
    return default


class ItemReading:
    """Reads parts of one item for one sitting.

    Raises UnsupportedContentError for what the profile does not hold.
    """

    def __init__(
        self, item_id: str, sitting_id: str, shuffle_seed: str, sanitiser: Sanitiser
    ) -> None:
        self._item_id = item_id
        self._sitting_id = sitting_id
        self._shuffle_seed = shuffle_seed
        self.sanitiser = sanitiser

    def prompt(self, source: Element) -> str:
        """The prompt of an interaction, or the empty string."""
        return self.sanitiser.fragment(next(children(source, "qti-prompt"), None))

    def options(
        self, source: Element, response_id: str, name: str, wrapper: str
    ) -> tuple[Option, ...]:
        """The ``name`` children of ``source`` as options in the order to be shown."""
        elements = list(children(source, name))
        ids = distinct_ids(elements, response_id)
        options = [
            Option(option_id, self.sanitiser.fragment(element, wrapper))
            for option_id, element in zip(ids, elements, strict=True)
        ]
        return tuple(self.in_order(source, elements, options, response_id))

    def in_order(
        self, source: Element, elements: Sequence[Element], values: Sequence[T], purpose: str
    ) -> list[T]:
        """``values``, one for each of ``elements``, in the order to be shown (D15).

        ``purpose`` is the response id, and more where an interaction shuffles several sets.
        """
        if not is_true(source, "shuffle"):
            return list(values)
        return shuffled(
            values, [is_true(element, "fixed") for element in elements], self.key(purpose)
        )

    def key(self, response_id: str) -> bytes:
        """The key of an interaction's order in this sitting."""
        return shuffle_key(self._shuffle_seed, self._sitting_id, self._item_id, response_id)


def distinct_ids(elements: Sequence[Element], response_id: str) -> list[str]:
    """The identifiers of ``elements``, of which there must be some, all different."""
    ids = [element.get("identifier", "") for element in elements]
    if not ids or "" in ids or len(set(ids)) != len(ids):
        raise UnsupportedContentError(f"{response_id}: option ids are missing or repeated")
    return ids
