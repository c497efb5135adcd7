"""Answers kept twice before they are acknowledged, under faults of either copy."""

import asyncio
import contextlib
import errno
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from venue_server.ledger.book import Ledger
from venue_server.responses.answer_keys import AnswerFault, AnswerKeys, escrow_info
from venue_server.responses.held_chain import KEPT
from venue_server.responses.second_copy import SecondCopy, SecondCopyDamaged, SecondCopyFault
from venue_server.responses.service import LONGEST_PACE_S, Responses, pace_s
from venue_server.responses.store import hashes_of
from venue_server.storage import schema
from venue_server.storage.engine import Store, StoreFault, open_engine
from venue_server.storage.migrate import migrate
from venue_server.wire import hpke
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.refusals import RefusalCode

SESSION, SITTING, STATION = "session-1", "session-1-001", "station-1"
LATE = 10**15


@dataclass
class Venue:
    """The answers' part of a venue over one folder; ``reopen`` is a restart."""

    folder: Path
    headquarters: hpke.HpkePrivate
    store: Store
    keys: AnswerKeys
    ledger: Ledger
    responses: Responses
    task: "asyncio.Task[None]"

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.responses.close()
        self.store.close()


async def open_venue(folder: Path, headquarters: hpke.HpkePrivate) -> Venue:
    engine = open_engine(folder / "venue.sqlite")
    migrate(engine)
    store = Store(engine)
    ledger = Ledger(store, [folder / "ledger.jsonl"], lambda: 7)
    keys = AnswerKeys(folder, folder, "venue", lambda _session: headquarters.public_raw())
    keys.ensure(SESSION)
    responses = Responses(store, ledger, keys, SecondCopy(folder / "second"), lambda: 7)
    await responses.level_copies()
    return Venue(
        folder, headquarters, store, keys, ledger, responses, asyncio.create_task(responses.run())
    )


@pytest.fixture
async def venue(tmp_path: Path) -> AsyncIterator[Venue]:
    opened = await open_venue(tmp_path, hpke.generate())
    await opened.store.write(
        lambda tx: tx.execute(
            schema.plan.insert().values(plan_id="p", document="{}", imported_at_ms=0)
        )
    )
    await opened.store.write(
        lambda tx: tx.execute(
            schema.session.insert().values(
                session_id=SESSION, plan_id="p", state="STARTED", data_state="COLLECTING"
            )
        )
    )
    await opened.store.write(
        lambda tx: tx.execute(
            schema.sitting.insert().values(
                sitting_id=SITTING,
                session_id=SESSION,
                room_id="01",
                seat_no="01",
                ticket_no="001",
                state="IN_PROGRESS",
            )
        )
    )
    yield opened
    await opened.close()


def chain(count: int, text_of: str = "答") -> list[ResponseEntry]:
    entries: list[ResponseEntry] = []
    head = genesis(SITTING)
    for seq in range(1, count + 1):
        entry = seal_entry(
            ResponseEntry(SITTING, seq, "response", "q", {"R": [f"{text_of}{seq}"]}, {}, seq, head)
        )
        entries.append(entry)
        head = entry.hash
    return entries


async def save(venue: Venue, entries: list[ResponseEntry]) -> tuple[int, RefusalCode | None]:
    done = await venue.responses.save(SESSION, SITTING, STATION, entries, LATE)
    return done.head.seq, done.refusal.code if done.refusal else None


async def levelled(venue: Venue) -> None:
    async with asyncio.timeout(10):
        while venue.responses.degraded is not None:  # noqa: ASYNC110  # the second copy's own pace
            await asyncio.sleep(0.01)


async def test_h07_an_acknowledged_answer_is_on_both_copies(venue: Venue) -> None:
    entries = chain(3)
    assert await save(venue, entries) == (3, None)
    assert venue.responses.entries(SESSION, SITTING) == entries
    copy = SecondCopy(venue.folder / "second")
    assert [each.seq for each in copy.recover()] == [1, 2, 3]
    copy.close()


