"""Writes that nobody waits for, gathered for a moment and committed together (P5).

When a thousand stations come back, a commit for every few of them costs more than all they write,
and stands before the answers that others save meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from venue_server.storage.engine import Store, StoreFault

GATHER_S = 0.05
Work = Callable[[Connection], None]
_Waiting = tuple[Work, "asyncio.Future[None]"]


class Gathering:
    """Of one store; for the event loop's thread only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._writing: set[asyncio.Task[None]] = set()
        self._hurried = False

    async def write(self, work: Work) -> None:
        """Durable on return. Raises what ``work`` raises, and StoreFault."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((work, done))
        if self._hurried:
            self._begin()
        elif len(self._waiting) == 1:
            loop.call_later(GATHER_S, self._begin)
        await done

    def hurry(self) -> None:
        """The server stops: nothing is gathered any more, what waits is given to the store now."""
        self._hurried = True
        self._begin()

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._submit(waiting)

    def _submit(self, waiting: Sequence[_Waiting]) -> None:
        """All in one piece, given to the store before this returns."""
        together = asyncio.wrap_future(self._store.submit(lambda tx: _run(tx, waiting)))
        task = asyncio.create_task(self._settle(waiting, together), name="gathered")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _settle(self, waiting: Sequence[_Waiting], together: "asyncio.Future[None]") -> None:
        """If the piece failed, each alone: nobody fails for another's mistake."""
        await asyncio.wait([together])
        error = together.exception()
        if error is not None and len(waiting) > 1 and not isinstance(error, StoreFault):
            for one in waiting:
                self._submit([one])
            return
        for _work, done in waiting:
            if done.cancelled():  # who waited has gone; what they wrote is written
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)


def _run(tx: Connection, waiting: Sequence[_Waiting]) -> None:
    for work, _done in waiting:
        work(tx)
