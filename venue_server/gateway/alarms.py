"""What is out of order now, in one place: shown on every console and by ``status``."""

from collections.abc import Callable
from contextlib import suppress

from venue_server.storage.engine import StoreFault
from venue_server.wire.alarms import Alarm

AlarmSource = Callable[[], list[Alarm]]
"""Looks at one thing that can be out of order; the alarms there are about it now."""


class Alarms:
    """The sources, asked anew each time: an alarm that is over disappears by itself."""

    def __init__(
        self,
        sources: list[AlarmSource],
        backup_ready: Callable[[], bool],
        disk_ready: Callable[[], bool],
    ) -> None:
        self._sources = list(sources)
        self.backup_ready = backup_ready
        """Second copy and backup folders are usable."""
        self.disk_ready = disk_ready
        """The disk's reserve is held."""

    def also(self, source: AlarmSource) -> None:
        """One more source, less serious than those before."""
        self._sources.append(source)

    def current(self) -> list[Alarm]:
        """Every alarm there is now, most serious source first. What can only be known from a disk
        that does not answer is left out: that it does not is an alarm itself (R3)."""
        found: list[Alarm] = []
        for source in self._sources:
            with suppress(StoreFault, OSError):
                found += source()
        return found
