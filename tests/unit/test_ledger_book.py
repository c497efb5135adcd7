"""The ledger's book: with its transaction or not at all, two files, and what a crash leaves."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from venue_server.commands import ledger as ledger_command
from venue_server.ledger import book as book_module
from venue_server.ledger.book import SECTOR, Ledger, compare, count_entries, verify_store
from venue_server.ledger.catalogue import TEXTS, Event
from venue_server.ledger.verify import GENESIS, canonical_text, verify_file
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate

NOW = 1_790_000_000_000


class Book:
    """A ledger over two files in two folders."""

    def __init__(self, folder: Path) -> None:
        self.files = [folder / "primary" / "ledger.jsonl", folder / "second" / "ledger.jsonl"]
        for path in self.files:
            path.parent.mkdir(exist_ok=True)
        engine = open_engine(folder / "venue.db")
        migrate(engine)
        self.store = Store(engine)
        self.ledger = Ledger(self.store, self.files, lambda: NOW)

    async def write(self, count: int) -> None:
        for number in range(count):
            await self.ledger.note(Event.STATION_UP, "m1", number=number, seat="R1 01")

    async def sql(self, statement: str) -> None:
        await self.store.write(lambda tx: tx.execute(text(statement)))

    async def forge(self, statement: str) -> None:
        """Change rows as somebody with the database in their hands would: without the triggers."""
        await self.sql("DROP TRIGGER ledger_no_update")
        await self.sql("DROP TRIGGER ledger_no_delete")
        await self.sql(statement)

    async def put(self, seq: int, line: str) -> None:
        """Another line in the place of an entry, after :meth:`forge`."""
        values = {"line": line, "seq": seq}
        change = text("UPDATE ledger SET line = :line WHERE seq = :seq")
        await self.store.write(lambda tx: tx.execute(change, values))


@pytest.fixture
def make_book(tmp_path: Path) -> Iterator[Callable[[], Book]]:
    """Open the book (again: as after a crash; nothing is flushed on the way out)."""
    opened: list[Book] = []

    def make() -> Book:
        for one in opened:
            one.store.close()
        opened[:] = [Book(tmp_path)]
        return opened[0]

    yield make
    for one in opened:
        one.store.close()


@pytest.fixture
def book(make_book: Callable[[], Book]) -> Book:
    return make_book()


# ---- writing -----------------------------------------------------------------------------


async def test_n01_every_entry_is_in_the_table_and_both_files(book: Book) -> None:
    await book.write(4)
    verdict = compare(book.store, book.files)
    assert verdict.ok
    assert (verdict.entries, verdict.head) == book.ledger.head()
    assert verdict.entries == 4 == book.store.read(count_entries)
    assert book.files[0].read_bytes() == book.files[1].read_bytes()


async def test_an_empty_ledger_has_the_genesis_head(book: Book) -> None:
    assert book.ledger.head() == (0, GENESIS)
    assert verify_store(book.store).ok


async def test_when_the_caller_goes_on_the_files_already_have_the_entry(book: Book) -> None:
    for number in range(3):
        await book.write(1)
        assert [verify_file(path).entries for path in book.files] == [number + 1] * 2


async def test_an_entry_goes_with_its_change_or_not_at_all(book: Book) -> None:
    await book.write(1)

    def fails(tx: Connection) -> None:
        book.ledger.record(tx, Event.ADMITTED, "inv")
        raise LookupError("after the entry")

    with pytest.raises(LookupError):
        await book.store.write(fails)
    await book.write(1)
    verdict = compare(book.store, book.files)
    assert (verdict.ok, verdict.entries) == (True, 2)


async def test_several_entries_of_one_transaction_are_linked(book: Book) -> None:
    def three(tx: Connection) -> None:
        for event in (Event.RELEASED, Event.SESSION_STARTED, Event.ADMITTED):
            book.ledger.record(tx, event, "server", rooms=["R1", "R2"], ok=True)

    await book.store.write(three)
    assert compare(book.store, book.files).entries == 3


async def test_groups_without_ledger_entries_touch_no_file(book: Book) -> None:
    await book.write(1)
    before = [path.stat().st_mtime_ns for path in book.files]
    await book.store.write(lambda tx: tx.execute(text("INSERT INTO meta VALUES ('a', 'b')")))
    assert [path.stat().st_mtime_ns for path in book.files] == before


def test_every_event_has_its_two_sentences_and_its_own_name() -> None:
    assert set(TEXTS) == set(Event)
    assert len({event.value for event in Event}) == len(Event)
    assert all(zh and en for zh, en in TEXTS.values())


# ---- append-only -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET line = '' WHERE seq = 1",
        "UPDATE ledger SET hash = hash",
        "DELETE FROM ledger WHERE seq = 2",
        "DELETE FROM ledger",
    ],
)
async def test_n01_no_update_or_delete_ever(book: Book, statement: str) -> None:
    await book.write(2)
    with pytest.raises(DatabaseError, match="append-only"):
        await book.sql(statement)
    assert compare(book.store, book.files).entries == 2


async def test_n02_whoever_removes_the_triggers_is_found(book: Book) -> None:
    await book.write(3)
    await book.forge("UPDATE ledger SET line = replace(line, 'R1 01', 'R1 02') WHERE seq = 2")
    verdict = verify_store(book.store)
    assert (verdict.ok, verdict.problem) == (False, "line 2: content does not match its hash")
    assert not compare(book.store, book.files).ok


async def test_n02_a_changed_hash_column_is_found(book: Book) -> None:
    await book.write(3)
    await book.forge("UPDATE ledger SET hash = 'x' WHERE seq = 2")
    assert verify_store(book.store).problem == "row 2: hash column differs"


@pytest.mark.parametrize("gone", [1, 2])
async def test_r8_a_row_removed_from_the_table_is_found(book: Book, gone: int) -> None:
    await book.write(3)
    await book.forge(f"DELETE FROM ledger WHERE seq = {gone}")
    assert not verify_store(book.store).ok


async def test_r8_a_tail_removed_from_the_table_is_found_by_the_files(book: Book) -> None:
    await book.write(3)
    await book.forge("DELETE FROM ledger WHERE seq = 3")
    assert verify_store(book.store).ok
    verdict = compare(book.store, book.files)
    assert not verdict.ok
    assert "3 entries, the store has 2" in verdict.problem


async def test_r8_a_flipped_byte_of_a_row_is_found_and_named(book: Book) -> None:
    await book.write(3)
    await book.forge("SELECT 1")
    lines = book.files[0].read_bytes().splitlines()
    for number, line in enumerate(lines, start=1):
        for place in range(0, len(line), 11):
            flipped = (line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]).decode()
            await book.put(number, flipped)
            verdict = verify_store(book.store)
            assert not verdict.ok and f"line {number}" in verdict.problem, (number, place)
        await book.put(number, line.decode())
    assert compare(book.store, book.files).ok


@pytest.mark.parametrize("first", [1, 2])
async def test_r8_two_rows_exchanged_in_the_table_are_named(book: Book, first: int) -> None:
    await book.write(3)
    await book.forge("SELECT 1")
    lines = book.files[0].read_bytes().decode().splitlines()
    await book.put(first, lines[first])
    await book.put(first + 1, lines[first - 1])
    verdict = verify_store(book.store)
    assert not verdict.ok and f"line {first}" in verdict.problem


async def test_r8_a_tail_cut_off_everywhere_is_found_by_the_printed_head(book: Book) -> None:
    """Whoever shortens the table and every file is convicted by any paper that carries the head."""
    await book.write(3)
    printed = book.ledger.head()
    await book.forge("DELETE FROM ledger WHERE seq = 3")
    for path in book.files:
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    verdict = compare(book.store, book.files)
    assert verdict.ok, "a shorter chain is still a chain"
    assert (verdict.entries, verdict.head) != printed


# ---- files against the table -------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1])
async def test_n02_a_flipped_byte_in_either_file_is_found(book: Book, which: int) -> None:
    await book.write(3)
    path = book.files[which]
    good = path.read_bytes()
    for place in range(0, len(good), 7):
        path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        verdict = compare(book.store, book.files)
        assert not verdict.ok
        assert str(path) in verdict.problem


async def test_r8_a_truncated_tail_of_a_file_is_found(book: Book) -> None:
    await book.write(3)
    lines = book.files[1].read_bytes().splitlines(keepends=True)
    book.files[1].write_bytes(b"".join(lines[:2]))
    assert "2 entries, the store has 3" in compare(book.store, book.files).problem


async def test_r8_a_missing_file_is_found(book: Book) -> None:
    await book.write(1)
    book.files[1].unlink()
    assert compare(book.store, book.files).problem == "ledger.jsonl is missing"


# ---- crashes -----------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [1, 2, 4])
async def test_a_crash_between_commit_and_append_is_made_good(
    make_book: Callable[[], Book], lost: int
) -> None:
    book = make_book()
    await book.write(4)
    for path, keep in zip(book.files, (4 - lost, 4), strict=True):
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:keep]))
    again = make_book()
    assert again.ledger.broken_files == {}
    assert compare(again.store, again.files).entries == 4
    await again.write(1)
    assert compare(again.store, again.files).entries == 5


async def test_a_crash_in_the_middle_of_a_line_is_made_good(book: Book) -> None:
    await book.write(3)
    whole = book.files[0].read_bytes()
    start_of_last = len(b"".join(whole.splitlines(keepends=True)[:2]))
    for cut in range(start_of_last, len(whole)):
        book.files[0].write_bytes(whole[:cut])
        again = Ledger(book.store, book.files, lambda: NOW)
        assert again.broken_files == {}, cut
        assert book.files[0].read_bytes() == whole


async def test_r2_sectors_a_power_cut_left_unwritten_are_written_again(book: Book) -> None:
    await book.write(12)
    whole = book.files[0].read_bytes()
    assert len(whole) > 4 * SECTOR
    for lost in range(0, len(whole), SECTOR):
        torn = whole[:lost] + bytes(len(whole[lost : lost + SECTOR])) + whole[lost + SECTOR :]
        book.files[0].write_bytes(torn)
        again = Ledger(book.store, book.files, lambda: NOW)
        assert again.broken_files == {}, lost
        assert book.files[0].read_bytes() == whole


async def test_r2_a_sector_written_again_may_hold_the_synced_line_and_zeros_behind_it(
    book: Book,
) -> None:
    """Lines end anywhere: what was lost begins in the middle of a sector, and later ones came."""
    await book.write(12)
    whole = book.files[0].read_bytes()
    for begin in range(1, SECTOR, 37):
        torn = bytearray(whole)
        torn[begin : begin + SECTOR] = bytes(SECTOR)
        book.files[0].write_bytes(torn)
        again = Ledger(book.store, book.files, lambda: NOW)
        assert again.broken_files == {}, begin
        assert book.files[0].read_bytes() == whole


async def test_n02_zeros_beside_a_changed_sector_are_reported(book: Book) -> None:
    await book.write(12)
    whole = bytearray(book.files[0].read_bytes())
    whole[SECTOR : 2 * SECTOR] = bytes(SECTOR)
    whole[3 * SECTOR] ^= 1
    book.files[0].write_bytes(whole)
    again = Ledger(book.store, book.files, lambda: NOW)
    assert set(again.broken_files) == {book.files[0]}
    assert book.files[0].read_bytes() == whole


async def test_a_lost_file_is_written_again(make_book: Callable[[], Book]) -> None:
    book = make_book()
    await book.write(3)
    whole = book.files[1].read_bytes()
    book.files[1].unlink()
    again = make_book()
    assert again.files[1].read_bytes() == whole


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("changed", lambda data: data.replace(b'"number":1', b'"number":7')),
        ("longer", lambda data: data + data.splitlines(keepends=True)[-1]),
        ("foreign-tail", lambda data: data + b"something else"),
        ("torn-beyond-the-table", lambda data: data + b'{"actor"'),
        ("other-first-line", lambda data: b"{}\n" + data),
    ],
)
async def test_n02_a_file_somebody_changed_is_never_repaired_but_reported(
    make_book: Callable[[], Book], name: str, change: Callable[[bytes], bytes]
) -> None:
    book = make_book()
    await book.write(3)
    changed = change(book.files[0].read_bytes())
    book.files[0].write_bytes(changed)
    again = make_book()
    assert set(again.ledger.broken_files) == {again.files[0]}, name
    await again.write(1)
    assert again.files[0].read_bytes() == changed  # evidence stays as it was found
    assert verify_file(again.files[1]).entries == 4
    assert not compare(again.store, again.files).ok


async def test_f19_a_file_that_cannot_be_written_stops_neither_table_nor_the_other_copy(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book.write(1)
    real = os.fsync
    second = book.files[1].stat().st_ino

    def failing(fd: int) -> None:
        if os.fstat(fd).st_ino == second:
            raise OSError(28, "No space left on device")
        real(fd)

    monkeypatch.setattr(book_module.os, "fsync", failing)
    await book.write(2)
    assert list(book.ledger.broken_files) == [book.files[1]]
    assert verify_file(book.files[0]).entries == 3 == book.store.read(count_entries)


async def test_a_copy_that_failed_catches_up_at_the_next_start(
    make_book: Callable[[], Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = make_book()
    await book.write(1)
    with monkeypatch.context() as patched:

        def failing(_fd: int) -> Any:
            raise OSError(5, "Input/output error")

        patched.setattr(book_module.os, "fsync", failing)
        await book.write(2)
    assert set(book.ledger.broken_files) == set(book.files)
    again = make_book()
    assert again.ledger.broken_files == {}
    assert compare(again.store, again.files).entries == 3


async def test_a_folder_that_is_gone_is_reported_at_the_start(
    make_book: Callable[[], Book], tmp_path: Path
) -> None:
    book = make_book()
    await book.write(1)
    lost = tmp_path / "gone" / "ledger.jsonl"
    ledger = Ledger(book.store, [lost], lambda: NOW)
    assert list(ledger.broken_files) == [lost]


# ---- verifying while others write --------------------------------------------------------


def growing(book: Book, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Between the table's and a file's verification somebody writes, so many times."""
    written: list[int] = []
    verify = book_module.verify_file

    def meanwhile(path: Path) -> Any:
        if len(written) < times:
            written.append(1)
            run = lambda tx: book.ledger.record(tx, Event.STATION_DOWN, "m1")  # noqa: E731
            book.store.submit(run).result()
        return verify(path)

    monkeypatch.setattr(book_module, "verify_file", meanwhile)
    return written


