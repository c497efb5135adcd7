"""What goes on by itself after two people ordered a wiping: half-done ones end, stations are told
until they report (L10, L11).

Each session is gone on with in a task of its own, and tried again in its own time: one that cannot
end (a key copied elsewhere, a disk that hangs) holds up no other.
"""

import asyncio
import logging

from venue_server.gateway.closing import Closing
from venue_server.sitting.rows import Session
from venue_server.storage.engine import StoreFault
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal

LOOK_S = 0.5
AGAIN_S = 10.0
"""A wiping that did not end is tried again after this time."""
CLEAN_AGAIN_S = 2.0
TELL_AGAIN_S = 30.0
"""A station that is connected and has not reported is told again after this time: what refused (its
disk, answers that were not acknowledged) may do so no more."""

_log = logging.getLogger(__name__)


class WipeKeeper:
    """One for the venue."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing
        self._going: dict[str, asyncio.Task[None]] = {}
        self._clean_due = 0.0
        self._due: dict[str, float] = {}  # loop time of the next try, by session

    async def run(self) -> None:
        """For ever."""
        loop = asyncio.get_running_loop()
        told_at = loop.time()  # at the start they are told by their hello
        async with asyncio.TaskGroup() as group:
            while True:
                if self._closing.parts.sittings.plan is not None:
                    for session in self._closing.parts.sittings.sessions():
                        self._look_at(session, group)
                    await self._clean()
                    if loop.time() - told_at >= TELL_AGAIN_S:
                        told_at = loop.time()
                        self._closing.session_wiping.tell_again()
                await asyncio.sleep(LOOK_S)

    async def _clean(self) -> None:
        """The server's memory, once no session is under way; again later when something is left."""
        now = asyncio.get_running_loop().time()
        if now < self._clean_due:
            return
        self._clean_due = now + CLEAN_AGAIN_S
        try:
            await self._closing.session_wiping.memory.clean()
        except StoreFault as error:
            _log.error("cleaning the memory: %s", error)

    def _look_at(self, session: Session, group: asyncio.TaskGroup) -> None:
        session_id, now = session.session_id, asyncio.get_running_loop().time()
        going = self._going.get(session_id)
        if going is not None and not going.done():
            return
        if now < self._due.get(session_id, 0.0):
            return
        persons = self._closing.unfinished_wiping(session)
        if persons is None:
            return
        self._due[session_id] = now + AGAIN_S
        self._going[session_id] = group.create_task(self._go_on(session, persons))

    async def _go_on(self, session: Session, persons: tuple[str, str]) -> None:
        """Two people ordered it, and nothing is reported done before it is."""
        session_id = session.session_id
        try:
            done = await self._closing.wipe(session, persons)
        except (OSError, StoreFault) as error:
            _log.error("wiping %s: %s", session_id, error)
            return
        if not isinstance(done, Refusal):
            return
        # An order of people may have ended it meanwhile.
        if self._closing.parts.sittings.session(session_id).state is not SessionState.WIPED:
            _log.error("wiping %s: %s", session_id, done.text("en"))
