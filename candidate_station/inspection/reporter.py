"""Carries what this machine found out about itself to the server (C08): quick checks, calibration,
and the facts of the system, which are gathered on a thread of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from candidate_station.inspection.facts import Asked, gather
from candidate_station.inspection.result import CheckResult
from venue_server.wire.inspection_orders import StationFacts

Checks = tuple[CheckResult, ...]


class Reporter:
    """Called in the GUI thread; ``report`` is called on the thread, in the order of the calls."""

    def __init__(self, data_dir: Path, report: Callable[[StationFacts], None]) -> None:
        self._data_dir = data_dir
        self._report = report
        self._checks: Checks = ()
        self._calibration: Checks = ()
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="station-facts")

    def checked(self, checks: Checks, asked: Asked | None = None) -> None:
        """The quick checks ran, perhaps because the server asked."""
        self._checks = checks
        self._tell(asked or Asked())

    def calibrated(self, results: Checks) -> None:
        """A calibration came to its end."""
        self._calibration = results
        self._tell(Asked())

    def close(self) -> None:
        """The station ends: what waits is dropped, what comes late is not told."""
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _tell(self, asked: Asked) -> None:
        if self._closed:
            return
        results, calibrated = self._checks + self._calibration, bool(self._calibration)
        screen = screen_text()
        self._thread.submit(
            lambda: self._report(gather(self._data_dir, asked, results, screen, calibrated))
        )


def screen_text() -> str:
    """Size and scale of the display."""
    screen = QGuiApplication.primaryScreen()
    size, scale = screen.geometry(), round(screen.devicePixelRatio() * 100)
    return f"{size.width()}×{size.height()} @ {scale}%"
