"""The station's own journal of one sitting: append-only, fsynced, encrypted (H07, H10, L11).

Promise: when :meth:`Journal.append` returns, its entries survive kill -9 and a power cut (as far
as the disk tells the truth about fsync). When it raises, nothing is claimed, and the same entries
can be appended again. Opening never changes a finished record: an unfinished tail is cut, a
damaged file is set aside whole.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from candidate_station.answers.durable import sync_folder, write_all, write_private_file
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import (
    FILE_HEADER_SIZE,
    FILE_NAME,
    chained,
    file_header,
    read_past_errors,
    right_key,
    scan,
    seal_record,
)

_encoder = msgspec.json.Encoder()


class JournalError(Exception):
    """The station's disk refused, or the journal is in use: call the system administrator."""


@dataclass(frozen=True)
class Recovery:
    """What was found at opening.

    ``entries`` is the unbroken chain from the first entry on. ``cut`` counts bytes of a write
    that never finished. ``quarantine`` names the file set aside because it was damaged, and
    ``salvaged`` every readable entry behind damage, also of what an earlier start set aside: until
    the server fills the gap they fit nowhere, and a station may be started again before that.
    """

    entries: tuple[ResponseEntry, ...] = ()
    cut: int = 0
    quarantine: Path | None = None
    salvaged: tuple[ResponseEntry, ...] = ()


class Journal:
    """One open journal file; one process at a time holds it (flock)."""

    def __init__(self, descriptor: int, sitting_id: str, key: bytes) -> None:
        self._descriptor = descriptor
        self._sitting_id = sitting_id
        self._header = file_header(sitting_id)
        self._key = key
        self._cipher = AESGCM(key)
        self._end = FILE_HEADER_SIZE
        self._count = 0

    @classmethod
    def open(cls, folder: Path, sitting_id: str, key: bytes) -> tuple[Self, Recovery]:
        """Open or create the journal in ``folder`` (which exists). Raises JournalError."""
        path = folder / FILE_NAME
        try:
            journal = cls(_open_locked(path), sitting_id, key)
            with journal._closed_unless_open():
                recovery = journal._recover(path)
                if recovery.quarantine is not None:
                    journal.close()
                    journal._descriptor = _open_locked(path)
                    journal._recover(path)
                recovery = replace(recovery, salvaged=journal._salvaged(path, recovery.entries))
        except OSError as error:
            raise JournalError(f"cannot open the journal: {error.strerror}") from error
        return journal, recovery

    @contextmanager
    def _closed_unless_open(self) -> Iterator[None]:
        """A disk that refuses once must not leave the file locked against every later try."""
        try:
            yield
        except OSError:
            self.close()
            raise

    def append(self, entries: tuple[ResponseEntry, ...]) -> None:
        """Make ``entries`` durable, all with one fsync. Raises JournalError: nothing is claimed.

        A failed write or fsync leaves the file as long as it was before. The next try writes the
        same bytes anew, because a kernel may drop dirty pages after a failed fsync.
        """
        data = self._records(self._count, entries)
        try:
            os.ftruncate(self._descriptor, self._end)
            write_all(self._descriptor, data, self._end)
            os.fsync(self._descriptor)
        except OSError as error:
            raise JournalError(f"cannot write the journal: {error.strerror}") from error
        self._end += len(data)
        self._count += len(entries)

    def close(self) -> None:
        """Release the file; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _records(self, index: int, entries: tuple[ResponseEntry, ...]) -> bytes:
        return b"".join(
            seal_record(self._cipher, self._header, index + place, _encoder.encode(entry))
            for place, entry in enumerate(entries)
        )

    def _recover(self, path: Path) -> Recovery:
        data, holes = self._read(self._descriptor)
        self._cipher = AESGCM(right_key(data, self._key, self._header))
        found = scan(data, self._cipher, self._header, holes)
        entries, _ = chained(found, self._sitting_id)
        if found.damaged or len(entries) < len(found.records):
            aside = _set_aside(path)
            write_private_file(path, self._header + self._records(0, entries))
            return Recovery(entries, 0, aside)
        if len(data) < FILE_HEADER_SIZE:
            self._begin(path)
        elif found.torn:
            os.ftruncate(self._descriptor, found.end)
            os.fsync(self._descriptor)
        self._end = max(found.end, FILE_HEADER_SIZE)
        self._count = len(entries)
        return Recovery(entries, found.torn)

    def _salvaged(self, path: Path, held: tuple[ResponseEntry, ...]) -> tuple[ResponseEntry, ...]:
        """What the files set aside hold and the journal does not, in order."""
        known = {entry.hash for entry in held}
        found: dict[str, ResponseEntry] = {}
        for aside in path.parent.glob(f"{path.name}.damaged-*"):
            with suppress(OSError), aside.open("rb", buffering=0) as file:
                data, holes = self._read(file.fileno())
                kept = chained(scan(data, self._cipher, self._header, holes), self._sitting_id)
                found |= {entry.hash: entry for part in kept for entry in part}
        fresh = [entry for entry in found.values() if entry.hash not in known]
        return tuple(sorted(fresh, key=lambda entry: entry.seq))

    def _read(self, descriptor: int) -> tuple[bytes, bool]:
        return read_past_errors(lambda size, offset: os.pread(descriptor, size, offset))

    def _begin(self, path: Path) -> None:
        os.ftruncate(self._descriptor, 0)
        write_all(self._descriptor, self._header, 0)
        os.fsync(self._descriptor)
        sync_folder(path.parent)


def _open_locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _set_aside(path: Path) -> Path:
    """Give a damaged journal a second name that stays when the first gets a repaired file.

    Nothing of it is ever deleted before the wipe, and a crash in between only repeats this.
    """
    number = 1
    while (target := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    target.hardlink_to(path)
    sync_folder(path.parent)
    return target
