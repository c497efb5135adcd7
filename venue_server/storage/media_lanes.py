"""Work on media that may be slow, hang, or be pulled: a stepped-back thread for each (R3, R11).

A call into a device that does not answer returns never, or after minutes. It takes the thread that
asked; so each medium has one thread of its own, told apart by where it is mounted (/proc is asked,
the device is not), and any number of hanging media leaves the others, sealing and exports alone.

Whoever waits gives up when the medium has not moved for ``GIVE_UP_S``: copying says with
:func:`beat` that it goes on, so a slow medium is waited for and one that hangs is not. Until its
thread returns, everything else on that medium is refused at once; then it works again by itself.
What was given up ends at its next :func:`beat`.
"""

import asyncio
import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from venue_server.storage.one_thread import OneThread
from venue_server.storage.priority import step_back

P = ParamSpec("P")
T = TypeVar("T")
ALARM_S = 15.0
GIVE_UP_S = 60.0
SYNC_BYTES = 16 * 1024 * 1024
"""So much is written to a medium between two syncs: a stick's unwritten pages must never fill the
memory that the kernel allows all writers together, for answers would wait for the stick then."""


class MediumStalledError(OSError):
    """The medium does not answer."""

    def __init__(self, where: str) -> None:
        super().__init__(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), where)


@dataclass
class _Job:
    where: str
    moved_at: float = field(default_factory=time.monotonic)
    given_up: bool = False


_mine = threading.local()


def beat() -> None:
    """The work of this thread goes on; where nobody waits any more it ends here. Does nothing in
    any other thread. Raises MediumStalledError."""
    job: _Job | None = getattr(_mine, "job", None)
    if job is None:
        return
    if job.given_up:
        raise MediumStalledError(job.where)
    job.moved_at = time.monotonic()


def mount_of(path: Path) -> str:
    """The mount point that ``path`` is on by its name; no device is touched, no link followed."""
    name = os.path.abspath(path)  # noqa: PTH100  # Path.resolve() would ask the device
    try:
        lines = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:
        return "/"
    points = (line.split()[4].replace("\\040", " ") for line in lines)
    within = (each for each in points if name == each or name.startswith(each.rstrip("/") + "/"))
    return max(within, key=len, default="/")


class _Lane:
    def __init__(self, where: str) -> None:
        self.where = where
        self.running: _Job | None = None
        self._thread: OneThread | None = None

    @property
    def hangs(self) -> bool:
        """Was what runs here given up?"""
        return self.running is not None and self.running.given_up

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        if self._thread is None:
            self._thread = OneThread(f"medium {self.where}", step_back)

        def run() -> T:
            with watching(self.where) as self.running:
                try:
                    return work()
                finally:
                    self.running = None

        return self._thread.submit(run)


_lock = threading.Lock()
_lanes: dict[str, _Lane] = {}
_jobs: dict[int, _Job] = {}


def _lane_of(where: Path | str) -> _Lane:
    name = where if isinstance(where, str) else mount_of(where)
    with _lock:
        lane = _lanes.get(name)
        if lane is None:
            lane = _lanes[name] = _Lane(name)
    if lane.hangs:
        raise MediumStalledError(name)
    return lane


@contextmanager
def watching(where: str) -> Iterator[_Job]:
    """The calling thread works on a medium: told by :func:`stalled` while it does not move."""
    job = _mine.job = _Job(where)
    _jobs[id(job)] = job
    try:
        yield job
    finally:
        _mine.job = None
        del _jobs[id(job)]


def busy() -> set[str]:
    """Media that something works on now, whether they move or not."""
    return {job.where for job in list(_jobs.values())}


def stalled() -> dict[str, float]:
    """Media that have not moved for ``ALARM_S`` or longer, and for how many seconds."""
    now = time.monotonic()
    found = {job.where: now - job.moved_at for job in list(_jobs.values())}
    return {where: seconds for where, seconds in found.items() if seconds >= ALARM_S}


async def on_medium(
    where: Path | str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """What ``work`` returns, or raises, in the thread of the medium that ``where`` is on; a name
    stands for several media that are looked at together. Raises MediumStalledError, an OSError."""
    lane = _lane_of(where)
    waited = asyncio.wrap_future(lane.submit(lambda: work(*args, **kwargs)))
    began = time.monotonic()
    while True:
        job = lane.running
        moved_at = job.moved_at if job is not None else began
        left_s = max(began, moved_at) + GIVE_UP_S - time.monotonic()
        if left_s <= 0:
            break
        done, _ = await asyncio.wait({waited}, timeout=left_s)
        if done:
            return waited.result()
    if job is not None:
        job.given_up = True
    waited.add_done_callback(_seen)
    waited.cancel()
    raise MediumStalledError(lane.where)


def within(where: str, work: Callable[[], T], bound_s: float, otherwise: T) -> T:
    """For worker threads: what ``work`` says within ``bound_s``, else ``otherwise``; at once while
    the one before still hangs."""
    try:
        lane = _lane_of(where)
    except MediumStalledError:
        return otherwise
    asked = lane.submit(work)
    try:
        return asked.result(bound_s)
    except NotInTime:
        if asked.done():  # the work's own timeout
            raise
        asked.cancel()
        if lane.running is not None:
            lane.running.given_up = True
        return otherwise


def _seen(done: "asyncio.Future[T]") -> None:
    if not done.cancelled():
        done.exception()  # it came too late to be anybody's answer
