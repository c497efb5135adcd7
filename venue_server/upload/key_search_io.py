"""Looks for keys where they must not be, byte by byte, in every file of some folders (L10).

Blocking; for a worker thread. A key may lie about as it is, in hexadecimal or in base64 at any of
the three places it can have in it. Files are read in pieces that overlap, so nothing is missed at
their borders, however big they are.
"""

import base64
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from venue_server.storage.bytes_of import Readable, bytes_of
from venue_server.storage.media_lanes import beat

PIECE = 8 * 1024 * 1024
SHORTEST = 16
"""Bytes: what is shorter cannot be told from chance."""


@dataclass(frozen=True)
class Searched:
    """What was looked at, and the files (as they were reached) in which something was found."""

    files: int
    size: int
    found: Sequence[str]


def search(
    folders: Sequence[Path], secrets: Sequence[bytes | bytearray], but: Collection[Path] = ()
) -> Searched:
    """Look for every secret in every file of the folders, ``but`` some. Links are not
    followed; a file that goes away meanwhile is no longer there to find. Raises OSError."""
    needles = sorted({form for secret in secrets for form in forms(secret)}, key=len)
    overlap = max(map(len, needles), default=1) - 1
    files, size, found = 0, 0, []
    for path in _files(folders, but):
        try:
            with bytes_of(path) as handle:
                read, hit = _in_pieces(handle, needles, overlap)
        except FileNotFoundError:
            continue
        files, size = files + 1, size + read
        if hit:
            found.append(str(path))
    return Searched(files, size, found)


def _files(folders: Sequence[Path], but: Collection[Path]) -> Iterator[Path]:
    passed = {path.resolve() for path in but}
    for folder in folders:
        for root, folders_, names in os.walk(folder):
            folders_[:] = [each for each in folders_ if (Path(root) / each).resolve() not in passed]
            for name in sorted(names):
                path = Path(root) / name
                if path.is_file() and not path.is_symlink() and path.resolve() not in passed:
                    yield path


def _in_pieces(handle: Readable, needles: list[bytes], overlap: int) -> tuple[int, bool]:
    """How many bytes there are, and whether a needle is among them."""
    read, tail = 0, b""
    while piece := handle.read(PIECE):
        read += len(piece)
        beat()
        window = tail + piece
        if any(needle in window for needle in needles):
            return read, True
        tail = window[-overlap:] if overlap else b""
    return read, False


def forms(secret: bytes | bytearray) -> Iterator[bytes]:
    """A key as it may lie about."""
    assert len(secret) >= SHORTEST, "too short to be told from chance"
    yield bytes(secret)
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + secret).rstrip(b"=")
        begin = -(-before * 8 // 6)
        yield whole[begin : len(whole) - 1]
        yield whole[begin : len(whole) - 1].replace(b"+", b"-").replace(b"/", b"_")
