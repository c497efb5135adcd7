"""Looks around every two seconds while the lock-down lasts, in a thread of its own (H09)."""

import os
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from candidate_station.lockdown.surroundings import Changes, look, own_user

LOOK_EVERY_S = 2.0
CLOSE_S = 5.0


class SurroundingsWatch(QObject):
    """A lock-down step. ``observed(word, true_now)``: it began, or it is over."""

    name = "surroundings"
    observed = Signal(str, bool)

    def __init__(self, root: Path = Path("/"), every_s: float = LOOK_EVERY_S) -> None:
        super().__init__()
        self._root, self._every_s = root, every_s
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def perform(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._watch, name="surroundings", daemon=True)
        self._thread.start()

    def revert(self) -> None:
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread is not None:
            thread.join(CLOSE_S)

    def _watch(self) -> None:
        around = look(self._root)
        changes = Changes(around, os.getpid(), own_user())
        told: frozenset[str] = frozenset()
        while not self._stop.wait(self._every_s):
            around = look(self._root, around)
            now = changes.seen(around, time.monotonic())
            for word in sorted(now - told):
                self.observed.emit(word, True)
            for word in sorted(told - now):
                self.observed.emit(word, False)
            told = now
