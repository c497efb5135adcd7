"""What a rehearsal's stations recorded, as its judge reads it."""

import json
from pathlib import Path
from typing import Any

import pytest

from venue_server.rehearsal.figures import StationTruth, judge, read_truth

ACKED = {"event": "acked", "sitting_id": "s", "kind": "response", "latency_ms": 4.0}


def acked(seq: int, item: str, said: str, **more: Any) -> dict[str, Any]:
    values = {"RESPONSE": [said]}
    return {**ACKED, "seq": seq, "hash": f"h{seq}", "item_id": item, "values": values, **more}


def machine(*unheard: tuple[int, str, str, str]) -> dict[str, Any]:
    """The last row of one machine; its answers that nobody acknowledged to it."""
    sent = [[seq, digest, item, {"RESPONSE": [said]}] for seq, digest, item, said in unheard]
    return {"event": "sitting", "sitting_id": "s", "unheard": sent}


@pytest.fixture
def truth(tmp_path: Path) -> StationTruth:
    """A machine sent its sixth answer and was taken away; the spare went on behind it."""
    rows = [
        acked(1, "", "", kind="open"),
        acked(2, "Q1", "A"),
        acked(3, "Q2", "A"),
        machine((4, "h4", "Q1", "B"), (5, "h5", "Q3", "C")),
        acked(5, "Q2", "B", hash="other5"),
        machine(),
    ]
    file = tmp_path / "stations-report.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return read_truth(file)


def test_f24_what_arrived_though_nobody_heard_of_it_is_the_candidates_too(
    truth: StationTruth,
) -> None:
    arrived = {1: "h1", 2: "h2", 3: "h3", 4: "h4", 5: "other5"}
    assert truth.left("s", arrived) == {"Q1": {"RESPONSE": ["B"]}, "Q2": {"RESPONSE": ["B"]}}
    found = judge(truth, {"s": list(arrived.items())})
    assert (found.at_headquarters, found.lost, found.altered, found.duplicated) == (5, 0, 0, 0)


def test_f24_what_did_not_arrive_or_is_another_branch_does_not_count(truth: StationTruth) -> None:
    arrived = {1: "h1", 2: "h2", 3: "h3", 4: "other4", 5: "other5"}
    assert truth.left("s", arrived) == {"Q1": {"RESPONSE": ["A"]}, "Q2": {"RESPONSE": ["B"]}}
    assert truth.left("s", {}) == truth.left("s", arrived)


def test_r1_an_acknowledged_answer_that_is_missing_or_another_is_told(truth: StationTruth) -> None:
    found = judge(truth, {"s": [(1, "h1"), (2, "changed"), (3, "h3"), (3, "h3")]})
    assert (found.lost, found.altered, found.duplicated) == (1, 1, 1)
    assert truth.count == 4
