"""Ids that are the same in every form of a paper, and what a form makes of them (D15).

Canonical ids are those of the package: the identifiers of the test's references to items, the
response identifiers of each item, the identifiers of their options in the order of the document.
Forms and stations permute them and never rename them, so an answer names the same option whatever
the candidate saw, and headquarters matches it with the key.
"""

from dataclasses import dataclass, field

from venue_server.headquarters.safe_xml import Element, local
from venue_server.headquarters.vocabulary import INTERACTION_PARTS, SUPPORTED_INTERACTIONS
from venue_server.wire.paper_index import PaperIndex

Options = dict[str, dict[str, list[str]]]


def option_ids(root: Element) -> dict[str, list[str]]:
    """Each response identifier of an item with its options' identifiers, in document order."""
    found: dict[str, list[str]] = {}
    for element in root.iter():
        if local(element) in SUPPORTED_INTERACTIONS:
            found[element.get("response-identifier", "")] = [
                part.get("identifier", "")
                for part in element.iter()
                if local(part) in INTERACTION_PARTS and part.get("identifier") is not None
            ]
    return found


@dataclass(frozen=True)
class CanonicalIds:
    """``items`` are all items of the package in its own order, selected or not; ``options`` those
    of the items in this form."""

    items: list[str]
    options: Options = field(default_factory=dict)


def form_faults(canonical: CanonicalIds, index: PaperIndex, options: Options) -> list[str]:
    """Why ``index`` and ``options`` of a form, as read back, are no permutation of the canonical
    ids; empty when every item stands in it at most once and every option exactly once."""
    order = [item_id for section in index.sections for item_id in section.item_ids]
    faults = [f"item {item_id}" for item_id in order if item_id not in canonical.items]
    if len(set(order)) != len(order) or set(order) != set(index.items):
        faults.append("items are not in exactly one place each")
    for item_id in order:
        own, given = canonical.options.get(item_id), options.get(item_id)
        if own is None or given is None or own.keys() != given.keys():
            faults.append(f"responses of {item_id}")
            continue
        for response_id in own:
            if sorted(own[response_id]) != sorted(given[response_id]):
                faults.append(f"options of {item_id}/{response_id}")
    return faults


def as_document(canonical: CanonicalIds, index: PaperIndex) -> dict[str, object]:
    """The part of the key document that ties a form to the package."""
    order = [item_id for section in index.sections for item_id in section.item_ids]
    chosen = set(order)
    return {
        "canonical": {"items": canonical.items, "options": canonical.options},
        "form": {
            "items": order,
            "not_selected": [item for item in canonical.items if item not in chosen],
            "shuffled_for_each_candidate": [s.section_id for s in index.sections if s.shuffle],
        },
    }
