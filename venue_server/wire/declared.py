"""What kind of value each answer is, as a station states it when it opens the paper.

The venue holds ciphertext and cannot know. So the ``open`` entry of a sitting's chain carries, in
its ``values``, for each item id a flat list of response id, cardinality and base type, three texts
per interaction; a result can then say "multiple directedPair" where it had to say nothing. Item
structure only, no content. What is stated by nobody stays unknown.
"""

from collections.abc import Mapping, Sequence

from venue_server.wire.paper_index import PaperIndex

CARDINALITIES = frozenset({"single", "multiple", "ordered", "record"})
BASE_TYPES = frozenset(
    {
        "boolean",
        "directedPair",
        "duration",
        "file",
        "float",
        "identifier",
        "integer",
        "pair",
        "point",
        "string",
        "uri",
    }
)


def state_declarations(index: PaperIndex) -> dict[str, list[str]]:
    """The ``values`` of an ``open`` entry for this paper."""
    return {
        item_id: [
            text
            for one in item.interactions
            for text in (one.response_id, one.cardinality, one.base_type)
        ]
        for item_id, item in index.items.items()
        if item.interactions
    }


def stated_declarations(
    values: Mapping[str, Sequence[str]],
) -> dict[tuple[str, str], tuple[str, str]]:
    """(item id, response id) → (cardinality, base type); what no schema knows is left out."""
    found = {}
    for item_id, texts in values.items():
        for response_id, cardinality, base_type in zip(
            texts[::3], texts[1::3], texts[2::3], strict=False
        ):
            if cardinality in CARDINALITIES and base_type in BASE_TYPES:
                found[item_id, response_id] = cardinality, base_type
    return found
