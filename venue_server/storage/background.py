"""Where the server's own work runs: beside the answers, never before them (R11).

Every thread a server works in is one of these lanes, or is named in docs/reliability.md with its
reason; a test holds that none escapes.

    quick       somebody waits for a short look or a password; four threads at ordinary priority
    computing   Python that computes (ledger, sealing, exports): one thread. It holds the
                interpreter and must not step back; its turns are made short while it works
    heavy       hashing, copying, SQLite's checks on the server's own disk; two threads, back
    delivery    reading papers for the stations; two threads, stepped back
    upload      the line to headquarters; four threads, stepped back: one session's line may drip
                for minutes and holds up no other's

What touches media goes through ``media_lanes.py``: a medium that hangs keeps its own thread only.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

from venue_server.storage.one_thread import OneThread
from venue_server.storage.priority import step_back

P = ParamSpec("P")
T = TypeVar("T")
SHORT_TURN_S = 0.0005
"""How long Python that computes keeps the interpreter from a save that is ready: a tenth of the
usual 5 ms, which every send of the loop would pay again (decision 60)."""


class Lane:
    """Some threads that share one queue, begun when they are first needed. They are daemons: a disk
    that hangs never keeps the program from ending."""

    def __init__(
        self,
        name: str,
        threads: int,
        begin: Callable[[], None] | None = None,
        computes: bool = False,
    ) -> None:
        self.name = name
        self._count = threads
        self._begin = begin
        self._computes = computes
        self._lock = threading.Lock()
        self._threads: list[OneThread] = []
        self._open: set[Future[object]] = set()

    def submit(self, run: Callable[[], T]) -> "Future[T]":
        """Queue ``run``; the future has its result or what it raised."""

        def computed() -> T:
            with short_turns():
                return run()

        with self._lock:
            if not self._threads:
                queue = SimpleQueue()  # type: ignore[var-annotated]  # OneThread's
                self._threads = [
                    OneThread(f"{self.name}-{n + 1}", self._begin, queue)
                    for n in range(self._count)
                ]
        work = self._threads[0].submit(computed if self._computes else run)
        self._open.add(work)  # type: ignore[arg-type]  # only waited for
        work.add_done_callback(self._open.discard)
        return work

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns, or raises, in one of the threads."""
        return await asyncio.wrap_future(self.submit(lambda: work(*args, **kwargs)))

    @property
    def open(self) -> "set[Future[object]]":
        """What was begun or waits."""
        return set(self._open)


_turns = threading.Lock()
_computing = 0
_usual_s = sys.getswitchinterval()


@contextmanager
def short_turns() -> Iterator[None]:
    """While a thread computes in Python: it gives the interpreter up to whoever asks much sooner
    than usual."""
    global _computing, _usual_s
    with _turns:
        if _computing == 0:
            _usual_s = sys.getswitchinterval()
            sys.setswitchinterval(min(_usual_s, SHORT_TURN_S))
        _computing += 1
    try:
        yield
    finally:
        with _turns:
            _computing -= 1
            if _computing == 0:
                sys.setswitchinterval(_usual_s)


LANES = {
    each.name: each
    for each in (
        Lane("quick", 4, computes=True),
        Lane("computing", 1, computes=True),
        Lane("heavy", 2, step_back),
        Lane("delivery", 2, step_back),
        Lane("upload", 4, step_back),
    )
}
quick = LANES["quick"].run
computing = LANES["computing"].run
heavy = LANES["heavy"].run
delivery = LANES["delivery"].run
upload = LANES["upload"].run


async def ended(within_s: float) -> bool:
    """Wait until what the lanes have begun is done, at the most ``within_s``: for a program that
    stops. False when something still runs; its thread ends with the program."""
    works = [asyncio.wrap_future(work) for lane in LANES.values() for work in lane.open]
    if not works:
        return True
    done, left = await asyncio.wait(works, timeout=within_s)
    for each in done:
        if not each.cancelled():
            each.exception()  # whoever asked has it
    return not left
