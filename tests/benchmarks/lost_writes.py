"""A disk after a power cut, from the operations that a trace saw: only what was synced is sure.

POSIX, strictly: written bytes are durable once an fsync of their file that began after them has
ended; a name is durable once its folder was synced. Everything else may be there, may not, or may
be there in part: sectors of 512 bytes are written whole or not at all.
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from trace_reading import (
    Begun,
    Cut,
    Opened,
    Operation,
    Removed,
    Renamed,
    Sought,
    Synced,
    Wrote,
)

SECTOR = 512
Change = tuple[int, bytes | None]  # offset and bytes; None: the file ends at the offset


@dataclass
class _File:
    """What every reader sees, what a power cut leaves, and the changes between the two."""

    seen: bytearray = field(default_factory=bytearray)
    sure: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)
    position: int = 0
    appending: bool = False

    def change(self, change: Change) -> None:
        self.pending.append(change)
        _apply(self.seen, change)

    def sync(self, count: int) -> None:
        for change in self.pending[:count]:
            _apply(self.sure, change)
        del self.pending[:count]

    def torn(self, chance: Random) -> bytes:
        """The sure bytes with some sectors of some of the rest."""
        content = bytearray(self.sure)
        for offset, data in self.pending:
            if data is None:
                if chance.random() < 0.5:
                    _apply(content, (offset, None))
                continue
            for begin in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    _apply(content, (offset + begin, data[begin : begin + SECTOR]))
        return bytes(content)


@dataclass(frozen=True)
class _Naming:
    folder: str
    added: dict[str, _File]
    removed: tuple[str, ...]


class Disk:
    """The files below one folder. ``base`` is what was durable before the trace began."""

    def __init__(self, base: dict[str, bytes]) -> None:
        self._names = {path: _File(bytearray(data), bytearray(data)) for path, data in base.items()}
        self._sure_names = dict(self._names)
        self._namings: list[_Naming] = []
        self._begun: dict[int, int] = {}

    def take(self, operation: Operation) -> None:
        """The next thing that happened."""
        match operation:
            case Opened(path, made, emptied, appending) if made or path in self._names:
                self._open(path, emptied, appending)
            case Wrote(path, data, offset):
                self._write(path, data, offset)
            case Sought(path, position) if path in self._names:
                self._names[path].position = position
            case Cut(path, size) if path in self._names:
                self._names[path].change((size, None))
            case Begun(path, pid):
                file = self._names.get(path)
                self._begun[pid] = len(self._namings) if file is None else len(file.pending)
            case Synced(path, pid):
                self._sync(path, self._begun.pop(pid))
            case Renamed(source, target, kept) if source in self._names:
                file = self._names[source]
                self._name(target, {target: file}, () if kept else (source,))
            case Removed(path) if path in self._names:
                self._name(path, {}, (path,))

    def _open(self, path: str, emptied: bool, appending: bool) -> None:
        if path not in self._names:
            self._name(path, {path: _File()}, ())
        file = self._names[path]
        file.position, file.appending = 0, appending
        if emptied and file.seen:
            file.change((0, None))

    def _write(self, path: str, data: bytes, offset: int | None) -> None:
        file = self._names.get(path)
        if file is None:
            return
        if offset is None:
            offset = len(file.seen) if file.appending else file.position
            file.position = offset + len(data)
        file.change((offset, data))

    def _name(self, path: str, added: dict[str, _File], removed: tuple[str, ...]) -> None:
        self._namings.append(_Naming(str(Path(path).parent), added, removed))
        _rename(self._names, self._namings[-1])

    def _sync(self, path: str, count: int) -> None:
        file = self._names.get(path)
        if file is not None:
            file.sync(count)
            return
        for naming in [each for each in self._namings[:count] if each.folder == path]:
            _rename(self._sure_names, naming)
            self._namings.remove(naming)

    def after_a_cut(self, chance: Random | None = None) -> dict[str, bytes]:
        """Every file as the next start finds it; with ``chance`` some unsynced writes are there."""
        names = dict(self._sure_names)
        if chance is None:
            return {path: bytes(file.sure) for path, file in names.items()}
        # A journal of a file system keeps the order of names: some first ones of the rest.
        for naming in self._namings[: chance.randint(0, len(self._namings))]:
            _rename(names, naming)
        return {path: file.torn(chance) for path, file in names.items()}


def _rename(names: dict[str, _File], naming: _Naming) -> None:
    for path in naming.removed:
        names.pop(path, None)
    names.update(naming.added)


def _apply(content: bytearray, change: Change) -> None:
    offset, data = change
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
