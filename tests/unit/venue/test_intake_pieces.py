"""Pieces of fragments (D18): whatever is damaged, what can be made whole is, and nothing else."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from venue_server.headquarters.erasure import FragmentWriter
from venue_server.intake.packages import Completed, PackageFiles
from venue_server.intake.pieces import joined, pieces, salvage, wanting
from venue_server.vault.layout import FragmentHeader
from venue_server.vault.manifest import Attestations, PaperManifest
from venue_server.wire.names import Mode

K, N, BLOCK, STRIPES = 3, 5, 64, 6
SIZE = K * BLOCK * (STRIPES - 1) + 100  # the last stripe is shorter, and padded


def sealed(folder: Path) -> PaperManifest:
    """Fragments 1.frag to 5.frag of random bytes, and their manifest."""
    headers = [FragmentHeader("p", "paper", "A", n, K, N, BLOCK, SIZE, {}) for n in range(1, N + 1)]
    with FragmentWriter(folder, [f"{n}.frag" for n in range(1, N + 1)], headers) as writer:
        digest = writer.write([os.urandom(SIZE)])
        entries = writer.entries()
    return PaperManifest(
        package_id="p",
        paper_id="paper",
        form_id="A",
        subject_code="9901",
        title="",
        venues={},
        mode=Mode.REHEARSAL,
        classification="",
        k=K,
        n=N,
        block_size=BLOCK,
        ciphertext_size=SIZE,
        ciphertext_sha256=digest,
        fragments=entries,
        release_commitment="0" * 64,
        release_at_ms=0,
        not_before_ms=0,
        expires_at_ms=1,
        attestations=Attestations(True, True, True),
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PaperManifest]:
    folder = tmp_path_factory.mktemp("pieces")
    return folder, sealed(folder)


def damaged(path: Path, to: Path, manifest: PaperManifest, number: int, bad: set[int]) -> None:
    """A copy with one byte flipped in each bad piece."""
    data = bytearray(path.read_bytes())
    for piece in pieces(manifest, number):
        if piece.index in bad:
            data[piece.offset + piece.length // 2] ^= 1
    to.write_bytes(data)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bad=st.lists(
        st.one_of(st.none(), st.sets(st.integers(0, STRIPES), max_size=4)), min_size=N, max_size=N
    )
)
def test_d18_a_package_is_whole_exactly_when_the_pieces_allow_it(
    source: tuple[Path, PaperManifest],
    tmp_path_factory: pytest.TempPathFactory,
    bad: list[set[int] | None],
) -> None:
    """``bad``: the damaged pieces of each fragment; None: it did not come at all."""
    folder, manifest = source
    here = tmp_path_factory.mktemp("package")
    files = PackageFiles(here, manifest)
    for number, pieces_bad in enumerate(bad, start=1):
        if pieces_bad is not None:
            damaged(folder / f"{number}.frag", files.partial(number), manifest, number, pieces_bad)
    came = [each for each in bad if each is not None]
    headers = sum(0 not in each for each in came)
    enough = all(sum(stripe not in each for each in came) >= K for stripe in range(1, STRIPES + 1))
    outcome = files.complete(())
    assert isinstance(outcome, Completed)
    assert outcome.whole == (headers >= K and enough)
    assert files.ciphertext.exists() == outcome.whole
    expected = [n for n, each in enumerate(bad, start=1) if each is not None and 0 not in each]
    assert outcome.repaired == (expected if outcome.whole else [])
    for number in outcome.repaired:
        assert files.partial(number).read_bytes() == (folder / f"{number}.frag").read_bytes()


@given(st.lists(st.sets(st.integers(0, STRIPES)), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_d18_copies_of_one_fragment_add_up(
    source: tuple[Path, PaperManifest],
    tmp_path_factory: pytest.TempPathFactory,
    copies: list[set[int]],
) -> None:
    folder, manifest = source
    here = tmp_path_factory.mktemp("copies")
    target, size = here / "partial-2", manifest.entry(2).size
    for bad in copies:
        damaged(folder / "2.frag", here / "copy", manifest, 2, bad)
        salvage(here / "copy", target, wanting(target, manifest, 2), size)
    left = {piece.index for piece in wanting(target, manifest, 2)}
    assert left == set.intersection(*copies)


def test_d18_runs_are_what_follows_each_other(source: tuple[Path, PaperManifest]) -> None:
    _folder, manifest = source
    every = list(pieces(manifest, 1))
    assert [each.index for each in every] == list(range(STRIPES + 1))
    some = [each for each in every if each.index != 3]
    assert [[p.index for p in run] for run in joined(some, 1 << 20)] == [[0, 1, 2], [4, 5, 6]]
    assert [len(run) for run in joined(every[1:], 2 * BLOCK)] == [2, 2, 2]
    assert [len(run) for run in joined(every, 1)] == [1] * (STRIPES + 1), "never less than one"
