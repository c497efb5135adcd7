"""Bits rot in the primary store: no answer is lost with them, and it is said aloud (R3, N02)."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from venue_server.responses.second_copy import SecondCopy
from venue_server.storage.integrity import damage

PAGE = 4096


async def answered(day: Any, kit: Any, count: int = 5) -> Any:
    """Some acknowledged answers of the first station."""
    chain = kit.Chain(day.first.sitting_id)
    for _ in range(count):
        await day.next_save(day.first, chain, "答")
    return chain


async def restarted_with(world: Any, harm: Any) -> None:
    """Restart the server, with something done to its folder in between."""

    async def start() -> None:
        harm()
        await world.start()

    await world.restart_as(start)


def flip(file: Path, content: bytes) -> None:
    """Turn one bit in the middle of a piece of the file, as it lies on the disk."""
    data = bytearray(file.read_bytes())
    place = data.find(content)
    assert place >= 0
    data[place + len(content) // 2] ^= 0x10
    file.write_bytes(data)


def column(data: Path, name: str, seq: int) -> bytes:
    with closing(sqlite3.connect(data / "venue.sqlite")) as database:
        query = f"SELECT {name} FROM response WHERE seq = {seq}"  # our own words
        (value,) = database.execute(query).fetchone()
    return value if isinstance(value, bytes) else str(value).encode()


def has_alarm(board: Any) -> bool:
    return any(alarm.code == "ALM-30" for alarm in board.venue.alarms)


@pytest.mark.parametrize("seq", [2, 5])
async def test_n02_an_answer_whose_bits_rot_in_the_primary_comes_from_the_second_copy(
    exam_day: Any, kit: Any, seq: int
) -> None:
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit)
    await restarted_with(
        world, lambda: flip(world.data / "venue.sqlite", column(world.data, "sealed", seq))
    )
    back = await day.first.welcome()
    assert (back.sitting.seq, back.sitting.head) == (5, chain.head)
    assert back.sitting.history == chain.entries, "every answer, as it was acknowledged"
    chief = await world.console(kit.CHIEF)
    await chief.board(has_alarm, "ALM-30")
    (told,) = await world.recorded("store.degraded")
    assert told["data"] == {"copy": "primary", "problem": f"{day.first.sitting_id}/{seq}"}
    ack = await day.next_save(day.first, chain, "weiter")
    assert ack.head == chain.head, "the exam goes on"


async def test_n02_a_head_whose_bits_rot_does_not_turn_the_station_away(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit)
    await restarted_with(
        world, lambda: flip(world.data / "venue.sqlite", column(world.data, "hash", 5))
    )
    back = await day.first.welcome()
    assert (back.sitting.seq, back.sitting.head) == (5, chain.head)
    ack = await day.next_save(day.first, chain, "weiter")
    assert (ack.seq, ack.head) == (6, chain.head)
    assert len(await world.recorded("store.degraded")) == 1


async def test_r3_a_store_that_is_no_database_any_more_is_refused_by_its_code(
    exam_day: Any, kit: Any
) -> None:
    """LED-06; and the second copy still has every answer, for the store that is restored."""
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit)
    await kit.leave_all(world)
    await world.stop()
    file = world.data / "venue.sqlite"
    file.write_bytes(b"\xff" * PAGE + file.read_bytes()[PAGE:])
    assert damage(file) != ""
    command = [sys.executable, "-m", "venue_server", "run", "--data", str(world.data)]
    server = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    async with asyncio.timeout(60):
        _out, err = await server.communicate()
    assert server.returncode != 0
    assert "LED-06" in err.decode()
    copy = SecondCopy(world.data / "second" / "responses.journal")
    kept = [(each.seq, each.hash) for each in copy.recover()]
    copy.close()
    assert kept == [(entry.seq, entry.hash) for entry in chain.entries]


async def test_n02_any_page_that_is_lost_is_found_by_the_look_at_the_store(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await answered(day, kit)
    await kit.leave_all(world)
    await world.stop()
    file = world.data / "venue.sqlite"
    whole = file.read_bytes()
    assert damage(file) == ""
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT rootpage FROM sqlite_master WHERE tbl_name IN ('response', 'ledger')"
        pages = [page for (page,) in database.execute(query) if page]
    assert pages
    for page in pages:
        file.write_bytes(whole[: (page - 1) * PAGE] + bytes(PAGE) + whole[page * PAGE :])
        assert damage(file) != "", page
    file.write_bytes(whole)
    assert damage(file) == ""


async def test_r3_the_running_server_says_aloud_that_a_page_is_damaged(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    keeper = world.node._day._whole_store
    await keeper.look()
    assert keeper.alarms() == []
    keeper._store = world.data / "ledger.jsonl"  # a file that is no database
    await keeper.look()
    await day.chief.board(has_alarm, "ALM-30")
    await keeper.look()
    assert len(await world.recorded("store.degraded")) == 1, "once"
    keeper._store = world.data / "venue.sqlite"
    await keeper.look()
    await day.chief.board(lambda board: not has_alarm(board), "it is whole again")
