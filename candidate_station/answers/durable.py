"""The few POSIX steps that make a file last, and the one that makes it go."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names inside ``folder`` last: a new file is only safe once its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` (0700) and sync its parent; nothing to do when it exists."""
    if not folder.is_dir():
        if not folder.parent.is_dir():
            make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def write_private_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` (0600) as a whole or not at all, surviving a power cut."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        write_all(descriptor, data, 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(path)
    sync_folder(path.parent)


def write_all(descriptor: int, data: bytes, offset: int) -> None:
    """Write every byte at ``offset``. Raises OSError; a short write is carried on."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written


def shred(path: Path) -> None:
    """Overwrite a small file, then remove it.

    On flash and on journaling file systems old blocks may survive the overwriting; that is why
    answers are encrypted and only their key goes through here.
    """
    if not path.exists():
        return
    size = path.stat().st_size
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        write_all(descriptor, os.urandom(size), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink()
    sync_folder(path.parent)
