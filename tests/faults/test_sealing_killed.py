"""A sealing that is killed leaves nothing readable of the paper (D11)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from venue_server.headquarters import seal
from venue_server.headquarters.order import SealOrder
from venue_server.wire import hpke

step, package, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])

def stop(*_):
    print("reached", flush=True)
    sys.stdin.read()

if step == "encrypting":
    made = seal.seal_stream
    def slow(key, pieces):
        def watched():
            for number, piece in enumerate(pieces):
                if number == 3:
                    stop()
                yield piece
        return made(key, watched())
    seal.seal_stream = slow
elif step == "prepared":
    seal._seal = stop
elif step == "fragments":
    seal._manifest = stop
elif step == "manifest":
    seal._write_own = stop
order = SealOrder("P", "A", "9901", {"V": hpke.generate().public_raw()}, 1, 2)
seal.seal_package(package, out, order, [Ed25519PrivateKey.generate() for _ in range(2)])
"""
WORD = "只在题干里出现的句子"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Three items and a drawing, each with a sentence that is found nowhere else."""
    root = tmp_path / "package"
    root.mkdir()
    resources = ""
    for number in range(3):
        (root / f"{number}.xml").write_text(
            '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
            f'identifier="I{number}" title="t"><qti-response-declaration identifier="R" '
            f'cardinality="single" base-type="string"/><qti-item-body><p>{WORD}{number}</p>'
            '<img src="a.svg" alt=""/><p><qti-text-entry-interaction response-identifier="R"/></p>'
            "</qti-item-body></qti-assessment-item>"
        )
        kind = "imsqti_item_xmlv3p0"
        resources += f'<resource identifier="R{number}" type="{kind}" href="{number}.xml"/>'
    (root / "a.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><desc>{WORD}</desc></svg>'
    )
    (root / "imsmanifest.xml").write_text(f"<manifest>{resources}</manifest>")
    return root


@pytest.mark.parametrize("step", ["encrypting", "prepared", "fragments", "manifest"])
def test_d11_killed_sealing_leaves_no_plaintext(step: str, package: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, step, str(package), str(tmp_path / "out")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert process.stdout is not None and process.stdin is not None
    with process:
        assert process.stdout.readline() == b"reached\n"
        open_files = [os.readlink(link) for link in Path(f"/proc/{process.pid}/fd").iterdir()]
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert any("(deleted)" in name and str(tmp_path / "out") in name for name in open_files)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and package not in path.parents]
    assert not [path for path in left if path.parent in (tmp_path / "out", temporary)]
    for path in left:
        data = path.read_bytes()
        for sign in (WORD.encode(), b"qti-", b"<svg", b"PK\x03\x04", b"paper.json"):
            assert sign not in data, (path, sign)
    assert bool(left) is (step in ("fragments", "manifest"))
