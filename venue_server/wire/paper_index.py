"""``paper.json``: the index inside a sealed paper (docs/sealed-paper.md).

The sealed plaintext is a ZIP whose first entry is ``paper.json``; next to it lie the stripped QTI
3.0 items (``items/…xml``), stimuli (``stimuli/…xml``) and media (``media/…``). Every reference in
an item (src, href, data, poster) is already rewritten to a path inside the ZIP. No key, mapping,
response processing, outcome rule, feedback or rubric for scorers is left in any of them.
"""

import msgspec

FORMAT = "kaodian-paper/1"


class InteractionIndex(msgspec.Struct, frozen=True):
    """One interaction of an item. ``kind`` is the QTI element name without ``qti-`` and
    ``-interaction``: choice, text-entry, extended-text, inline-choice …"""

    response_id: str
    kind: str
    cardinality: str  # single, multiple, ordered, record
    base_type: str  # identifier, string, integer, float, pair, directedPair, point …


class ItemIndex(msgspec.Struct, frozen=True):
    item_id: str
    href: str
    title: str
    stimulus_ids: list[str]
    interactions: list[InteractionIndex]


class StimulusIndex(msgspec.Struct, frozen=True):
    stimulus_id: str
    href: str
    title: str


class SectionIndex(msgspec.Struct, frozen=True):
    """A visible section; ``instructions`` is plain text, possibly empty. ``shuffle``: each
    candidate gets the items in an order of their own, drawn from seed and sitting (D15)."""

    section_id: str
    title: str
    instructions: str
    item_ids: list[str]
    shuffle: bool = False


class PaperIndex(msgspec.Struct, frozen=True):
    """``shuffle_seed`` is mixed with the candidate's sitting id where an interaction shuffles."""

    format: str
    paper_id: str
    form_id: str
    subject_code: str
    title: str
    language: str
    shuffle_seed: str
    sections: list[SectionIndex]
    items: dict[str, ItemIndex]
    stimuli: dict[str, StimulusIndex]
