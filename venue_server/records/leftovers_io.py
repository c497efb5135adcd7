"""Looks through the data folder for what must not be there any more: papers in the clear (L10).

Blocking; for a worker thread. Only the beginning of each file is read: enough to tell an item, a
test or a content package, however big the file is.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from venue_server.storage.bytes_of import bytes_of
from venue_server.storage.media_lanes import beat

HEAD = 64 * 1024
"""Bytes read of each file."""

MARKS = (
    b"qti-assessment-item",
    b"qti-assessment-test",
    b"imsqtiasi",
    b"imsmanifest.xml",
    b"assessmentItem",
)
"""What an item, a test, or the first member of a content package begins with."""


def in_the_clear(folder: Path) -> list[str]:
    """Names, relative to ``folder``, of files that begin like a paper in the clear. Links are not
    followed; a file that goes away meanwhile is no longer there to find."""
    return sorted(
        str(path.relative_to(folder)) for path in _files(folder) if _looks_like_a_paper(path)
    )


def _files(folder: Path) -> Iterator[Path]:
    for root, _folders, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            beat()
            if path.is_file() and not path.is_symlink():
                yield path


def _looks_like_a_paper(path: Path) -> bool:
    try:
        with bytes_of(path) as handle:
            head = handle.read(HEAD)
    except FileNotFoundError:
        return False
    return any(mark in head for mark in MARKS)
