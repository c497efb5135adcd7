"""Blocks of a fragment made again from the verified ciphertext (D18).

The erasure code is deterministic: whoever holds the ciphertext can compute every block of every
fragment. Each is compared with the signed manifest before it is kept. A header cannot be made
again: it holds a share of S that only headquarters knows how to make.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from venue_server.intake.pieces import HEADER, Piece, PieceFile
from venue_server.storage.files import sha256_file
from venue_server.vault.erasure_code import erasure_code
from venue_server.vault.manifest import PaperManifest


def ciphertext_sound(path: Path, manifest: PaperManifest) -> bool:
    """Is the whole ciphertext here, unchanged? Raises OSError."""
    try:
        return path.stat().st_size == manifest.ciphertext_size and (
            sha256_file(path) == manifest.ciphertext_sha256
        )
    except FileNotFoundError:
        return False


def make_again(
    ciphertext: Path, manifest: PaperManifest, fragment: int, wanted: Iterable[Piece], target: Path
) -> int:
    """Put the ``wanted`` blocks of one fragment into ``target``; how many came out right.

    ``ciphertext`` must be sound. The header is passed over. Raises OSError.
    """
    layout = manifest.layout
    code = erasure_code(manifest.k, manifest.n)
    size = manifest.entry(fragment).size
    made = 0
    with ciphertext.open("rb", buffering=0) as file, PieceFile(target, size) as partial:
        for piece in wanted:
            if piece.index == HEADER:
                continue
            stripe = piece.index - 1
            begin = stripe * layout.k * layout.block_size
            data = os.pread(file.fileno(), layout.stripe_size(stripe), begin)
            data = data.ljust(layout.k * piece.length, b"\0")
            primary = [data[at : at + piece.length] for at in range(0, len(data), piece.length)]
            (block,) = code.encode(primary, [fragment - 1])
            made += partial.put(piece, block)
    return made
