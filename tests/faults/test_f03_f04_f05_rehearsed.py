"""A whole day of real programs in which what can fail fails: line, server, switch (F3, F4, F5)."""

import json
from pathlib import Path

import pytest

from tests.rehearsal_run import rehearsing

pytestmark = pytest.mark.timeout(400)

MINUTE_MS = 60_000
FAULTS = ("headquarters-down", "server-killed", "lan-cut")


def test_f3_f4_f5_a_day_on_which_everything_fails_loses_nothing(tmp_path: Path) -> None:
    """No line at the release point: two custodians' codes open the papers. The server is killed
    while everybody answers. The switch is dead over the end: stations close by themselves and hand
    in when it is back. What stations saw acknowledged is what headquarters opens."""
    asked = [word for fault in FAULTS for word in ("--fault", fault)]
    with rehearsing(tmp_path, "--stations", "4", "--duration", "75", *asked) as rehearsal:
        report = rehearsal.finish()
    assert [each["fault"] for each in report["faults"]] == list(FAULTS)
    assert report["server_restarted"]
    assert all(report["day"].values()), report["day"]
    assert report["lost"] == report["duplicated"] == report["altered"] == 0
    assert report["answers_at_headquarters"] == report["saves_acknowledged"] > 4 * 5
    ledger = tmp_path / "out" / "venue" / "ledger.jsonl"
    entries = [json.loads(line) for line in ledger.read_text().splitlines()]
    told = [each["event"] for each in entries]
    assert told.count("release.by-code") >= 1
    assert told.count("server.started") == 3  # set up, begun, and after the kill
    assert "clock.disputed" not in told, "headquarters came back with its time having gone on"
    cut_ms = report["faults"][FAULTS.index("lan-cut")]["at_ms"]
    handed_in = [each["at_ms"] for each in entries if each["event"] == "candidate.submitted"]
    assert max(handed_in) > cut_ms + MINUTE_MS, "nobody handed in after the switch came back"
