"""After a wiping the server's own memory is cleaned too: no copy of a destroyed key is left (L10).

What the keys were is not kept, only marks by which they are recognised. While a session is sat it
waits (upload/memory_io.py says why). A program that was started since has nothing of them.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.status_page import BAD, OK, WAIT, Row
from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Session
from venue_server.storage import background
from venue_server.upload.memory_io import Cleaned, Mark, marks_of
from venue_server.wire.names import SessionState

LEFT = "server's memory"
"""What is left as long as it was not cleaned, by name."""
_UNDER_WAY = (SessionState.ARMED, SessionState.STARTED)
_LABEL = "服务器内存 / server's memory"
CLEANED = (
    "检索 {size} 字节，清零 {filled} 处，余 0"
    " / {size} bytes searched, {filled} places filled, 0 left"
)
"""The wipe check's words for a cleaned memory; ``size`` bytes, ``filled`` places."""
Clean = Callable[[Collection[Mark]], Cleaned | None]


def nothing_here(_marks: Collection[Mark]) -> Cleaned | None:
    """Where the program is not alone in its process."""
    return None


def quiet(sessions: Sequence[Session]) -> bool:
    """Is no session about to begin or under way?"""
    return all(each.state not in _UNDER_WAY for each in sessions)


@dataclass(frozen=True)
class _Result:
    """What became of one session; ``cleaned`` None: this program may not see its memory."""

    cleaned: Cleaned | None


class WipedMemory:
    """One for the venue."""

    def __init__(self, parts: DeskParts, clean_own: Clean) -> None:
        """``clean_own`` cleans this process."""
        self._parts = parts
        self._clean_own = clean_own
        self._marks: dict[str, set[Mark]] = {}
        self._done: dict[str, _Result] = {}
        self._busy = asyncio.Lock()

    def remember(self, session_id: str, secrets: Collection[bytes]) -> None:
        """What a wiping is about to destroy."""
        if self._clean_own is nothing_here:
            return
        marks = self._marks.setdefault(session_id, set())
        for each in secrets:
            marks |= marks_of(each)

    def waits(self, session_id: str) -> bool:
        """Were keys of it in this program's memory, that was not cleaned since?"""
        return session_id in self._marks

    async def clean(self) -> None:
        """Clean it of every session that is wiped, if no session is under way."""
        async with self._busy:
            sessions = self._parts.sittings.sessions()
            wiped = {e.session_id for e in sessions if e.state is SessionState.WIPED}
            due = [each for each in self._marks if each in wiped]
            if not due or not quiet(sessions):
                return
            for session_id in due:
                await self._clean_of(session_id)

    async def _clean_of(self, session_id: str) -> None:
        done = await background.heavy(self._clean_own, self._marks[session_id])
        self._done[session_id] = _Result(done)
        if done is not None:
            await self._parts.ledger.note(
                Event.MEMORY_CLEANED,
                session=session_id,
                bytes=done.size,
                filled=done.filled,
                left=done.left,
            )
        if done is None or not done.left:
            del self._marks[session_id]

    def row(self, session_id: str) -> Row:
        """What the wipe check says."""
        result = self._done.get(session_id)
        if self.waits(session_id):
            if result is not None and result.cleaned is not None:
                left = result.cleaned.left
                return [_LABEL, f"{left} 处仍在 / {left} places left", BAD]
            return [_LABEL, "无场次进行时清理 / cleaned as soon as no session is under way", WAIT]
        if self._clean_own is nothing_here or (result is not None and result.cleaned is None):
            return [_LABEL, "无法检索，重启程序后为空 / not searched; empty after a restart", WAIT]
        if result is None or result.cleaned is None:
            return [_LABEL, "清除后程序已重启 / the program was started since", OK]
        found = result.cleaned
        said = CLEANED.format(size=found.size, filled=found.filled)
        return [_LABEL, said, OK]
