"""The main job, as a person starts it: a whole sitting from sealed fragments to the receipt.

These tests run the real programs as processes; nothing of the day is replaced.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal_run import rehearsing
from venue_server.rehearsal.day_findings import RULES

pytestmark = pytest.mark.timeout(400)

WANTED = {
    "stations",
    "saves_acknowledged",
    "answers_at_headquarters",
    "lost",
    "duplicated",
    "release_to_last_station_ms",
    "start_skew_ms_p99",
    "save_ack_ms_p99",
    "ledger_verified",
    "ledger_verified_alone",
    "day",
    "receipts_matched",
    "stages",
}


def test_a_whole_sitting_loses_nothing(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "--stations", "6", "--duration", "60") as rehearsal:
        report = rehearsal.finish()
    assert report.keys() >= WANTED
    assert report["stations"] == 6
    assert report["lost"] == report["duplicated"] == report["altered"] == 0
    assert report["answers_at_headquarters"] == report["saves_acknowledged"] > 6 * 5
    assert report["ledger_verified"]
    assert report["ledger_verified_alone"]
    assert report["receipts_matched"]
    assert_every_finding(report)
    assert [stage["verdict"] for stage in report["stages"]] == ["passed"] * 21
    everything = tmp_path / "out"
    assert any(str(everything) in line for line in rehearsal.lines[-2:])
    assert_wiped(everything)


def assert_every_finding(report: dict[str, Any]) -> None:
    """What the judge found from outside: every act of the day, none left out."""
    assert set(report["day"]) == set(RULES)
    assert [name for name, there in report["day"].items() if not there] == []


def assert_wiped(folder: Path) -> None:
    """After the sitting no key, paper or readable answer is left (L10, L11)."""
    venue = folder / "venue"
    assert not list((venue / "keys" / "answers").iterdir())
    assert not list((venue / "papers").glob("*/*"))
    for station in (folder / "stations").iterdir():
        assert not list(station.rglob("*.ciphertext")), station


def test_the_server_killed_in_the_middle_and_started_by_hand(tmp_path: Path) -> None:
    """kill -9 while candidates answer; a person types the printed command; nothing is lost."""
    options = ("--stations", "4", "--duration", "75")
    with rehearsing(tmp_path, *options) as rehearsal:
        # Not while a seat is dark too: what is answered there then is for people to decide (F24).
        rehearsal.wait_line("swapped to a spare")
        pid = int((tmp_path / "out" / "venue-server.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        rehearsal.wait_line("venue-server run --data")
        by_hand = [sys.executable, "-m", "venue_server", "run", "--data"]
        server = subprocess.Popen(
            [*by_hand, str(tmp_path / "out" / "venue")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            report = rehearsal.finish()
        finally:
            server.terminate()
            server.wait(30)
    assert report["server_restarted"]
    assert_every_finding(report)
    assert report["lost"] == report["duplicated"] == report["altered"] == 0


def test_o05_a_paper_outside_the_profile_is_refused_with_located_reasons(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "imsmanifest.xml").write_text(
        '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="M">'
        "<organizations/><resources>"
        '<resource identifier="I1" type="imsqti_item_xmlv3p0" href="item.xml">'
        '<file href="item.xml"/></resource></resources></manifest>'
    )
    (package / "item.xml").write_text(
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
        'identifier="I1" title="t" adaptive="false" time-dependent="false">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="file"/>'
        '<qti-item-body><qti-upload-interaction response-identifier="R"/></qti-item-body>'
        "</qti-assessment-item>"
    )
    with rehearsing(tmp_path, "--stations", "1", "--paper", str(package)) as rehearsal:
        assert rehearsal.process.wait(120) == 2
    told = "".join(rehearsal.lines)
    assert "item.xml" in told
    assert "qti-upload-interaction" in told


def test_stopping_a_rehearsal_stops_every_program(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "--stations", "2") as rehearsal:
        rehearsal.wait_line("enrol the stations: done")
        pid = int((tmp_path / "out" / "venue-server.pid").read_text())
        rehearsal.process.send_signal(signal.SIGTERM)
        assert rehearsal.process.wait(60) == 130
    assert not Path(f"/proc/{pid}").exists()
