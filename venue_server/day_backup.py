"""Keeps every collected session backed up, and every backup medium complete (L01, L04, F20).

Each session has its own task: a medium that is slow holds up neither the end of another session nor
another session's backup.
"""

import asyncio
import logging

from venue_server.backup.service import BackupService
from venue_server.gateway.desk_parts import DeskParts
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.sitting.rows import Session
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal

RETRY_S = 10.0
LOOK_S = 0.5
_DONE = (DataState.BACKED_UP, DataState.SEALED, DataState.UPLOADING, DataState.UPLOADED)

_log = logging.getLogger(__name__)


class BackupKeeper:
    """Backs up what is collected; gives media that come back what they lack."""

    def __init__(self, parts: DeskParts, backups: BackupService, keys: AnswerKeys) -> None:
        self._parts = parts
        self._backups = backups
        self._keys = keys
        self._next: dict[str, float] = {}  # loop time by session
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._backups.look_after_media()
                for session in self._parts.sittings.sessions():
                    if self._is_due(session):
                        work = group.create_task(self._back_up(session))
                        self._running[session.session_id] = work
                await asyncio.sleep(LOOK_S)

    def _is_due(self, session: Session) -> bool:
        running = self._running.get(session.session_id)
        if running is not None and not running.done():
            return False
        if asyncio.get_running_loop().time() < self._next.get(session.session_id, 0.0):
            return False
        if session.data_state is DataState.COLLECTED:
            return True
        return session.data_state in _DONE and self._backups.lacks(session.session_id)

    async def _back_up(self, session: Session) -> None:
        first = session.data_state is DataState.COLLECTED
        escrow = self._keys.escrow_file(session.session_id)
        done = await self._backups.make(session.session_id, {"answer-key.escrow": escrow})
        self._parts.sittings.refresh()
        self._parts.hub.venue_changed()
        if isinstance(done, Refusal):
            _log.error("backup: %s", done.text("en"))
        if isinstance(done, Refusal) or not first:
            pause = asyncio.get_running_loop().time() + RETRY_S
            self._next[session.session_id] = pause
