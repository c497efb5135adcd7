"""The same venue as in the journeys (tests/journeys/venue), under faults."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server.disk_load import DiskLoad
from tests.faults.server.server_process import ServerProcess
from tests.journeys.venue.conftest import exam_day, exam_time, forms, kit, template, world
from venue_server.client import backoff

__all__ = ["disk_load", "exam_day", "exam_time", "forms", "kit", "template", "world"]


@pytest.fixture
async def disk_load(
    world: Any,  # the fixture of this name
    kit: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[DiskLoad]:
    """Stations that will answer without end, and disks that can be made to fail."""
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.2)
    process = ServerProcess(world.data)
    yield DiskLoad(world, kit, process)
    if process.runs:
        await process.end(signal.SIGKILL)
