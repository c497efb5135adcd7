"""The LAN cut, flapping, slow, or working one way only: nothing acknowledged is lost (R4, F4, H08).

The real server, and stations over the real client library, whose connections go through lines that
fail (tests/benchmarks/faulty_lines.py). With real packets and whole stations:
``tests/benchmarks/lan.py``. What a station does meanwhile by itself: tests/unit/station.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.benchmarks.faulty_lines import FaultyLines
from venue_server.client import backoff, link
from venue_server.client.addresses import AddressBook
from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.link_state import DownCause
from venue_server.wire.station_messages import Save, SaveAck, Welcome

PACE_S = 0.05
SEATS = (("01", "01"), ("01", "02"), ("02", "01"), ("02", "02"))


class Candidate:
    """Answers on and on, whatever the line does, and sends what was not acknowledged again."""

    def __init__(self, day: Any, station: Any, chain: Any) -> None:
        self.station, self.chain = station, chain
        self._world = day.world
        self._sent = self._welcomes = 0
        self._task = asyncio.create_task(self._work())

    def acked(self) -> tuple[int, str]:
        """What the server has promised last."""
        last = self.station.heard.all(SaveAck)[-1:]
        return (last[0].seq, last[0].head) if last else (0, "")

    async def stop(self) -> None:
        """Lay down the pen; then everything arrives."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        async with asyncio.timeout(60):
            while self.acked() != (len(self.chain.entries), self.chain.head):
                self._send()
                await asyncio.sleep(PACE_S)

    async def _work(self) -> None:
        while True:
            self.chain.add(self._world.now_ms(), f"answer {len(self.chain.entries)}")
            self._send()
            await asyncio.sleep(PACE_S)

    def _send(self) -> None:
        welcomes = self.station.heard.all(Welcome)
        if len(welcomes) > self._welcomes:
            self._welcomes = len(welcomes)
            sitting = welcomes[-1].sitting
            self._sent = sitting.seq if sitting is not None else 0
        tail = self.chain.entries[self._sent :]
        if tail and self.station.client.link.send(Save(self.station.sitting_id, tail)):
            self._sent += len(tail)


class Hall:
    """Four candidates at work behind lines that fail."""

    def __init__(self, day: Any, lines: FaultyLines, at_work: list[Candidate]) -> None:
        self.day, self.lines, self.at_work = day, lines, at_work
        self._welcomes: list[int] = []

    async def answering(self, more: int) -> None:
        """Wait until everyone has made so many more answers."""
        goal = [len(each.chain.entries) + more for each in self.at_work]
        async with asyncio.timeout(60):
            while any(  # noqa: ASYNC110
                len(each.chain.entries) < wanted
                for each, wanted in zip(self.at_work, goal, strict=True)
            ):
                await asyncio.sleep(PACE_S)

    async def down(self) -> None:
        """Wait until every station has noticed."""
        for each in self.at_work:
            await each.station.lost()
        self._welcomes = [len(each.station.heard.all(Welcome)) for each in self.at_work]

    async def back(self) -> None:
        """Wait until every station is welcomed again."""
        async with asyncio.timeout(60):
            for each, before in zip(self.at_work, self._welcomes, strict=True):
                while len(each.station.heard.all(Welcome)) == before:  # noqa: ASYNC110
                    await asyncio.sleep(PACE_S)

    async def hellos(self) -> list[int]:
        """How often each station came, with what was to be recorded soon."""
        await self.day.world.node._base.ledger.settle()
        ups = [entry["actor"] for entry in self.day.world.events("station.up")]
        return [ups.count(each.station.machine_id) for each in self.at_work]

    async def nothing_lost(self) -> None:
        """Everything the stations made is at the server, once, and in order."""
        for each in self.at_work:
            await each.stop()
        base = self.day.world.node._base
        with base.store.engine.connect() as store:
            rows = store.exec_driver_sql("SELECT sitting_id, seq, hash FROM response").all()
        stored = {(sitting, seq): digest for sitting, seq, digest in rows}
        made = {
            (each.chain.sitting_id, entry.seq): entry.hash
            for each in self.at_work
            for entry in each.chain.entries
        }
        assert stored == made


