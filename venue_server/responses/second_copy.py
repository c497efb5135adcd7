"""The second copy of every answer: an append-only file on another device.

Frames: u32 length | u32 CRC-32 of the body | body, big-endian; a body is one msgpack array
[sitting_id, seq, hash, sealed, received_at_ms, session_id]. A torn last frame (power loss) is cut
at opening; a damaged frame before the end is a fault, because nothing but damage explains it.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import msgspec

from venue_server.storage.files import sync_directory

_FRAME = struct.Struct(">II")
MAX_BODY = 4 * 1024 * 1024


class StoredResponse(msgspec.Struct, frozen=True, array_like=True):
    """One accepted answer as both copies keep it; ``sealed`` is unreadable without the key."""

    sitting_id: str
    seq: int
    hash: str
    sealed: bytes
    received_at_ms: int
    session_id: str


_decoder = msgspec.msgpack.Decoder(StoredResponse)
_encoder = msgspec.msgpack.Encoder()


class SecondCopyFault(Exception):
    """The second device cannot be written or its file is damaged; the administrator must act."""


def _read_frames(path: Path) -> Iterator[tuple[int, StoredResponse]]:
    """Yield (end offset, response). Stops at a torn tail; raises SecondCopyFault on damage."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        offset = 0
        while header := handle.read(_FRAME.size):
            if len(header) < _FRAME.size:
                return
            length, crc = _FRAME.unpack(header)
            end = offset + _FRAME.size + length
            body = handle.read(length) if length <= MAX_BODY else b""
            if zlib.crc32(body) != crc or len(body) != length:
                if end >= size:
                    return
                raise SecondCopyFault(f"{path.name}: damaged frame at byte {offset}")
            offset = end
            yield end, _decoder.decode(body)


class SecondCopy:
    """The open file. Appends come from one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = self._open()
        self._end = 0
        self._torn = False

    def _open(self) -> int:
        fresh = not self._path.exists()
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        if fresh:
            sync_directory(self._path.parent)
        return fd

    def recover(self) -> Iterator[StoredResponse]:
        """Every whole frame, oldest first; afterwards a torn tail is cut off."""
        self._end = 0
        for end, response in _read_frames(self._path):
            self._end = end
            yield response
        os.ftruncate(self._fd, self._end)
        os.fsync(self._fd)
        self._torn = False

    def set_aside(self) -> None:
        """Keep a damaged file under another name, for whoever investigates, and begin anew.
        Raises SecondCopyFault."""
        name = next(
            each
            for number in count(1)
            if not (each := self._path.with_name(f"{self._path.name}.damaged-{number}")).exists()
        )
        try:
            self._path.rename(name)
            fresh = self._open()
        except OSError as error:
            raise SecondCopyFault(str(error)) from error
        os.close(self._fd)
        self._fd, self._end, self._torn = fresh, 0, False

    def append(self, responses: Iterable[StoredResponse]) -> None:
        """Write and fsync; durable on return. Raises SecondCopyFault with nothing half kept."""
        frames = bytearray()
        for response in responses:
            body = _encoder.encode(response)
            frames += _FRAME.pack(len(body), zlib.crc32(body)) + body
        try:
            if self._torn:
                os.ftruncate(self._fd, self._end)
                self._torn = False
            view = memoryview(frames)
            while view:
                view = view[os.write(self._fd, view) :]
            os.fsync(self._fd)
        except OSError as error:
            self._undo()
            raise SecondCopyFault(str(error)) from error
        self._end += len(frames)

    def _undo(self) -> None:
        try:
            os.ftruncate(self._fd, self._end)
        except OSError:
            self._torn = True  # cut before the next append, or by recovery

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)
