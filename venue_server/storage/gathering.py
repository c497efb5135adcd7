"""Writes that nobody waits for, gathered for a moment and committed together (P5).

When a thousand stations come back, a commit for every few of them costs more than all they write,
and stands before the answers that others save meanwhile. What a store cannot take now is kept and
offered again: a coming or going is on record also when the disk was full just then (F19).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import Connection

from venue_server.storage.engine import Store, StoreFault

GATHER_S = 0.2
AGAIN_S = 2.0
SETTLE_S = 1.0
MOST = 20_000
"""So many writes may wait for a store that takes none; the oldest beyond them are given up."""
Work = Callable[[Connection], None]

_log = logging.getLogger(__name__)


class Gathering:
    """Of one store; for the event loop's thread only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Work] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writing: set[asyncio.Task[None]] = set()
        self._hurried = False

    def add(self, work: Work) -> None:
        """Write it soon, after what was added before."""
        self._waiting.append(work)
        if self._hurried:
            self._begin()
        elif self._timer is None:
            self._begin_in(GATHER_S)

    async def settle(self) -> None:
        """What was added before is written on return; a store that takes nothing is not waited for
        longer than a moment."""
        self._begin()
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while self._writing:  # and what waited behind them
                    await asyncio.wait(list(self._writing))

    def hurry(self) -> None:
        """The server stops: nothing is gathered any more, what waits is given to the store now."""
        self._hurried = True
        self._begin()

    def _begin_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing and not self._hurried:
            return  # one piece at a time: what fails and is tried again stays before what follows
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._submit(waiting)

    def _submit(self, works: Sequence[Work]) -> None:
        """All in one piece, given to the store before this returns."""
        together = asyncio.wrap_future(self._store.submit(lambda tx: _run(tx, works)))
        task = asyncio.create_task(self._ended(works, together), name="gathered")
        self._writing.add(task)
        task.add_done_callback(self._written)

    def _written(self, task: "asyncio.Task[None]") -> None:
        self._writing.discard(task)
        if self._waiting and not self._writing and self._timer is None:
            self._begin()

    async def _ended(self, works: Sequence[Work], together: "asyncio.Future[None]") -> None:
        """If the piece failed, each alone: none is lost for another's mistake."""
        await asyncio.wait([together])
        error = together.exception()
        if error is None:
            return
        if isinstance(error, StoreFault) and not self._hurried:
            self._keep(works)
        elif len(works) > 1 and not isinstance(error, StoreFault):
            for one in works:
                self._submit([one])
        else:
            _log.error("a gathered write failed", exc_info=error)

    def _keep(self, works: Sequence[Work]) -> None:
        """The store takes nothing now: these come first when it is asked again."""
        self._waiting[:0] = works
        given_up = len(self._waiting) - MOST
        if given_up > 0:
            del self._waiting[:given_up]
            _log.error("the store takes nothing: %d gathered writes are given up", given_up)
        if self._timer is None:
            self._begin_in(AGAIN_S)


def _run(tx: Connection, works: Sequence[Work]) -> None:
    for work in works:
        work(tx)
