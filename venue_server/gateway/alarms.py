"""What is out of order now, in one place: shown on every console and by ``status``."""

from collections.abc import Callable

from venue_server.wire.alarms import Alarm, AlarmCode

AlarmSource = Callable[[], list[Alarm]]
"""Looks at one thing that can be out of order; the alarms there are about it now."""


class Alarms:
    """The sources, asked anew each time: an alarm that is over disappears by itself."""

    def __init__(self, sources: list[AlarmSource], backup_ready: Callable[[], bool]) -> None:
        self._sources = list(sources)
        self._backup_ready = backup_ready

    def also(self, source: AlarmSource) -> None:
        """One more source, less serious than those before."""
        self._sources.append(source)

    def current(self) -> list[Alarm]:
        """Every alarm there is now, most serious source first."""
        return [alarm for source in self._sources for alarm in source()]

    def there_is(self, code: AlarmCode) -> bool:
        """Is this one of them?"""
        return any(alarm.code is code for alarm in self.current())

    def backup_ready(self) -> bool:
        """Second copy and backup folders are usable."""
        return self._backup_ready()
