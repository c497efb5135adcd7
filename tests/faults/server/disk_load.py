"""Stations that answer all the time at a server process whose disks fail; and the judge (R3)."""

import asyncio
import json
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.faults.server.server_process import ServerProcess
from tests.faults.server.test_server_killed import UNSENT, Writer, hand_in, in_primary, in_second
from venue_server.wire.alarms import AlarmCode

FAULTY = Path(__file__).with_name("faulty_server.py")
PLACES = (("01", "01"), ("01", "02"), ("02", "01"))
LONGEST_S = 60


class DiskLoad:
    """One exam under load. ``fault(device, what)`` strikes; see faulty_server.py for the words."""

    def __init__(self, world: Any, kit: Any, process: ServerProcess) -> None:
        self.world, self.kit, self.process = world, kit, process
        self._faults = process.log.with_name("faults.json")
        self._now = {"primary": "", "second": "", "log": ""}
        process.program = [str(FAULTY), str(self._faults)]

    async def begin(self, between: Callable[[], None] = lambda: None) -> None:
        """Seat everybody, restart as a process of its own, answer without end. ``between`` runs
        while no server does."""

        async def start() -> None:
            between()
            await self.process.start()

        day = await self.kit.begin_exam(self.world, *PLACES)
        await self.world.restart_as(start)
        rng = random.Random(3)
        self.writers = [
            Writer(each, self.kit.Chain(each.sitting_id), random.Random(rng.random()))
            for each in day.stations
        ]
        self._tasks = [asyncio.create_task(each.run(self.world.now_ms)) for each in self.writers]
        self.chief = await self.world.console(self.kit.CHIEF)
        await self.goes_on()

    def fault(self, device: str, what: str) -> None:
        """From now on; an empty word heals it."""
        self._now[device] = what
        part = self._faults.with_suffix(".part")
        part.write_text(json.dumps(self._now))
        part.replace(self._faults)

    async def goes_on(self) -> None:
        """Every station is acknowledged more than it was."""
        before = [each.acknowledged for each in self.writers]
        async with asyncio.timeout(LONGEST_S):
            while not all(w.acknowledged > b for w, b in zip(self.writers, before, strict=True)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def alarm(self, code: AlarmCode) -> None:
        """The chief sees the alarm."""
        await self.board(lambda codes: code in codes, code.name)

    async def back(self) -> None:
        """The server began again by itself; the chief signs in anew, at that one: the one before
        it would take a sign-in too, in the moment in which its store is back."""
        async with asyncio.timeout(LONGEST_S):
            while self.chief.client.signed_in is not None or not self._begun_again():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await self.chief.client.close()
        self.chief = await self.world.console(self.kit.CHIEF)
        assert self.process.runs, "the very same process"

    def _begun_again(self) -> bool:
        with suppress(OSError):
            return b'"begun_again":true' in (self.world.data / "ledger.jsonl").read_bytes()
        return False

    def told(self, name: str) -> set[str]:
        """The values of one argument over all alarms on the chief's screen."""
        board = self.chief.client.board
        alarms = board.venue.alarms if board is not None and board.venue is not None else []
        return {each.args[name] for each in alarms if name in each.args}

    async def silence(self, *codes: AlarmCode) -> None:
        """None of these is there any more."""
        await self.board(lambda found: not found & set(codes), "the end of the alarm")

    async def board(self, ready: Callable[[set[AlarmCode]], bool], what: str) -> None:
        alarms: list[Any] = []
        try:
            async with asyncio.timeout(LONGEST_S):
                while True:
                    board = self.chief.client.board
                    venue = board.venue if board is not None else None  # not told yet
                    alarms = venue.alarms if venue is not None else []
                    if venue is not None and ready({each.code for each in alarms}):
                        return
                    assert self.process.runs, (
                        f"the server ended: {self.process.log.read_text()[-3000:]}"
                    )
                    await asyncio.sleep(0.02)
        except TimeoutError:
            told = [each.text("en") for each in alarms]
            raise AssertionError(f"{what} did not come; there is {told}") from None

    async def said(self, words: str) -> None:
        """The server's error stream has these words: the log itself does not stop the log."""
        async with asyncio.timeout(LONGEST_S):
            while words.encode() not in self.process.log.read_bytes():  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def claims(self) -> dict[str, dict[int, str]]:
        """What has been acknowledged, by sitting."""
        for each in self.writers:
            each.look()
        return {each.chain.sitting_id: dict(each.claims) for each in self.writers}

    async def nothing_more_is_acknowledged(self) -> None:
        """While stations go on answering, the claims stay what they are, and are all stored."""
        before = self.claims()
        answered = [len(each.chain.entries) for each in self.writers]
        async with asyncio.timeout(LONGEST_S):
            while not all(  # noqa: ASYNC110
                len(each.chain.entries) > count + 3 or len(each.chain.entries) > each.acknowledged
                for each, count in zip(self.writers, answered, strict=True)
            ):
                await asyncio.sleep(0.01)
        assert self.claims() == before
        kept = in_primary(self.world.data)
        for sitting_id, claims in before.items():
            assert claims.items() <= dict(kept.get(sitting_id, [])).items(), "claimed, not stored"

    async def judge(self, second: bool = True) -> None:
        """End in order: every answer of every station is stored once, in both copies."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in self.writers:
            await hand_in(self.world, each)
        assert await self.process.end(signal.SIGTERM) == 0
        wanted = {
            each.chain.sitting_id: [(e.seq, e.hash) for e in each.chain.entries]
            for each in self.writers
        }
        assert in_primary(self.world.data) == wanted
        if second:
            found = in_second(self.world.data)
            assert {key: sorted(set(rows)) for key, rows in found.items()} == wanted
            # The last group before a refusal may lie there twice, but no flood of repeats.
            more = {key: len(rows) - len(wanted[key]) for key, rows in found.items()}
            assert max(more.values()) <= 3 * 2 * UNSENT, more
