"""R6: every single bit of what a venue is handed, turned, is refused with a code of its region.

A turned bit is harmless nowhere: canonical JSON has no spare blanks, base64 no spare bits, and
every byte of a fragment is under a digest of the manifest.
"""

import io
import json
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.evidence import second_reader
from venue_server.intake.fragments import inspect_fragment
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.vault.offline_code import check_code_share
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import open_share
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys
from venue_server.wire.stream import StreamError, StreamReader, seal_stream

FOLDER = Path(second_reader.__file__).with_name("papers-1")
TABLE: dict[str, Any] = json.loads((FOLDER / "table.json").read_text())
TRUSTED = public_keys(TABLE["headquarters_keys"])
FRAGMENT = FOLDER / "sound-1of3.kdfrag"
MANIFEST = (FOLDER / "sound.manifest.json").read_bytes()


@pytest.fixture(scope="module")
def manifest() -> PaperManifest:
    found = read_manifest(MANIFEST, TRUSTED, 2)
    assert isinstance(found, PaperManifest)
    return found


def turned(data: bytes, step: int = 1, begin: int = 0, end: int = 0) -> Iterator[tuple[int, bytes]]:
    """The data with one bit turned, for every ``step``-th bit, with the byte's place."""
    changed = bytearray(data)
    for bit in range(begin * 8, (end or len(data)) * 8, step):
        changed[bit // 8] ^= 1 << bit % 8
        yield bit // 8, bytes(changed)
        changed[bit // 8] ^= 1 << bit % 8


def test_r6_every_bit_of_a_manifest() -> None:
    """One bit of every byte, each of the eight in turn; tests/benchmarks/fuzz_papers.py takes
    all."""
    codes: Counter[str] = Counter()
    for place, data in turned(MANIFEST, step=9):
        found = read_manifest(data, TRUSTED, 2)
        assert isinstance(found, Refusal), (place, data[place - 20 : place + 20])
        codes[found.code.value] += 1
    assert set(codes) == {"DOC-01", "DOC-02", "DOC-03", "DOC-04"}
    assert codes.total() > 1500


def test_r6_every_bit_of_a_release_token(manifest: PaperManifest) -> None:
    token = (FOLDER / "sound.token.json").read_bytes()
    codes: Counter[str] = Counter()
    for place, data in turned(token):
        found = read_release_token(data, manifest, TRUSTED, 2)
        assert isinstance(found, Refusal), (place, data)
        codes[found.code.value] += 1
    assert set(codes) == {"DOC-01", "DOC-02", "DOC-03", "DOC-04"}
    assert codes.total() == len(token) * 8


def test_r6_every_bit_of_a_fragments_beginning(manifest: PaperManifest, tmp_path: Path) -> None:
    """Magic, length and every third bit of the header, of which most is one sealed share."""
    data = FRAGMENT.read_bytes()
    begin = 12 + struct.unpack_from(">I", data, 8)[0]
    path = tmp_path / "f"
    codes: dict[str, Counter[str]] = {"magic": Counter(), "length": Counter(), "header": Counter()}
    bits = [*turned(data, end=12), *turned(data, step=3, begin=12, end=begin)]
    for place, changed in bits:
        path.write_bytes(changed)
        found = inspect_fragment(path, manifest, "V01")
        assert isinstance(found, Refusal), place
        region = "magic" if place < 8 else "length" if place < 12 else "header"
        codes[region][found.code.value] += 1
    assert set(codes["magic"]) == {"PAP-03"}
    assert set(codes["length"]) == {"PAP-03"}
    assert set(codes["header"]) == {"PAP-03", "PAP-04", "PAP-06"}


def test_r6_every_block_bit_of_a_fragment(manifest: PaperManifest, tmp_path: Path) -> None:
    data = FRAGMENT.read_bytes()
    begin = 12 + struct.unpack_from(">I", data, 8)[0]
    path = tmp_path / "f"
    for place, changed in turned(data, step=5, begin=begin):
        path.write_bytes(changed)
        found = inspect_fragment(path, manifest, "V01")
        assert isinstance(found, Refusal) and found.code.value == "PAP-04"
        block = (place - begin) // manifest.block_size + 1
        assert f"block {block} /" in found.detail, "the block that is damaged, and only that"


def test_r6_every_length_of_a_cut_fragment(manifest: PaperManifest, tmp_path: Path) -> None:
    data = FRAGMENT.read_bytes()
    begin = 12 + struct.unpack_from(">I", data, 8)[0]
    path = tmp_path / "f"
    for size in range(0, len(data), 3):
        path.write_bytes(data[:size])
        found = inspect_fragment(path, manifest, "V01")
        assert isinstance(found, Refusal)
        assert found.code.value == ("PAP-03" if size < begin else "PAP-04"), size


def test_r6_every_bit_of_a_sealed_share(manifest: PaperManifest) -> None:
    header = json.loads(FRAGMENT.read_bytes()[12:].split(b"}}")[0] + b"}}")
    share = unb64(header["shares"]["V01"])
    private = hpke.load_private(FOLDER / "venue-V01-test-only.hpke")
    assert isinstance(open_share(share, 1, manifest, "V01", private), str)
    for place, changed in turned(share, step=13):
        found = open_share(changed, 1, manifest, "V01", private)
        assert isinstance(found, Refusal) and found.code.value == "PAP-12", place
    for size in (0, 1, 31, 32, 1087, 1088, 1119, 1120, 1135, 1136, len(share) - 1):
        found = open_share(share[:size], 1, manifest, "V01", private)
        assert isinstance(found, Refusal) and found.code.value == "PAP-12", size
    for other in (2, 3):
        assert isinstance(open_share(share, other, manifest, "V01", private), Refusal)


def test_r6_every_bit_of_a_stream() -> None:
    key = bytes(range(32))
    stream = b"".join(seal_stream(key, [bytes(150)], 64))
    assert StreamReader(key, io.BytesIO(stream)).read() == bytes(150)
    for _place, changed in turned(stream):
        with pytest.raises(StreamError):
            StreamReader(key, io.BytesIO(changed)).read()
    for size in range(len(stream)):
        with pytest.raises(StreamError):
            StreamReader(key, io.BytesIO(stream[:size])).read()


def test_r6_every_other_word_of_a_code_share() -> None:
    """One word mistyped, at every place, with a tenth of the words there are."""
    from shamir_mnemonic.wordlist import WORDLIST

    words = next(c for c in TABLE["cases"] if c["name"] == "code-2-of-3")["code"][0].split()
    assert check_code_share(" ".join(words)) is None
    for place, right in enumerate(words):
        for wrong in WORDLIST[place::10]:
            if wrong != right:
                typed = " ".join([*words[:place], wrong, *words[place + 1 :]])
                found = check_code_share(typed)
                assert found is not None and found.code.value == "REL-07"
