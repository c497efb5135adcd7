"""Looks whether the primary store is whole, beside the doors: a restart must not wait for it (P9).

A damaged page is said aloud as long as it is there; answers that it held are in the second copy.
"""

import asyncio
from pathlib import Path

from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.storage import background
from venue_server.storage.integrity import damage
from venue_server.wire.alarms import Alarm, AlarmCode

FIRST_S = 5.0  # stations come back first
AGAIN_S = 1800.0


class StoreKeeper:
    """One look soon after the start, then one each half hour."""

    def __init__(self, parts: DeskParts, store: Path) -> None:
        self._parts = parts
        self._store = store
        self._alarm: Alarm | None = None

    def alarms(self) -> list[Alarm]:
        """What is wrong with the store as it was last looked at."""
        return [self._alarm] if self._alarm else []

    async def run(self) -> None:
        """For ever."""
        pause_s = FIRST_S
        while True:
            await asyncio.sleep(pause_s)
            await self.look()
            pause_s = AGAIN_S

    async def look(self) -> None:
        """Look at every page once."""
        problem = await background.heavy(damage, self._store)
        known = self._alarm
        self._alarm = Alarm(AlarmCode.PRIMARY_DAMAGED, {"what": problem}) if problem else None
        if problem and known is None:
            note = self._parts.ledger.note
            await note(Event.STORE_DEGRADED, copy="primary", problem=problem)
