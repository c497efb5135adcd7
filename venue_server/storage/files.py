"""Durable files: what POSIX promises, and nothing more.

A rename is atomic, but neither the data nor the name survives power loss until the file and then
its directory were fsynced; these functions do both before they return.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from venue_server.storage.media_lanes import beat

READ_SIZE = 1024 * 1024


def sync_directory(folder: Path) -> None:
    """fsync a directory, so that names created or removed in it survive power loss."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def replacing(target: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Write ``target`` as a whole or not at all: temp file, fsync, rename, fsync of the folder."""
    temporary = target.with_name(f".{target.name}.part")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(fd, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def write_whole(target: Path, data: bytes, mode: int = 0o600) -> None:
    """:func:`replacing` for data in memory."""
    with replacing(target, mode) as handle:
        handle.write(data)


def sha256_file(path: Path) -> str:
    """SHA-256 of a file as hex, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as handle:
        while piece := handle.read(READ_SIZE):
            digest.update(piece)
            beat()
    return digest.hexdigest()


def stamped(folder: Path, name: str, suffix: str) -> list[Path]:
    """The files ``name-MILLISECONDS`` + ``suffix`` of a folder and no others, oldest first: of
    ``am`` those of ``am-2`` are not. Names are data, so no pattern of the shell is made of them."""
    if not folder.is_dir():
        return []
    form = re.compile(rf"{re.escape(name)}-\d+{re.escape(suffix)}")
    return sorted(each for each in folder.iterdir() if form.fullmatch(each.name))


def shred(path: Path) -> None:
    """Overwrite, fsync and unlink a small key file. On flash and copy-on-write media old blocks may
    survive; that is why keys, not data, are what the venue shreds (docs/threat-model.md)."""
    if not path.exists():
        return
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as handle:
        handle.write(os.urandom(size))
        os.fsync(handle.fileno())
    path.unlink()
    sync_directory(path.parent)