@pytest.fixture
async def hall(world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    # Long enough for two busy cores: a line given up by mistake would be a hello too many.
    monkeypatch.setattr(link, "QUIET_S", 0.7)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.5)
    lines = FaultyLines()
    port = await lines.open(world.ports.main)
    world.endpoint = lambda identity: TlsEndpoint(identity, AddressBook([f"127.0.0.1:{port}"]))
    at_work: list[Candidate] = []
    try:
        day = await kit.begin_exam(world, *SEATS)
        at_work += [Candidate(day, each, kit.Chain(each.sitting_id)) for each in day.stations]
        made = Hall(day, lines, at_work)
        await made.answering(2)
        yield made
    finally:
        for each in at_work:
            each._task.cancel()
        lines.heal()
        for station in list(world.stations):
            await station.close()
            world.stations.remove(station)
        await lines.close()


async def test_f4_the_switch_dead_and_all_come_back_once(hall: Hall) -> None:
    """Everyone goes on answering without the server; one hello each when the power is back."""
    assert hall.lines.cut() >= len(SEATS)
    await hall.down()
    await hall.answering(10)
    hall.lines.heal()
    await hall.back()
    await hall.nothing_lost()
    assert await hall.hellos() == [2] * len(SEATS)


async def test_r4_a_flapping_switch(hall: Hall) -> None:
    for _ in range(5):
        hall.lines.cut()
        await hall.down()
        await hall.answering(2)
        hall.lines.heal()
        await hall.back()
    await hall.nothing_lost()
    assert await hall.hellos() == [6] * len(SEATS), "no other break than the five"


async def test_r4_a_line_on_which_a_third_comes_late(hall: Hall) -> None:
    """As TCP looks over a line that loses packets: slow, whole, in order."""
    hall.lines.loss = 0.3
    await hall.answering(30)
    await hall.nothing_lost()


async def _both(hall: Hall) -> None:
    hall.lines.silence()


async def _nothing_reaches_the_station(hall: Hall) -> None:
    hall.lines.silence(up=False)


@pytest.mark.parametrize("fail", [_both, _nothing_reaches_the_station])
async def test_r4_silence_is_noticed_though_no_connection_ended(
    hall: Hall, fail: Callable[[Hall], Awaitable[None]]
) -> None:
    """The cable is out: no goodbye, half-open on both sides; the old connection is forgotten."""
    await fail(hall)
    await hall.down()
    assert {each.station.heard.downs[-1].cause for each in hall.at_work} == {DownCause.SILENT}
    await hall.answering(5)
    hall.lines.heal()
    await hall.back()
    await hall.nothing_lost()


async def test_r4_nothing_reaches_the_server_and_it_says_goodbye(hall: Hall) -> None:
    """The server's pings still reach the station; the station's answer to them does not: then it
    is the server that ends the connection, and nothing was acknowledged meanwhile."""
    before = [each.acked()[0] for each in hall.at_work]
    hall.lines.silence(down=False)
    known = [len(each.chain.entries) for each in hall.at_work]
    await hall.down()
    for each, low, high in zip(hall.at_work, before, known, strict=True):
        assert low <= each.acked()[0] <= high
        assert len(each.chain.entries) > high, "it went on"
    hall.lines.heal()
    await hall.back()
    await hall.nothing_lost()


async def test_r4_the_end_of_the_exam_falls_into_the_cut(hall: Hall, kit: Any) -> None:
    """What was answered before the end and could not be sent counts; what is later does not."""
    day = hall.day
    hall.lines.cut()
    await hall.down()
    await hall.answering(3)
    for each in hall.at_work:
        each._task.cancel()
    made = [len(each.chain.entries) for each in hall.at_work]
    end_ms = kit.DAY.at(90)
    day.world.go(end_ms + 30_000)
    for each in hall.at_work:  # a machine that did not lock: refused, the rest is taken
        each.chain.add(end_ms + 10_000, "too late")
    hall.lines.heal()
    await hall.back()
    for each, count in zip(hall.at_work, made, strict=True):
        async with asyncio.timeout(60):
            while each.acked()[0] < count:
                each._send()
                await asyncio.sleep(PACE_S)
        assert each.acked()[0] == count