async def test_r2_an_acknowledgement_comes_after_both_syncs_and_the_files_need_nothing_else(
    venue: Venue, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without tracing: what both files hold at each acknowledgement is enough, whatever follows it
    in them is unfinished, and the second copy was synced by then."""
    entries, synced = chain(12), 0
    file = os.stat(venue.folder / "second")
    real = os.fsync

    def counted(fd: int) -> None:
        nonlocal synced
        real(fd)
        if os.fstat(fd).st_ino == file.st_ino:
            synced = os.fstat(fd).st_size

    monkeypatch.setattr("venue_server.responses.second_copy.os.fsync", counted)
    with venue.store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    for entry in entries:
        assert await save(venue, [entry]) == (entry.seq, None)
        assert synced == (venue.folder / "second").stat().st_size, "synced, then acknowledged"
        later = tmp_path_factory.mktemp("cut")
        for name, torn in (("venue.sqlite", 0), ("venue.sqlite-wal", 4096), ("second", 40)):
            data = (venue.folder / name).read_bytes()
            (later / name).write_bytes(data + bytes(torn // 2) + os.urandom(torn // 2))
        store = Store(open_engine(later / "venue.sqlite"))
        kept = store.read(lambda tx: hashes_of(tx, SITTING, 1, 100))
        store.close()
        assert kept == {each.seq: each.hash for each in entries[: entry.seq]}
        copy = SecondCopy(later / "second")
        with contextlib.suppress(SecondCopyDamaged):  # random bytes behind the end
            again = 0
            for again, each in enumerate(copy.recover(), start=1):
                assert each.hash == entries[again - 1].hash
        copy.close()
        assert again == entry.seq


async def test_l07_no_answer_is_readable_in_either_copy(venue: Venue) -> None:
    await save(venue, chain(2, "机密作答标记"))
    marker = "机密作答标记".encode()
    for file in venue.folder.iterdir():
        assert marker not in file.read_bytes(), file.name


async def test_l07_headquarters_can_open_the_escrowed_key(venue: Venue) -> None:
    sealed = venue.keys.escrow_file(SESSION).read_bytes()
    opened = venue.headquarters.open(sealed, escrow_info("venue", SESSION))
    assert opened == venue.keys.file(SESSION).read_bytes()


async def test_l10_without_the_key_nothing_opens(venue: Venue) -> None:
    await save(venue, chain(1))
    venue.keys.forget(SESSION)
    with pytest.raises(AnswerFault):
        venue.responses.entries(SESSION, SITTING)


@pytest.mark.parametrize("batch", [1, 50])
async def test_p11_a_sitting_costs_the_same_memory_however_long_it_is(
    venue: Venue, batch: int
) -> None:
    entries = chain(700)
    for begin in range(0, 700, batch):
        await save(venue, entries[begin : begin + batch])
    held = venue.responses._sittings[SITTING]
    assert len(held.known) <= 2 * KEPT
    # Everything accepted is still acknowledged when it is repeated, from memory and from the store.
    for begin in (0, 10, 560, 640, 690):
        assert await save(venue, entries[begin : begin + 30]) == (700, None)
    assert await save(venue, [entries[0], entries[-1]]) == (700, None)
    assert len(held.known) <= 2 * KEPT
    changed = seal_entry(msgspec.structs.replace(entries[4], values={"R": ["else"]}))
    assert await save(venue, [changed]) == (700, RefusalCode.CHAIN_BROKEN)


async def test_p11_a_session_that_is_uploaded_is_forgotten_but_what_is_on_its_way(
    venue: Venue,
) -> None:
    entries = chain(4)
    await save(venue, entries[:3])
    underway = asyncio.create_task(save(venue, entries[3:]))
    await asyncio.sleep(0)
    venue.responses.forget(SESSION)
    assert await underway == (4, None)
    venue.responses.forget("another")
    assert SITTING in venue.responses._sittings
    venue.responses.forget(SESSION)
    assert venue.responses._sittings == {}
    assert await save(venue, entries) == (4, None), "asked again, the store answers"


async def test_many_saves_at_once_keep_their_order(venue: Venue) -> None:
    entries = chain(60)
    done = await asyncio.gather(*(save(venue, [entry]) for entry in entries))
    assert done[-1] == (60, None)
    assert venue.responses.entries(SESSION, SITTING) == entries


async def test_a_repeat_of_what_is_being_written_waits_for_it(venue: Venue) -> None:
    entries = chain(2)
    first, second = await asyncio.gather(save(venue, entries), save(venue, entries))
    assert first == second == (2, None)


async def test_f3_killed_between_the_copies_each_gets_what_the_other_has(venue: Venue) -> None:
    entries = chain(4)
    await save(venue, entries)
    await venue.close()
    # Cut the last frame of the second copy, as if only the primary had finished its group.
    path = venue.folder / "second"
    copy = SecondCopy(path)
    rows = list(copy.recover())
    copy.close()
    path.unlink()
    copy = SecondCopy(path)
    copy.append(rows[:2])
    copy.close()
    again = await open_venue(venue.folder, venue.headquarters)
    assert again.responses.head(SESSION, SITTING).seq == 4
    copy = SecondCopy(path)
    assert len(list(copy.recover())) == 4
    copy.close()
    await again.close()
    venue.__dict__.update((await open_venue(venue.folder, venue.headquarters)).__dict__)


async def test_f3_answers_only_on_the_second_copy_come_back(venue: Venue) -> None:
    entries = chain(3)
    await save(venue, entries)
    await venue.close()
    engine = open_engine(venue.folder / "venue.sqlite")
    with engine.begin() as tx:
        tx.execute(text("DROP TRIGGER response_no_delete"))
        tx.execute(text("DELETE FROM response WHERE seq > 1"))
    engine.dispose()
    venue.__dict__.update((await open_venue(venue.folder, venue.headquarters)).__dict__)
    assert venue.responses.entries(SESSION, SITTING) == entries


async def test_r3_the_second_device_gone_is_said_aloud_and_caught_up(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = chain(6)
    await save(venue, entries[:2])

    def gone(_self: SecondCopy, _rows: object) -> None:
        raise SecondCopyFault(
            Alarm(AlarmCode.SECOND_FAILING, {"folder": "s", "system": "No such device"})
        )

    with monkeypatch.context() as patch:
        patch.setattr(SecondCopy, "append", gone)
        assert await save(venue, entries[2:4]) == (4, None)
        assert venue.responses.degraded is not None
        assert "No such device" in venue.responses.degraded.text("en")
    assert await save(venue, entries[4:]) == (6, None)
    await levelled(venue)
    copy = SecondCopy(venue.folder / "second")
    assert {each.seq for each in copy.recover()} == {1, 2, 3, 4, 5, 6}
    copy.close()
    ledger = venue.folder / "ledger.jsonl"
    async with asyncio.timeout(30):
        while "store.restored" not in ledger.read_text():  # noqa: ASYNC110  # files tell nobody
            await asyncio.sleep(0.01)
    assert "store.degraded" in ledger.read_text()


async def test_f19_the_primary_refusing_means_no_acknowledgement(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = chain(5)
    await save(venue, entries[:1])
    real = venue.store.write

    async def full(_run: object) -> None:
        raise StoreFault(str(OSError(errno.ENOSPC, "No space left on device")))

    with monkeypatch.context() as patch:
        patch.setattr(venue.store, "write", full)
        both = await asyncio.gather(save(venue, entries[1:3]), save(venue, entries[3:]))
        assert both == [(1, RefusalCode.SAVE_NOT_DURABLE), (1, RefusalCode.SAVE_NOT_DURABLE)]
    assert venue.store.write == real
    assert await save(venue, entries[1:]) == (5, None)
    assert venue.responses.entries(SESSION, SITTING) == entries


async def test_f24_answers_that_do_not_fit_are_kept_aside_not_lost(venue: Venue) -> None:
    await save(venue, chain(3))
    assert await save(venue, chain(4, "别的机位")) == (3, RefusalCode.CHAIN_BROKEN)
    strays = venue.store.read(lambda tx: tx.execute(schema.stray.select()).all())
    assert len(strays) == 1
    assert strays[0].code == RefusalCode.CHAIN_BROKEN
    assert "answers.quarantined" in (venue.folder / "ledger.jsonl").read_text()


# ---- the short way ---------------------------------------------------------------------------


def take(
    venue: Venue, entries: list[ResponseEntry], last_ms: int = LATE, first_ms: int = 0
) -> "asyncio.Future[tuple[int, bool]] | None":
    """What the batch's sender hears; None when it must go the long way."""
    heard: asyncio.Future[tuple[int, bool]] = asyncio.get_running_loop().create_future()
    taken = venue.responses.take(
        SITTING, entries, last_ms, first_ms, 7, lambda head, ok: heard.set_result((head.seq, ok))
    )
    return heard if taken else None


async def test_l02_the_short_way_acknowledges_what_both_copies_have(venue: Venue) -> None:
    venue.responses.head(SESSION, SITTING)
    entries = chain(3)
    first, rest = take(venue, entries[:1]), take(venue, entries[1:])
    assert first is not None and rest is not None
    assert not first.done(), "nothing is said before it is durable"
    # One group holds both batches: each hears the end that is durable then.
    assert await first in ((1, True), (3, True))
    assert await rest == (3, True)
    assert venue.responses.entries(SESSION, SITTING) == entries
    assert len(SecondCopy(venue.folder / "second").sealed_of(SITTING)) == 3


async def test_l02_only_what_simply_continues_the_chain_goes_the_short_way(venue: Venue) -> None:
    """Everything else is left to the long way untouched, which judges it as ever."""
    entries, other = chain(4), chain(2, "别")
    assert take(venue, entries[:1]) is None, "nothing of this sitting is known yet"
    venue.responses.head(SESSION, SITTING)
    began = take(venue, entries[:2])
    assert began is not None and await began == (2, True)
    assert take(venue, []) is None
    assert take(venue, entries[1:3]) is None, "a repeat"
    assert take(venue, entries[3:]) is None, "a hole"
    assert take(venue, other[1:]) is None, "another branch"
    assert take(venue, [msgspec.structs.replace(entries[2], item_id="q2")]) is None, "a false hash"
    assert take(venue, entries[2:], last_ms=3) is None, "the second of them came too late"
    assert take(venue, entries[2:], first_ms=4) is None, "the first of them came too early"
    assert venue.responses.head(SESSION, SITTING).seq == 2
    await venue.responses.stop_sitting(SESSION, SITTING)
    assert take(venue, entries[2:]) is None, "nothing new is taken of it (V05)"
    venue.responses.resume_sitting(SITTING)
    assert await save(venue, entries) == (4, None)


async def test_f19_the_short_way_says_when_the_primary_refuses(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue.responses.head(SESSION, SITTING)
    entries = chain(3)
    begun = take(venue, entries[:1])
    assert begun is not None and await begun == (1, True)

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    checks = venue.store._guards
    checks.append(full)
    refused, behind = take(venue, entries[1:2]), take(venue, entries[2:])
    assert refused is not None and behind is not None
    assert await refused == (1, False)
    assert await behind == (1, False)
    checks.remove(full)
    assert await save(venue, entries) == (3, None)


def test_p3_a_group_waits_longer_after_many_answers_and_never_long() -> None:
    assert pace_s(1) < pace_s(10) < pace_s(1000) == pace_s(100_000) == LONGEST_PACE_S
    # A thousand answers a second (P4): a group of those that came in 4 ms waits no longer.
    assert pace_s(4) <= 0.004
