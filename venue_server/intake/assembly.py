"""Any k of n fragments to the verified ciphertext; nothing is ever decrypted here.

The digest of the whole judges the result. Blocks were proven when they were received, so they are
put together as they are at first; only when the result differs is every block checked against the
manifest again. So a medium that decays after receipt does no harm: as long as each stripe has k
good blocks somewhere, the ciphertext comes out whole. Memory is a few stripes, used again and
again, and neither fragments nor ciphertext go through the page cache (storage/direct.py). S is not
touched: the shares stay sealed in the fragments.
"""

import errno
import hashlib
import mmap
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from venue_server.storage.direct import DirectReader, DirectWriter, room_for
from venue_server.storage.files import replacing
from venue_server.vault.erasure_code import erasure_code
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

AHEAD = 3
"""Stripes whose blocks are read while one is decoded."""
BEHIND = 3
"""Stripes that are being written while one is decoded."""
READERS = 2
"""So that one stripe is on its way from the disk while another one is asked for."""


@dataclass(frozen=True)
class Assembled:
    """The ciphertext at ``path``; its size and SHA-256 are those of the manifest. ``damaged``
    are the fragments of which some block had to be taken from another one."""

    path: Path
    size: int
    sha256: str
    damaged: list[int]


def assemble(
    fragments: Mapping[int, Path], manifest: PaperManifest, target: Path
) -> Assembled | Refusal:
    """Write the ciphertext to ``target``: temporary file, fsync, rename; all or nothing.

    ``fragments`` maps fragment number (1 to n) to its file; the more, the safer. Refusals: PAP-07
    fewer than k, PAP-04 a stripe has fewer than k good blocks, PAP-13 the result differs from the
    manifest. Raises OSError.
    """
    if len(fragments) < manifest.k:
        detail = f"{len(fragments)} / {manifest.k}"
        return Refusal(RefusalCode.FRAGMENTS_MISSING, detail)
    done = _assembled(fragments, manifest, target, prove=False)
    if isinstance(done, Refusal):
        return _assembled(fragments, manifest, target, prove=True)
    return done


def _assembled(
    fragments: Mapping[int, Path], manifest: PaperManifest, target: Path, prove: bool
) -> Assembled | Refusal:
    try:
        with ExitStack() as stack:
            files = {
                number: stack.enter_context(DirectReader(path))
                for number, path in sorted(fragments.items())
            }
            output = stack.enter_context(replacing(target))
            return _Assembly(files, manifest, prove).write(output, target)
    except RefusedError as refused:
        return refused.refusal


class _Assembly:
    """One run over all stripes. This thread decodes and hashes them one after the other, while
    their bytes are still near; others do nothing but wait for the disk, before it and behind it.
    ``prove``: every block is checked before it is used."""

    def __init__(
        self, files: Mapping[int, DirectReader], manifest: PaperManifest, prove: bool
    ) -> None:
        self._prove = prove
        self._files = files
        self._manifest = manifest
        self._layout = manifest.layout
        self._code = erasure_code(manifest.k, manifest.n)
        self._damaged: set[int] = set()
        block = self._layout.block_size
        self._read = [[room_for(block) for _ in range(manifest.k)] for _ in range(AHEAD)]
        self._decoded = [room_for(manifest.k * block) for _ in range(BEHIND + 1)]

    def write(self, output: BinaryIO, target: Path) -> Assembled:
        digest, writer = hashlib.sha256(), DirectWriter(output)
        stripes = range(self._layout.stripes)
        with ThreadPoolExecutor(READERS, "read") as readers, ThreadPoolExecutor(1, "write") as pen:
            coming = deque(readers.submit(self._collect, stripe) for stripe in stripes[:AHEAD])
            going: deque[Future[None]] = deque()
            for stripe in stripes:
                numbers, blocks = coming.popleft().result()
                data = self._decode(stripe, numbers, blocks)
                if stripe + AHEAD in stripes:
                    coming.append(readers.submit(self._collect, stripe + AHEAD))
                digest.update(data)
                going.append(pen.submit(writer.write, data))
                if len(going) > BEHIND:
                    going.popleft().result()
            for written in going:
                written.result()
        found = digest.hexdigest()
        if found != self._manifest.ciphertext_sha256:
            raise RefusedError(Refusal(RefusalCode.CIPHERTEXT_CORRUPT, self._manifest.package_id))
        size = self._manifest.ciphertext_size
        return Assembled(target, size, found, sorted(self._damaged))

    def _decode(self, stripe: int, numbers: list[int], blocks: list[memoryview]) -> memoryview:
        """One stripe of the ciphertext; what pads the last one is cut off."""
        length = len(blocks[0])
        whole = memoryview(self._decoded[stripe % (BEHIND + 1)])
        places = range(0, self._manifest.k * length, length)
        self._code.decode_into(blocks, numbers, [whole[at : at + length] for at in places])
        return whole[: self._layout.stripe_size(stripe)]

    def _collect(self, stripe: int) -> tuple[list[int], list[memoryview]]:
        """Numbers (from 0) and contents of k good blocks of one stripe."""
        rooms = self._read[stripe % AHEAD]
        blocks: list[memoryview] = []
        numbers: list[int] = []
        for number in self._files:
            block = self._block(number, stripe, rooms[len(blocks)])
            if block is None:
                self._damaged.add(number)
                continue
            blocks.append(block)
            numbers.append(number - 1)
            if len(blocks) == self._manifest.k:
                return numbers, blocks
        names = ", ".join(f"#{number}" for number in sorted(self._damaged))
        detail = f"{names}: block {stripe + 1} / {self._layout.stripes}"
        raise RefusedError(Refusal(RefusalCode.FRAGMENT_CORRUPT, detail))

    def _block(self, number: int, stripe: int, room: mmap.mmap) -> memoryview | None:
        """One block, or None when it is damaged."""
        entry = self._manifest.entry(number)
        begin = entry.size - self._layout.body_size
        length = self._layout.block_length(stripe)
        try:
            block = self._files[number].read(begin + stripe * self._layout.block_size, length, room)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return None  # the disk lost it: as good as damaged
        if len(block) != length:
            return None  # cut off
        if self._prove and hashlib.sha256(block).hexdigest() != entry.blocks[stripe]:
            return None
        return block
