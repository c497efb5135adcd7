"""What the readers of all interactions need: attributes, prompts, options in their order."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from candidate_station.paper.option import Option
from candidate_station.paper.sanitise import Element, Sanitiser, UnsupportedContentError
from candidate_station.paper.shuffle import shuffle_key, shuffled
from candidate_station.paper.vocabulary import class_tokens

T = TypeVar("T")


def number(source: Element, attribute: str, default: int = 0) -> int:
    """A count; ``default`` where there is none or it is no count."""
    text = source.get(attribute, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else default


def is_true(source: Element, attribute: str) -> bool:
    return source.get(attribute, "false").strip() in ("true", "1")


def hints_of(source: Element) -> tuple[str, ...]:
    """Class tokens of the QTI shared vocabulary."""
    return tuple(t for t in class_tokens(source.get("class", "")) if t.startswith("qti-"))


def children(source: Element, *names: str) -> Iterator[Element]:
    """Children of these local names, in document order."""
    return source.iterchildren(*(f"{{*}}{name}" for name in names))


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
        key = shuffle_key(self._shuffle_seed, self._sitting_id, self._item_id, purpose)
        return shuffled(values, [is_true(element, "fixed") for element in elements], key)


def distinct_ids(elements: Sequence[Element], response_id: str) -> list[str]:
    """The identifiers of ``elements``, of which there must be some, all different."""
    ids = [element.get("identifier", "") for element in elements]
    if not ids or "" in ids or len(set(ids)) != len(ids):
        raise UnsupportedContentError(f"{response_id}: option ids are missing or repeated")
    return ids
