"""Work on one device in a daemon thread of its own, and looks at it that cannot hold anybody up.

A device that hangs in the kernel takes the thread that asked it for good. So each device has its
own thread; whoever waits for it waits for a bounded time; and a hung one never keeps the program
from stopping, as a pool's thread would (R3).
"""

import asyncio
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Queue = SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None]
LOOK_BOUND_S = 0.25
"""How long a look at a device may hold up whoever looks; once, until it answers again."""


class OneThread:
    """Runs what is submitted, in order, one at a time."""

    def __init__(
        self, name: str, begin: Callable[[], None] | None = None, queue: Queue | None = None
    ) -> None:
        """``begin`` is called once in the thread, before anything else; threads that share a
        ``queue`` share its work."""
        self._begin = begin
        self._queue = queue or SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def submit(self, run: Callable[[], T]) -> "Future[T]":
        """Queue ``run``; the future has its result or what it raised."""
        done: Future[T] = Future()
        self._queue.put((run, done))
        return done

    def end(self) -> None:
        """End after what is queued, without waiting."""
        self._queue.put(None)

    def close(self, wait_s: float) -> bool:
        """End after what is queued; False when the thread still hangs after ``wait_s``."""
        self._queue.put(None)
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        if self._begin is not None:
            self._begin()
        while (item := self._queue.get()) is not None:
            _carry_out(*item)
            del item  # what it held (keys, connections) must not live until the next one comes


def _carry_out(run: Callable[[], Any], done: "Future[Any]") -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        result = run()
    except BaseException as error:  # noqa: BLE001  # supervisor: handed to whoever asked
        done.set_exception(error)
        del run, done  # else the error's own frame keeps them, and they the error
    else:
        done.set_result(result)


def in_daemon(
    name: str, run: Callable[[], T], begin: Callable[[], None] | None = None
) -> "Future[T]":
    """Run once, in a daemon thread of its own; ``begin`` as in :class:`OneThread`."""
    thread = OneThread(name, begin)
    done = thread.submit(run)
    thread.end()
    return done


async def apart(name: str, run: Callable[[], T]) -> T:
    """What ``run`` returns or raises, from a daemon thread of its own. What an event loop wants of
    a disk goes this way: a disk that hangs, hangs nobody but who waits for it, not even a pool's
    threads that others need (R3)."""
    return await asyncio.wrap_future(in_daemon(name, run))


class BoundedLook(Generic[T]):
    """A look at a device that is fresh as long as the device answers. While it hangs, ``hung`` is
    the answer, at once. Callable from any thread; what ``look`` raises is raised."""

    def __init__(
        self, name: str, look: Callable[[], T], hung: Callable[[], T], bound_s: float = LOOK_BOUND_S
    ) -> None:
        self._name = name
        self._look = look
        self._hung = hung
        self._bound_s = bound_s
        self._lock = threading.Lock()
        self._thread: OneThread | None = None
        self._pending: Future[T] | None = None
        self._began = 0.0

    def __call__(self) -> T:
        """The answer now, within the bound."""
        with self._lock:
            waiting = self._pending
            if waiting is not None and not waiting.done():
                return self._hung()
            if self._thread is None:
                self._thread = OneThread(f"look at {self._name}")
                weakref.finalize(self, self._thread.end)  # nobody will look again
            self._began = time.monotonic()
            asked = self._pending = self._thread.submit(self._look)
        try:
            return asked.result(self._bound_s)
        except NotInTime:
            if asked.done():  # the look itself raised a timeout: its own answer
                raise
            return self._hung()

    def hanging_s(self) -> float:
        """Seconds that the device has not answered for; 0 when it answers."""
        waiting = self._pending
        if waiting is None or waiting.done():
            return 0.0
        return time.monotonic() - self._began
