"""Media that fill up or do not answer, said before anything depends on them (R3, R11).

A medium that is full when the backup comes costs the copy; said on the morning it costs a stick.
Every look is bounded; a medium that hangs is told of by what hangs on it.
"""

import shutil
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from venue_server.storage.budgets import MIB
from venue_server.storage.media_lanes import stalled
from venue_server.storage.one_thread import BoundedLook
from venue_server.wire.alarms import Alarm, AlarmCode

LOOK_S = 5.0
"""Each look is asked for on the loop, where answers wait: room does not go from one second to the
next."""
TIMES_THE_STORE = 2.5
"""A backup takes the store twice for a moment: its snapshot, and the archive made of it. The store
grows until then."""


def backup_needs(store: int, floor: int) -> int:
    """Bytes that should be free on a backup medium, for a store of so many bytes."""
    return max(floor, int(store * TIMES_THE_STORE))


class MediaWatch:
    """Looks at the second copy's folder and the backup media. ``floor`` in bytes: below it the
    second device is said to run full, as the first one is."""

    def __init__(self, second: Path, backups: Mapping[str, Path], store: Path, floor: int) -> None:
        self._store = store
        self._floor = floor
        self._looked_at_s = -LOOK_S
        self._rooms: list[Alarm] = []
        self._backups = [
            BoundedLook(f"room on {label}", partial(self._backup, folder), _none)
            for label, folder in backups.items()
        ]
        self._second = BoundedLook("room on second", partial(self._low, second, floor), _none)

    def alarms(self) -> list[Alarm]:
        """What runs full, and what has not moved for a while although something works on it."""
        found = [
            Alarm(AlarmCode.MEDIUM_STALLS, {"where": where, "seconds": f"{seconds:.0f}"})
            for where, seconds in sorted(stalled().items())
        ]
        if time.monotonic() - self._looked_at_s >= LOOK_S:
            self._rooms = self._look()
            self._looked_at_s = time.monotonic()
        return found + self._rooms

    def _look(self) -> list[Alarm]:
        second = self._second()
        rooms = [room for look in self._backups if (room := look()) is not None]
        found = [Alarm(AlarmCode.SECOND_NEARLY_FULL, second)] if second is not None else []
        return found + [Alarm(AlarmCode.BACKUP_NEARLY_FULL, room) for room in rooms]

    def _backup(self, folder: Path) -> dict[str, str] | None:
        try:
            size = self._store.stat().st_size
        except OSError:
            return None  # an alarm of its own
        return self._low(folder, backup_needs(size, self._floor))

    def _low(self, folder: Path, needed: int) -> dict[str, str] | None:
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            return None  # it is not there: an alarm of its own
        if free >= needed:
            return None
        figures = {"free": str(free // MIB), "needed": str(-(-needed // MIB))}
        return {"folder": str(folder), **figures}


def _none() -> None:
    return None
