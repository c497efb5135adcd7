"""Figures of a rehearsal from what the stations themselves saw, and the judgement over it."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from venue_server.clock import Anchor


@dataclass
class StationEvents:
    """Events the station process printed, by kind."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    submitted: dict[str, dict[str, Any]] = field(default_factory=dict)
    wiped: int = 0
    contradictions: int = 0  # a station heard an acknowledgement that cannot be true
    credited: dict[str, int] = field(default_factory=dict)  # seconds that a sitting was shown
    _begun: set[str] = field(default_factory=set)

    def hear(self, event: dict[str, Any]) -> None:
        """Take one event."""
        match event.get("event"):
            case "opened" if event["sitting_id"] not in self._begun:
                self._begun.add(str(event["sitting_id"]))  # a spare opens it again, later
                self.opened.append(event)
            case "submitted":
                self.submitted[str(event["sitting_id"])] = event
            case "wiped":
                self.wiped += 1
            case "credited":
                self.credited[str(event["sitting_id"])] = int(event["seconds"])
            case "contradiction":
                self.contradictions += 1


def percentile(values: Iterable[float], share: float) -> float:
    """Nearest-rank percentile; 0.0 of nothing."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def release_to_last_ms(
    events: StationEvents, anchor: Anchor, released_at_ms: int, boot_minus_mono_ms: float
) -> float:
    """Real milliseconds from the release to the last station holding its key.

    The release is known in exam time, the stations' receipt on CLOCK_MONOTONIC; the server's
    anchor and the constant between the machine's two clocks connect them.
    """
    released_boot = anchor.boot_ms + (released_at_ms - anchor.exam_ms) / anchor.rate
    released_mono = released_boot - boot_minus_mono_ms
    received = [each["key_mono_s"] * 1000 for each in events.opened if each["key_mono_s"]]
    return max(received, default=released_mono) - released_mono


def start_skew_p99_ms(events: StationEvents) -> float:
    """99th percentile of the stations' distance from their median opening, real milliseconds."""
    at = [each["mono_s"] * 1000 for each in events.opened]
    if not at:
        return 0.0
    middle = percentile(at, 0.5)
    return percentile((abs(each - middle) for each in at), 0.99)


class Sent(NamedTuple):
    """One whole answer to an item as its candidate gave it."""

    hash: str
    item_id: str
    values: dict[str, list[str]]


@dataclass(frozen=True)
class StationTruth:
    """The stations' own record: acknowledged hashes by sitting and sequence, what was answered so,
    and what was sent and not acknowledged to who sent it; ack latencies."""

    acknowledged: dict[str, dict[int, str]]
    answered: dict[str, dict[int, Sent]]
    unheard: dict[str, dict[int, Sent]]
    ack_ms: list[float]

    @property
    def count(self) -> int:
        """How many saves were acknowledged."""
        return sum(len(each) for each in self.acknowledged.values())

    def left(self, sitting_id: str, arrived: dict[int, str]) -> dict[str, dict[str, list[str]]]:
        """The last answers of a sitting by item. What a machine had sent when it or the server went
        counts if it ``arrived`` (sequence to hash): the spare shows it to the candidate."""
        given = dict(self.answered.get(sitting_id, {}))
        for seq, sent in self.unheard.get(sitting_id, {}).items():
            if arrived.get(seq) == sent.hash:
                given.setdefault(seq, sent)
        return {given[seq].item_id: given[seq].values for seq in sorted(given)}


def read_truth(file: Path) -> StationTruth:
    """Read the stations' report (JSON lines)."""
    acknowledged: dict[str, dict[int, str]] = defaultdict(dict)
    answered: dict[str, dict[int, Sent]] = defaultdict(dict)
    unheard: dict[str, dict[int, Sent]] = defaultdict(dict)
    latencies: list[float] = []
    for line in file.read_bytes().splitlines():
        row = msgspec.json.decode(line)
        if row["event"] == "acked":
            acknowledged[row["sitting_id"]][row["seq"]] = row["hash"]
            if row["kind"] == "response":
                sent = Sent(row["hash"], row["item_id"], row["values"])
                answered[row["sitting_id"]][row["seq"]] = sent
            latencies.append(float(row["latency_ms"]))
        elif row["event"] == "sitting" and row["sitting_id"]:
            for seq, *sent in row["unheard"]:
                unheard[row["sitting_id"]][seq] = Sent(*sent)
    return StationTruth(dict(acknowledged), dict(answered), dict(unheard), latencies)


@dataclass(frozen=True)
class Judgement:
    """The stations' acknowledged entries against what headquarters opened."""

    at_headquarters: int
    lost: int
    duplicated: int
    altered: int


def judge(truth: StationTruth, arrived: dict[str, list[tuple[int, str]]]) -> Judgement:
    """Compare entry by entry. ``arrived`` maps sitting to (sequence, hash) in the bundle's order.

    ``altered`` counts acknowledged entries that are there under another hash.
    """
    lost = altered = duplicated = 0
    for entries in arrived.values():
        duplicated += len(entries) - len({seq for seq, _hash in entries})
    for sitting_id, acknowledged in truth.acknowledged.items():
        there = dict(arrived.get(sitting_id, []))
        for seq, wanted in acknowledged.items():
            if seq not in there:
                lost += 1
            elif there[seq] != wanted:
                altered += 1
    return Judgement(sum(map(len, arrived.values())), lost, duplicated, altered)


def write_report(file: Path, report: dict[str, Any]) -> None:
    """The report as JSON, readable."""
    file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
