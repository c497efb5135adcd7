"""What each copy of the answers lacks: after a crash, or when the second device comes back (R3).

Both are read once. Chains have no holes, so a sitting is one number on either side while they
agree; with a million answers this is most of a restart (P9).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from venue_server.responses import store as rows
from venue_server.responses.second_copy import SecondCopy, SecondCopyDamaged, StoredResponse
from venue_server.storage.engine import Store


@dataclass(frozen=True)
class Difference:
    """``missing`` has only the second copy, ``absent`` only the primary. A damaged second copy is
    to be written anew, so it lacks everything."""

    missing: list[StoredResponse]
    absent: list[StoredResponse]
    damage: SecondCopyDamaged | None = None


@dataclass
class Side:
    """The sequences of each sitting: 1 … ``upto``, and single ones behind a hole."""

    upto: dict[str, int] = field(default_factory=dict)
    behind: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, sitting_id: str, seq: int) -> None:
        """One more; again is harmless."""
        end = self.upto.get(sitting_id, 0)
        if seq == end + 1:
            self.upto[sitting_id] = seq
        elif seq > end:
            self.behind[sitting_id].add(seq)

    def has(self, sitting_id: str, seq: int) -> bool:
        """Is it there?"""
        if seq <= self.upto.get(sitting_id, 0):
            return True
        return bool(self.behind) and seq in self.behind.get(sitting_id, ())

    def lacks(self, other: "Side") -> list[tuple[str, int]]:
        """What the other side has and this one does not."""
        found = [
            (sitting_id, seq)
            for sitting_id, end in other.upto.items()
            for seq in range(self.upto.get(sitting_id, 0) + 1, end + 1)
        ]
        found += [(sitting_id, seq) for sitting_id, each in other.behind.items() for seq in each]
        return [key for key in dict.fromkeys(found) if not self.has(*key)]


def compare(store: Store, second: SecondCopy) -> Difference:
    """Read both. Raises SecondCopyFault when the second copy cannot be read at all."""
    second.check()
    primary, copy = _primary(store), Side()
    missing: dict[tuple[str, int], StoredResponse] = {}
    try:
        for each in second.recover():
            copy.add(each.sitting_id, each.seq)
            if not primary.has(each.sitting_id, each.seq):
                missing[each.sitting_id, each.seq] = each
    except SecondCopyDamaged as damage:
        return Difference(list(missing.values()), store.read(rows.all_responses), damage)
    absent = copy.lacks(primary)
    return Difference(list(missing.values()), store.read(lambda tx: rows.responses(tx, absent)))


def _primary(store: Store) -> Side:
    side = Side()
    for sitting_id, last, count in store.read(rows.ends):
        if count == last:
            side.upto[sitting_id] = last
        else:  # no server of ours leaves a hole; then each row counts by itself
            for seq in store.read(partial(rows.sequences_of, sitting_id=sitting_id)):
                side.add(sitting_id, seq)
    return side
