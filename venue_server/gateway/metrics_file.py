"""One file of metrics, for any collector that reads text files (Prometheus text exposition)."""

import logging
from concurrent.futures import Future
from pathlib import Path

from venue_server.storage.one_thread import in_daemon

_log = logging.getLogger(__name__)


class MetricsFile:
    """Written anew when its text is another one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._written = self._problem = ""
        self._writing: Future[None] = Future()
        self._writing.set_result(None)

    def write_soon(self, text: str) -> None:
        """In a thread of its own: it lies on the primary's disk, and when that hangs, nobody may
        wait for it; what is new meanwhile is written once it answers."""
        if text == self._written or not self._writing.done():
            return
        self._writing = in_daemon("metrics", lambda: self._write(text))

    def _write(self, text: str) -> None:
        part = self._file.with_suffix(".part")
        try:
            part.write_text(text)
            part.replace(self._file)
            self._written, self._problem = text, ""
        except OSError as error:
            if (problem := str(error)) != self._problem:  # once, not at every look
                self._problem = problem
                _log.warning("the metrics cannot be written: %s", problem)
