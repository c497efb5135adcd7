"""Reading any file as bytes inside a process that has stores open, without taking SQLite's locks.

POSIX drops every lock that a process holds on a file as soon as it closes *any* descriptor of the
file (sqlite.org/howtocorrupt.html, 2.2). A plain ``open`` and ``close`` of a store's own file would
let another program truncate the index under the server's feet, or begin a log of its own. So the
files of a store that was opened here are read through descriptors that are kept until the program
ends: one a file, however often it is read.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Readable(Protocol):
    """What is read from its beginning, piece by piece; nothing comes at its end."""

    def read(self, size: int, /) -> bytes: ...


_ENDINGS = ("", "-wal", "-shm", "-journal")
_lock = threading.Lock()
_stores: set[str] = set()
_kept: dict[tuple[int, int], int] = {}  # device and inode: descriptor


def is_a_store(path: Path) -> None:
    """``path`` is opened as a store by this process."""
    with _lock:
        _stores.update(os.path.realpath(path) + ending for ending in _ENDINGS)


@contextmanager
def bytes_of(path: Path) -> Iterator[Readable]:
    """``path`` for reading from its beginning, as open(…, "rb") gives it. Raises OSError."""
    if os.path.realpath(path) in _stores:
        yield _Kept(_descriptor(path))
        return
    with path.open("rb") as handle:
        yield handle


def _descriptor(path: Path) -> int:
    with _lock:
        found = path.stat()
        descriptor = _kept.get((found.st_dev, found.st_ino))
        if descriptor is None:  # never closed, and never opened twice: see above
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            opened = os.fstat(descriptor)
            _kept[opened.st_dev, opened.st_ino] = descriptor
        return descriptor


class _Kept:
    """A position of its own over a descriptor that stays open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def read(self, size: int, /) -> bytes:
        data = os.pread(self._descriptor, size, self._at)
        self._at += len(data)
        return data
