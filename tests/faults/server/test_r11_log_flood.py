"""Logs flood a full log disk while stations save: answers are unaffected (R11, Finland 2025)."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from venue_server.wire.alarms import AlarmCode


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


@pytest.fixture
def small_log_disk(world: Any) -> Iterator[Path]:
    """``logs`` as a file system of its own with 256 KiB."""
    folder = world.data / "logs"
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "kaodian-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a small tmpfs is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def flooded(disk_load: Any) -> None:
    disk_load.fault("log", "flood")
    for _ in range(4):
        await disk_load.goes_on()
    codes = {each.code for each in disk_load.chief.client.board.venue.alarms}
    assert not codes & {AlarmCode.PRIMARY_FAILING, AlarmCode.SECOND_FAILING, AlarmCode.DISK_LOW}


async def test_r11_a_flood_onto_a_full_log_disk(small_log_disk: Path, disk_load: Any) -> None:
    await disk_load.begin()
    await flooded(disk_load)
    async with asyncio.timeout(60):
        while size_of(small_log_disk) < 200_000:  # noqa: ASYNC110  # another program's pace
            await asyncio.sleep(0.05)
    await disk_load.goes_on()
    await disk_load.judge()


async def test_r11_a_flood_where_no_log_can_be_written_at_all(disk_load: Any) -> None:
    """For everybody, without a file system of one's own: a file lies where the folder would be."""
    (disk_load.world.data / "logs").write_bytes(b"")
    await disk_load.begin()
    await flooded(disk_load)
    await disk_load.judge()
