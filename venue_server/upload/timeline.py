"""One sitting's items in time (Y02-Y05): first answer, every change, last answer, dwell. Pure.

Facts only, from the journal: nothing is judged or counted across candidates at a venue (Y01, O07).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from venue_server.wire.chain import ResponseEntry


@dataclass
class ItemTime:
    """One item. ``dwell_ms`` adds the stretches from looking at the item until the next item or the
    hand-in; a stretch also counts while the station was locked or off, so entries of the ledger
    belong beside it. ``changes`` in their order: when, canonical values, options as displayed."""

    item_id: str
    first_seen_ms: int
    dwell_ms: int = 0
    visits: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """A row of ``timelines/…json`` (docs/answer-bundle.md)."""
        return {
            "item_id": self.item_id,
            "first_seen_ms": self.first_seen_ms,
            "first_answer_ms": self.changes[0]["at_ms"] if self.changes else None,
            "final_answer_ms": self.changes[-1]["at_ms"] if self.changes else None,
            "visits": self.visits,
            "dwell_ms": self.dwell_ms,
            "changes": self.changes,
        }


def timeline(entries: Iterable[ResponseEntry]) -> list[dict[str, Any]]:
    """Every item the candidate saw or answered, in the order they first met it."""
    items: dict[str, ItemTime] = {}
    shown: str | None = None
    since_ms = 0
    for entry in entries:
        meets = entry.kind in ("visit", "response") and entry.item_id != shown
        if shown is not None and (meets or entry.kind == "submit"):
            items[shown].dwell_ms += max(0, entry.at_ms - since_ms)
            shown = None
        if meets:
            shown, since_ms = entry.item_id, entry.at_ms
            items.setdefault(shown, ItemTime(shown, entry.at_ms)).visits += 1
        if entry.kind == "response":
            items[entry.item_id].changes.append(_change(entry))
    return [each.as_dict() for each in items.values()]


def _change(entry: ResponseEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at_ms": entry.at_ms,
        "values": entry.values,
        "displayed": entry.displayed,
    }
