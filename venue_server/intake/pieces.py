"""A fragment as pieces that prove themselves one by one: the header, then each block (D18).

A fragment that came in damaged or only in part is a file of its final size in which some pieces are
right. Which ones is never written down: every piece is compared with the signed manifest, so the
file may be torn by a kill or decay on its disk, and what is still good in it is found again.
"""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from venue_server.storage.media_lanes import beat
from venue_server.vault.manifest import PaperManifest

HEADER = 0
"""Index of the header; the blocks have the numbers 1 to the number of stripes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``length`` bytes of a fragment file from ``offset``, with their SHA-256 of the manifest."""

    index: int
    offset: int
    length: int
    sha256: str

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + self.length

    def fits(self, data: bytes | bytearray) -> bool:
        """Is ``data`` this piece?"""
        return len(data) == self.length and hashlib.sha256(data).hexdigest() == self.sha256


def pieces(manifest: PaperManifest, fragment: int) -> Iterator[Piece]:
    """Every piece of one fragment (1 to n), in file order."""
    entry, layout = manifest.entry(fragment), manifest.layout
    begin = entry.size - layout.body_size
    yield Piece(HEADER, 0, begin, entry.header_sha256)
    for stripe, digest in enumerate(entry.blocks):
        length = layout.block_length(stripe)
        yield Piece(stripe + 1, begin + stripe * layout.block_size, length, digest)


def wanting(path: Path, manifest: PaperManifest, fragment: int) -> list[Piece]:
    """The pieces that ``path`` does not hold rightly; all of them when there is no file.

    What the disk cannot read any more (EIO) is wanting too. Raises OSError otherwise.
    """
    every = pieces(manifest, fragment)
    try:
        file = path.open("rb", buffering=0)
    except FileNotFoundError:
        return list(every)
    with file:
        return [piece for piece in every if not piece.fits(_read(file, piece))]


def _read(file: BinaryIO, piece: Piece) -> bytes:
    beat()
    try:
        return os.pread(file.fileno(), piece.length, piece.offset)
    except OSError as error:
        if error.errno == errno.EIO:
            return b""
        raise


class PieceFile:
    """Writes proven pieces into a partly received fragment. A context manager: fsynced at its end.

    Raises OSError (a full disk among them); what was written before stays good.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(self._fd, size)  # sparse: takes room only as pieces come
        except OSError:
            os.close(self._fd)
            raise

    def __enter__(self) -> "PieceFile":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        try:
            os.fsync(self._fd)
        finally:
            os.close(self._fd)

    def put(self, piece: Piece, data: bytes | bytearray) -> bool:
        """Write ``data`` where ``piece`` lies; False, and nothing is written, when it is not it."""
        if not piece.fits(data):
            return False
        view = memoryview(data)
        at = piece.offset
        while view:
            done = os.pwrite(self._fd, view, at)
            view, at = view[done:], at + done
        return True


def salvage(source: Path, target: Path, wanted: Iterable[Piece], size: int) -> int:
    """Copy those of the ``wanted`` pieces that are right in ``source`` to the same place in
    ``target``, of ``size`` bytes. Returns how many there were. Raises OSError."""
    taken = 0
    with source.open("rb", buffering=0) as file:
        found = ((piece, _read(file, piece)) for piece in wanted)
        good = ((piece, data) for piece, data in found if piece.fits(data))
        first = next(good, None)
        if first is None:
            return 0  # no file for nothing
        with PieceFile(target, size) as partial:
            for piece, data in (first, *good):
                taken += partial.put(piece, data)
    return taken


def joined(wanted: Iterable[Piece], most: int) -> Iterator[list[Piece]]:
    """Runs of pieces that follow each other in the file, of at most ``most`` bytes (or one)."""
    run: list[Piece] = []
    for piece in wanted:
        if run and (piece.offset != run[-1].end or piece.end - run[0].offset > most):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run
