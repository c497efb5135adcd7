"""Logs flood a full log disk while stations save: answers are unaffected (R11, Finland 2025)."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from venue_server.wire.alarms import AlarmCode


@pytest.fixture
def full_log_disk(world: Any) -> Iterator[Path]:
    """``logs`` as a file system of 64 KiB, which is full at once; for who may not mount one, a file
    where the folder would be: nothing can be logged at all."""
    folder: Path = world.data / "logs"
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "kaodian-test", str(folder)]
    if os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0:
        yield folder
        subprocess.run(["umount", "-l", str(folder)], check=True)
        return
    folder.rmdir()
    folder.write_bytes(b"")
    yield folder


async def test_r11_a_flood_of_logs_onto_a_full_disk(full_log_disk: Path, disk_load: Any) -> None:
    await disk_load.begin()
    disk_load.fault("log", "flood")
    for _ in range(6):
        await disk_load.goes_on()
    codes = {each.code for each in disk_load.chief.client.board.venue.alarms}
    assert not codes & {AlarmCode.PRIMARY_FAILING, AlarmCode.SECOND_FAILING, AlarmCode.DISK_LOW}
    await disk_load.said("line ")
    await disk_load.judge()
