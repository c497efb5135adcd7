"""The server's own log: bounded in space, in rate and in what it can do to anybody (R11).

A line is handed over and that is all the caller ever does: writing it to the error stream and to
``logs/server.log`` is another thread's work. A log disk that is full or hangs, a reader of the
error stream that went away, a flood of lines: each loses lines, is counted, and touches no answer.
"""

import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAME = "server.log"
FILE_BYTES = 8 * 1024 * 1024
FILES = 8
"""Eight files of eight MiB: below the budget of the logs (storage/budgets.py)."""
WAITING = 2000
LINE_BYTES = 4096
SAME_LINE_S = 60.0
SAME_LINE_MOST = 10
KEYS = 500


class RepeatLimit:
    """Lets a line of one place in the program through ten times a minute. Pure: time is passed in,
    in steady seconds; what it remembers is bounded."""

    def __init__(self, most: int = SAME_LINE_MOST, window_s: float = SAME_LINE_S) -> None:
        self._most = most
        self._window_s = window_s
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def take(self, key: tuple[str, str], now_s: float) -> int | None:
        """None: say nothing. Else say it, and that so many before it were left out."""
        began, count = self._seen.get(key, (now_s, 0))
        if now_s - began >= self._window_s:
            self._seen[key] = now_s, 1
            return max(0, count - self._most)
        if len(self._seen) >= KEYS and key not in self._seen:
            self._seen.clear()
        self._seen[key] = began, count + 1
        return 0 if count < self._most else None


class CappedFile:
    """``name``, ``name.1`` … in ``folder``: at most ``files`` of ``file_bytes`` each. Only its own
    files are ever removed. What the disk refuses is lost and counted in ``lost``."""

    def __init__(self, folder: Path, file_bytes: int = FILE_BYTES, files: int = FILES) -> None:
        self._path = folder / NAME
        self._file_bytes = file_bytes
        self._files = files
        self.lost = 0

    def write(self, line: bytes) -> None:
        """Append one line; never raises for the disk's sake."""
        try:
            self._make_room(len(line))
            fd = os.open(
                self._path,
                os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC,
                0o600,
            )
            try:
                os.write(fd, line)
            finally:
                os.close(fd)
        except OSError:
            self.lost += 1

    def _make_room(self, more: int) -> None:
        if not self._path.exists():
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            return
        if self._path.stat().st_size + more <= self._file_bytes:
            return
        for number in range(self._files - 1, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{NAME}.{number}") if number else self._path


class OwnLog(logging.Handler):
    """The root's only handler while the server runs."""

    def __init__(self, folder: Path, stream_fd: int | None = None) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORMAT))
        self.file = CappedFile(folder)
        self.dropped = 0
        self._fd = sys.stderr.fileno() if stream_fd is None else stream_fd
        self._limit = RepeatLimit()
        self._lines: queue.Queue[bytes | None] = queue.Queue(WAITING)
        # Two threads: a reader of the error stream that hangs must not take the file with it.
        self._said: queue.Queue[bytes | None] = queue.Queue(WAITING)
        self._threads = [
            threading.Thread(target=_serve, args=each, name=name, daemon=True)
            for name, each in (
                ("log file", (self._lines, self.file.write)),
                ("log stream", (self._said, self._say)),
            )
        ]
        for thread in self._threads:
            thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line over. Neither blocks nor raises."""
        left_out = self._limit.take((record.name, str(record.msg)), time.monotonic())
        if left_out is None:
            self.dropped += 1
            return
        try:
            text = self.format(record)
        except (TypeError, ValueError):  # a line whose values do not fit its words
            text = f"{record.levelname} {record.name} {record.msg}"
        if left_out:
            text += f" [{left_out} more like it]"
        line = text.encode("utf-8", "replace")[:LINE_BYTES] + b"\n"
        for lines in (self._lines, self._said):
            try:
                lines.put_nowait(line)
            except queue.Full:
                self.dropped += 1

    def end(self, wait_s: float = 2.0) -> None:
        """Write what waits, as far as that is possible in a moment."""
        for lines in (self._lines, self._said):
            with suppress(queue.Full):
                lines.put_nowait(None)
        for thread in self._threads:
            thread.join(wait_s)

    def _say(self, line: bytes) -> None:
        with suppress(OSError):  # nobody reads any more
            os.write(self._fd, line)


def _serve(lines: "queue.Queue[bytes | None]", write: Callable[[bytes], None]) -> None:
    while (line := lines.get()) is not None:
        write(line)


def log_here(data: Path) -> OwnLog:
    """Send everything that is logged from now on to the log of the venue in ``data``."""
    own = OwnLog(data / "logs")
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(own)
    return own
