"""Writes that are gathered: one commit for many, and nobody fails for another's mistake (P5)."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select

from venue_server.storage import schema
from venue_server.storage.engine import Store, StoreFault, open_engine
from venue_server.storage.gathering import Gathering
from venue_server.storage.migrate import migrate
from venue_server.storage.plain import Plain, change, inside

_PUT = Plain(schema.meta.insert())
_ALL = Plain(select(schema.meta.c.key).order_by(schema.meta.c.key))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(tmp_path / "venue.db")
    migrate(engine)
    made = Store(engine)
    yield made
    made.close()


def put(key: str) -> Callable[[Connection], None]:
    return lambda tx: _put(tx, key)


def _put(tx: Connection, key: str) -> None:
    assert change(tx, _PUT, key=key, value="") == 1


def keys(store: Store) -> list[str]:
    return [key for (key,) in store.ask(_ALL)]


async def test_p5_what_comes_within_a_moment_is_one_commit_and_durable_on_return(
    store: Store,
) -> None:
    commits: list[int] = []
    event.listen(store.engine, "commit", lambda _connection: commits.append(1))
    gathering = Gathering(store)
    await asyncio.gather(*(gathering.write(put(f"k{n:03}")) for n in range(100)))
    assert len(keys(store)) == 100
    assert len(commits) == 1
    await gathering.write(put("later"))
    assert len(commits) == 2


async def test_a_piece_that_fails_fails_alone(store: Store) -> None:
    def fails(tx: Connection) -> None:
        _put(tx, "half")
        raise LookupError("piece")

    gathering = Gathering(store)
    works = [put("a"), fails, put("b")]
    done = await asyncio.gather(*map(gathering.write, works), return_exceptions=True)
    assert [type(each) for each in done] == [type(None), LookupError, type(None)]
    assert keys(store) == ["a", "b"]


async def test_f19_a_store_that_cannot_write_fails_all_of_them(store: Store) -> None:
    def gone() -> None:
        raise OSError("the disk is gone")

    store.guard(gone)
    gathering = Gathering(store)
    done = await asyncio.gather(
        *(gathering.write(put(key)) for key in "ab"), return_exceptions=True
    )
    assert [type(each) for each in done] == [StoreFault, StoreFault]
    assert keys(store) == []


async def test_who_gives_up_does_not_take_the_others_along(store: Store) -> None:
    gathering = Gathering(store)
    impatient = asyncio.create_task(gathering.write(put("a")))
    patient = asyncio.create_task(gathering.write(put("b")))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert keys(store) == ["a", "b"]


async def test_at_the_stop_nothing_waits(store: Store) -> None:
    """Given to the store before it is closed, so it is written."""
    gathering = Gathering(store)
    before = asyncio.create_task(gathering.write(put("a")))
    await asyncio.sleep(0)
    gathering.hurry()
    after = asyncio.create_task(gathering.write(put("b")))
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    await asyncio.gather(before, after)


async def test_plain_statements_see_their_own_transaction_and_else_the_last_commit(
    store: Store,
) -> None:
    def run(tx: Connection) -> tuple[list[str], list[str]]:
        _put(tx, "a")
        return [key for (key,) in inside(tx)(_ALL)], keys(store)

    assert await store.write(run) == (["a"], [])
    assert keys(store) == ["a"]
