"""One candidate's chain, checked and told entry by entry (G11, L02, Y02-Y05). Pure.

Whoever holds the entries can do it: headquarters, a court, the candidate. Nothing is judged: what
was answered, when, at which displayed place, what it was before, and whether the chain is whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from venue_server.wire.chain import ResponseEntry, entry_hash, genesis
from venue_server.wire.receipt_code import normal_code, receipt_code


@dataclass(frozen=True)
class Told:
    """One entry. ``change`` counts the answers of an item from 1; ``before`` is the answer it
    replaced. ``places``: for each response the displayed positions, from 1, of what was chosen;
    0 for a value that is no displayed option (a text, a pair)."""

    seq: int
    at_ms: int
    kind: str
    item_id: str
    values: Mapping[str, list[str]]
    places: Mapping[str, list[int]]
    change: int
    before: Mapping[str, list[str]] | None


@dataclass(frozen=True)
class ChainReport:
    """``problem`` is the first thing wrong, empty when the chain is whole; ``head`` and ``code``
    belong to its last entry that holds. ``hand_in`` is the sequence of the last ``submit``."""

    sitting_id: str
    entries: Sequence[Told]
    problem: str
    head: str
    code: str
    hand_in: int | None
    hashes: Sequence[str]

    @property
    def whole(self) -> bool:
        """Every entry follows the one before."""
        return not self.problem

    def entry_of_code(self, text: str) -> int | None:
        """The sequence of the entry whose code this is, None when it is of none.

        It is the last one's, or an earlier one's where answers from another machine were merged
        after the hand-in (F24). ValueError when the code itself is miswritten.
        """
        wanted = normal_code(text)
        if wanted is None:
            raise ValueError("the code's check digits do not fit")
        found = [seq for seq, each in enumerate(self.hashes, 1) if receipt_code(each) == wanted]
        return found[-1] if found else None

    def after(self, seq: int) -> "After":
        """What came after an entry."""
        later = self.entries[seq:]
        changed = {each.item_id: None for each in later if each.kind == "response"}
        return After(len(later), list(changed), any(each.kind == "submit" for each in later))


@dataclass(frozen=True)
class After:
    """``count`` entries came after the one that a code names; ``items`` were answered in them.
    ``handed_in``: the hand-in was taken back (F15) and done again; else they were merged from
    another machine."""

    count: int
    items: Sequence[str]
    handed_in: bool


def check_chain(sitting_id: str, entries: Sequence[ResponseEntry]) -> ChainReport:
    """Check every entry from the genesis of ``sitting_id`` on."""
    head, problem = genesis(sitting_id), ""
    told: list[Told] = []
    answers: dict[str, list[Mapping[str, list[str]]]] = {}
    hashes: list[str] = []
    for number, entry in enumerate(entries, 1):
        problem = problem or _problem(entry, number, head, sitting_id)
        if not problem:
            head = entry.hash
            hashes.append(head)
        told.append(_tell(entry, answers))
    submits = [each.seq for each in told if each.kind == "submit"]
    last = submits[-1] if submits else None
    return ChainReport(sitting_id, told, problem, head, receipt_code(head), last, hashes)


def _problem(entry: ResponseEntry, number: int, head: str, sitting_id: str) -> str:
    if entry.sitting_id != sitting_id:
        return f"{number}: of another sitting"
    if entry.seq != number:
        return f"{number}: sequence is {entry.seq}"
    if entry.prev != head:
        return f"{number}: does not follow the entry before it"
    return "" if _own_hash(entry) else f"{number}: content does not match its hash"


def _own_hash(entry: ResponseEntry) -> bool:
    try:
        return entry.hash == entry_hash(entry)
    except ValueError:  # a number that RFC 8785 has no form for: nobody can have hashed it
        return False


def _tell(entry: ResponseEntry, answers: dict[str, list[Mapping[str, list[str]]]]) -> Told:
    earlier = answers.setdefault(entry.item_id, [])
    before = earlier[-1] if earlier and entry.kind == "response" else None
    if entry.kind == "response":
        earlier.append(entry.values)
    return Told(
        seq=entry.seq,
        at_ms=entry.at_ms,
        kind=entry.kind,
        item_id=entry.item_id,
        values=entry.values,
        places={
            name: [_place(value, entry.displayed.get(name, [])) for value in values]
            for name, values in entry.values.items()
        }
        if entry.kind == "response"
        else {},
        change=len(earlier) if entry.kind == "response" else 0,
        before=before,
    )


def _place(value: str, displayed: Sequence[str]) -> int:
    return displayed.index(value) + 1 if value in displayed else 0


def in_receipt(payload: Mapping[str, Any], report: ChainReport) -> bool:
    """Does headquarters' receipt acknowledge exactly this chain?"""
    wanted = (report.sitting_id, len(report.entries), report.head)
    rows = [row for row in payload.get("sittings", []) if isinstance(row, dict)]
    listed = [(row.get("sitting_id"), row.get("seq"), row.get("head")) for row in rows]
    return report.whole and wanted in listed
