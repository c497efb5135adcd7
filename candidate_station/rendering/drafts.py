"""What the page holds and what has been told of it: the renderer's memory, without Qt.

The page sends every change at once; the newest state lives here, so a dying renderer loses
nothing that reached us. Telling the station is debounced by the view.

Each drawing of an item is a *showing* with a number, which comes back with every message: what is
reported late must not pass for what is on the screen now.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from candidate_station.paper import PreparedItem, accept_values

Values = dict[str, list[str]]
MAX_PLACE_S = 86_400


@dataclass
class Draft:
    """One item's newest values; ``told`` is whether the station knows them."""

    prepared: PreparedItem
    values: Values
    told: bool = True
    newest: int = 0  # the last showing in which the candidate did something
    # Seconds into a play that is not over, by response: a renderer that dies goes on from there.
    places: dict[str, float] = field(default_factory=dict)


def parse_message(message: object) -> dict[str, Any]:
    """A JSON object from the page; empty for anything else."""
    if not isinstance(message, str):
        return {}
    try:
        parsed = json.loads(message)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _places(prepared: PreparedItem, raw: object) -> dict[str, float]:
    """The page's word for where its media are; what does not fit is left out."""
    media = {one.response_id for one in prepared.interactions if one.kind == "media"}
    found = raw.items() if isinstance(raw, dict) else ()
    return {
        name: float(place)
        for name, place in found
        if name in media and isinstance(place, int | float) and 0 <= place < MAX_PLACE_S
    }


@dataclass
class Drafts:
    """Items shown since the paper was set."""

    by_item: dict[str, Draft] = field(default_factory=dict)
    showings: dict[int, Draft] = field(default_factory=dict)

    def put(self, prepared: PreparedItem, values: Mapping[str, list[str]]) -> Draft:
        """The item's draft: what the candidate did here, else what the station knows.

        The station hears of an answer a moment after us; going there and back at once must not
        bring an older answer back. Values that do not fit the item are left out.
        """
        draft = self.by_item.get(prepared.item_id)
        known = {interaction.response_id for interaction in prepared.interactions}
        fitting = {name: list(held) for name, held in values.items() if name in known}
        start = accept_values(prepared, fitting) or {}
        if draft is None or draft.prepared != prepared:
            draft = self.by_item[prepared.item_id] = Draft(prepared, start)
        elif not draft.newest:
            draft.values = start  # the same draft: a word about it may still be on its way
        return draft

    def drawn(self, showing: int, draft: Draft) -> None:
        """``draft`` is being drawn as number ``showing``."""
        self.showings[showing] = draft

    def absorb(self, message: Mapping[str, Any]) -> Draft | None:
        """Take in what the page says; the item's draft when that changed it, else None.

        Ignored: a showing in which the candidate did nothing (it only repeats what was drawn),
        what is older than known, a showing that never was, values out of bounds.
        """
        showing = message.get("showing")
        if not isinstance(showing, int) or message.get("edited") is not True:
            return None
        draft = self.showings.get(showing)
        if draft is None or showing < draft.newest:
            return None
        values = accept_values(draft.prepared, message.get("values"))
        if values is None:
            return None
        draft.newest = showing
        draft.places = _places(draft.prepared, message.get("places"))
        if values == draft.values:
            return None
        draft.values, draft.told = values, False
        return draft

    def untold(self) -> list[Draft]:
        """Drafts that the station has not been told of; they count as told from now on."""
        waiting = [draft for draft in self.by_item.values() if not draft.told]
        for draft in waiting:
            draft.told = True
        return waiting
