"""Real media whose writes and syncs hang in the kernel, several at once, at the backup and at an
export (F20, R3, R11).

ext4 on a loop device, frozen (ioctl_fsfreeze(2)): it can be looked at and read, and every write to
it sleeps until it is thawed. Needs root; the same rules without it: test_r11_media_that_hang.py.
"""

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server.real_disks import RealDisk, why_not
from venue_server.backup.service import BackupReport, BackupRules, BackupService, BackupTarget
from venue_server.storage import background, media_lanes
from venue_server.storage.files import write_whole
from venue_server.storage.media_lanes import MediumStalledError, on_medium
from venue_server.wire.names import DataState

LONGEST_S = 60
FIFREEZE, FITHAW = 0xC0045877, 0xC0045878


def _say(folder: Path, what: int) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(handle, what, 0)
    finally:
        os.close(handle)


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[list[Path]]:
    """Two real disks, frozen."""
    missing = why_not()
    if missing:
        pytest.skip(missing)
    disks = [RealDisk(tmp_path / f"{name}.img", tmp_path / name, 24) for name in ("one", "two")]
    cold: list[Path] = []
    try:
        for disk in disks:
            disk.plug_in()
            try:
                _say(disk.folder, FIFREEZE)
            except OSError as error:
                pytest.skip(f"no file system can be frozen here: {error}")
            cold.append(disk.folder)
        yield cold
    finally:
        for folder in cold:
            try:
                _say(folder, FITHAW)
            except OSError:
                continue  # thawed by the test
        for disk in disks:
            disk.pull_out()


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONGEST_S):
        while not ready():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_f20_r11_frozen_media_hold_up_neither_the_other_copies_nor_sealing(
    world: Any, kit: Any, frozen: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_lanes, "ALARM_S", 0.3)
    monkeypatch.setattr(media_lanes, "GIVE_UP_S", 1.0)
    world.add_session(DataState.COLLECTED)
    good = [world.root / "good-1", world.root / "good-2"]
    for folder in good:
        folder.mkdir()
    targets = [BackupTarget(each.name, each) for each in [*frozen, *good]]
    rules = BackupRules(2, separate_devices=False, limit_s=5.0)
    backup = BackupService(world.store, world.ledger, targets, lambda: world.now_ms, (), rules)
    making = asyncio.create_task(backup.make(kit.SESSION, {}))
    exports = [
        asyncio.create_task(on_medium(each, write_whole, each / "bundle", b"sealed"))
        for each in frozen
    ]
    # The good copies are proved and the session goes on while both others still hang.
    await until(lambda: world.state() is DataState.BACKED_UP)
    assert not making.done()
    # Both media are told of, by name, before anybody gives up on the backup.
    await until(lambda: {str(each) for each in frozen} <= set(media_lanes.stalled()))
    async with asyncio.timeout(LONGEST_S):
        for lane in background.LANES.values():
            assert await lane.run(sum, (1, 2)) == 3, lane.name
        await on_medium("elsewhere", write_whole, good[0] / "bundle", b"sealed")
    outcome = await asyncio.gather(*exports, return_exceptions=True)
    assert {type(each) for each in outcome} == {MediumStalledError}
    done = await making
    assert isinstance(done, BackupReport)
    assert set(done.failed) == {each.name for each in frozen}
    for folder in frozen:
        _say(folder, FITHAW)
    await until(lambda: not {str(each) for each in frozen} & media_lanes.busy())
    for folder in frozen:
        await on_medium(folder, write_whole, folder / "bundle", b"sealed")
    again = await backup.make(kit.SESSION, {})
    assert isinstance(again, BackupReport)
    assert again.failed == {}
    assert len(again.copies) == 4
