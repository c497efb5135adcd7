"""D01: any k of n fragments give the ciphertext back, fewer give nothing."""

import hashlib
import itertools
from pathlib import Path
from typing import Any

import msgspec
import pytest

from venue_server.intake.assembly import Assembled, assemble
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.wire.refusals import Refusal, RefusalCode


def _paths(sealed: Any) -> dict[int, Path]:
    return dict(enumerate(sealed.paper.fragment_files, start=1))


def _damaged(path: Path, target: Path, blocks: list[int], manifest: Any) -> Path:
    data = bytearray(path.read_bytes())
    begin = len(data) - manifest.layout.body_size
    for block in blocks:
        data[begin + block * manifest.block_size] ^= 0xFF
    target.write_bytes(data)
    return target


def test_d01_every_k_subset_gives_the_ciphertext(sealed: Any, tmp_path: Path) -> None:
    paths = _paths(sealed)
    for number, chosen in enumerate(itertools.combinations(paths, 3)):
        target = tmp_path / f"c{number}"
        found = assemble({n: paths[n] for n in reversed(chosen)}, sealed.manifest, target)
        assert found == Assembled(
            target, sealed.manifest.ciphertext_size, sealed.manifest.ciphertext_sha256, []
        )
        data = target.read_bytes()
        assert len(data) == sealed.manifest.ciphertext_size
        assert hashlib.sha256(data).hexdigest() == sealed.manifest.ciphertext_sha256
        assert target.stat().st_mode & 0o777 == 0o600


def test_d01_every_smaller_subset_is_refused_and_writes_nothing(
    sealed: Any, tmp_path: Path
) -> None:
    paths = _paths(sealed)
    for size in (0, 1, 2):
        for chosen in itertools.combinations(paths, size):
            found = assemble({n: paths[n] for n in chosen}, sealed.manifest, tmp_path / "c")
            assert isinstance(found, Refusal)
            assert found.code is RefusalCode.FRAGMENTS_MISSING and found.detail == f"{size} / 3"
    assert list(tmp_path.iterdir()) == []


def test_blocks_are_taken_from_wherever_they_are_good(sealed: Any, tmp_path: Path) -> None:
    """All five fragments are damaged, in different places; the ciphertext comes out whole."""
    paths = {
        n: _damaged(path, tmp_path / f"f{n}", [n - 1], sealed.manifest)
        for n, path in _paths(sealed).items()
    }
    found = assemble(paths, sealed.manifest, tmp_path / "c")
    assert isinstance(found, Assembled), found
    assert found.damaged == [1, 2, 3]  # 4 and 5 were not needed at their bad places


def test_too_few_good_blocks_name_the_fragments(sealed: Any, tmp_path: Path) -> None:
    paths = _paths(sealed)
    three = {n: paths[n] for n in (1, 3, 5)}
    three[3] = _damaged(paths[3], tmp_path / "f", [2], sealed.manifest)
    (tmp_path / "c").write_bytes(b"before")
    found = assemble(three, sealed.manifest, tmp_path / "c")
    assert isinstance(found, Refusal) and found.code is RefusalCode.FRAGMENT_CORRUPT
    assert found.detail == f"#3: block 3 / {sealed.manifest.layout.stripes}"
    assert (tmp_path / "c").read_bytes() == b"before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c", "f"]


def test_result_that_differs_from_the_manifest_is_refused(sealed: Any, tmp_path: Path) -> None:
    manifest = msgspec.structs.replace(sealed.manifest, ciphertext_sha256="0" * 64)
    found = assemble(_paths(sealed), manifest, tmp_path / "c")
    assert isinstance(found, Refusal) and found.code is RefusalCode.CIPHERTEXT_CORRUPT
    assert list(tmp_path.iterdir()) == []


def test_a_broken_disk_is_no_refusal(sealed: Any, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        assemble(_paths(sealed), sealed.manifest, tmp_path / "gone" / "c")


@pytest.mark.parametrize(
    ("k", "n", "block_size"), [(2, 2, 1024), (2, 3, 7), (5, 5, 333), (3, 16, 4096), (16, 16, 50)]
)
def test_other_shapes(k: int, n: int, block_size: int, sealed: Any, tmp_path: Path) -> None:
    paper = sealed.seal_again(tmp_path / "out", k=k, n=n, block_size=block_size, code_shares=0)
    manifest = read_manifest(paper.manifest_file.read_bytes(), sealed.trusted, 2)
    assert isinstance(manifest, PaperManifest) and paper.code_files == []
    last = dict(list(enumerate(paper.fragment_files, start=1))[-k:])
    assert isinstance(assemble(last, manifest, tmp_path / "c"), Assembled)
