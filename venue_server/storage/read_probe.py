"""What is seen of the primary's device when it is read (R3): it may hang there while writes return.

Nearly all that a server reads lies in the system's cache and never meets the device, so a device
that hangs on reads would be noticed by the first page that does not, and that one would stop the
event loop. A thread of its own reads a page past the cache, again and again; and while such a read
is late, the loop's own reads wait for a bounded time only.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path
from typing import TypeVar

from venue_server.storage.direct import ALIGNMENT, DirectReader, room_for
from venue_server.storage.one_thread import OneThread

T = TypeVar("T")
READ_EVERY_S = 0.25
LATE_S = 0.1
"""From then on the loop's reads are bounded: one takes a thread switch more, and that is all."""
READ_BOUND_S = 0.5
MOST_STUCK = 4
"""Reads that may hang at once; together they hold the loop up for two seconds, once."""
STRIDE = 7919  # pages; a device may have one of them in its own memory

_log = logging.getLogger(__name__)


class LateReadError(Exception):
    """A read has not come back in time."""


class ReadProbe:
    """Reads one page of ``file`` after the other for ever, past the cache. Never the store's own
    file: whoever closes a descriptor of that one drops SQLite's locks on it (POSIX; sqlite.org/
    howtocorrupt.html, 2.2), and the next process that looks into the store takes its log away."""

    def __init__(self, file: Path, every_s: float = READ_EVERY_S) -> None:
        self._file = file
        self._every_s = every_s
        self._thread = OneThread("read probe")
        self._stopped = threading.Event()
        self._began: float | None = None
        self._page = 0
        self.failed = ""
        """What the system said to the last read; empty when it was answered."""

    def start(self) -> None:
        """Begin."""
        self._thread.submit(self._run)

    def stop(self) -> None:
        """End; a read that hangs is left alone."""
        self._stopped.set()
        self._thread.end()

    def waiting_s(self) -> float:
        """How long the read under way has not returned; 0 between two. Never blocks."""
        began = self._began
        return time.monotonic() - began if began is not None else 0.0

    def late(self) -> bool:
        """Should nobody rely on the device to answer a read at once?"""
        return self.waiting_s() >= LATE_S

    def _run(self) -> None:
        room = room_for(ALIGNMENT)
        while not self._stopped.is_set():
            self._began = time.monotonic()
            failed = ""
            try:
                pages = max(1, self._file.stat().st_size // ALIGNMENT)
                self._page = (self._page + STRIDE) % pages
                with DirectReader(self._file) as reader:
                    reader.read(self._page * ALIGNMENT, ALIGNMENT, room)
            except FileNotFoundError:
                pass  # not written yet; that its folder is gone is said by others
            except OSError as error:
                failed = error.strerror or str(error)
            if failed and not self.failed:
                _log.error("the primary disk refuses a read: %s", failed)
            self.failed = failed
            self._began = None
            self._stopped.wait(self._every_s)


class BoundedReads:
    """Runs a read in one of few threads and waits for it for a bounded time. A thread whose read
    hangs is used again once that comes back."""

    def __init__(self, bound_s: float = READ_BOUND_S, most: int = MOST_STUCK) -> None:
        self._bound_s = bound_s
        self._idle = [OneThread(f"bounded read {number}") for number in range(most)]

    def __call__(self, run: Callable[[], T]) -> T:
        """What ``run`` returns or raises. Raises LateReadError."""
        if not self._idle:
            raise LateReadError("the device does not answer")
        thread = self._idle.pop()
        asked = thread.submit(run)
        asked.add_done_callback(lambda _asked: self._idle.append(thread))
        try:
            return asked.result(self._bound_s)
        except NotInTime:
            if asked.done():  # the read itself raised a timeout: its own answer
                raise
            raise LateReadError(f"a read has not come back in {self._bound_s:g} s") from None

    def close(self) -> None:
        """End the threads; one that hangs is left alone."""
        for thread in self._idle:
            thread.end()
