"""Perform and revert: a step's name is on disk before the step is done (STYLE, habit 8).

A station that lost power in lock-down finds the file at the next start, reverts what was named
and tells the invigilators that it restarted (H10).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from candidate_station.answers.durable import (
    make_private_folder,
    sync_folder,
    write_private_file,
)

FILE_NAME = "lockdown.json"


class Step(Protocol):
    """One thing that is changed. ``revert`` must bear being called when nothing was performed."""

    @property
    def name(self) -> str: ...

    def perform(self) -> None: ...

    def revert(self) -> None: ...


class _Record(msgspec.Struct):
    """The restore file: the steps begun, oldest first."""

    begun: list[str]


class Lockdown:
    """The steps of one station, performed in order and reverted in the opposite one."""

    def __init__(self, data_dir: Path, steps: Sequence[Step]) -> None:
        self._file = data_dir / FILE_NAME
        self._steps = {step.name: step for step in steps}
        self._begun: list[str] = []

    def recover(self) -> bool:
        """Revert what an interrupted lock-down left. True when there was one. Raises OSError."""
        if not self._file.exists():
            return False
        self._begun = self._read()
        self.leave()
        return True

    def enter(self) -> None:
        """Perform every step. Raises OSError when the undo cannot be written down first."""
        make_private_folder(self._file.parent)
        for name, step in self._steps.items():
            self._begun.append(name)
            write_private_file(self._file, msgspec.json.encode(_Record(self._begun)))
            step.perform()

    def leave(self) -> None:
        """Revert what was begun, newest first, and remove the restore file."""
        while self._begun:
            self._steps[self._begun.pop()].revert()
        self._file.unlink(missing_ok=True)
        if self._file.parent.is_dir():
            sync_folder(self._file.parent)

    def _read(self) -> list[str]:
        """The steps named in the file; all of them when it is unreadable: too much undo is safe."""
        try:
            named = msgspec.json.decode(self._file.read_bytes(), type=_Record).begun
        except msgspec.DecodeError:
            named = list(self._steps)
        return [name for name in named if name in self._steps]
