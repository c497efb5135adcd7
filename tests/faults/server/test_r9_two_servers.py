"""Two servers by mistake: on one store, by whatever path, and over a copy of it one starts."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server.server_process import ROOT, ServerProcess
from venue_server.commands.setup import EXIT_REFUSED


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
    first = ServerProcess(stopped.data)
    await first.start()
    begun = starts(stopped.data)
    status, said = await second_start(stopped.data)
    assert status == EXIT_REFUSED
    assert "LAN-08" in said and "another server" in said and "Traceback" not in said
    assert starts(stopped.data) == begun, "it changed nothing"
    assert first.runs
    assert (stopped.data / "run" / "control.sock").exists(), "the first one's door is untouched"

    await first.end(signal.SIGKILL)
    again = ServerProcess(stopped.data)
    await again.start()
    assert await again.end(signal.SIGTERM) == 0
    assert starts(stopped.data) == begun + 1


async def test_r9_a_second_server_over_a_copied_store_refuses_to_start(
    stopped: Any, tmp_path: Path
) -> None:
    """The data folder was copied, the second copy's medium is the same one: neither it nor the
    ledger on it is touched, not even levelled."""
    second = tmp_path / "medium"
    shutil.copytree(stopped.data / "second", second)
    settings = json.loads((stopped.data / "venue.json").read_text())
    settings |= {"second_folder": str(second)}
    (stopped.data / "venue.json").write_text(json.dumps(settings))
    twin = tmp_path / "twin"
    shutil.copytree(stopped.data, twin, ignore=shutil.ignore_patterns("*.sock"))
    first = ServerProcess(stopped.data)
    await first.start()
    copies = {name: (second / name).read_bytes() for name in ("responses.journal", "ledger.jsonl")}
    begun = starts(twin)
    status, said = await second_start(twin)
    assert status != 0 and "LAN-08" in said and str(second) in said and "Traceback" not in said
    assert starts(twin) == begun
    for name, before in copies.items():  # the first one goes on writing its ledger
        assert (second / name).read_bytes().startswith(before)
    assert first.runs

    await first.end(signal.SIGKILL)
    again = ServerProcess(twin)
    await again.start()
    assert await again.end(signal.SIGTERM) == 0


async def test_r9_a_second_server_over_another_path_to_the_store_refuses_to_start(
    stopped: Any, tmp_path: Path
) -> None:
    """A symbolic link, and a bind mount where this machine lets one be made."""
    link, mounted = tmp_path / "link", tmp_path / "mounted"
    link.symlink_to(stopped.data)
    mounted.mkdir()
    mount = ["mount", "--bind", str(stopped.data), str(mounted)]
    bound = subprocess.run(mount, capture_output=True, check=False)  # noqa: ASYNC221
    try:
        first = ServerProcess(stopped.data)
        await first.start()
        for path in [link] if bound.returncode else [link, mounted]:
            status, said = await second_start(path)
            assert status == EXIT_REFUSED and "LAN-08" in said
        assert await first.end(signal.SIGTERM) == 0
    finally:
        if not bound.returncode:
            subprocess.run(["umount", str(mounted)], check=True)  # noqa: ASYNC221
