"""Damage to one of the two copies, of answers and of the ledger: said aloud, survived (R3, R8)."""

import asyncio
import errno
import os
from pathlib import Path
from typing import Any

import pytest

from venue_server import __main__ as program
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.second_copy import SecondCopy, StoredResponse
from venue_server.responses.store import all_responses
from venue_server.storage.engine import Store, open_engine
from venue_server.wire.console_orders import VerifyLedger

Rows = list[tuple[str, int, str]]


def in_primary(data: Path) -> Rows:
    store = Store(open_engine(data / "venue.sqlite"))
    try:
        return sorted((r.sitting_id, r.seq, r.hash) for r in store.read(all_responses))
    finally:
        store.close()


def in_second(data: Path) -> Rows:
    copy = SecondCopy(data / "second" / "responses.journal")
    try:
        return sorted((row.sitting_id, row.seq, row.hash) for row in copy.recover())
    finally:
        copy.close()


async def answered(day: Any, kit: Any, count: int = 5) -> Any:
    """Some acknowledged answers of the first station."""
    chain = kit.Chain(day.first.sitting_id)
    for _ in range(count):
        await day.next_save(day.first, chain, "答")
    return chain


async def restarted_with(world: Any, damage: Any) -> None:
    """Restart the server, with something done to its folder in between."""

    async def start() -> None:
        damage()
        await world.start()

    await world.restart_as(start)


# ---- answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["torn", "gone", "empty", "rotten"])
async def test_r3_whatever_became_of_the_second_copy_a_restart_levels_it(
    exam_day: Any, kit: Any, how: str
) -> None:
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit)
    file = world.data / "second" / "responses.journal"

    def damage() -> None:
        data = bytearray(file.read_bytes())
        match how:
            case "torn":
                file.write_bytes(data[:-7])
            case "gone":
                file.unlink()
            case "empty":
                file.write_bytes(b"")
            case "rotten":
                data[len(data) // 2] ^= 0xFF
                file.write_bytes(data)

    await restarted_with(world, damage)
    back = await day.first.welcome()
    assert (back.sitting.seq, back.sitting.head) == (5, chain.head)
    await day.next_save(day.first, chain, "weiter")
    chief = await world.console(kit.CHIEF)
    assert not [
        alarm for alarm in chief.client.board.venue.alarms if "second copy" in alarm.text("en")
    ]
    events = [entry["event"] for entry in world.events("store.degraded", "store.restored")]
    assert events == (["store.degraded", "store.restored"] if how == "rotten" else [])
    aside = sorted(p.name for p in file.parent.glob("responses.journal.*"))
    assert len(aside) == (1 if how == "rotten" else 0), "what is damaged is kept for a look"
    await kit.leave_all(world)
    await world.stop()
    assert in_second(world.data) == in_primary(world.data)
    assert [(seq, digest) for _s, seq, digest in in_primary(world.data)] == [
        (entry.seq, entry.hash) for entry in chain.entries
    ]


async def test_r3_an_answer_only_the_second_copy_has_comes_back(exam_day: Any, kit: Any) -> None:
    """Killed after the second copy's fsync and before the primary's: nothing was promised, but what
    is durable somewhere is not thrown away."""
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit, 3)
    unsaid = chain.add(world.now_ms(), "durable on one side only")

    def damage() -> None:
        copy = SecondCopy(world.data / "second" / "responses.journal")
        known = list(copy.recover())
        folder = world.data / "keys" / "answers"
        keys = AnswerKeys(folder, world.data / "second", "v", lambda _session: b"")
        keys.ensure(SESSION_ID)
        sealed = keys.seal(SESSION_ID, unsaid)
        copy.append(
            [StoredResponse(unsaid.sitting_id, 4, unsaid.hash, sealed, 1, known[0].session_id)]
        )
        copy.close()

    await restarted_with(world, damage)
    back = await day.first.welcome()
    assert (back.sitting.seq, back.sitting.head) == (4, unsaid.hash)
    assert back.sitting.history[-1] == unsaid


