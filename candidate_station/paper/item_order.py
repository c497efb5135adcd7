"""The order in which a candidate meets the items of a paper (D15).

Where a section shuffles, each sitting gets an order of its own by the rule of :mod:`.shuffle`, with
the key of (shuffle seed, sitting id, the empty item id, section id). No interaction has that key:
its item id is never empty.
"""

from candidate_station.paper.shuffle import shuffle_key, shuffled
from venue_server.wire.paper_index import ItemIndex, PaperIndex, SectionIndex


def section_order(index: PaperIndex, section: SectionIndex, sitting_id: str) -> list[str]:
    """The section's item ids in this sitting's order."""
    if not section.shuffle:
        return list(section.item_ids)
    key = shuffle_key(index.shuffle_seed, sitting_id, "", section.section_id)
    return shuffled(section.item_ids, [False] * len(section.item_ids), key)


def items_in_order(
    index: PaperIndex, sitting_id: str
) -> tuple[tuple[ItemIndex, SectionIndex], ...]:
    """Every item with its section: sections as sealed, items in this sitting's order."""
    return tuple(
        (index.items[item_id], section)
        for section in index.sections
        for item_id in section_order(index, section, sitting_id)
    )


def drawn_orders(index: PaperIndex, sitting_id: str) -> dict[str, list[str]]:
    """Item ids in the order shown, by section id, of the sections that shuffle."""
    return {
        section.section_id: section_order(index, section, sitting_id)
        for section in index.sections
        if section.shuffle
    }
