"""A station's journal after a power cut, after bit rot, and after somebody's hand."""

import random
from pathlib import Path

import pytest

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.journal import FILE_NAME, Recovery
from candidate_station.answers.shelf import Shelf
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import FILE_HEADER_SIZE

COUNT = 6


def entries() -> tuple[ResponseEntry, ...]:
    chain = AnswerChain("s1")
    for number in range(COUNT):
        chain.add("response", f"q{number}", {"R": [f"答{number}"]}, {}, number)
    return chain.entries


def written(data: Path) -> tuple[Path, list[int]]:
    """A closed journal of COUNT entries and the offsets at which its records begin and it ends."""
    shelf = Shelf(data)
    shelf.open("s1")
    (path,) = data.glob(f"sittings/*/{FILE_NAME}")
    offsets = [path.stat().st_size]
    for entry in entries():
        shelf.append("s1", (entry,))
        offsets.append(path.stat().st_size)
    shelf.close_all()
    return path, offsets


def reopened(data: Path) -> Recovery:
    shelf = Shelf(data)
    try:
        return shelf.open("s1")
    finally:
        shelf.close_all()


def test_f01_a_tail_torn_at_any_byte_is_cut_and_nothing_before_it(tmp_path: Path) -> None:
    path, offsets = written(tmp_path)
    whole = path.read_bytes()
    for size in range(offsets[-3], len(whole)):
        path.write_bytes(whole[:size])
        recovery = reopened(tmp_path)
        kept = sum(offset <= size for offset in offsets) - 1
        assert recovery.entries == entries()[:kept]
        assert recovery.quarantine is None
        assert recovery.cut == size - offsets[kept]
        assert path.read_bytes() == whole[: offsets[kept]]


def test_f01_a_header_torn_at_creation_is_made_anew(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    whole = path.read_bytes()
    for size in range(FILE_HEADER_SIZE):
        path.write_bytes(whole[:size])
        assert reopened(tmp_path).entries == ()
        assert path.read_bytes() == whole[:FILE_HEADER_SIZE]


def test_f01_blocks_of_zeros_after_a_power_cut_are_an_unfinished_write(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    with path.open("ab") as file:
        file.write(bytes(4096))
    recovery = reopened(tmp_path)
    assert (recovery.entries, recovery.cut, recovery.quarantine) == (entries(), 4096, None)


def test_after_a_cut_the_journal_goes_on(tmp_path: Path) -> None:
    path, offsets = written(tmp_path)
    path.write_bytes(path.read_bytes()[: offsets[-1] - 3])
    shelf = Shelf(tmp_path)
    recovery = shelf.open("s1")
    shelf.append("s1", entries()[len(recovery.entries) :])
    shelf.close_all()
    assert reopened(tmp_path).entries == entries()


def test_a_flipped_byte_anywhere_is_noticed_set_aside_and_salvaged(tmp_path: Path) -> None:
    path, offsets = written(tmp_path)
    whole = path.read_bytes()
    places = random.Random(7).sample(range(FILE_HEADER_SIZE, len(whole)), 60)
    for place in [*places, *offsets[:-1], len(whole) - 1]:
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        recovery = reopened(tmp_path)
        hit = sum(offset <= place for offset in offsets) - 1
        assert recovery.entries == entries()[:hit]
        assert recovery.quarantine is not None
        assert recovery.quarantine.read_bytes() == damaged
        in_header = place - offsets[hit] < 12
        assert recovery.salvaged == (() if in_header else entries()[hit + 1 :])
        # What was put in its place is whole and holds the unbroken beginning.
        again = reopened(tmp_path)
        assert (again.entries, again.quarantine, again.cut) == (entries()[:hit], None, 0)


def test_a_record_cut_out_or_swapped_is_damage_not_history(tmp_path: Path) -> None:
    path, offsets = written(tmp_path)
    whole = path.read_bytes()
    parts = [whole[a:b] for a, b in zip([0, *offsets], offsets, strict=False)]
    for order in ([0, 1, 3, 4, 5, 6], [0, 2, 1, 3, 4, 5, 6], [0, 1, 1, 2, 3, 4, 5, 6]):
        path.write_bytes(b"".join(parts[number] for number in order))
        recovery = reopened(tmp_path)
        good = next(place for place, number in enumerate(order) if place != number) - 1
        assert recovery.entries == entries()[:good]
        assert recovery.quarantine is not None


def test_f25_a_lost_key_sets_the_journal_aside(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    for key in (tmp_path / "identity" / "journal-keys").iterdir():
        key.unlink()
    recovery = reopened(tmp_path)
    assert recovery.entries == () and recovery.quarantine is not None
    assert recovery.quarantine.stat().st_size > FILE_HEADER_SIZE
    assert path.stat().st_size == FILE_HEADER_SIZE


@pytest.mark.parametrize("junk", [b"KDJR", b"\x00" * 5 + b"x" * 40, b"garbage" * 10])
def test_junk_behind_whole_records_never_costs_one_of_them(tmp_path: Path, junk: bytes) -> None:
    path, _ = written(tmp_path)
    with path.open("ab") as file:
        file.write(junk)
    assert reopened(tmp_path).entries == entries()
