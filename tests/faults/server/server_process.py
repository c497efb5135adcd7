"""The server as a process of its own, to be killed."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
KILLED = Path(__file__).with_name("killed_server.py")


class ServerProcess:
    """The real program over a venue's folder, on the ports it had before. ``point`` names where it
    kills itself (killed_server.py); ``program`` is another program to run instead."""

    def __init__(self, data: Path) -> None:
        self._run = ["run", "--data", str(data)]
        self.point = ""
        self.program: list[str] = []
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.log = data.parent / "server.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it serves."""
        program = [str(KILLED), self.point] if self.point else ["-m", "venue_server"]
        program = self.program or program
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *program,
                *self._run,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=self._environment,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(120):  # the first start compiles everything
            line = await self._process.stdout.readline()
        assert line, self.log.read_text()
        assert json.loads(line)["event"] == "serving"

    async def end(self, how: signal.Signals) -> int:
        """Send a signal and wait for the end; its status."""
        process, self._process = self._process, None
        assert process is not None
        if process.returncode is None:
            process.send_signal(how)
        await asyncio.wait_for(process.wait(), 15)
        assert process.returncode is not None
        return process.returncode

    async def dies(self) -> None:
        """Wait until it has killed itself."""
        process, self._process = self._process, None
        assert process is not None
        await asyncio.wait_for(process.wait(), 60)
        assert process.returncode == -signal.SIGKILL, self.log.read_text()

    @property
    def pid(self) -> int:
        """Of the running one."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None
