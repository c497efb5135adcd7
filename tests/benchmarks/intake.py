"""P7: three of five fragments to the verified ciphertext, in MB a second, and the memory it takes.

The two missing ones hold primary blocks, so every stripe is decoded. Floor in the same run: zfec's
decoding of the same blocks and then SHA-256 of the result, one after the other, from memory.

A virtual machine gets its memory from the host page by page, at the first touch, which costs more
than the decoding. With ``--touch`` as much as the run needs is written and freed once before
anything is measured, so that the pages are there, as they are on a machine of a venue.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import zfec
from measuring import Figure, begin_load, median, options, report, say, workspace

from venue_server.headquarters.erasure import FragmentWriter
from venue_server.headquarters.order import BLOCK_SIZE
from venue_server.intake.assembly import Assembled, assemble
from venue_server.vault.layout import FragmentHeader
from venue_server.vault.manifest import Attestations, PaperManifest
from venue_server.wire.names import Mode

K, N = 3, 5
HERE = (3, 4, 5)  # two primary blocks of three are missing
MB = 1_000_000


def paper(folder: Path, size: int) -> PaperManifest:
    """Fragments of ``size`` random bytes and their manifest."""
    headers = [
        FragmentHeader("package", "paper", "A", number, K, N, BLOCK_SIZE, size, {})
        for number in range(1, N + 1)
    ]
    names = [f"{number}.kdfrag" for number in range(1, N + 1)]
    with FragmentWriter(folder, names, headers) as writer:
        digest = writer.write(_random(size))
        entries = writer.entries()
    return PaperManifest(
        package_id="package",
        paper_id="paper",
        form_id="A",
        subject_code="9901",
        title="",
        venues={},
        mode=Mode.REHEARSAL,
        classification="",
        k=K,
        n=N,
        block_size=BLOCK_SIZE,
        ciphertext_size=size,
        ciphertext_sha256=digest,
        fragments=entries,
        release_commitment="0" * 64,
        release_at_ms=0,
        not_before_ms=0,
        expires_at_ms=1,
        attestations=Attestations(True, True, True),
    )


def touch(folder: Path, size: int) -> None:
    """Have the system hold ``size`` bytes of ``folder`` once, and give them back."""
    ballast, piece = folder / "ballast", os.urandom(BLOCK_SIZE)
    with ballast.open("wb") as file:
        for _ in range(size // BLOCK_SIZE):
            file.write(piece)
    ballast.unlink()


def _random(size: int) -> Iterator[bytes]:
    while size > 0:
        piece = os.urandom(min(size, BLOCK_SIZE))
        size -= len(piece)
        yield piece


def assemble_here(folder: Path) -> None:
    """In a process of its own: assemble, then print seconds and the most bytes of memory ever."""
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=PaperManifest)
    files = {number: folder / f"{number}.kdfrag" for number in HERE}
    began = time.perf_counter()
    done = assemble(files, manifest, folder / "ciphertext")
    seconds = time.perf_counter() - began
    assert isinstance(done, Assembled) and done.sha256 == manifest.ciphertext_sha256, done
    # Of this program alone; ru_maxrss would begin with what its parent had at the fork.
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in status if line.startswith("VmHWM"))
    print(seconds, int(peak.split()[1]) * 1024)


def floor(size: int) -> float:
    """Seconds for ``size`` bytes: decode a stripe again and again, hash it again and again."""
    stripes = -(-size // (K * BLOCK_SIZE))
    primary = [os.urandom(BLOCK_SIZE) for _ in range(K)]
    blocks = zfec.Encoder(K, N).encode(primary)
    decoder = zfec.Decoder(K, N)
    took = 0.0
    digest = hashlib.sha256()
    for _ in range(stripes):
        began = time.perf_counter()
        decoded = decoder.decode([blocks[number - 1] for number in HERE], [n - 1 for n in HERE])
        for block in decoded:
            digest.update(block)
        took += time.perf_counter() - began
    assert decoded == primary
    return took * size / (stripes * K * BLOCK_SIZE)


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--megabytes", type=int)
    parser.add_argument("--assemble", type=Path, help="one run over this folder, by itself")
    parser.add_argument("--touch", action="store_true", help="touch the memory before measuring")
    chosen = parser.parse_args()
    if chosen.assemble:
        assemble_here(chosen.assemble)
        return
    begin_load()
    size = (chosen.megabytes or (64 if chosen.short else 2000)) * MB
    with workspace(chosen.folder) as folder:
        if chosen.touch:
            touch(folder, 5 * size)  # five thirds for the fragments, the result twice, and room
        manifest = paper(folder, size)
        (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
        rates: list[float] = []
        floors: list[float] = []
        peaks: list[float] = []
        command = [sys.executable, __file__, "--assemble", str(folder)]
        for _ in range(1 if chosen.short else 5):
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds, peak = map(float, answer.split())
            rates.append(size / seconds / MB)
            floors.append(size / floor(size) / MB)
            peaks.append(peak / MB)
            say(f"{rates[-1]:.0f} MB/s, bare {floors[-1]:.0f} MB/s, at most {peaks[-1]:.0f} MB")
    rate = median(rates)
    report(
        Figure(f"P7 memory for {size // MB} MB", max(peaks), "MB", "<= 200 MB"),
        Figure(f"P7 intake of {size // MB} MB", rate, "MB/s", ">= 0.70", rate / median(floors)),
    )


if __name__ == "__main__":
    main()
