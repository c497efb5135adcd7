"""The harness's side of mortal.py: fork programs, see how they end, start them again."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE_S = 90.0
LOOK_S = 0.02


class Nursery:
    """The process that forks the programs; ``tracer`` is a command to run it under."""

    def __init__(self, control: Path, tracer: Sequence[str] = ()) -> None:
        self._control = control
        self._tracer = tracer
        self._started: asyncio.Queue[int] = asyncio.Queue()
        self._ended: dict[int, asyncio.Future[int]] = {}

    async def open(self) -> None:
        """Start it; it imports everything once."""
        self._process = await asyncio.create_subprocess_exec(
            *self._tracer,
            sys.executable,
            str(Path(__file__).with_name("mortal.py")),
            str(self._control),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            assert b"ready" in await self._process.stdout.readline()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "started" in told:
                self._ended[told["started"]] = asyncio.get_running_loop().create_future()
                self._started.put_nowait(told["started"])
            else:
                self._ended[told["pid"]].set_result(told["status"])

    async def fork(self, program: str, words: list[str], out: Path) -> int:
        """A new process of a program (server, stations); its pid."""
        order = {"program": program, "words": words, "out": str(out)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(PATIENCE_S):
            return await self._started.get()

    def ended(self, pid: int) -> "asyncio.Future[int]":
        """Its exit status, when it has one."""
        return self._ended[pid]

    async def close(self) -> None:
        """Nobody is born any more, and nobody is left."""
        for pid, ended in self._ended.items():
            if not ended.done():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader


@dataclass
class Mortal:
    """One program that is started again whenever it was killed, as its unit would do it.

    ``heard`` gets each JSON line of its output.
    """

    nursery: Nursery
    name: str
    program: str
    words: list[str]
    out: Path
    heard: Callable[[dict[str, Any]], None] = lambda _event: None
    pid: int = 0
    lives: int = 0
    keep_alive: bool = True
    deaths: Counter[int] = field(default_factory=Counter)
    _read_to: int = 0
    _rest: bytes = b""
    _task: "asyncio.Task[None] | None" = None
    _alive: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """The first life, and a supervisor for the later ones."""
        await self._be_born()
        self._task = asyncio.create_task(self._supervise())

    async def again(self) -> None:
        """It was left dead; now it lives again."""
        assert self._task is not None
        await self._task
        self.keep_alive = True
        await self.start()

    async def _be_born(self) -> None:
        self.pid = await self.nursery.fork(self.program, self.words, self.out)
        self.lives += 1
        self._alive.set()

    async def _supervise(self) -> None:
        while True:
            ended = self.nursery.ended(self.pid)
            while not ended.done():  # its output is a file
                self._listen()
                await asyncio.sleep(LOOK_S)
            self._listen()
            self._alive.clear()
            status = ended.result()
            self.deaths[status] += 1
            if status == 0:
                return
            told = self.out.read_text(errors="replace")[-3000:]
            assert status == -signal.SIGKILL, f"{self.name} ended by itself ({status}): {told}"
            if not self.keep_alive:
                return
            await self._be_born()

    def _listen(self) -> None:
        if not self.out.exists():
            return
        with self.out.open("rb") as file:
            file.seek(self._read_to)
            data = file.read()
        self._read_to += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"{"):
                self.heard(json.loads(line))

    @property
    def killed(self) -> int:
        """How often it died of kill -9."""
        return self.deaths[-signal.SIGKILL]

    def kill(self) -> None:
        """kill -9, now."""
        if not self.nursery.ended(self.pid).done():
            os.kill(self.pid, signal.SIGKILL)

    def check(self) -> None:
        """Raise what went wrong with it."""
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()

    async def leave(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Let it end for good."""
        self.keep_alive = False
        if self._task is None:
            return
        if not self._task.done() and not self.nursery.ended(self.pid).done():
            os.kill(self.pid, how)
        async with asyncio.timeout(PATIENCE_S):
            await self._task


async def until(fits: Callable[[], bool], what: str, *watched: Mortal) -> None:
    """Wait for something that another process does. AssertionError when it does not come."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not fits():  # other processes tell nobody
                for each in watched:
                    each.check()
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        raise AssertionError(f"{what} did not come") from None
