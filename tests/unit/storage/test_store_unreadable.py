"""R3: a device that fails while the store is read is a fault of the store, not the server's end."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError

from venue_server import keeping_up
from venue_server.gateway.alarms import Alarms
from venue_server.storage import schema
from venue_server.storage.engine import Store, StoreFault
from venue_server.wire.alarms import Alarm, AlarmCode


@pytest.fixture
def store(store: Store) -> Store:
    store.submit(lambda tx: tx.execute(schema.meta.insert().values(key="a", value="x"))).result(30)
    assert store.empty_log()
    return store


def everything(tx: Connection) -> list[str]:
    return list(tx.execute(select(schema.meta.c.key)).scalars())


def spoil(store: Store) -> None:
    """Every page is other bytes than were written; what is cached is gone."""
    assert store.engine.url.database is not None
    file = Path(store.engine.url.database)
    store.engine.dispose()
    file.write_bytes(b"\xa5" * file.stat().st_size)


def test_r3_a_read_that_the_device_fails_is_a_store_fault(store: Store) -> None:
    assert store.read(everything) == ["a"]
    spoil(store)
    with pytest.raises(StoreFault):
        store.read(everything)


def test_r3_a_statement_that_is_wrong_is_still_a_bug(store: Store) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        store.read(lambda tx: tx.exec_driver_sql("SELECT * FROM nowhere"))
    twice = schema.meta.insert().values(key="a", value="y")
    with pytest.raises(IntegrityError):
        store.submit(lambda tx: tx.execute(twice)).result(30)


def test_r3_one_piece_that_meets_a_damaged_page_fails_alone_with_a_store_fault(
    store: Store,
) -> None:
    damaged = sqlite3.DatabaseError("database disk image is malformed")
    damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT  # type: ignore[misc]

    def meets(_tx: Connection) -> None:
        raise damaged

    with pytest.raises(StoreFault, match="malformed"):
        store.submit(meets).result(30)
    store.submit(lambda tx: tx.execute(schema.meta.insert().values(key="b", value="x"))).result(30)
    assert store.read(everything) == ["a", "b"]


def test_r3_alarms_that_need_the_store_do_not_hide_those_that_do_not() -> None:
    def cannot_tell() -> list[Alarm]:
        raise StoreFault("Input/output error")

    gone = Alarm(AlarmCode.PRIMARY_FAILING, {"folder": "x", "system": "y"})
    alarms = Alarms([cannot_tell, lambda: [gone]], lambda: True, lambda: True)
    assert alarms.current() == [gone]


@pytest.mark.parametrize("grouped", [False, True])
async def test_r3_a_keeper_waits_for_the_store(
    grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_up, "STORE_PAUSE_S", 0.0)
    tried = 0

    async def work() -> None:
        nonlocal tried
        tried += 1
        if tried < 3:
            fault = StoreFault("malformed")
            raise ExceptionGroup("several", [fault]) if grouped else fault

    async with asyncio.timeout(30):
        await keeping_up.kept_up("a keeper", work, list)
    assert tried == 3


async def test_r3_a_bug_in_a_keeper_still_ends_it() -> None:
    async def work() -> None:
        raise ExceptionGroup("several", [StoreFault("x"), ValueError("a bug")])

    with pytest.raises(ExceptionGroup) as told:
        await keeping_up.kept_up("a keeper", work, list)
    assert [type(each) for each in told.value.exceptions] == [ValueError]


async def test_r3_a_folder_that_went_with_its_disk_does_not_end_a_keeper(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error may come before the disk's own alarm."""
    monkeypatch.setattr(keeping_up, "STORE_PAUSE_S", 0.001)
    gone = Alarm(AlarmCode.PRIMARY_ELSEWHERE, {"folder": "x"})
    looks = iter([[], [], [gone]])
    tried = 0

    async def work() -> None:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise FileNotFoundError("run/answers.part")

    async with asyncio.timeout(30):
        await keeping_up.kept_up("a keeper", work, lambda: next(looks))
    assert tried == 2 and next(looks, None) is None


async def test_r3_a_system_error_that_no_disk_explains_is_a_bug(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping_up, "STORE_PAUSE_S", 0.001)
    monkeypatch.setattr(keeping_up, "BLAMED_S", 0.01)

    async def work() -> None:
        raise FileNotFoundError("a typing error")

    with pytest.raises(ExceptionGroup) as told:
        await keeping_up.kept_up("a keeper", work, list)
    assert [type(each) for each in told.value.exceptions] == [FileNotFoundError]
