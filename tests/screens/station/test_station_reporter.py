"""What the station's window finds out goes to the server: quick checks and the calibration."""

import threading

import pytest

from candidate_station.inspection import facts
from candidate_station.inspection.facts import Asked
from candidate_station.inspection.reporter import Reporter, screen_text
from candidate_station.inspection.result import CheckResult, Verdict
from venue_server.wire.inspection_orders import StationFacts

QUICK = (CheckResult("CHK-DISK", "≥ 2 GiB", "9 GiB", Verdict.OK),)
DRAWN = (CheckResult("CHK-GLYPHS", "7000", "6999 (✕ 囍)", Verdict.FAIL),)


@pytest.fixture(autouse=True)
def _nothing_leaves_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "name_servers", lambda _root: [])


class Server:
    """What arrived, and from which thread."""

    def __init__(self) -> None:
        self.told: list[StationFacts] = []
        self.threads: set[int] = set()

    def take(self, facts: StationFacts) -> None:
        self.threads.add(threading.get_ident())
        self.told.append(facts)


def test_d16_findings_of_the_calibration_are_told_by_name(qtbot, tmp_path) -> None:
    server = Server()
    reporter = Reporter(tmp_path, server.take)
    reporter.checked(QUICK)
    reporter.calibrated(DRAWN)
    reporter.checked(QUICK, Asked(5, "token"))
    qtbot.waitUntil(lambda: len(server.told) == 3, timeout=30_000)
    reporter.close()
    first, second, third = server.told
    assert (first.re, first.calibrated, len(first.findings)) == (0, False, 1)
    assert (second.calibrated, second.findings[-1].check_id) == (True, "CHK-GLYPHS")
    assert second.findings[-1].verdict == "FAIL"
    assert (third.re, third.token, third.calibrated) == (5, "token", True)
    assert third.screen == screen_text() and "×" in third.screen
    assert threading.get_ident() not in server.threads, "the window never waits for a name server"


def test_c08_nothing_is_told_after_the_station_ended(qtbot, tmp_path) -> None:
    server = Server()
    reporter = Reporter(tmp_path, server.take)
    reporter.close()
    reporter.checked(QUICK)
    assert server.told == []
