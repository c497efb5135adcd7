"""The files of one package: whole fragments, partly received ones, the ciphertext.

papers/<package>/fragment-<n>   every piece was right when it was kept
papers/<package>/partial-<n>    some pieces are right (pieces.py)
papers/<package>/ciphertext     assembled and verified
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from venue_server.intake.assembly import assemble
from venue_server.intake.papers import CIPHERTEXT
from venue_server.intake.pieces import HEADER, Piece, salvage, wanting
from venue_server.intake.repair import ciphertext_sound, make_again
from venue_server.storage.files import sync_directory
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.refusals import Refusal


@dataclass(frozen=True)
class Completed:
    """``whole``: the verified ciphertext is here. ``repaired``: partial fragments of which every
    piece is right now."""

    whole: bool
    repaired: list[int]


@dataclass(frozen=True)
class Decay:
    """What a re-check found: fragments with bad pieces (numbers of the pieces, 0 the header), and
    whether the ciphertext is sound."""

    fragments: dict[int, list[int]]
    ciphertext: bool

    @property
    def any(self) -> bool:
        """Something decayed."""
        return bool(self.fragments) or not self.ciphertext


class PackageFiles:
    """Works on files only; rows and ledger are the caller's. Everything here may raise OSError."""

    def __init__(self, folder: Path, manifest: PaperManifest) -> None:
        self.folder = folder
        self.manifest = manifest

    def fragment(self, number: int) -> Path:
        """A whole fragment."""
        return self.folder / f"fragment-{number}"

    def partial(self, number: int) -> Path:
        """A partly received one."""
        return self.folder / f"partial-{number}"

    @property
    def ciphertext(self) -> Path:
        """The assembled ciphertext."""
        return self.folder / CIPHERTEXT

    def wanting(self, number: int) -> list[Piece]:
        """The pieces a partly received fragment still lacks."""
        return wanting(self.partial(number), self.manifest, number)

    def partials(self, besides: Collection[int] = ()) -> dict[int, list[Piece]]:
        """Every partly received fragment and the pieces it lacks."""
        numbers = [
            number
            for number in range(1, self.manifest.n + 1)
            if number not in besides and self.partial(number).exists()
        ]
        return {number: self.wanting(number) for number in numbers}

    def salvage(self, number: int, source: Path) -> list[Piece]:
        """Take the good pieces of ``source``; returns those still lacking."""
        size = self.manifest.entry(number).size
        salvage(source, self.partial(number), self.wanting(number), size)
        return self.wanting(number)

    def promote(self, number: int, path: Path) -> None:
        """``path`` in this folder is the whole fragment now."""
        path.replace(self.fragment(number))
        self.partial(number).unlink(missing_ok=True)
        sync_directory(self.folder)

    def demote(self, number: int) -> None:
        """A whole fragment decayed: what is good in it stays useful."""
        self.fragment(number).replace(self.partial(number))
        sync_directory(self.folder)

    def decayed(self, have: Collection[int]) -> Decay:
        """Compare everything kept with the manifest again."""
        bad: dict[int, list[int]] = {}
        for number in sorted(have):
            found = wanting(self.fragment(number), self.manifest, number)
            if found:
                bad[number] = [piece.index for piece in found]
        return Decay(bad, ciphertext_sound(self.ciphertext, self.manifest))

    def complete(self, have: Collection[int]) -> Completed | Refusal:
        """Assemble when the ciphertext is not here and enough is; then make partly received
        fragments whole from it.

        ``have``: numbers of the whole fragments. Refusals: as :func:`assemble`.
        """
        partial = self.partials(have)
        if not ciphertext_sound(self.ciphertext, self.manifest):
            headers = [n for n, lack in partial.items() if not _lacks_header(lack)]
            if len(have) + len(headers) < self.manifest.k or not self._enough(have, partial):
                return Completed(False, [])
            done = self._assemble(have, partial)
            if isinstance(done, Refusal):
                return done
        return Completed(True, [n for n, lack in partial.items() if self._made_whole(n, lack)])

    def _enough(self, have: Collection[int], partial: dict[int, list[Piece]]) -> bool:
        """Has each stripe k good blocks, as far as is known?"""
        lacking = [0] * (self.manifest.layout.stripes + 1)
        for lack in partial.values():
            for piece in lack:
                lacking[piece.index] += 1
        files = len(have) + len(partial)
        return all(files - bad >= self.manifest.k for bad in lacking[HEADER + 1 :])

    def _assemble(self, have: Collection[int], partial: dict[int, list[Piece]]) -> Refusal | None:
        files = {n: self.fragment(n) for n in have} | {n: self.partial(n) for n in partial}
        done = assemble(files, self.manifest, self.ciphertext)
        return done if isinstance(done, Refusal) else None

    def _made_whole(self, number: int, lack: list[Piece]) -> bool:
        if _lacks_header(lack):
            return False
        make_again(self.ciphertext, self.manifest, number, lack, self.partial(number))
        return not self.wanting(number)


def _lacks_header(lack: list[Piece]) -> bool:
    return bool(lack) and lack[0].index == HEADER
