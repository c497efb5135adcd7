"""The one judge of R1: what stations saw and showed, against what headquarters opened.

It reads the stations' own records, which are written before a station does anything with what it
heard, and the bundle, opened with headquarters' key. It trusts neither the server nor the
journals.
"""

import json
from collections import Counter
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from venue_server.upload.opening import OpenedBundle, OpenedSitting

Entry = tuple[str, int, str]  # sitting, sequence, hash


@dataclass
class StationRecord:
    """The growing record of one station process; several stations may be in it."""

    file: Path
    made: dict[Entry, tuple[str, str]] = field(default_factory=dict)  # item and values
    acknowledged: set[Entry] = field(default_factory=set)
    shown: set[Entry] = field(default_factory=set)  # as saved on this machine
    forgotten: int = 0  # shown as saved, and not on the disk at the next start
    _last: dict[tuple[int, str, int], str] = field(default_factory=dict)
    _shown_by: dict[tuple[int, str], dict[int, str]] = field(default_factory=dict)
    _read_to: int = 0
    _rest: bytes = b""

    def read(self) -> "StationRecord":
        """Take in what was written since."""
        if self.file.exists():
            with self.file.open("rb") as file:
                file.seek(self._read_to)
                data = file.read()
            self._read_to += len(data)
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                self._take(json.loads(line))
        return self

    def _take(self, row: dict[str, Any]) -> None:
        sitting_id = row.get("sitting_id", "")
        station = int(row.get("station", row.get("index", 0)))
        match row["event"]:
            case "made":
                for seq, digest, item_id, values in row["entries"]:
                    self.made[sitting_id, seq, digest] = item_id, json.dumps(values, sort_keys=True)
                    self._last[station, sitting_id, seq] = digest
            case "kept":
                shown = self._shown_by.setdefault((station, sitting_id), {})
                for seq in range(len(shown) + 1, row["seq"] + 1):
                    digest = self._last.get((station, sitting_id, seq))
                    if digest is not None:  # else it came from the server, to a spare
                        shown[seq] = digest
                        self.shown.add((sitting_id, seq, digest))
            case "found":
                found = dict(row["entries"])
                shown = self._shown_by.setdefault((station, sitting_id), {})
                self.forgotten += sum(found.get(seq) != digest for seq, digest in shown.items())
                # What the disk holds and nobody was told yet is of this station all the same.
                self._last.update({(station, sitting_id, s): d for s, d in found.items()})
                shown.update(found)
                self.shown.update((sitting_id, seq, digest) for seq, digest in found.items())
            case "acked":
                self.acknowledged.add((sitting_id, row["seq"], row["hash"]))


@dataclass
class Verdict:
    """Counts of one day."""

    acknowledged: int = 0
    shown: int = 0
    arrived: int = 0
    lost: int = 0
    duplicated: int = 0
    claimed: int = 0
    heads_differ: int = 0

    def plus(self, other: "Verdict") -> "Verdict":
        """The counts of both."""
        return Verdict(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def clean(self) -> bool:
        """Nothing of it may be anything but none."""
        return not (self.lost or self.duplicated or self.claimed or self.heads_differ)


def judge(
    records: list[StationRecord], heads: dict[str, str], opened: OpenedBundle, copies: list[Any]
) -> Verdict:
    """Compare. ``heads`` is the receipt each station showed first; ``copies`` is what the
    primary and the second copy hold, as (sitting, sequence, hash).

    ``lost``: acknowledged, or shown as saved on the machine, and not at headquarters (what a
    machine kept that was left behind in a swap may be beside the chain, as strays).
    ``claimed``: at headquarters or in a copy, and made by nobody. ``duplicated``: twice, or
    two entries under one sequence.
    """
    acknowledged = set().union(*(each.acknowledged for each in records))
    shown = set().union(*(each.shown for each in records))
    made = set().union(*(each.made for each in records))
    contents = {(entry[0], *content) for each in records for entry, content in each.made.items()}
    strays = _strays(opened)
    arrived = Counter(
        (each.head.sitting_id, seq, digest)
        for each in opened.sittings
        for seq, digest in each.chain
    )
    chain = set(arrived)
    verdict = Verdict(len(acknowledged), len(shown), sum(arrived.values()))
    verdict.lost = len(acknowledged - chain) + len(shown - chain - strays)
    verdict.lost += sum(each.forgotten for each in records)
    verdict.duplicated = sum(arrived.values()) - len({entry[:2] for entry in arrived})
    # What the server itself enters of a branch (F24) is an answer that a station made.
    entered = _entered(opened, chain - made)
    verdict.claimed = sum(
        (entry[0], *content) not in contents for entry, content in entered.items()
    )
    verdict.claimed += len((acknowledged | shown) - made)
    for copy in copies:
        held = Counter(copy)
        verdict.duplicated += sum(held.values()) - len(held)
        verdict.lost += len(chain - set(held))
        verdict.claimed += len(set(held) - chain)
    there = {each.head.sitting_id: each for each in opened.sittings}
    ends = {entry[0]: entry for entry in sorted((acknowledged | shown) & chain)}
    verdict.heads_differ = sum(_differs(there[key], end, entered) for key, end in ends.items())
    verdict.heads_differ += sum(
        head not in {digest for _seq, digest in there[key].chain} for key, head in heads.items()
    )
    return verdict


def _differs(sitting: OpenedSitting, end: Entry, entered: dict[Entry, Any]) -> bool:
    """Is the bundle's head another than the station's last entry? Only what the server entered of a
    branch may follow (F24)."""
    later = [each for each in sitting.chain if each[0] > end[1]]
    if any((end[0], *each) not in entered for each in later):
        return True
    head = end[1:] if not later else later[-1]
    return (sitting.head.seq, sitting.head.head) != tuple(head)


def _strays(opened: OpenedBundle) -> set[Entry]:
    found: set[Entry] = set()
    for row in opened.records["strays"]:
        for text in row["entries"]:
            found |= {(e["sitting_id"], e["seq"], e["hash"]) for e in json.loads(text)}
    return found


def _entered(opened: OpenedBundle, entries: set[Entry]) -> dict[Entry, tuple[str, str]]:
    """Item and values of entries that no station sent."""
    changes = {
        (sitting.head.sitting_id, change["seq"]): (item["item_id"], change["values"])
        for sitting in opened.sittings
        for item in sitting.timeline["items"]
        for change in item["changes"]
    }
    told = {entry: changes.get(entry[:2], ("", {})) for entry in entries}
    return {
        entry: (item_id, json.dumps(values, sort_keys=True))
        for entry, (item_id, values) in told.items()
    }
