"""A paper of 200 MB is sealed and assembled in bounded memory: measured in a process of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import re, sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from venue_server.headquarters.order import SealOrder
from venue_server.headquarters.seal import SealedPaper, seal_package
from venue_server.intake.assembly import Assembled, assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.wire import hpke

def peak():
    # Not getrusage: its maximum survives exec, so it would begin with the test runner's.
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) * 1024

package, out = Path(sys.argv[1]), Path(sys.argv[2])
before = peak()
order = SealOrder("P", "A", "9901", {"V": hpke.generate().public_raw()}, 1, 2)
paper = seal_package(package, out, order, [Ed25519PrivateKey.generate() for _ in range(2)])
assert isinstance(paper, SealedPaper), paper
found = [inspect_fragment(path, paper.manifest, "V") for path in paper.fragment_files[2:]]
assert all(isinstance(verdict, FragmentVerdict) for verdict in found), found
result = assemble({v.fragment: v.path for v in found}, paper.manifest, out / "ciphertext")
assert isinstance(result, Assembled), result
print(result.size, peak() - before)
"""
SIZE = 200 * 1024 * 1024
BOUND = 48 * 1024 * 1024


def test_d01_streaming_memory_bound(make_package, choice, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    package = make_package(
        {"i.xml": choice('<audio src="long.wav"/>')},
        files={"long.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"},
    )
    with (package / "long.wav").open("r+b") as file:
        file.truncate(SIZE)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(package), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(package)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)  # a gigabyte that nobody needs afterwards
    assert done.returncode == 0, done.stderr
    size, used = map(int, done.stdout.split())
    assert size > SIZE
    assert 0 < used < BOUND, f"{used} bytes"
