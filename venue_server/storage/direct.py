"""Large files past the page cache (open(2), O_DIRECT), where the system can; else through it.

A paper of some gigabytes is read once and written once. Through the cache each byte would cost a
copy and a fresh page, and push out what the server lives on while it serves a hall. What a file
system refuses (EINVAL) is done through the cache, with the same result.
"""

import contextlib
import errno
import fcntl
import mmap
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

ALIGNMENT = 4096
"""Offsets, lengths and memory of direct transfers are multiples of this."""


def room_for(length: int) -> mmap.mmap:
    """Aligned memory in which ``length`` bytes from any offset of a file find room."""
    room = mmap.mmap(-1, (length // ALIGNMENT + 2) * ALIGNMENT)
    if hasattr(mmap, "MADV_HUGEPAGE"):  # one page to pin for a transfer in place of hundreds
        with contextlib.suppress(OSError):
            room.madvise(mmap.MADV_HUGEPAGE)
    return room


class DirectReader:
    """One file to read from at any offset, also from several threads. A context manager."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        _set_direct(self._fd, True)

    def __enter__(self) -> "DirectReader":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        os.close(self._fd)

    def read(self, offset: int, length: int, room: mmap.mmap) -> memoryview:
        """``length`` bytes from ``offset``, fewer at the end of the file, as a view of ``room``,
        which must be :func:`room_for` at least as many. Raises OSError."""
        skip = offset % ALIGNMENT
        wanted = -(-(skip + length) // ALIGNMENT) * ALIGNMENT
        view = memoryview(room)[:wanted]
        got = self._fill(view, offset - skip)
        return view[skip : min(skip + length, got)] if got > skip else view[:0]

    def _fill(self, view: memoryview, offset: int) -> int:
        try:
            return os.preadv(self._fd, [view], offset)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            _set_direct(self._fd, False)
            return os.preadv(self._fd, [view], offset)


class DirectWriter:
    """Writes a file from its beginning to its end; the fsync stays with the file's owner."""

    def __init__(self, file: BinaryIO) -> None:
        self._fd = file.fileno()
        self._at = 0
        _set_direct(self._fd, True)

    def write(self, data: memoryview) -> None:
        """Append. Past the cache goes what lies in a :func:`room_for` from its beginning and is a
        multiple of ALIGNMENT long; from the first odd byte on, all the rest goes through it.
        Raises OSError, a full disk among them."""
        odd = len(data) % ALIGNMENT
        self._append(data[: len(data) - odd])
        if odd:
            _set_direct(self._fd, False)
            self._append(data[len(data) - odd :])

    def _append(self, left: memoryview) -> None:
        while left:
            done = self._put(left)
            left, self._at = left[done:], self._at + done
            if done % ALIGNMENT:
                _set_direct(self._fd, False)  # the rest would not lie on a boundary

    def _put(self, data: memoryview) -> int:
        try:
            return os.pwrite(self._fd, data, self._at)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            _set_direct(self._fd, False)
            return os.pwrite(self._fd, data, self._at)


def _set_direct(fd: int, direct: bool) -> None:
    flags = fcntl.fcntl(fd, fcntl.F_GETFL)
    wanted = flags | os.O_DIRECT if direct else flags & ~os.O_DIRECT
    try:
        fcntl.fcntl(fd, fcntl.F_SETFL, wanted)
    except OSError as error:
        if not direct or error.errno != errno.EINVAL:
            raise
