"""What is out of order now, in one place: shown on every console and by ``status``."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class AlarmSource:
    """One thing that can be out of order; ``problem`` says how, or nothing."""

    name: str
    problem: Callable[[], str]


class Alarms:
    """The sources, asked anew each time: an alarm that is over disappears by itself."""

    def __init__(self, sources: list[AlarmSource], backup_ready: Callable[[], bool]) -> None:
        self._sources = list(sources)
        self._backup_ready = backup_ready

    def also(self, source: AlarmSource) -> None:
        """One more source, less serious than those before."""
        self._sources.append(source)

    def current(self) -> list[str]:
        """Every problem there is now, most serious source first."""
        return [problem for source in self._sources if (problem := source.problem())]

    def problem(self, name: str) -> str:
        """What is wrong with one source now, or nothing."""
        return next((source.problem() for source in self._sources if source.name == name), "")

    def backup_ready(self) -> bool:
        """Second copy and backup folders are usable."""
        return self._backup_ready()
