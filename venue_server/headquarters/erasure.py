"""Writes a ciphertext into n fragment files, stripe by stripe (venue_server.vault.layout)."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from venue_server.vault.erasure_code import erasure_code
from venue_server.vault.layout import FragmentHeader, Layout, encode_header
from venue_server.vault.manifest import FragmentEntry


class FragmentWriter:
    """All fragment files of one package, written together; memory is one stripe.

    A context manager: on leaving without an error every file is fsynced.
    """

    def __init__(self, folder: Path, names: list[str], headers: list[FragmentHeader]) -> None:
        first = headers[0]
        self._layout = Layout(first.k, first.block_size, first.ciphertext_size)
        self._code = erasure_code(first.k, first.n)
        self._all = range(first.n)
        self._names = names
        self._files = [(folder / name).open("xb") for name in names]
        self._digests = [hashlib.sha256() for _ in names]
        self._headers: list[str] = []
        self._sizes = [0] * len(names)
        self._blocks: list[list[str]] = [[] for _ in names]
        for number, header in enumerate(headers):
            text = encode_header(header)
            self._headers.append(hashlib.sha256(text).hexdigest())
            self._put(number, text)

    def __enter__(self) -> "FragmentWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        for file in self._files:
            if kind is None:
                file.flush()
                os.fsync(file.fileno())
            file.close()

    def _put(self, number: int, data: bytes) -> None:
        self._files[number].write(data)
        self._digests[number].update(data)
        self._sizes[number] += len(data)

    def write(self, ciphertext: Iterable[bytes]) -> str:
        """Write the whole ciphertext; returns its SHA-256. Its size must be the header's."""
        digest = hashlib.sha256()
        held = bytearray()
        stripe = 0
        for piece in ciphertext:
            digest.update(piece)
            held += piece
            while stripe < self._layout.stripes and len(held) >= (
                size := self._layout.stripe_size(stripe)
            ):
                self._stripe(stripe, bytes(held[:size]))
                del held[:size]
                stripe += 1
        assert stripe == self._layout.stripes and not held, "ciphertext of another size"
        return digest.hexdigest()

    def _stripe(self, stripe: int, data: bytes) -> None:
        length = self._layout.block_length(stripe)
        data = data.ljust(length * self._layout.k, b"\0")
        primary = [data[i * length : (i + 1) * length] for i in range(self._layout.k)]
        for number, block in enumerate(self._code.encode(primary, self._all)):
            self._put(number, block)
            self._blocks[number].append(hashlib.sha256(block).hexdigest())

    def entries(self) -> list[FragmentEntry]:
        """What the manifest says about each file."""
        return [
            FragmentEntry(
                number + 1,
                name,
                self._sizes[number],
                self._digests[number].hexdigest(),
                self._headers[number],
                self._blocks[number],
            )
            for number, name in enumerate(self._names)
        ]
