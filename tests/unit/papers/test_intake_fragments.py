"""D01: every fault of a fragment file is refused with its own code."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from venue_server.intake.assembly import assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.vault.layout import PREFIX, encode_header, read_header
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.wire import hpke
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.stream import seal_stream


def _verdict(sealed: Any, data: bytes, tmp_path: Path, have: tuple[int, ...] = ()) -> Refusal:
    path = tmp_path / "f.kdfrag"
    path.write_bytes(data)
    found = inspect_fragment(path, sealed.manifest, "V01", have)
    assert isinstance(found, Refusal), found
    return found


def test_good_fragments_are_accepted_under_any_name(sealed: Any, tmp_path: Path) -> None:
    for number, path in enumerate(sealed.paper.fragment_files, start=1):
        renamed = shutil.copy(path, tmp_path / f"part{number}")
        found = inspect_fragment(renamed, sealed.manifest, "V01", have={number % 5 + 1})
        assert isinstance(found, FragmentVerdict) and found.fragment == number
        assert found.sealed_share not in repr(found).encode()


@pytest.mark.parametrize("data", [b"", b"KD", b"hello world, no fragment", b"KDFRAG01\0\0\0\5abc"])
def test_malformed(data: bytes, sealed: Any, tmp_path: Path) -> None:
    assert _verdict(sealed, data, tmp_path).code is RefusalCode.FRAGMENT_MALFORMED


def test_malformed_header(sealed: Any, tmp_path: Path) -> None:
    for text in (b"[" * 99999, b"{}", b"\xff\xff", b'{"package_id":1}'):
        data = PREFIX.pack(b"KDFRAG01", len(text)) + text
        assert _verdict(sealed, data, tmp_path).code is RefusalCode.FRAGMENT_MALFORMED
    huge = PREFIX.pack(b"KDFRAG01", 2**32 - 1)
    assert _verdict(sealed, huge, tmp_path).code is RefusalCode.FRAGMENT_MALFORMED


def test_duplicate(sealed: Any, tmp_path: Path) -> None:
    data = sealed.paper.fragment_files[1].read_bytes()
    found = _verdict(sealed, data, tmp_path, have=(1, 2))
    assert found.code is RefusalCode.FRAGMENT_DUPLICATE and "#2" in found.detail


def test_foreign_even_of_the_same_paper_sealed_again(sealed: Any, tmp_path: Path) -> None:
    other = sealed.seal_again(tmp_path / "other")
    data = other.fragment_files[0].read_bytes()
    assert _verdict(sealed, data, tmp_path).code is RefusalCode.FRAGMENT_FOREIGN


def test_corrupt_block_is_named(sealed: Any, tmp_path: Path) -> None:
    data = bytearray(sealed.paper.fragment_files[2].read_bytes())
    stripes = sealed.manifest.layout.stripes
    begin = len(data) - sealed.manifest.layout.body_size
    data[begin + 3 * 1000 + 17] ^= 1
    data[-1] ^= 0x80
    found = _verdict(sealed, bytes(data), tmp_path)
    assert found.code is RefusalCode.FRAGMENT_CORRUPT
    assert found.detail == f"f.kdfrag: block 4, {stripes} / {stripes}"


def test_truncated_and_overlong(sealed: Any, tmp_path: Path) -> None:
    data = sealed.paper.fragment_files[0].read_bytes()
    stripes = sealed.manifest.layout.stripes
    found = _verdict(sealed, data[:-1], tmp_path)
    assert found.code is RefusalCode.FRAGMENT_CORRUPT and f"block {stripes} /" in found.detail
    found = _verdict(sealed, data + b"\0", tmp_path)
    assert found.code is RefusalCode.FRAGMENT_CORRUPT and "after the last" in found.detail


def test_changed_header_is_corrupt_or_foreign(sealed: Any, tmp_path: Path) -> None:
    data = sealed.paper.fragment_files[0].read_bytes()
    found = read_header(io.BytesIO(data))
    assert found is not None
    header, raw = found
    for field, value, code in [
        ("package_id", "x", RefusalCode.FRAGMENT_FOREIGN),
        ("form_id", "B", RefusalCode.FRAGMENT_FOREIGN),
        ("fragment", 0, RefusalCode.FRAGMENT_MALFORMED),
        ("fragment", 6, RefusalCode.FRAGMENT_MALFORMED),
        ("fragment", 2, RefusalCode.FRAGMENT_CORRUPT),
        ("k", 1, RefusalCode.FRAGMENT_CORRUPT),
        ("shares", {}, RefusalCode.FRAGMENT_CORRUPT),
    ]:
        changed = type(header)(**{**{f: getattr(header, f) for f in header.__struct_fields__},
                                  field: value})  # fmt: skip
        forged = encode_header(changed) + data[len(raw) :]
        assert _verdict(sealed, forged, tmp_path).code is code, field


def test_d01_whole_paper_in_one_file_is_refused(sealed: Any, tmp_path: Path) -> None:
    stream = b"".join(seal_stream(bytes(32), [b"PK paper"]))
    assert _verdict(sealed, stream, tmp_path).code is RefusalCode.WHOLE_PAPER_IN_ONE_FILE
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("paper.json", "{}")
    found = _verdict(sealed, buffer.getvalue(), tmp_path)
    assert found.code is RefusalCode.WHOLE_PAPER_IN_ONE_FILE


def test_package_for_several_venues(sealed: Any, tmp_path: Path) -> None:
    venues = {"V01": sealed.venue.public_raw(), "V02": hpke.generate().public_raw()}
    paper = sealed.seal_again(tmp_path / "two", venues=venues)
    manifest = read_manifest(paper.manifest_file.read_bytes(), sealed.trusted, 2)
    assert isinstance(manifest, PaperManifest)
    for venue_id in venues:
        found = inspect_fragment(paper.fragment_files[0], manifest, venue_id)
        assert isinstance(found, FragmentVerdict)
    found = inspect_fragment(paper.fragment_files[0], manifest, "V03")
    assert isinstance(found, Refusal) and found.code is RefusalCode.PAPER_WRONG_VENUE


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_every_flipped_bit_is_refused(place: float, bit: int, sealed: Any, tmp_path: Path) -> None:
    data = bytearray(sealed.paper.fragment_files[4].read_bytes())
    at = int(place * len(data))
    data[at] ^= 1 << bit
    found = _verdict(sealed, bytes(data), tmp_path)
    begin = len(data) - sealed.manifest.layout.body_size
    if at >= begin:
        assert found.code is RefusalCode.FRAGMENT_CORRUPT
        assert f"block {(at - begin) // 1000 + 1} /" in found.detail
    else:
        assert found.code in (
            RefusalCode.FRAGMENT_MALFORMED,
            RefusalCode.FRAGMENT_FOREIGN,
            RefusalCode.FRAGMENT_CORRUPT,
        )


def test_no_refusal_shows_a_share(sealed: Any, tmp_path: Path) -> None:
    """O03: details name files and blocks only."""
    header = read_header(io.BytesIO(sealed.paper.fragment_files[0].read_bytes()))
    assert header is not None
    share = header[0].shares["V01"]
    data = bytearray(sealed.paper.fragment_files[0].read_bytes())
    data[-1] ^= 1
    assert share not in _verdict(sealed, bytes(data), tmp_path).text()
    assert share not in json.dumps(assemble({}, sealed.manifest, tmp_path / "x").detail)  # type: ignore[union-attr]
