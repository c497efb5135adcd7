"""Writing sealed bundles to a removable medium, and finding receipts on one.

    <medium>/kaodian-hand-over/<bundle_id>/bundle.kdbundle   the bundle, byte for byte
    <medium>/kaodian-hand-over/<bundle_id>/hand-over.json    the signed record, once it is made
    <medium>/kaodian-hand-over/<bundle_id>/receipt.json      what headquarters puts there

A medium may be pulled or full at any byte: then nothing counts, and the half file is removed where
that is still possible.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from venue_server.backup.archive import read_back
from venue_server.storage.files import READ_SIZE, sync_directory, write_whole
from venue_server.storage.media_lanes import SYNC_BYTES, beat
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.twin import Twins
from venue_server.wire.refusals import Refusal, RefusalCode

FOLDER = "kaodian-hand-over"
BUNDLE, RECORD, RECEIPT = "bundle.kdbundle", "hand-over.json", "receipt.json"
_MOST_RECEIPT = 64 * 1024 * 1024
_MOST_FILES = 1000


def write_bundle(medium: Path, bundle: SealedBundle, twins: Twins) -> Path | Refusal:
    """Copy a bundle to the medium durably and read it back from the device; its folder there. One
    whose file is not what was sealed is taken from ``twins``.

    HND-03: no room, the medium fails, the disk's own copy is not what was sealed, or the medium
    gives other bytes back. Blocking.
    """
    place = medium / FOLDER / bundle.bundle_id
    target = place / BUNDLE
    part = place / f".{BUNDLE}.part"
    try:
        if shutil.disk_usage(medium).free < bundle.size:
            return Refusal(RefusalCode.EXPORT_FAILED, "no room")
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        sound, _ = twins.sound(bundle)
        if sound is None or _copy(sound, part) != bundle.sha256:
            return _failed(part, "the sealed file on the server differs from what was sealed")
        part.replace(target)
        for folder in (place, place.parent, medium):
            sync_directory(folder)
        if read_back(target) != bundle.sha256:
            return _failed(target, "reads back differently")
    except OSError as error:
        said = os.strerror(error.errno) if error.errno else type(error).__name__
        return _failed(part, said)
    return place


def _copy(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        unsynced = 0
        while piece := read.read(READ_SIZE):
            digest.update(piece)
            unsynced += write.write(piece)
            if unsynced >= SYNC_BYTES:
                write.flush()
                os.fdatasync(write.fileno())
                unsynced = 0
            beat()
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest()


def _failed(leftover: Path, why: str) -> Refusal:
    with contextlib.suppress(OSError):  # the medium may be gone, and the half file with it
        leftover.unlink(missing_ok=True)
    return Refusal(RefusalCode.EXPORT_FAILED, why)


def write_record(place: Path, document: bytes) -> bool:
    """Put the signed record beside its bundle; False when the medium is no longer there."""
    if not (place / BUNDLE).is_file():
        return False
    try:
        write_whole(place / RECORD, document)
    except OSError:
        return False
    return True


def receipts_on(path: Path) -> Iterator[bytes]:
    """What may be receipts: the named file, or every ``receipt*.json`` below the named folder.

    Links are not followed out of it, and only so many files of a sane size are looked at.
    Raises OSError.
    """
    if path.is_file():
        found = [path]
    else:
        places = (path, path / FOLDER, *sorted((path / FOLDER).glob("*")))
        found = [each for place in places for each in sorted(place.glob("receipt*.json"))]
    for each in found[:_MOST_FILES]:
        if not each.is_symlink() and each.stat().st_size <= _MOST_RECEIPT:
            yield each.read_bytes()
