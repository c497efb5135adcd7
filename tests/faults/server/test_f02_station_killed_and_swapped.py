"""kill -9 of a station at work, swap, revival: whatever was saved anywhere is held (F2, F13).

Real programs: the old station and the spare are processes of the simulation, the old one reaches
the server through a line that the test cuts, so that answers lie on its disk alone when it dies.
"""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from venue_server.responses.branching.station_folder_io import copied_journals
from venue_server.wire.console_orders import ConfirmEnrolment
from venue_server.wire.swap_orders import GetSwaps

PATIENCE_S = 60.0


class Line:
    """A LAN cable between one station and the server. ``cut``: nothing gets through any more, and
    nobody is told."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._through = asyncio.Event()
        self._through.set()
        self.address = ""

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncIterator["Line"]:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self._through.set()
            server.close()

    def cut(self) -> None:
        self._through.clear()

    async def _connect(self, near: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        far, to = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(self._pass(near, to), self._pass(far, out))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._through.wait()
                target.write(data)
        target.close()


class Program:
    """One simulated station in a process of its own."""

    def __init__(self, world: Any, folder: Path, seat: str, server: str) -> None:
        self.folder, self.seat, self._world, self._server = folder, seat, world, server
        self.process: asyncio.subprocess.Process | None = None
        self.data = folder / "station-0000"

    async def start(self) -> None:
        """Run it: the candidate of 01-01 sits at this seat."""
        world, person = self._world, self._world.candidate("01", "01")
        self.folder.mkdir(exist_ok=True)
        who = {"ticket_no": person.ticket_no, "id_number": person.id_number}
        named = [{**who, "seat_no": self.seat, "room_id": "01"}]
        (self.folder / "candidates.json").write_text(json.dumps(named))
        arguments = {
            "stations": "1",
            "data": str(self.folder),
            "server": self._server,
            "enrol": f"127.0.0.1:{world.ports.enrol}",
            "candidates": str(self.folder / "candidates.json"),
            "report": str(self.folder / "report.jsonl"),
            "seed": self.seat,
            "think": "0.5",
            "early": "0",
        }
        flags = [word for name, value in arguments.items() for word in (f"--{name}", value)]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "candidate_station.simulate", *flags),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )

    async def event(self, name: str) -> dict[str, Any]:
        assert self.process is not None and self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while line := await self.process.stdout.readline():
                if (said := json.loads(line))["event"] == name:
                    return dict(said)
        raise AssertionError(f"{name} did not come")

    async def enrolled(self, admin: Any) -> None:
        code = (await self.event("enrol_code"))["code"]
        await admin.order(ConfirmEnrolment(0, code, "station", self.seat, "01", self.seat))

    def acked(self) -> dict[int, str]:
        """Sequence to hash of everything it was told is safe."""
        lines = (self.folder / "report.jsonl").read_text().splitlines()
        said = [json.loads(line) for line in lines if line.endswith("}")]
        return {each["seq"]: each["hash"] for each in said if each["event"] == "acked"}

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


async def until(true: Any, what: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110  # another process's files tell nobody
            await asyncio.sleep(0.1)


@pytest.fixture
async def programs() -> AsyncIterator[list[Program]]:
    running: list[Program] = []
    yield running
    for each in running:
        await each.kill()


async def test_f13_kill_9_swap_and_revival_lose_nothing(
    world: Any, kit: Any, tmp_path: Path, programs: list[Program]
) -> None:
    day = await kit.begin_exam(world, ("02", "02"))
    await day.rooms["01"].order(world.admission(world.candidate("01", "01")))
    direct = f"127.0.0.1:{world.ports.main}"
    async with Line(world.ports.main).laid() as line:
        old = Program(world, tmp_path / "old", "01", line.address)
        programs.append(old)
        await old.start()
        await old.enrolled(day.admin)
        sitting_id = (await old.event("opened"))["sitting_id"]
        await until(lambda: len(old.acked()) >= 3, "three answers")
        line.cut()
        safe = len(old.acked())
        await until(lambda: held_by(old) >= safe + 5, "a tail on its disk alone")
        await old.kill()
    (journal,) = copied_journals(old.data, {})
    promised = old.acked()

    spare = Program(world, tmp_path / "spare", "91", direct)
    programs.append(spare)
    await spare.start()
    await spare.enrolled(day.admin)
    await spare.event("paper_verified")
    await day.admin.board(
        lambda b: b.seats["01"]["91"].paper in ("verified", "keyed"), "the spare's paper"
    )
    await kit.swap_to(day, sitting_id)
    await spare.event("opened")
    await until(lambda: len(spare.acked()) >= 2, "answers at the spare")

    revived = Program(world, old.folder, "01", direct)
    programs.append(revived)
    await revived.start()
    parts = world.node._day._parts
    sitting = parts.sittings.sitting(sitting_id)
    session_id = sitting.session_id
    last = journal.entries[-1]

    def held() -> set[tuple[int, str]]:
        chain = parts.responses.entries(session_id, sitting_id)
        aside = [e for s in parts.branches.in_session(session_id) for e in s.branch.entries]
        return {(each.seq, each.hash) for each in [*chain, *aside]}

    await until(lambda: (last.seq, last.hash) in held(), "the old machine's tail")
    await spare.kill()
    now_held = held()
    chain = {e.seq: e.hash for e in parts.responses.entries(session_id, sitting_id)}
    assert {(e.seq, e.hash) for e in journal.entries} <= now_held, "every entry of its disk"
    assert promised.items() <= chain.items(), "every acknowledged answer is in the chain itself"
    assert spare.acked().items() <= chain.items()
    (branch,) = (await day.admin.order(GetSwaps(0)))["branches"]
    assert {each["stand"] for each in branch["items"]} <= {"TAKEN", "FREE", "CONFLICT"}
    if branch["open"]:
        assert list(old.data.glob("sittings/*/answers.journal")), "kept until people decided"


def held_by(program: Program) -> int:
    """Entries whole on the program's disk."""
    return sum(len(each.entries) for each in copied_journals(program.data, {}))
