"""Searching the server's folder must not take SQLite's locks away (R2, L10)."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from venue_server.records.leftovers_io import in_the_clear
from venue_server.storage.bytes_of import bytes_of
from venue_server.storage.engine import Store, open_engine
from venue_server.upload.key_search_io import search

# Byte 128 of the index is locked, shared, as long as somebody uses it: who gets it alone believes
# to be the first, and cuts the index to nothing under everybody else's feet.
ANOTHER_PROGRAM = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except OSError:
        print("held")
"""
SECRET = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(open_engine(tmp_path / "venue.sqlite"))
    opened.submit(lambda tx: tx.exec_driver_sql("CREATE TABLE t (a BLOB)")).result()
    opened.submit(lambda tx: tx.exec_driver_sql("INSERT INTO t VALUES (?)", (SECRET,))).result()
    yield opened
    opened.close()


def is_held(folder: Path) -> bool:
    words = [sys.executable, "-c", ANOTHER_PROGRAM, str(folder / "venue.sqlite-shm")]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    return told.stdout == "held\n"


@pytest.mark.parametrize("through", ["search", "in_the_clear"])
def test_r2_after_a_search_the_store_is_still_locked_against_other_programs(
    store: Store, tmp_path: Path, through: str
) -> None:
    assert is_held(tmp_path)
    for _ in range(2):
        if through == "search":
            assert [Path(each).name for each in search([tmp_path], [SECRET]).found] != []
        else:
            in_the_clear(tmp_path)
        assert is_held(tmp_path), "another program would cut the index while the server uses it"


def test_r2_the_control_a_plain_open_and_close_loses_the_lock(store: Store, tmp_path: Path) -> None:
    (tmp_path / "venue.sqlite-shm").open("rb").close()
    assert not is_held(tmp_path), "the danger is real here"


def test_l10_a_stores_file_is_read_whole_each_time_and_an_other_file_as_ever(
    store: Store, tmp_path: Path
) -> None:
    assert store.empty_log()
    database, other = tmp_path / "venue.sqlite", tmp_path / "other"
    other.write_bytes(b"abc")
    size = database.stat().st_size
    for _ in range(2):
        with bytes_of(database) as handle:
            pieces = [handle.read(1000)]
            while pieces[-1]:
                pieces.append(handle.read(1000))
        assert len(b"".join(pieces)) == size and SECRET in b"".join(pieces)
        with bytes_of(other) as handle:
            assert (handle.read(2), handle.read(2), handle.read(2)) == (b"ab", b"c", b"")


def test_l10_a_log_that_is_being_read_is_not_waited_for(store: Store, tmp_path: Path) -> None:
    """Nobody writes meanwhile, and a session may be sat: the wiping tries again later."""
    reader = sqlite3.connect(tmp_path / "venue.sqlite", isolation_level=None)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM t").fetchall()
        store.submit(lambda tx: tx.exec_driver_sql("INSERT INTO t VALUES (1)")).result()
        assert not store.empty_log()
        reader.execute("COMMIT")
        assert store.empty_log()
    finally:
        reader.close()
