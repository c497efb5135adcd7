"""kill -9 of the server in the middle of saves: what was acknowledged is there, once (R1, H07)."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server.server_process import ServerProcess
from venue_server.client import backoff
from venue_server.responses.second_copy import SecondCopy
from venue_server.responses.store import all_responses
from venue_server.storage.engine import Store, open_engine
from venue_server.wire.station_messages import SaveAck

SEED = 20_260_117
ROUNDS = 10
UNSENT = 30
PLACES = (("01", "01"), ("01", "02"), ("02", "01"), ("02", "02"))


@dataclass
class Writer:
    """A station that answers all the time and sends again whatever is not acknowledged."""

    station: Any
    chain: Any
    rng: random.Random
    acknowledged: int = 0
    claims: dict[int, str] = field(default_factory=dict)

    def look(self) -> None:
        """Take the server's acknowledgements at their word."""
        heard = self.station.heard
        for message in heard.messages:
            if isinstance(message, SaveAck):
                self.claims[message.seq] = message.head
                self.acknowledged = max(self.acknowledged, message.seq)
        heard.messages[:] = [m for m in heard.messages if not isinstance(m, SaveAck)]

    async def run(self, now_ms: Any) -> None:
        while True:
            if len(self.chain.entries) - self.acknowledged < UNSENT:
                for _ in range(self.rng.randrange(1, 4)):
                    self.chain.add(now_ms(), f"答 {self.rng.random()}")
            unsent = self.chain.entries[self.acknowledged :]
            self.station.client.save(self.chain.sitting_id, unsent)
            await asyncio.sleep(self.rng.random() * 0.02)
            self.look()


@pytest.fixture
async def process(world: Any) -> AsyncIterator[ServerProcess]:
    made = ServerProcess(world.data)
    yield made
    if made.runs:
        await made.end(signal.SIGKILL)


def in_primary(data: Path) -> dict[str, list[tuple[int, str]]]:
    """(sequence, hash) of every stored answer by sitting."""
    store = Store(open_engine(data / "venue.sqlite"))
    try:
        found: dict[str, list[tuple[int, str]]] = {}
        for row in store.read(all_responses):
            found.setdefault(row.sitting_id, []).append((row.seq, row.hash))
        return found
    finally:
        store.close()


def in_second(data: Path) -> dict[str, list[tuple[int, str]]]:
    """The same from the second copy, in the order written."""
    copy = SecondCopy(data / "second" / "responses.journal")
    try:
        found: dict[str, list[tuple[int, str]]] = {}
        for row in copy.recover():
            found.setdefault(row.sitting_id, []).append((row.seq, row.hash))
        return found
    finally:
        copy.close()


async def test_r1_ten_kills_in_the_middle_of_saves_lose_and_double_nothing(
    world: Any, kit: Any, process: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.2)
    day = await kit.begin_exam(world, *PLACES)
    await world.restart_as(process.start)
    rng = random.Random(SEED)
    writers = [
        Writer(station, kit.Chain(station.sitting_id), random.Random(rng.random()))
        for station in day.stations
    ]
    tasks = [asyncio.create_task(writer.run(world.now_ms)) for writer in writers]
    for _ in range(ROUNDS):
        before = [writer.acknowledged for writer in writers]
        async with asyncio.timeout(20):
            while not all(w.acknowledged > b for w, b in zip(writers, before, strict=True)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(rng.random() * 0.15)
        assert await process.end(signal.SIGKILL) == -signal.SIGKILL
        for writer in writers:
            writer.look()
        promised = {w.chain.sitting_id: dict(w.claims) for w in writers}
        kept = in_primary(world.data)
        second = in_second(world.data)
        for sitting_id, claims in promised.items():
            either = dict(kept.get(sitting_id, [])) | dict(second.get(sitting_id, []))
            assert claims.items() <= either.items(), "an acknowledged answer is lost"
            assert claims.items() <= dict(kept.get(sitting_id, [])).items()
        await process.start()

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for writer in writers:
        await hand_in(world, writer)
    assert await process.end(signal.SIGTERM) == 0
    wanted = {w.chain.sitting_id: [(e.seq, e.hash) for e in w.chain.entries] for w in writers}
    assert in_primary(world.data) == wanted
    assert {s: sorted(set(rows)) for s, rows in in_second(world.data).items()} == wanted
    assert sum(len(rows) for rows in wanted.values()) > 4 * ROUNDS


async def hand_in(world: Any, writer: Writer) -> None:
    """Send what is left; the server's head becomes this station's own."""
    station, chain = writer.station, writer.chain
    async with asyncio.timeout(20):
        while writer.acknowledged < len(chain.entries):
            station.client.save(chain.sitting_id, chain.entries[writer.acknowledged :])
            await asyncio.sleep(0.05)
            writer.look()
    assert writer.claims[len(chain.entries)] == chain.head
