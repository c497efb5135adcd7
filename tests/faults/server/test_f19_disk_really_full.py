"""The venue's disk is a small real file system, and somebody fills it (F19, R3, R11)."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from venue_server.settings import MIB, load_settings, save_settings
from venue_server.wire.alarms import AlarmCode

SIZE_MIB = 48


@pytest.fixture
def on_small_disk(world: Any, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Moves the venue's folder onto a file system of its own; called while no server runs."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    data: Path = world.data
    probe = tmp_path / "probe"
    probe.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "kaodian-test"]
    if subprocess.run([*command, str(probe)], capture_output=True).returncode != 0:
        pytest.skip("mounting a small tmpfs is not permitted here")
    subprocess.run(["umount", str(probe)], check=True)
    mounted = []

    def move() -> None:
        for gone in ("reserve", "run/control.sock"):
            (data / gone).unlink(missing_ok=True)
        kept = tmp_path / "kept"
        data.rename(kept)
        data.mkdir()
        subprocess.run([*command, str(data)], check=True)
        mounted.append(data)
        shutil.copytree(kept, data, dirs_exist_ok=True)
        settings = load_settings(data)
        small = msgspec.structs.replace(settings, reserve_bytes=8 * MIB, disk_floor_bytes=2 * MIB)
        save_settings(data, small)

    yield move
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Take all the space there is."""
    with file.open("ab", buffering=0) as handle:
        try:
            while True:
                handle.write(bytes(65536))
        except OSError:
            return


async def test_f19_r11_a_full_disk_first_costs_the_reserve_and_then_acknowledgements(
    disk_load: Any, on_small_disk: Callable[[], None]
) -> None:
    await disk_load.begin(on_small_disk)
    data: Path = disk_load.world.data
    fill(data / "somebodys-video")
    await disk_load.alarm(AlarmCode.DISK_LOW)
    await disk_load.goes_on()
    assert not (data / "reserve").exists(), "given up, so that answers have room"
    fill(data / "somebodys-video")
    await disk_load.alarm(AlarmCode.PRIMARY_FAILING)
    (data / "somebodys-video").unlink()
    await disk_load.silence(AlarmCode.PRIMARY_FAILING, AlarmCode.SECOND_FAILING)
    await disk_load.goes_on()
    await disk_load.judge()