async def test_r3_the_second_disk_fails_while_answers_come_and_comes_back(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit, 2)
    journal = os.stat(world.data / "second" / "responses.journal").st_ino
    real = os.fsync

    def failing(fd: int) -> None:
        if os.fstat(fd).st_ino == journal:
            raise OSError(errno.EIO, "Input/output error")
        real(fd)

    with monkeypatch.context() as patch:
        patch.setattr("venue_server.responses.second_copy.os.fsync", failing)
        for _ in range(3):
            ack = await day.next_save(day.first, chain, "weiter")
        assert ack.head == chain.head, "the exam goes on with the other copy"
        await day.chief.board(
            lambda b: any("second copy" in a.text("en") for a in b.venue.alarms), "R3"
        )
        await day.chief.board(lambda b: b.venue.backup_ready is False)
        assert len(world.events("store.degraded")) == 1
    await day.next_save(day.first, chain, "heil")
    await day.chief.board(lambda b: not any("second copy" in a.text("en") for a in b.venue.alarms))
    (restored,) = world.events("store.restored")
    assert restored["data"]["caught_up"] >= 3
    await world.restart()
    await kit.leave_all(world)
    await world.stop()
    assert in_second(world.data) == in_primary(world.data)
    assert len(in_primary(world.data)) == len(chain.entries)


async def test_r3_a_restart_with_a_full_second_disk_goes_on_with_an_alarm(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit, 3)

    def full(_fd: int, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("venue_server.responses.second_copy.os.write", full)
        await restarted_with(world, (world.data / "second" / "responses.journal").unlink)
        chief = await world.console(kit.CHIEF)
        assert any("second copy" in alarm.text("en") for alarm in chief.client.board.venue.alarms)
        ack = await day.next_save(day.first, chain, "weiter")
        assert ack.head == chain.head
    await day.next_save(day.first, chain, "heil")
    await chief.board(lambda b: not any("second copy" in a.text("en") for a in b.venue.alarms))
    await kit.leave_all(world)
    await world.stop()
    assert in_second(world.data) == in_primary(world.data)


# ---- the ledger ------------------------------------------------------------------------------


async def verdict(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run ``ledger verify`` as the administrator would."""
    capsys.readouterr()
    code = await asyncio.to_thread(program.main, ["ledger", "verify", *words])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("place", ["ledger.jsonl", "second/ledger.jsonl"])
async def test_n02_a_flipped_byte_in_a_ledger_file_is_an_alarm_and_is_named(
    exam_day: Any, kit: Any, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world = exam_day.world
    file = world.data / place
    line = 7

    def damage() -> None:
        lines = file.read_bytes().split(b"\n")
        lines[line - 1] = lines[line - 1].replace(b'"at_ms":1', b'"at_ms":2', 1)
        file.write_bytes(b"\n".join(lines))

    assert (await verdict(capsys, "--data", str(world.data)))[0] == 0
    await restarted_with(world, damage)
    chief, admin = await world.console(kit.CHIEF), await world.console(kit.ADMIN)
    alarms = chief.client.board.venue.alarms
    assert any(
        "ledger.jsonl" in alarm.text("en") and f"line {line}" in alarm.text("en")
        for alarm in alarms
    )
    # The server goes on; the file is not written any more, and everyone may see where it broke.
    chain = kit.Chain(exam_day.first.sitting_id)
    ack = await exam_day.next_save(exam_day.first, chain)
    assert ack.head == chain.head
    found = await admin.order(VerifyLedger(0))
    assert (found["ok"], f"line {line}" in found["problem"]) == (False, True)
    code, told = await verdict(capsys, "--data", str(world.data))
    assert (code, f"line {line}" in told) == (1, True)
    code, told = await verdict(capsys, "--file", str(file))
    assert (code, f"line {line}: content does not match its hash" in told) == (1, True)
    other = world.data / ("second/ledger.jsonl" if place == "ledger.jsonl" else "ledger.jsonl")
    assert (await verdict(capsys, "--file", str(other)))[0] == 0


async def test_r8_a_line_torn_by_a_power_cut_is_completed_from_the_store(
    exam_day: Any, kit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    world = exam_day.world

    def damage() -> None:
        for place in ("ledger.jsonl", "second/ledger.jsonl"):
            file = world.data / place
            file.write_bytes(file.read_bytes()[:-40])

    await restarted_with(world, damage)
    chief = await world.console(kit.CHIEF)
    assert chief.client.board.venue.alarms == []
    assert (await verdict(capsys, "--data", str(world.data)))[0] == 0
