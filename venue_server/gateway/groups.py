"""Let in by groups: those of a group work side by side, then nobody begins for a while (P5).

A handshake among handshakes costs a third less than one between other work, because its code and
data are still in the processor's caches; and whoever saves an answer meanwhile waits for the end of
a group at most, and half of them for nothing. A save needs the loop three or four times: beside
saves a group has no more members than this machine lets in within ``WORK_S``. While nobody saves,
as when all were cut off at once, there is nobody to rest for, and they are back in half the time.
"""

import asyncio
from collections import deque
from collections.abc import Callable

GROUP_S = 0.1
"""So long a group is waited for: a peer that stands still keeps its place, not the others."""
REST_S = 0.002
LEAST, FIRST = 4, 8
WORK_S = 0.03
"""So long a group may keep whoever saves from the loop; on a slower machine fewer go together.
Nothing is known of the machine yet when the first group goes in."""


class Group:
    """Those who were let in together."""

    def __init__(self, groups: "Groups") -> None:
        self._groups = groups
        self.size = 0
        self._inside = 0
        self._empty: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def enter(self) -> None:
        """One more."""
        self.size += 1
        self._inside += 1

    def leave(self) -> None:
        """One is done: its place is free."""
        self._groups.free += 1
        self._inside -= 1
        if not self._inside:
            self._empty.set_result(None)

    async def left(self) -> bool:
        """Wait until all are done, but not long: are they?"""
        done, _ = await asyncio.wait([self._empty], timeout=GROUP_S)
        return bool(done)


class Groups:
    """So many ``places`` in all; in order of arrival. ``saving``: does anybody save just now?"""

    def __init__(self, places: int, saving: Callable[[], bool]) -> None:
        self.free = places
        self._places = places
        self._beside = min(places, FIRST)  # so many while somebody saves
        self._saving = saving
        self._waiting: deque[asyncio.Future[Group]] = deque()
        self._giving: asyncio.Task[None] | None = None

    async def turn(self) -> Group:
        """Wait for a place in a group, to be left by :meth:`Group.leave`."""
        turn: asyncio.Future[Group] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if self._giving is None:
            self._giving = asyncio.create_task(self._give(), name="groups")
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                turn.result().leave()
            raise

    async def _give(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            began_s, beside = loop.time(), self._saving()
            group = self._next_group(self._beside if beside else self._places)
            all_left = await group.left()
            took_s = loop.time() - began_s
            if beside and all_left:
                self._learn(group.size, took_s)
            await asyncio.sleep(max(REST_S, took_s if self._saving() else 0.0))
        self._giving = None

    def _next_group(self, most: int) -> Group:
        group = Group(self)
        while self.free and self._waiting and group.size < most:
            turn = self._waiting.popleft()
            if not turn.done():  # else who waited has gone
                self.free -= 1
                group.enter()
                turn.set_result(group)
        return group

    def _learn(self, size: int, took_s: float) -> None:
        """How many this machine lets in within the time that is given."""
        fitting = min(int(size * WORK_S / max(took_s, 1e-6)), 2 * self._beside)
        self._beside = min(self._places, max(LEAST, fitting))
