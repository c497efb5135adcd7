"""The second copy of every answer: an append-only file on another device.

The file is open only while the right medium is there: on a wrong or missing one nothing is written,
and after its return the file is read again before anything is added. A server holds it alone:
another one, over a copy of the data folder, would cut off what this one just wrote (R9).

Frames: u32 length | u32 CRC-32 of the body | body, big-endian; a body is one msgpack array
[sitting_id, seq, hash, sealed, received_at_ms, session_id]. A torn last frame and an end of zeros
(power loss) are cut at opening; a damaged frame before the end is a fault, because hardly anything
but damage explains it: the file is kept aside and written anew from the primary.
"""

import fcntl
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

import msgspec

from venue_server.storage.files import READ_SIZE, sync_directory
from venue_server.storage.medium import MediumProblem
from venue_server.storage.primary import PROBE, write_probe
from venue_server.wire.alarms import Alarm, AlarmCode

_FRAME = struct.Struct(">II")
SECOND_COPY = "responses.journal"
"""The file's name on its medium."""
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


def frame_of(response: StoredResponse) -> bytes:
    """One answer as it lies in the file."""
    body = _encoder.encode(response)
    return _FRAME.pack(len(body), zlib.crc32(body)) + body


class SecondCopyFault(Exception):
    """The second device cannot be written; the administrator must act. ``alarm`` says why."""

    def __init__(self, alarm: Alarm) -> None:
        super().__init__(alarm.text("en"))
        self.alarm = alarm


class SecondCopyAbsent(SecondCopyFault):
    """The medium is not there, or another one is; nothing was touched."""


class SecondCopyInUse(SecondCopyFault):
    """Another process has it; nothing was touched."""


class SecondCopyDamaged(SecondCopyFault):
    """The file does not read back as it was written."""


_ABSENT = {
    MediumProblem.MISSING: AlarmCode.SECOND_MISSING,
    MediumProblem.UNMARKED: AlarmCode.SECOND_MISSING,
    MediumProblem.FOREIGN: AlarmCode.SECOND_FOREIGN,
    MediumProblem.SAME_DEVICE: AlarmCode.SECOND_SAME_DEVICE,
    MediumProblem.HANGS: AlarmCode.SECOND_HANGS,
}


def _nothing_wrong() -> MediumProblem | None:
    return None


def in_use(path: Path) -> bool:
    """Does another server hold the second copy at ``path``? Looks, and holds nothing itself."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _lock(fd)
    finally:
        os.close(fd)


def _lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_frames(path: Path) -> Iterator[tuple[int, StoredResponse]]:
    """Yield (end offset, response). Stops at a torn tail; raises SecondCopyDamaged."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        offset = 0
        while header := handle.read(_FRAME.size):
            if len(header) < _FRAME.size:
                return
            length, crc = _FRAME.unpack(header)
            end = offset + _FRAME.size + length
            body = handle.read(length) if length <= MAX_BODY else b""
            # Nothing at all has the CRC 0: a header of zeros was never written.
            if length == 0 or zlib.crc32(body) != crc or len(body) != length:
                if end >= size or _written_behind(handle, offset) <= end:
                    return
                raise _damaged(path, offset)
            try:
                response = _decoder.decode(body)
            except msgspec.DecodeError as error:
                raise _damaged(path, offset) from error
            offset = end
            yield end, response


def _written_behind(handle: BinaryIO, offset: int) -> int:
    """Where the bytes behind ``offset`` end that are not the zeros of blocks which a power cut left
    unwritten (R2)."""
    handle.seek(offset)
    place = end = offset
    while piece := handle.read(READ_SIZE):
        written = len(piece.rstrip(b"\0"))
        end = place + written if written else end
        place += len(piece)
    return end


def _damaged(path: Path, offset: int) -> SecondCopyDamaged:
    args = {"file": path.name, "byte": str(offset)}
    return SecondCopyDamaged(Alarm(AlarmCode.SECOND_DAMAGED, args))


