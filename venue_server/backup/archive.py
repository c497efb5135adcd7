"""One backup archive on one medium: written durably, then read back from the device.

An archive ``<session>-<exam time ms>.kdbackup`` is an uncompressed tar (POSIX.1-2001, pax) with, in
this order:

    contents.json    {"format": "kaodian-backup/1", "session_id", "made_at_ms",
                      "members": [{"name", "size", "sha256"}, …]} in the order that follows
    store.sqlite3    the primary store, consistent, journal_mode=DELETE
    ledger/NAME      each ledger file, to its last whole line or beyond
    extra/NAME       what the caller adds (the answer keys sealed to headquarters)

Answers inside the store are encrypted under keys that are not in the archive (L07).
"""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import IO, BinaryIO, cast
from urllib.parse import quote

from venue_server.backup.store import snapshot
from venue_server.storage.devices import disks_under
from venue_server.storage.files import READ_SIZE, replacing, stamped
from venue_server.storage.media_lanes import SYNC_BYTES, beat

FORMAT = "kaodian-backup/1"
SUFFIX = ".kdbackup"


class BackupFault(Exception):
    """A medium did not take the archive, or gave back something else."""


@dataclass(frozen=True)
class Written:
    """An archive that reads back as it was written. ``device`` names the disks it lies on
    (storage/devices.py), ``serial`` what the device says it is, ``size`` in bytes."""

    file: Path
    sha256: str
    device: str
    serial: str = ""
    size: int = 0


def _no_serial(_folder: Path) -> str:
    return ""


@dataclass(frozen=True)
class ArchiveOrder:
    """What one archive holds: ``sources`` maps member names to files, beside the store."""

    session_id: str
    made_at_ms: int
    store: Path
    sources: Mapping[str, Path]


class _Hashing:
    """A file that hashes what is written through it, and stops when nobody waits any more."""

    def __init__(self, handle: BinaryIO, abandoned: Event) -> None:
        self._handle = handle
        self._abandoned = abandoned
        self._unsynced = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        if self._abandoned.is_set():
            raise BackupFault("too slow; abandoned")
        self.digest.update(data)
        written = self._handle.write(data)
        self._unsynced += written
        if self._unsynced >= SYNC_BYTES:
            self._handle.flush()
            os.fdatasync(self._handle.fileno())
            self._unsynced = 0
        beat()
        return written


def write_archive(
    folder: Path,
    order: ArchiveOrder,
    abandoned: Event,
    serial_of: Callable[[Path], str] = _no_serial,
) -> Written:
    """Write, sync, read back from the device and compare. Blocking; raises BackupFault.

    The medium must be there already: a missing folder is never made, because an unmounted
    removable medium would then silently become a folder on the system disk.
    """
    name = quote(order.session_id, safe="")
    target = folder / f"{name}-{order.made_at_ms}{SUFFIX}"
    copy = folder / f".{target.name}.store"
    try:
        for ending in (f"{SUFFIX}.store", f"{SUFFIX}.part"):  # of an attempt that was killed
            for leftover in stamped(folder, f".{name}", ending):
                leftover.unlink()
        copy.touch(mode=0o600, exist_ok=False)
        snapshot(order.store, copy)
        with replacing(target) as handle:
            sink = _Hashing(handle, abandoned)
            _write_tar(sink, order, copy)
        written = sink.digest.hexdigest()
        if read_back(target) != written:
            raise BackupFault("reads back differently")
        disks = ",".join(sorted(disks_under(folder)))
        return Written(target, written, disks, serial_of(folder), target.stat().st_size)
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise BackupFault(str(error)) from error
    finally:
        _discard(copy)


def _discard(copy: Path) -> None:
    for leftover in (copy, copy.with_name(f"{copy.name}-journal")):
        try:
            leftover.unlink(missing_ok=True)
        except OSError:
            return  # the medium is gone, and its temporary file with it


def read_back(path: Path) -> str:
    """SHA-256 of a file as the device has it: the page cache is told to forget it first."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)  # dirty pages cannot be dropped
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        digest = hashlib.sha256()
        while piece := os.read(fd, READ_SIZE):
            digest.update(piece)
            beat()
        return digest.hexdigest()
    finally:
        os.close(fd)


def _write_tar(sink: _Hashing, order: ArchiveOrder, store: Path) -> None:
    # Sizes are taken once: a ledger that grows while it is copied is cut where it was looked at.
    files = {"store.sqlite3": store, **order.sources}
    sizes = {name: path.stat().st_size for name, path in files.items()}
    members = [
        {"name": name, "size": sizes[name], "sha256": _sha256_of_first(path, sizes[name])}
        for name, path in files.items()
    ]
    contents = {
        "format": FORMAT,
        "session_id": order.session_id,
        "made_at_ms": order.made_at_ms,
        "members": members,
    }
    with tarfile.open(
        fileobj=cast(IO[bytes], sink), mode="w|", format=tarfile.PAX_FORMAT
    ) as archive:
        _add(archive, "contents.json", order.made_at_ms, io.BytesIO(json.dumps(contents).encode()))
        for name, path in files.items():
            with path.open("rb") as handle:
                _add(archive, name, order.made_at_ms, handle, sizes[name])


def _add(
    archive: tarfile.TarFile, name: str, at_ms: int, handle: BinaryIO, size: int | None = None
) -> None:
    info = tarfile.TarInfo(name)
    info.mtime = at_ms // 1000
    info.mode = 0o600
    info.size = handle.seek(0, os.SEEK_END) if size is None else size
    handle.seek(0)
    archive.addfile(info, handle)


def _sha256_of_first(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while size > 0 and (piece := handle.read(min(size, READ_SIZE))):
            digest.update(piece)
            size -= len(piece)
            beat()
    return digest.hexdigest()


def check_archive(path: Path, sha256: str) -> list[str]:
    """Every member's name when the archive is what was recorded; raises BackupFault.

    The way to prove an old backup again, from the file and its recorded digest alone.
    """
    try:
        if read_back(path) != sha256:
            raise BackupFault("differs from its recorded digest")
        with tarfile.open(path) as archive:
            return [member.name for member in archive.getmembers()]
    except (OSError, tarfile.TarError) as error:
        raise BackupFault(str(error)) from error
