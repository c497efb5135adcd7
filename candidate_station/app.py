"""The candidate station: composition root, in data order.

environment -> application -> languages -> driver on its thread -> item area and window ->
self-check -> lock-down -> calibration while nobody sits here. Each part is given what it needs;
nothing is looked up.
"""

import logging
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from candidate_station.inspection.calibrator import Calibrator
from candidate_station.inspection.check_command import run_checks
from candidate_station.inspection.facts import Asked
from candidate_station.inspection.reporter import Reporter
from candidate_station.inspection.result import CheckResult
from candidate_station.inspection.self_check import self_check
from candidate_station.link.bridge import StationBridge
from candidate_station.link.item_presenter import ItemPresenter
from candidate_station.lockdown.desktop import EmptyClipboard, FullScreen
from candidate_station.lockdown.keys import KeyGuard
from candidate_station.lockdown.steps import Lockdown
from candidate_station.lockdown.surroundings_watch import SurroundingsWatch
from candidate_station.lockdown.watch import Observation, Watch
from candidate_station.rendering.chromium import prepare_environment, sandbox_trouble
from candidate_station.rendering.item_view import ItemView, translation_file
from candidate_station.screens.window import StationWindow
from candidate_station.session.driver import StationDriver
from candidate_station.startup import (
    EXIT_DIED,
    EXIT_OK,
    EXIT_REFUSED,
    Options,
    SignalExit,
    driver_settings,
    export,
    parse_options,
    refusal_to_start,
)
from candidate_station.translations import Languages

DEMO_SIZE = (1280, 960)
CALIBRATE_AFTER_MS = 3_000  # the machine is busy enough with coming up


class Station:
    """Everything of one running station, wired."""

    def __init__(self, app: QApplication, options: Options) -> None:
        self._app, self._options = app, options
        english = translation_file("en")
        self.languages = Languages(app, [english] if english else [])
        self.languages.use(options.language)
        self.bridge = StationBridge()
        self.driver = StationDriver(
            driver_settings(options),
            self.bridge.state.emit,
            on_check=self.bridge.check_wanted.emit,
            on_anew=self.bridge.anew_wanted.emit,
        )
        self.reporter = Reporter(options.data, self.driver.report)
        self.view = ItemView()
        self.presenter = ItemPresenter(self.view, self.driver)
        self.window = StationWindow(self.view, options.language)
        self.calibrator = Calibrator()
        self._sandbox: str | None = None
        self._checks: tuple[CheckResult, ...] = ()
        self._calibration: tuple[CheckResult, ...] = ()
        self.watch = Watch(self.window)
        self.surroundings = SurroundingsWatch()
        self.lockdown = Lockdown(
            options.data,
            [
                EmptyClipboard(),
                KeyGuard(self.window),
                self.watch,
                self.surroundings,
                FullScreen(self.window),
            ],
        )
        self._wire()

    def _wire(self) -> None:
        """State: driver -> bridge -> presenter and window. Intents: the other way."""
        self.bridge.state.connect(self.window.show_state)
        self.bridge.state.connect(self.presenter.show_state)
        self.bridge.state.connect(self.calibrator.show_state)
        self.bridge.check_wanted.connect(self._check_asked)
        self.bridge.anew_wanted.connect(self._begin_anew)
        self.bridge.failed.connect(lambda: self._end(EXIT_DIED))
        self.window.intent.connect(self.bridge.post)
        self.window.leaving.connect(self.presenter.leaving)
        self.window.look_changed.connect(self.presenter.show_look)
        self.window.language_wanted.connect(self._speak)
        self.window.close_wanted.connect(self._close_wanted)
        self.window.check_wanted.connect(self._check)
        self.calibrator.results.connect(self._calibrated)
        self.presenter.intent.connect(self.bridge.post)
        self.view.answered.connect(self.presenter.answered)
        self.view.marked.connect(self.presenter.marked)
        self.window.answer.highlighter.wanted.connect(self.view.set_marking)
        self.view.renderer_died.connect(self.watch.renderer_died)
        self.view.renderer_back.connect(self.watch.renderer_back)
        self.watch.observed.connect(self.bridge.observe)
        self.surroundings.observed.connect(self.bridge.observe)

    def start(self, sandbox: str | None) -> None:
        """Check the machine, start the driver, show the window, lock the desktop."""
        interrupted = self.lockdown.recover()
        self.bridge.start(self.driver)
        if interrupted:
            self.bridge.observe(Observation.RESTARTED.value, True)
        self._sandbox = sandbox
        self._check()
        if self._options.windowed:
            self.window.resize(*DEMO_SIZE)
            self.window.show()
        else:
            self.lockdown.enter()
        QTimer.singleShot(CALIBRATE_AFTER_MS, self.calibrator, self.calibrator.wake)

    def leave(self) -> None:
        """The authorised way out: what was typed is told first, then the event loop ends."""
        self.calibrator.close()
        self.view.flush(lambda: self._end(EXIT_OK))

    def _end(self, status: int) -> None:
        """End the event loop. An engine in the middle of a page must not be taken down in its last
        turn (one calibration in forty crashed so), therefore the calibration goes a turn before."""
        self.calibrator.close()
        QTimer.singleShot(0, self._app, lambda: self._app.exit(status))

    def stop(self) -> bool:
        """Give everything back, newest first. False when the driver did not end in time."""
        self.calibrator.close()
        self.reporter.close()
        self.lockdown.leave()
        self.window.hide()
        return self.bridge.stop()

    def _check(self) -> None:
        """The quick checks now; the calibration as soon as nobody sits here."""
        self._calibration = ()
        self._look()
        self.reporter.checked(self._checks)
        self.calibrator.again()

    def _check_asked(self, asked: Asked) -> None:
        """The server's inspection asks: the quick checks only, so that it need not wait."""
        self._look()
        self.reporter.checked(self._checks, asked)

    def _look(self) -> None:
        self._checks = self_check(self._options.data, self._sandbox)
        self.window.show_checks(self._checks + self._calibration)

    def _calibrated(self, results: tuple[CheckResult, ...]) -> None:
        self._calibration = results
        self.window.show_checks(self._checks + results)
        self.reporter.calibrated(results)

    def _begin_anew(self) -> None:
        """After a wiping: the page's processes end with this one, and the unit starts it again. A
        demonstration, which nobody would start again, goes on."""
        if not self._options.windowed:
            self.leave()

    def _close_wanted(self) -> None:
        """A demonstration may be closed like any window; the exam's window may not."""
        if self._options.windowed:
            self.leave()

    def _speak(self, language: str) -> None:
        self.languages.use(language)
        self.window.set_language(language)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the station; returns the exit status (startup.py names them)."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    options = parse_options(sys.argv[1:] if arguments is None else arguments)
    if options.export_journal is not None:
        return export(options.data, options.export_journal)
    trouble = None if options.unsafe_no_sandbox else sandbox_trouble()
    if refusal := refusal_to_start(trouble):
        sys.stderr.write(refusal + "\n")
        return EXIT_REFUSED
    app = QApplication(prepare_environment(test_no_sandbox=options.unsafe_no_sandbox))
    app.setQuitOnLastWindowClosed(False)
    sandbox = "test only: off" if options.unsafe_no_sandbox else None
    if options.check:
        return run_checks(app, options.data, sandbox, options.calibration_reference)
    station = Station(app, options)
    signals = SignalExit(station.leave)
    station.start(sandbox)
    status = app.exec()
    signals.close()
    stopped = station.stop()
    return status if stopped else EXIT_DIED


if __name__ == "__main__":
    sys.exit(main())
