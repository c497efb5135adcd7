"""When the calibration runs: at start and on demand, never while a candidate sits here (D16)."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from candidate_station.inspection.calibration import Calibration
from candidate_station.inspection.calibration_reference import load_reference
from candidate_station.inspection.result import CheckResult, Verdict
from candidate_station.session.screen_state import Screen, ScreenState

# CONNECTING may be a restart in the middle of an exam: a run may go on there, but none begins.
BEGINS_ON = frozenset({Screen.ENROL, Screen.WAITING})
IDLE = BEGINS_ON | {Screen.CONNECTING}
_log = logging.getLogger(__name__)


def _new_run() -> Calibration:
    return Calibration(QGuiApplication.primaryScreen().size(), load_reference())


class Calibrator(QObject):
    """Owns at most one run. ``results`` carries a tuple of CheckResult when one has ended.

    A run that a candidate's log-in cuts short is begun afresh when the station is idle again.
    """

    results = Signal(object)

    def __init__(self, new_run: Callable[[], Calibration] = _new_run) -> None:
        super().__init__()
        self._new_run = new_run
        self._wanted = True
        self._may_begin = False
        self._awake = self._closed = False
        self._run: Calibration | None = None

    def show_state(self, state: ScreenState) -> None:
        """Follow the station: begin when it is idle, get out of the way at once when it is not."""
        free = state.candidate is None
        self._may_begin = free and state.screen in BEGINS_ON
        if not free or state.screen not in IDLE:
            self.cancel()
        self._begin()

    def again(self) -> None:
        """The administrator wants another run."""
        self._wanted = True
        self._begin()

    def cancel(self) -> None:
        """Stop the run, if there is one. It stays wanted."""
        run, self._run = self._run, None
        if run is not None:
            run.cancel()
            run.deleteLater()

    def wake(self) -> None:
        """From now on runs may begin: the station has come up, its own page is drawn."""
        self._awake = True
        self._begin()

    def close(self) -> None:
        """The station ends: stop the run, and never begin another."""
        self._closed = True
        self.cancel()

    def _begin(self) -> None:
        if not self._awake or self._closed or self._run is not None:
            return
        if not self._wanted or not self._may_begin:
            return
        self._run = self._new_run()
        self._run.finished.connect(self._ended)
        self._run.start()

    def _ended(self, results: tuple[CheckResult, ...]) -> None:
        self._wanted = False
        self.cancel()
        for one in results:
            level = logging.INFO if one.verdict is Verdict.OK else logging.WARNING
            found = (one.check_id, one.verdict, one.expected, one.measured)
            _log.log(level, "%s %s: expected %s, measured %s", *found)
        self.results.emit(results)
