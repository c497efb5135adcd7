"""The store's promise: one writer, group commit, a failing piece alone, disk errors as faults."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.util import CommandError
from sqlalchemy import Column, Connection, Table, delete, event, func, inspect, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from venue_server.storage import schema
from venue_server.storage.engine import (
    GROUP_LIMIT,
    Store,
    StoreClosedError,
    StoreFault,
)
from venue_server.storage.migrate import migrate
from venue_server.storage.plain import Plain, Row


def put(key: str, value: str = "x") -> Callable[[Connection], str]:
    def run(tx: Connection) -> str:
        tx.execute(schema.meta.insert().values(key=key, value=value))
        return key

    return run


def keys(store: Store) -> list[str]:
    query = select(schema.meta.c.key).order_by(schema.meta.c.key)
    return store.read(lambda tx: list(tx.execute(query).scalars()))


class Gate:
    """Holds the writer in its first piece, so that everything behind it becomes one group."""

    def __init__(self, store: Store) -> None:
        self._go = threading.Event()
        self.entered = threading.Event()
        self.done = store.submit(self._wait)
        assert self.entered.wait(10)

    def _wait(self, _tx: Connection) -> None:
        self.entered.set()
        assert self._go.wait(10)

    def open(self) -> None:
        self._go.set()


# ---- what a write promises ---------------------------------------------------------------


async def test_a_write_returns_its_result_and_is_on_disk(store: Store, tmp_path: Path) -> None:
    assert await store.write(put("a")) == "a"
    other = sqlite3.connect(tmp_path / "venue.db")
    assert other.execute("SELECT key FROM meta").fetchall() == [("a",)]
    other.close()


async def test_every_connection_is_durable(store: Store) -> None:
    def pragmas(tx: Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    durable = ["wal", 2, 1, 1]
    assert await store.write(pragmas) == durable
    assert store.read(pragmas) == durable


async def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.write(
            lambda tx: tx.execute(
                schema.session.insert().values(
                    session_id="s", plan_id="none", state="PLANNED", data_state="COLLECTING"
                )
            )
        )


# ---- group commit ------------------------------------------------------------------------


async def test_what_waits_is_committed_together(store: Store) -> None:
    commits: list[int] = []
    event.listen(store.engine, "commit", lambda _connection: commits.append(1))
    gate = Gate(store)
    waiting = [store.submit(put(f"k{n:03}")) for n in range(100)]
    gate.open()
    await asyncio.gather(*map(asyncio.wrap_future, waiting))
    assert len(keys(store)) == 100
    assert len(commits) == 2  # the gate's own, and one for the hundred


async def test_a_group_has_an_upper_limit(store: Store) -> None:
    commits: list[int] = []
    event.listen(store.engine, "commit", lambda _connection: commits.append(1))
    gate = Gate(store)
    waiting = [store.submit(put(f"k{n:04}")) for n in range(GROUP_LIMIT + 1)]
    gate.open()
    await asyncio.gather(*map(asyncio.wrap_future, waiting))
    assert len(commits) == 3


async def test_a_failing_piece_is_undone_alone(store: Store) -> None:
    def fails(tx: Connection) -> None:
        put("half")(tx)
        raise LookupError("piece")

    gate = Gate(store)
    before, failing, after = (store.submit(run) for run in (put("a"), fails, put("b")))
    gate.open()
    assert (await asyncio.wrap_future(before), await asyncio.wrap_future(after)) == ("a", "b")
    with pytest.raises(LookupError):
        await asyncio.wrap_future(failing)
    assert keys(store) == ["a", "b"]


async def test_a_piece_that_breaks_a_constraint_is_undone_alone(store: Store) -> None:
    gate = Gate(store)
    first, again, other = (store.submit(put(key)) for key in ("a", "a", "b"))
    gate.open()
    assert await asyncio.wrap_future(first) == "a"
    with pytest.raises(IntegrityError):
        await asyncio.wrap_future(again)
    assert await asyncio.wrap_future(other) == "b"
    assert keys(store) == ["a", "b"]


async def test_pieces_run_in_the_order_they_came(store: Store) -> None:
    def next_number(tx: Connection) -> int:
        count = tx.execute(select(func.count()).select_from(schema.meta)).scalar_one()
        put(f"k{count:03}")(tx)
        return int(count)

    answers = await asyncio.gather(*(store.write(next_number) for _ in range(50)))
    assert answers == list(range(50))


async def test_nobody_sees_a_change_before_it_is_committed(store: Store) -> None:
    written, go = threading.Event(), threading.Event()

    def slow(tx: Connection) -> None:
        put("a")(tx)
        written.set()
        assert go.wait(10)

    waiting = store.submit(slow)
    assert written.wait(10)
    assert keys(store) == []
    go.set()
    await asyncio.wrap_future(waiting)
    assert keys(store) == ["a"]


_KEYS = Plain(select(schema.meta.c.key).order_by(schema.meta.c.key))


async def test_p5_what_is_known_is_read_again_only_after_a_commit(store: Store) -> None:
    await store.write(put("a"))
    first = store.known(_KEYS)
    assert ("a",) in first and store.known(_KEYS) is first
    await store.write(put("b"))
    assert ("b",) in store.known(_KEYS), "whoever waited for a write sees it"
    with pytest.raises(IntegrityError):
        await store.write(put("b"))
    assert store.known(_KEYS) == store.ask(_KEYS)


async def test_p5_what_is_read_beside_a_commit_does_not_stay_known(store: Store) -> None:
    """A reader that began before the commit and comes back after it keeps nothing old."""
    asked: list[str] = []
    plain_ask = store.ask

    def ask(statement: Plain) -> list[Row]:
        rows = plain_ask(statement)
        if not asked:
            asked.append(store.submit(put("late")).result(10))
        return rows

    store.ask = ask  # type: ignore[method-assign, assignment]
    assert ("late",) not in store.known(_KEYS)
    assert ("late",) in store.known(_KEYS)


async def test_listeners_run_after_the_commit_and_before_the_caller_goes_on(store: Store) -> None:
    seen: list[list[str]] = []
    store.on_commit(lambda: seen.append(keys(store)))
    await store.write(put("a"))
    assert seen == [["a"]]


# ---- when the world breaks ---------------------------------------------------------------


async def test_f19_a_failed_commit_is_a_fault_for_the_whole_group(store: Store) -> None:
    def no_disk(_connection: Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    listened: list[int] = []
    store.on_commit(lambda: listened.append(1))
    gate = Gate(store)
    event.listen(store.engine, "commit", no_disk)
    waiting = [store.submit(put(key)) for key in "abc"]
    gate.open()
    for one in waiting:
        with pytest.raises(StoreFault, match="disk I/O error"):
            await asyncio.wrap_future(one)
    event.remove(store.engine, "commit", no_disk)
    assert keys(store) == []
    assert listened == []
    assert await store.write(put("d")) == "d"  # the disk came back


async def test_f19_a_full_disk_is_a_fault_for_the_whole_group_and_nothing_stays_half_done(
    store: Store,
) -> None:
    def limit(pages: str) -> Callable[[Connection], None]:
        return lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}").close()

    # SQLite ends the whole transaction when the disk is full: whoever wrote before in the same
    # group must not be told that it was saved. The limit is of a connection: the first commit
    # takes another one for its look afterwards, from then on the writer's is the same.
    await store.write(lambda _tx: None)
    await store.write(limit("1"))  # the least that is there now
    gate = Gate(store)
    waiting = [store.submit(put("a")), store.submit(put("big", "x" * 1_000_000))]
    gate.open()
    for one in waiting:
        with pytest.raises(StoreFault):
            await asyncio.wrap_future(one)
    assert keys(store) == []
    await store.write(limit("1000000"))
    assert await store.write(put("b")) == "b"


async def test_a_caller_who_gives_up_does_not_stop_the_writer(store: Store) -> None:
    gate = Gate(store)
    gone = asyncio.create_task(store.write(put("gone")))
    running = asyncio.wrap_future(gate.done)
    await asyncio.sleep(0)
    gone.cancel()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    gate.open()
    assert await asyncio.wait_for(store.write(put("next")), 5) == "next"


async def test_a_listener_that_fails_does_not_stop_the_writer(store: Store) -> None:
    def broken() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    store.on_commit(broken)
    with contextlib.suppress(StoreFault):  # saying so is as good as going on; hanging is not
        await asyncio.wait_for(store.write(put("a")), 5)
    assert store._thread.is_alive()


# ---- closing -----------------------------------------------------------------------------


async def test_closing_finishes_what_waits_and_refuses_what_comes_later(
    store: Store, tmp_path: Path
) -> None:
    waiting = [store.submit(put(f"k{n}")) for n in range(20)]
    store.close()
    assert [one.result(5) for one in waiting] == [f"k{n}" for n in range(20)]
    with pytest.raises(StoreClosedError):
        await store.write(put("late"))
    other = sqlite3.connect(tmp_path / "venue.db")
    assert other.execute("SELECT count(*) FROM meta").fetchone() == (20,)
    other.close()


# ---- schema ------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
@pytest.mark.parametrize("table", schema.APPEND_ONLY)
async def test_n01_append_only_tables_stay_so(store: Store, table: str, verb: str) -> None:
    kept = schema.metadata.tables[table]
    last = list(kept.columns)[-1]
    changes = {
        "UPDATE": update(kept).values({last.name: _anything(last)}),
        "DELETE": delete(kept),
    }
    await store.write(lambda tx: _put_row(tx, kept, set()))
    with pytest.raises(DatabaseError, match="append-only"):
        await store.write(lambda tx: tx.execute(changes[verb]))


def _put_row(tx: Connection, table: Table, there: set[str]) -> None:
    """One row, and those it refers to before it."""
    there.add(table.name)
    for key in table.foreign_keys:
        if key.column.table.name not in there:
            _put_row(tx, key.column.table, there)
    own = [each for each in table.columns if each.autoincrement is not True]
    tx.execute(table.insert().values({each.name: _anything(each) for each in own}))


def _anything(column: Column[Any]) -> object:
    """A value the column takes."""
    return {int: 1, str: "x", bytes: b"x", bool: True}[column.type.python_type]


async def test_migrating_again_changes_nothing(store: Store) -> None:
    await store.write(put("kept"))
    migrate(store.engine)
    assert keys(store) == ["kept"]


async def test_a_store_of_a_newer_program_is_refused(store: Store) -> None:
    await store.write(lambda tx: tx.exec_driver_sql("UPDATE alembic_version SET version_num='9'"))
    with pytest.raises(CommandError, match="9"):
        migrate(store.engine)


def test_p9_a_store_of_this_program_opens_without_reading_the_migrations_in(
    tmp_path: Path,
) -> None:
    store = tmp_path / "venue.db"
    code = (
        "import sys, pathlib\n"
        "from venue_server.storage.engine import open_engine\n"
        "from venue_server.storage.migrate import migrate\n"
        "migrate(open_engine(pathlib.Path(sys.argv[1])))\n"
        "print('alembic' in sys.modules)\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(store)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["True", "False"]


async def test_the_migrations_build_exactly_the_schema(store: Store) -> None:
    found = inspect(store.engine)
    for name, table in schema.metadata.tables.items():
        columns = {column["name"] for column in found.get_columns(name)}
        assert columns == set(table.columns.keys()), name
