"""Writes that are gathered: one commit for many, and nobody fails for another's mistake (P5)."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event, select

from venue_server.storage import gathering as gathering_module
from venue_server.storage import schema
from venue_server.storage.engine import Store
from venue_server.storage.gathering import Gathering
from venue_server.storage.plain import Plain, change, inside

_PUT = Plain(schema.meta.insert())
_ALL = Plain(select(schema.meta.c.key).order_by(schema.meta.c.key))


def put(key: str) -> Callable[[Connection], None]:
    return lambda tx: _put(tx, key)


def _put(tx: Connection, key: str) -> None:
    assert change(tx, _PUT, key=key, value="") == 1


def noted(key: str, order: list[str]) -> Callable[[Connection], None]:
    def run(tx: Connection) -> None:
        _put(tx, key)
        order.append(key)

    return run


def keys(store: Store) -> list[str]:
    return [key for (key,) in store.ask(_ALL)]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110  # the store has no event for it
            await asyncio.sleep(0.01)


async def stored(store: Store, *expected: str) -> None:
    """Wait until exactly these are there."""
    await until(lambda: keys(store) == list(expected))


async def test_p5_what_comes_within_a_moment_is_one_commit(store: Store) -> None:
    commits: list[int] = []
    event.listen(store.engine, "commit", lambda _connection: commits.append(1))
    gathering = Gathering(store)
    names = [f"k{n:03}" for n in range(100)]
    for name in names:
        gathering.add(put(name))
    await stored(store, *names)
    assert len(commits) == 1
    gathering.add(put("later"))
    await stored(store, *names, "later")
    assert len(commits) == 2


async def test_a_piece_that_fails_fails_alone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(tx: Connection) -> None:
        _put(tx, "half")
        raise LookupError("piece")

    gathering = Gathering(store)
    for work in (put("a"), fails, put("b")):
        gathering.add(work)
    await stored(store, "a", "b")
    await until(lambda: "a gathered write failed" in caplog.text)


async def test_f19_what_a_store_cannot_take_is_kept_and_written_in_its_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering_module, "AGAIN_S", 0.01)
    refused: list[int] = []

    def gone() -> None:
        if len(refused) < 3:
            refused.append(1)
            raise OSError("the disk is gone")

    order: list[str] = []
    store.guard(gone)
    gathering = Gathering(store)
    for key in "ab":
        gathering.add(noted(key, order))
    await until(lambda: bool(refused))
    gathering.add(noted("c", order))
    await stored(store, "a", "b", "c")
    assert order == ["a", "b", "c"]
    assert len(refused) == 3


async def test_f19_what_is_tried_again_stays_before_what_came_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A station that went and came back must not be left as one that went."""
    monkeypatch.setattr(gathering_module, "GATHER_S", 0.0)
    monkeypatch.setattr(gathering_module, "AGAIN_S", 0.05)
    reached, goes_on = threading.Event(), threading.Event()
    order: list[str] = []

    def gone() -> None:
        if not reached.is_set():
            reached.set()
            goes_on.wait(30)
            raise OSError("the disk is gone")

    store.guard(gone)
    gathering = Gathering(store)
    gathering.add(noted("down", order))
    await until(reached.is_set)
    gathering.add(noted("up", order))  # while the first piece is on its way
    await asyncio.sleep(0.05)  # time enough for a piece of its own
    goes_on.set()
    await stored(store, "down", "up")
    assert order == ["down", "up"]


async def test_f19_only_so_much_waits_for_a_store_that_takes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gathering_module, "AGAIN_S", 0.01)
    monkeypatch.setattr(gathering_module, "MOST", 3)
    there = [False]

    def gone() -> None:
        if not there[0]:
            raise OSError("the disk is gone")

    store.guard(gone)
    gathering = Gathering(store)
    for key in "abcde":
        gathering.add(put(key))
    await until(lambda: "2 gathered writes are given up" in caplog.text)
    there[0] = True
    await stored(store, "c", "d", "e")


async def test_who_decides_by_what_is_on_record_finds_what_came_before(store: Store) -> None:
    gathering = Gathering(store)
    gathering.add(put("a"))
    await gathering.settle()
    assert keys(store) == ["a"]
    await gathering.settle()  # nothing waits
    gathering.add(put("b"))
    await stored(store, "a", "b")


async def test_f19_a_store_that_takes_nothing_holds_nobody_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering_module, "SETTLE_S", 0.05)
    hangs, goes_on = threading.Event(), threading.Event()

    def hang(_tx: Connection) -> None:
        hangs.set()
        goes_on.wait(30)

    gathering = Gathering(store)
    gathering.add(hang)
    async with asyncio.timeout(20):
        await gathering.settle()
    assert hangs.wait(20)
    goes_on.set()


async def test_at_the_stop_nothing_waits(store: Store) -> None:
    """Given to the store before it is closed, so it is written."""
    gathering = Gathering(store)
    gathering.add(put("a"))
    gathering.hurry()
    gathering.add(put("b"))
    await asyncio.to_thread(store.close)
    assert keys(store) == ["a", "b"]


async def test_plain_statements_see_their_own_transaction_and_else_the_last_commit(
    store: Store,
) -> None:
    def run(tx: Connection) -> tuple[list[str], list[str]]:
        _put(tx, "a")
        return [key for (key,) in inside(tx)(_ALL)], keys(store)

    assert await store.write(run) == (["a"], [])
    assert keys(store) == ["a"]
