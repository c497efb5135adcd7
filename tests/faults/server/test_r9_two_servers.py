"""Two servers by mistake: on one store only one starts; another venue's server gets no station."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server.server_process import ROOT, ServerProcess
from venue_server.commands.setup import EXIT_REFUSED

CACHE = "bytecode"


async def second_start(data: Path) -> tuple[int, str]:
    """Start the program once more; its status and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "venue_server", "run", "--data", str(data)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    assert out == b"", "it did not open its doors"
    return process.returncode, err.decode()


def starts(data: Path) -> int:
    """How often a server started on this store."""
    lines = (data / "ledger.jsonl").read_text().splitlines()
    return sum(json.loads(line)["event"] == "server.started" for line in lines)


@pytest.fixture
async def stopped(world: Any) -> Any:
    """A venue whose server in this process has stopped."""
    await world.stop()
    return world


async def test_r9_a_second_server_on_the_same_store_refuses_to_start(stopped: Any) -> None:
    """The lock dies with its process: after kill -9 the next one starts at once."""
    first = ServerProcess(stopped.data, stopped.folder / CACHE)
    await first.start()
    begun = starts(stopped.data)
    status, said = await second_start(stopped.data)
    assert status == EXIT_REFUSED
    assert "LAN-08" in said and "another server" in said and "Traceback" not in said
    assert starts(stopped.data) == begun, "it changed nothing"
    assert first.runs
    assert (stopped.data / "run" / "control.sock").exists(), "the first one's door is untouched"

    await first.end(signal.SIGKILL)
    again = ServerProcess(stopped.data, stopped.folder / CACHE)
    await again.start()
    assert await again.end(signal.SIGTERM) == 0
    assert starts(stopped.data) == begun + 1
