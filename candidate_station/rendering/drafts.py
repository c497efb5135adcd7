"""What the page holds and what has been told of it: the renderer's memory, without Qt.

The page sends every change at once; the newest state lives here, so a dying renderer loses
nothing that reached us. Telling the station is debounced by the view.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from candidate_station.paper import PreparedItem, accept_values

Values = dict[str, list[str]]


@dataclass
class Draft:
    """One item's newest values, and whether the station has been told of them."""

    prepared: PreparedItem
    values: Values
    told: bool = True


def parse_message(message: object) -> dict[str, Any]:
    """A JSON object from the page; empty for anything else."""
    if not isinstance(message, str):
        return {}
    try:
        parsed = json.loads(message)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


@dataclass
class Drafts:
    """Items shown since the paper was set. ``revision`` orders what one page says."""

    by_item: dict[str, Draft] = field(default_factory=dict)
    revision: int = 0

    def put(self, prepared: PreparedItem, values: Mapping[str, list[str]]) -> Draft:
        """Start from what the station knows of the item. Values that do not fit are left out."""
        known = {interaction.response_id for interaction in prepared.interactions}
        fitting = {name: list(held) for name, held in values.items() if name in known}
        draft = Draft(prepared, accept_values(prepared, fitting) or {})
        self.by_item[prepared.item_id] = draft
        return draft

    def absorb(self, message: Mapping[str, Any]) -> Draft | None:
        """Take in what the page says; the item's draft when that changed it, else None.

        Older than what is known, about an item that was never shown, or out of bounds: ignored.
        """
        revision, item_id = message.get("revision"), message.get("item")
        if not isinstance(revision, int) or revision <= self.revision:
            return None
        draft = self.by_item.get(item_id) if isinstance(item_id, str) else None
        if draft is None:
            return None
        self.revision = revision
        values = accept_values(draft.prepared, message.get("values"))
        if values is None or values == draft.values:
            return None
        draft.values, draft.told = values, False
        return draft

    def untold(self) -> list[Draft]:
        """Drafts that the station has not been told of; they count as told from now on."""
        waiting = [draft for draft in self.by_item.values() if not draft.told]
        for draft in waiting:
            draft.told = True
        return waiting
