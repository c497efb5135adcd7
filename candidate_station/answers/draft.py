"""The answers as they now stand, folded from the entries of the chain (H10: same state)."""

from collections.abc import Iterable

from candidate_station.paper.answers import is_answered
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.paper_index import ItemIndex

Values = dict[str, list[str]]


class Draft:
    """Current answer per item, flags, and where the candidate is."""

    def __init__(self, entries: Iterable[ResponseEntry] = ()) -> None:
        self._values: dict[str, Values] = {}
        self._flags: set[str] = set()
        self._read: set[str] = set()
        self._marks: dict[str, list[str]] = {}
        self.item_id = ""
        self.last_response_seq = 0
        for entry in entries:
            self.apply(entry)

    def apply(self, entry: ResponseEntry) -> None:
        """Take the next entry."""
        if entry.kind == "response":
            self._values[entry.item_id] = entry.values
            self.last_response_seq = entry.seq
        elif entry.kind == "flag":
            change = (
                self._flags.add if entry.values.get("flag") == ["true"] else self._flags.discard
            )
            change(entry.item_id)
        elif entry.kind == "highlight":
            self._marks[entry.item_id] = entry.values.get("highlight", [])
        elif entry.kind == "notice":
            self._read.update(entry.values.get("notice", []))
        if entry.kind == "visit" or (entry.kind == "response" and not self.item_id):
            # What was typed just before the candidate went on may be told just after it: the answer
            # counts, and they stay where they went.
            self.item_id = entry.item_id

    def values(self, item_id: str) -> Values:
        """The item's whole answer; empty when there never was one."""
        return self._values.get(item_id, {})

    def answers(self, item: ItemIndex) -> bool:
        """True when the item counts as answered (G10)."""
        return is_answered(item, self.values(item.item_id))

    def answered_count(self) -> int:
        """Items with any answer; all that can be said while the paper is not open."""
        return sum(
            any(text.strip() for texts in values.values() for text in texts)
            for values in self._values.values()
        )

    def flagged(self, item_id: str) -> bool:
        return item_id in self._flags

    def marks(self, item_id: str) -> list[str]:
        """The marks in the item's text (H05)."""
        return self._marks.get(item_id, [])

    def has_read(self, notice: int) -> bool:
        """Did the candidate acknowledge headquarters' notice of this number (F14)?"""
        return str(notice) in self._read

    def all_values(self) -> dict[str, Values]:
        """Every item that was ever answered, with its current answer."""
        return dict(self._values)