async def test_n01_a_book_that_grows_while_it_is_verified_is_not_called_broken(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book.write(3)
    growing(book, monkeypatch, 1)
    assert not compare(book.store, book.files).ok, "this is what is not to be told"
    written = growing(book, monkeypatch, 3)
    verdict = await asyncio.to_thread(book.ledger.verified)
    assert (verdict.ok, verdict.entries, len(written)) == (True, 7, 3)


async def test_r8_a_tail_that_is_really_gone_is_told_however_much_the_book_grows(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book.write(3)
    lines = book.files[1].read_bytes().splitlines(keepends=True)
    book.files[1].write_bytes(b"".join(lines[:2]))
    assert not (await asyncio.to_thread(book.ledger.verified)).ok
    growing(book, monkeypatch, 10_000)
    assert not (await asyncio.to_thread(book.ledger.verified)).ok


async def test_n02_the_command_gives_a_server_that_writes_a_moment(book: Book) -> None:
    """An entry is in the store before it is in the files; one that never comes is found."""
    await book.write(3)
    file = book.files[1]
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    later = threading.Timer(0.2, file.write_bytes, [whole])
    later.start()
    assert (await asyncio.to_thread(ledger_command._compare, book.store, book.files)).ok
    later.join()
    file.write_bytes(whole[:-40])
    found = await asyncio.to_thread(ledger_command._compare, book.store, book.files)
    assert "the last line is cut off" in found.problem


VALUES = st.one_of(
    st.text(), st.integers(), st.booleans(), st.lists(st.text(), max_size=3), st.floats(), st.none()
)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
@example({"n": 2**70, "m": -(2**64), "x": 1e16, "名": '\x00\x1f\x7f\u2028"\\/'})
def test_n02_the_quick_way_writes_what_the_verifier_asks_for(data: dict[str, object]) -> None:
    entry: dict[str, object] = {"seq": 1, "data": data, "roles": ["CHIEF"], "prev": GENESIS}
    assert book_module._canonical(entry) == canonical_text(entry)
