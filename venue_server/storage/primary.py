"""What is seen of the primary store's device while the server runs (R3, F19).

A probe file is written and synced again and again in a thread of its own, so that a device that
refuses, is slow, or hangs is noticed while nobody saves, and also while everybody waits for it.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from venue_server.storage.engine import StoreFault
from venue_server.storage.one_thread import OneThread

PROBE_EVERY_S = 0.5
"""A disk with 0.7 s a sync has two slow ones in less than four seconds then."""
HANGS_S = 2.0
"""A sync that has not returned after this long is an alarm. 5 s are allowed in all (R3): with the
pause before a probe, the second until alarms are looked at and the board's own, 3.7 s at most."""
SLOW_MS = 500.0
"""Two such syncs of the last three are an alarm; what is faster shows in latency only (R3)."""
PROBE = "probe"
PROBE_BYTES = 64 * 1024
KEPT = 3

_log = logging.getLogger(__name__)


class MisplacedFault(StoreFault):
    """The store's file is not the one that was opened."""


class SameFile:
    """Whether ``path`` still is the file it was. An unmounted disk leaves a folder in which SQLite
    would make a new, empty store; a renamed one is written where nobody looks for it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._identity()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def ok(self) -> bool:
        """Look now."""
        return self._known is not None and self._identity() == self._known

    def check(self) -> None:
        """Raises MisplacedFault."""
        if not self.ok():
            raise MisplacedFault(f"{self._path} is not where it was")


class Took:
    """How long the last syncs of a device took, in ms."""

    def __init__(self) -> None:
        self._last: list[float] = []

    def add(self, ms: float) -> None:
        """One more."""
        self._last = [*self._last, ms][-KEPT:]

    def median_ms(self) -> float:
        """The median of the last ones; 0 before the first."""
        took = sorted(self._last)
        return took[len(took) // 2] if took else 0.0


@dataclass(frozen=True)
class ProbeState:
    """``failed`` is what the system said, ``since`` when (steady seconds) the first probe began
    that failed or did not return; ``hanging_s`` how long the running one has not returned;
    ``sync_ms`` the median of the last syncs."""

    failed: str = ""
    since: float = 0.0
    hanging_s: float = 0.0
    sync_ms: float = 0.0


class Probe:
    """Writes and syncs a fresh file in ``folder`` for ever, so that a full disk is noticed as well
    as a broken one. It never makes the folder."""

    def __init__(self, folder: Path, every_s: float = PROBE_EVERY_S) -> None:
        self._file = folder / PROBE
        self._every_s = every_s
        self._thread = OneThread("disk probe")
        self._stopped = threading.Event()
        self._failed = ""
        self._since = 0.0
        self._began: float | None = None
        self._took = Took()

    def start(self) -> None:
        """Begin probing."""
        self._thread.submit(self._run)

    def stop(self) -> None:
        """End; a probe that hangs is left alone."""
        self._stopped.set()
        self._thread.end()

    def state(self) -> ProbeState:
        """What is known now; never blocks."""
        began = self._began
        hanging = time.monotonic() - began if began is not None else 0.0
        return ProbeState(
            failed=self._failed,
            since=self._since if self._failed or began is None else began,
            hanging_s=hanging if hanging >= HANGS_S else 0.0,
            sync_ms=self._took.median_ms(),
        )

    def late(self, after_s: float) -> bool:
        """Has the running probe not returned for so long? Never blocks."""
        began = self._began
        return began is not None and time.monotonic() - began >= after_s

    def _run(self) -> None:
        while not self._stopped.is_set():
            began = self._began = time.monotonic()
            failed = ""
            try:
                write_probe(self._file)
            except OSError as error:
                failed = error.strerror or str(error)
            if failed and not self._failed:
                self._since = began
                _log.error("the primary disk refuses: %s", failed)
            self._failed = failed
            self._took.add((time.monotonic() - began) * 1000)
            self._began = None
            self._stopped.wait(self._every_s)


def write_probe(file: Path) -> None:
    """Write and sync once; raises what the device says. It is written beside the one of last time:
    what that one gives back must not hide that nothing is free."""
    fresh = file.with_suffix(".new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(fresh, flags, 0o600)
    try:
        left = memoryview(os.urandom(PROBE_BYTES))
        while left:
            left = left[os.write(fd, left) :]
        os.fsync(fd)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    finally:
        os.close(fd)
    fresh.replace(file)
