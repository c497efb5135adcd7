"""Two branches of one sitting's answers: what may be merged by rule, what people decide (F13, F24).

Pure. A branch is what one machine kept of a sitting and the server's chain does not hold. Nothing
is ever rewritten: what is merged becomes further entries of the same chain, what is not stays aside
with the machine's name on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from venue_server.responses.acceptance import Head
from venue_server.wire.chain import ResponseEntry, follows, seal_entry


@dataclass(frozen=True)
class Branch:
    """What one machine brought of one sitting, in order; ``upto`` is the newest row kept aside."""

    sitting_id: str
    machine_id: str
    entries: tuple[ResponseEntry, ...]
    upto: int

    @property
    def base_seq(self) -> int:
        """The last entry that it shares with the server's chain."""
        return self.entries[0].seq - 1


class ItemStand(StrEnum):
    """How an item of a branch stands to the chain."""

    TAKEN = "TAKEN"  # the chain holds this very answer
    FREE = "FREE"  # the chain has no answer to it since the branch began
    CONFLICT = "CONFLICT"  # another answer was given elsewhere meanwhile


@dataclass(frozen=True)
class BranchItem:
    """One item of a branch: no content, only when and how it stands (O02)."""

    item_id: str
    at_ms: int
    chain_at_ms: int | None
    stand: ItemStand


def compare(branch: Branch, chain: Sequence[ResponseEntry]) -> list[BranchItem]:
    """Every item answered in the branch, in the order of its last answer. ``chain`` is the server's
    whole chain."""
    return [_item(each, branch, chain) for each in last_answers(branch.entries)]


def last_answers(entries: Sequence[ResponseEntry]) -> list[ResponseEntry]:
    """The last answer to each item, in order; each replaces those before."""
    last = {each.item_id: each for each in entries if each.kind == "response"}
    return sorted(last.values(), key=lambda each: each.seq)


def _item(answer: ResponseEntry, branch: Branch, chain: Sequence[ResponseEntry]) -> BranchItem:
    given = [each for each in chain if each.kind == "response" and each.item_id == answer.item_id]
    since = [each for each in given if each.seq > branch.base_seq]
    same = any(each.values == answer.values for each in since)
    same = same or bool(given and given[-1].values == answer.values)
    stand = ItemStand.TAKEN if same else ItemStand.CONFLICT if since else ItemStand.FREE
    chain_at = given[-1].at_ms if given else None
    return BranchItem(answer.item_id, answer.at_ms, chain_at, stand)


class Verdict(StrEnum):
    """What has to happen with a branch."""

    SETTLED = "SETTLED"  # everything in it is in the chain
    MERGE = "MERGE"  # by rule: nothing was answered elsewhere
    PEOPLE = "PEOPLE"  # two people decide


def judge(
    branch: Branch, chain: Sequence[ResponseEntry], own: bool, last_ms: int | None
) -> Verdict:
    """What the rule says. ``own``: the candidate really sat at that machine before; ``last_ms``:
    the latest exam time an answer may carry (None: no answer counts)."""
    open_items = [each for each in compare(branch, chain) if each.stand is not ItemStand.TAKEN]
    if not open_items:
        return Verdict.SETTLED
    in_time = last_ms is not None and all(each.at_ms <= last_ms for each in open_items)
    free = all(each.stand is ItemStand.FREE for each in open_items)
    exact = _continues(branch, chain)
    return Verdict.MERGE if own and exact and free and in_time else Verdict.PEOPLE


def _continues(branch: Branch, chain: Sequence[ResponseEntry]) -> bool:
    """Does it continue the chain exactly from the entry both share?"""
    if not 0 <= branch.base_seq <= len(chain):
        return False  # nothing has a number below 1, whatever a machine says
    seq = branch.base_seq
    first = branch.entries[0]
    head = chain[seq - 1].hash if seq else first.prev
    for entry in branch.entries:
        if not follows(entry, seq, head):
            return False
        seq, head = entry.seq, entry.hash
    return True


def further_entries(
    branch: Branch, chain: Sequence[ResponseEntry], head: Head, conflicts: bool
) -> list[ResponseEntry]:
    """The entries that make the branch's answers part of the chain that ends at ``head``.

    A branch that continues the very end is taken as it is. Otherwise the last answer to each free
    item (with ``conflicts``: to each item that differs) is entered anew, with the instant at which
    the candidate gave it. The same branch and chain always give the same entries.
    """
    if branch.base_seq == head.seq and _continues(branch, chain):
        return list(branch.entries)
    wanted = {ItemStand.FREE, ItemStand.CONFLICT} if conflicts else {ItemStand.FREE}
    items = {each.item_id for each in compare(branch, chain) if each.stand in wanted}
    made: list[ResponseEntry] = []
    for answer in last_answers(branch.entries):
        if answer.item_id in items:
            again = msgspec.structs.replace(answer, seq=head.seq + 1, prev=head.hash, hash="")
            made.append(seal_entry(again))
            head = Head(made[-1].seq, made[-1].hash)
    return made
