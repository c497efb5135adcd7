"""Notices that the window lost the focus or was hidden: an observation for the invigilators.

Nothing is locked and nobody is accused (V09): an input method's window or a faint compositor may
be the cause. A window unmapped by another client gets no hide event, so exposure is looked at.
"""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

LOOK_EVERY_MS = 1000


class Observation(StrEnum):
    """Words of Heartbeat.alerts; an unknown word is shown as it stands on the board."""

    FOCUS_LOST = "FOCUS_LOST"
    WINDOW_HIDDEN = "WINDOW_HIDDEN"
    SCREEN_ADDED = "SCREEN_ADDED"
    RESTARTED = "RESTARTED"
    RENDERER_DIED = "RENDERER_DIED"


class Watch(QObject):
    """A lock-down step. ``observed(word, true_now)``: it began, or it is over."""

    name = "watch"
    observed = Signal(str, bool)

    def __init__(self, window: QWidget, exposed: Callable[[], bool] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._exposed = exposed or self._is_exposed
        self._now: set[Observation] = set()
        self._looks = QTimer(self, interval=LOOK_EVERY_MS)
        self._looks.timeout.connect(self.look)

    def perform(self) -> None:
        app = _app()
        app.applicationStateChanged.connect(self._state_changed)
        app.screenAdded.connect(self._screen_added)
        self._looks.start()

    def revert(self) -> None:
        if not self._looks.isActive():
            return
        app = _app()
        app.applicationStateChanged.disconnect(self._state_changed)
        app.screenAdded.disconnect(self._screen_added)
        self._looks.stop()

    def renderer_died(self) -> None:
        """The item area lost its page: said like everything else that happens here (H10)."""
        self._tell(Observation.RENDERER_DIED, True)

    def renderer_back(self) -> None:
        """It has its page again."""
        self._tell(Observation.RENDERER_DIED, False)

    def look(self) -> None:
        """Look once whether the window is on the screen."""
        self._tell(Observation.WINDOW_HIDDEN, not self._exposed())

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        self._tell(Observation.FOCUS_LOST, state != Qt.ApplicationState.ApplicationActive)

    def _screen_added(self, _screen: object) -> None:
        self._tell(Observation.SCREEN_ADDED, True)

    def _is_exposed(self) -> bool:
        handle = self._window.windowHandle()
        return handle is not None and handle.isExposed()

    def _tell(self, word: Observation, true_now: bool) -> None:
        if true_now == (word in self._now):
            return
        (self._now.add if true_now else self._now.discard)(word)
        self.observed.emit(word.value, true_now)


def _app() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app
