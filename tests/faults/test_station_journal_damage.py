"""A station's journal after a power cut, after bit rot, and after somebody's hand."""

import errno
import os
import random
from pathlib import Path
from typing import cast

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.journal import FILE_NAME, JournalError, Recovery
from candidate_station.answers.shelf import Shelf
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import (
    BLOCK,
    FILE_HEADER_SIZE,
    SEARCH_FACTOR,
    SEARCH_MIN,
    file_header,
    scan,
    seal_record,
)

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
    places = random.Random(7).sample(range(FILE_HEADER_SIZE, len(whole)), 40)
    for place in [*places, *offsets[:-1], len(whole) - 1]:
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        recovery = reopened(tmp_path)
        hit = sum(offset <= place for offset in offsets) - 1
        assert recovery.entries == entries()[:hit]
        assert recovery.quarantine is not None
        assert recovery.quarantine.read_bytes() == damaged
        assert recovery.salvaged == entries()[hit + 1 :]
        # What was put in its place is whole and holds the unbroken beginning, and what lies behind
        # the damage is still offered when the server fills the gap only after another start.
        again = reopened(tmp_path)
        assert (again.entries, again.quarantine, again.cut) == (entries()[:hit], None, 0)
        assert again.salvaged == entries()[hit + 1 :]
        recovery.quarantine.unlink()


def test_n02_a_flipped_byte_of_the_files_own_header_costs_nothing(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    whole = path.read_bytes()
    for place in range(FILE_HEADER_SIZE):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        recovery = reopened(tmp_path)
        assert recovery.entries == entries()
        assert recovery.quarantine is not None and recovery.quarantine.read_bytes() == damaged
        assert path.read_bytes()[:FILE_HEADER_SIZE] == whole[:FILE_HEADER_SIZE]


@pytest.mark.parametrize("fill", [b"\0", b"\xff", b"xKDJR"], ids=["zeros", "ones", "magic"])
def test_n02_a_stretch_that_rots_costs_the_records_it_touches_and_no_other(
    tmp_path: Path, fill: bytes
) -> None:
    path, offsets = written(tmp_path)
    whole = path.read_bytes()
    for first, last in ((1, 2), (1, 4), (0, 3), (2, 5)):
        begin, end = offsets[first] + 5, offsets[last] + 3
        damaged = whole[:begin] + (fill * len(whole))[: end - begin - 1] + b"x" + whole[end:]
        path.write_bytes(damaged)
        recovery = reopened(tmp_path)
        assert recovery.entries == entries()[:first]
        assert recovery.salvaged == entries()[last + 1 :]
        assert recovery.quarantine is not None
        recovery.quarantine.unlink()


def test_n02_one_flipped_bit_of_the_key_costs_nothing(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    (key,) = (tmp_path / "identity" / "journal-keys").iterdir()
    whole = key.read_bytes()
    for bit in (0, 77, 255):
        turned = bytearray(whole)
        turned[bit // 8] ^= 1 << bit % 8
        key.write_bytes(turned)
        recovery = reopened(tmp_path)
        assert (recovery.entries, recovery.quarantine) == (entries(), None)
    turned[1] ^= 2  # two bits are another key
    key.write_bytes(turned)
    assert reopened(tmp_path).entries == ()
    assert path.exists()


def test_f19_a_key_the_disk_does_not_give_keeps_no_station_from_starting(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "identity" / "journal-keys" / "unreadable.key").mkdir()
    assert Shelf(tmp_path).newest() == "s1"


def unreadable(monkeypatch: pytest.MonkeyPatch, begin: int, end: int) -> None:
    """The disk gives no byte of ``begin`` … ``end`` of any file any more."""
    real = os.pread

    def pread(descriptor: int, size: int, offset: int) -> bytes:
        if offset < end and offset + size > begin:
            raise OSError(errno.EIO, "Input/output error")
        return real(descriptor, size, offset)

    monkeypatch.setattr(os, "pread", pread)


@pytest.mark.parametrize("behind", [True, False], ids=["in the middle", "at the end"])
def test_f19_a_block_the_disk_does_not_give_is_read_past_and_nothing_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    chain = AnswerChain("s1")
    for number in range(60):
        chain.add("response", f"q{number}", {"R": ["答" * 90]}, {}, number)
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    shelf.append("s1", chain.entries)
    shelf.close_all()
    (path,) = tmp_path.glob(f"sittings/*/{FILE_NAME}")
    whole = path.read_bytes()
    assert len(whole) > 4 * BLOCK
    bad = BLOCK if behind else len(whole) // BLOCK * BLOCK
    unreadable(monkeypatch, bad, bad + BLOCK)
    recovery = reopened(tmp_path)
    monkeypatch.undo()
    kept, rest = recovery.entries, recovery.salvaged
    assert kept == chain.entries[: len(kept)] and kept
    assert rest == chain.entries[len(chain.entries) - len(rest) :]
    assert bool(rest) is behind
    lost = len(chain.entries) - len(kept) - len(rest)
    assert 0 < lost <= BLOCK // 400 + 2, "what the block touched, and no more"
    assert recovery.quarantine is not None and recovery.quarantine.read_bytes() == whole


def test_f19_a_disk_that_gives_nothing_is_a_named_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = written(tmp_path)
    whole = path.read_bytes()
    unreadable(monkeypatch, 0, 1 << 40)
    with pytest.raises(JournalError):
        reopened(tmp_path)
    monkeypatch.undo()
    assert path.read_bytes() == whole, "nothing was cut or set aside"
    assert reopened(tmp_path).entries == entries()


def test_f25_a_journal_made_up_to_be_slow_is_searched_within_bounds() -> None:
    """Headers without end, each of which would be tried at every number."""
    header = file_header("s1")
    false = seal_record(AESGCM(bytes(32)), header, 0, bytes(64))
    data = header + b"\1" * 50_000 + false * 400
    opened: list[int] = []

    class Counting:
        def decrypt(self, _nonce: bytes, data: bytes, _aad: bytes) -> bytes:
            opened.append(len(data))
            raise InvalidTag

    assert scan(data, cast(AESGCM, Counting()), header).records == ()
    assert len(opened) > 10_000
    assert sum(opened) <= 2 * (SEARCH_MIN + SEARCH_FACTOR * len(data))


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