class SecondCopy:
    """The file on the second device. Calls come from one thread. ``problem`` looks whether the
    right medium is there; ``alone``: no other process may have it open so."""

    def __init__(
        self,
        path: Path,
        problem: Callable[[], MediumProblem | None] = _nothing_wrong,
        alone: bool = False,
    ) -> None:
        self._path = path
        self._problem = problem
        self._alone = alone
        self._fd: int | None = None
        self._end = 0
        self._torn = False
        if not alone and problem() is None:
            with suppress(OSError):  # recover() tries again, and says what is wrong
                self._fd = self._open()

    def check(self) -> None:
        """Raises SecondCopyAbsent, and lets go of the file, unless the right medium is there and
        what is open is still what lies there."""
        problem = self._problem()
        if problem is None and self._fd is not None and self._is_elsewhere(self._fd):
            problem = MediumProblem.MISSING
        if problem is not None:
            self.close()
            raise SecondCopyAbsent(Alarm(_ABSENT[problem], {"folder": str(self._path.parent)}))

    def prove(self) -> None:
        """Open it and sync it once, before anything long is begun with it: a device that answers
        looks and hangs at the first write must not hold up a start (R3). Raises SecondCopyFault."""
        self.check()
        try:
            self._fd = self._open() if self._fd is None else self._fd
            os.fsync(self._fd)
        except OSError as error:
            raise self.failing(error) from error

    def _is_elsewhere(self, fd: int) -> bool:
        """A disk that went and came back is mounted anew: the old descriptor leads nowhere."""
        try:
            there, held = self._path.stat(), os.fstat(fd)
        except OSError:
            return True
        return (there.st_dev, there.st_ino) != (held.st_dev, held.st_ino)

    def failing(self, error: OSError) -> SecondCopyFault:
        """The fault of a device that refuses."""
        args = {"folder": str(self._path.parent), "system": error.strerror or str(error)}
        return SecondCopyFault(Alarm(AlarmCode.SECOND_FAILING, args))

    def hanging(self, seconds: float) -> SecondCopyFault:
        """The fault of a device that answers nothing at all."""
        args = {"folder": str(self._path.parent), "seconds": f"{seconds:g}"}
        return SecondCopyFault(Alarm(AlarmCode.SECOND_HANGS, args))

    def _open(self) -> int:
        fresh = not self._path.exists()
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        if self._alone and not _lock(fd):
            os.close(fd)
            args = {"folder": str(self._path.parent)}
            raise SecondCopyInUse(Alarm(AlarmCode.SECOND_IN_USE, args))
        if fresh:
            sync_directory(self._path.parent)
        return fd

    def recover(self) -> Iterator[StoredResponse]:
        """Every whole frame, oldest first; afterwards a torn tail is cut off.

        Opens the file when it is not. Raises SecondCopyAbsent, SecondCopyDamaged, or
        SecondCopyFault when the disk refuses.
        """
        self.check()
        try:
            fd = self._fd = self._open() if self._fd is None else self._fd
            whole = 0
            for end, response in _read_frames(self._path):
                whole = end
                yield response
            os.ftruncate(fd, whole)
            os.fsync(fd)
        except OSError as error:
            raise self.failing(error) from error
        self._end, self._torn = whole, False

    def probe(self) -> None:
        """Does the device take writes? Asked while there is nothing to write: a disk that became
        read-only, full or broken must not wait for the next answer to be noticed (R3). Raises
        SecondCopyFault."""
        self.check()
        try:
            write_probe(self._path.with_name(PROBE))
        except OSError as error:
            raise self.failing(error) from error

    @property
    def folder(self) -> str:
        """Where it lies."""
        return str(self._path.parent)

    def sealed_of(self, sitting_id: str) -> dict[int, bytes]:
        """Sequence to sealed entry of one sitting, as far as the file can be read; from any
        thread. It reads the whole file: for when the primary is damaged."""
        found: dict[int, bytes] = {}
        with suppress(OSError, SecondCopyFault):
            for _end, response in _read_frames(self._path):
                if response.sitting_id == sitting_id:
                    found[response.seq] = response.sealed
        return found

    def has(self, ends: Mapping[str, tuple[int, str]]) -> set[str]:
        """The sittings whose (sequence, hash) lies in the file, as far as it can be read; from any
        thread. Empty when the right medium is not there."""
        found: set[str] = set()
        with suppress(OSError, SecondCopyFault):
            if self._problem() is None:
                for _end, each in _read_frames(self._path):
                    if ends.get(each.sitting_id) == (each.seq, each.hash):
                        found.add(each.sitting_id)
        return found

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
            raise self.failing(error) from error
        self.close()
        self._fd, self._end, self._torn = fresh, 0, False

    def append(self, responses: Iterable[StoredResponse]) -> None:
        """Write and fsync; durable on return. Raises SecondCopyFault with nothing half kept, also
        on a medium that came back and was not levelled yet."""
        self.check()
        fd = self._fd
        if fd is None:
            args = {"folder": str(self._path.parent)}
            raise SecondCopyAbsent(Alarm(AlarmCode.SECOND_MISSING, args))
        frames = b"".join(map(frame_of, responses))
        try:
            if self._torn:
                os.ftruncate(fd, self._end)
                self._torn = False
            view = memoryview(frames)
            while view:
                view = view[os.write(fd, view) :]
            os.fsync(fd)
        except OSError as error:
            self._undo(fd)
            raise self.failing(error) from error
        self._end += len(frames)

    def _undo(self, fd: int) -> None:
        try:
            os.ftruncate(fd, self._end)
        except OSError:
            self._torn = True  # cut before the next append, or by recovery

    def close(self) -> None:
        """Close the file, if it is open."""
        fd, self._fd = self._fd, None
        if fd is not None:
            with suppress(OSError):  # a disk that is gone
                os.close(fd)
