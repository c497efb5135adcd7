"""One sitting's answer chain in memory: every entry, oldest first, always valid as a whole.

Its entries are immutable; the chain only grows. Seq 0 with :func:`genesis` is the empty chain.
"""

from collections.abc import Sequence

from venue_server.wire.chain import ResponseEntry, entry_hash, follows, genesis, seal_entry


class AnswerChain:
    """Entries 1 … ``seq`` of a sitting."""

    def __init__(self, sitting_id: str, entries: Sequence[ResponseEntry] = ()) -> None:
        self.sitting_id = sitting_id
        self._entries: list[ResponseEntry] = []
        attached = self.extend(entries)
        assert attached == len(entries), "a journal's chain is verified before it gets here"

    @property
    def entries(self) -> tuple[ResponseEntry, ...]:
        return tuple(self._entries)

    @property
    def seq(self) -> int:
        """Number of the last entry; 0 when empty."""
        return len(self._entries)

    @property
    def head(self) -> str:
        """Hash of the last entry."""
        return self.head_at(self.seq)

    @property
    def last(self) -> ResponseEntry | None:
        return self._entries[-1] if self._entries else None

    def head_at(self, seq: int) -> str:
        """Hash of entry ``seq``, the genesis for 0. ``seq`` is within the chain."""
        return self._entries[seq - 1].hash if seq else genesis(self.sitting_id)

    def between(self, after: int, upto: int) -> tuple[ResponseEntry, ...]:
        """Entries ``after`` + 1 … ``upto``."""
        return tuple(self._entries[after:upto])

    def add(
        self,
        kind: str,
        item_id: str,
        values: dict[str, list[str]],
        displayed: dict[str, list[str]],
        at_ms: int,
    ) -> ResponseEntry:
        """Make, append and return the next entry (kinds: wire/chain.py)."""
        entry = seal_entry(
            ResponseEntry(
                self.sitting_id, self.seq + 1, kind, item_id, values, displayed, at_ms, self.head
            )
        )
        self._entries.append(entry)
        return entry

    def extend(self, entries: Sequence[ResponseEntry]) -> int:
        """Append those of ``entries`` that follow, in order; returns how many did."""
        count = 0
        for entry in entries:
            if entry.sitting_id == self.sitting_id and follows(entry, self.seq, self.head):
                self._entries.append(entry)
                count += 1
        return count

    def agrees(self, seq: int, head: str, history: Sequence[ResponseEntry]) -> bool:
        """True when the server's chain (its ``seq``, ``head`` and ``history``) and this one are
        the same as far as both go, so that one is the beginning of the other."""
        end = self._end_with(history)
        if end is None or seq > end[0]:
            return False
        return head == (end[1] if seq == end[0] else self._head_in(seq, history))

    def goes_with(self, history: Sequence[ResponseEntry]) -> bool:
        """True when these entries of the server are ours or follow ours."""
        return self._end_with(history) is not None

    def _end_with(self, history: Sequence[ResponseEntry]) -> tuple[int, str] | None:
        """(seq, hash) of the end of both together; None when they are not one chain."""
        at_seq, at_head = self.seq, self.head
        for entry in history:
            if entry.sitting_id != self.sitting_id:
                return None
            if entry.seq <= self.seq:
                if entry.hash != self.head_at(entry.seq) or entry.hash != entry_hash(entry):
                    return None
            elif follows(entry, at_seq, at_head):
                at_seq, at_head = entry.seq, entry.hash
            else:
                return None
        return at_seq, at_head

    def _head_in(self, seq: int, history: Sequence[ResponseEntry]) -> str:
        if seq <= self.seq:
            return self.head_at(seq)
        return next((entry.hash for entry in history if entry.seq == seq), "")
