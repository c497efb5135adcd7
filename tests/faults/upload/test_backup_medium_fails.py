"""A backup medium is full, gone, slow, or gives back something else (L04, SES-06)."""

import errno
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.server.real_disks import RealDisk, why_not
from venue_server.backup import archive
from venue_server.backup.service import BackupReport, BackupRules, BackupService, BackupTarget
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode


def refused(outcome: object) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code is RefusalCode.BACKUP_MISMATCH
    return outcome


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if not path.name.endswith(".kdbackup")]


async def one_fails_the_other_holds(world, kit, why: str) -> None:
    """disk-b fails: no step forward, disk-a's copy counts; a good disk-b completes it."""
    outcome = refused(await world.backup.make(kit.SESSION, {}))
    assert "disk-b" in outcome.detail
    assert why in outcome.detail
    assert world.state() is DataState.COLLECTED
    assert [copy.target for copy in world.backup.copies(kit.SESSION)] == ["disk-a"]
    assert sorted(world.events()[-2:]) == ["answers.backed-up", "answers.backup-failed"]


async def test_f20_l04_a_medium_that_reads_back_differently(
    world, kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_session(DataState.COLLECTED)
    real = archive.read_back

    def lying(path: Path) -> str:
        if path.parent.name == "disk-b":
            with path.open("r+b") as handle:
                handle.seek(700)
                byte = handle.read(1)
                handle.seek(700)
                handle.write(bytes([byte[0] ^ 1]))
        return real(path)

    monkeypatch.setattr(archive, "read_back", lying)
    await one_fails_the_other_holds(world, kit, "reads back differently")
    monkeypatch.setattr(archive, "read_back", real)
    world.now_ms += 1000
    assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)
    assert world.state() is DataState.BACKED_UP


async def test_f20_l04_a_medium_that_is_gone_is_never_made_anew(world, kit) -> None:
    world.add_session(DataState.COLLECTED)
    (world.root / "disk-b").rmdir()
    await one_fails_the_other_holds(world, kit, "missing")
    assert not (world.root / "disk-b").exists()


async def test_f20_l04_a_medium_that_is_full(world, kit, monkeypatch: pytest.MonkeyPatch) -> None:
    world.add_session(DataState.COLLECTED)
    real = os.fsync

    def full(fd: int) -> None:
        if "disk-b" in os.readlink(f"/proc/self/fd/{fd}"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(fd)

    monkeypatch.setattr(os, "fsync", full)
    await one_fails_the_other_holds(world, kit, "No space left")
    assert list((world.root / "disk-b").iterdir()) == []


@pytest.fixture
def small_disk(world) -> Iterator[Path]:
    """disk-b as a file system of its own with 64 KiB."""
    folder = world.root / "disk-b"
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "kaodian-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a small tmpfs is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_l04_a_real_file_system_that_is_full(world, kit, small_disk: Path) -> None:
    world.add_session(DataState.COLLECTED)
    await one_fails_the_other_holds(world, kit, "full")
    assert list(small_disk.iterdir()) == []


async def test_r3_l04_a_medium_pulled_in_the_middle_of_a_write(
    world, kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real file system that is gone from one call to the next, and plugged in again later."""
    if missing := why_not():
        pytest.skip(missing)
    folder: Path = world.root / "disk-b"
    lay_there = {each.name: each.read_bytes() for each in folder.iterdir()}
    disk = RealDisk(tmp_path / "b.img", folder, 16)
    disk.plug_in()
    try:
        for name, content in lay_there.items():
            (folder / name).write_bytes(content)
        os.sync()
        world.add_session(DataState.COLLECTED)
        real = archive.snapshot

        def pulled(source: Path, target: Path) -> None:
            real(source, target)
            if target.parent.name == "disk-b":
                disk.vanish()

        with monkeypatch.context() as patch:
            patch.setattr(archive, "snapshot", pulled)
            await one_fails_the_other_holds(world, kit, "Input/output error")
        disk.come_back()
        world.now_ms += 1000
        assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)
        assert world.state() is DataState.BACKED_UP
    finally:
        disk.pull_out()


async def test_f20_l04_a_medium_that_hangs_is_given_up(
    world, kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_session(DataState.COLLECTED)
    real, goes_on, ended = archive.snapshot, threading.Event(), threading.Event()

    def hanging(source: Path, target: Path) -> None:
        if target.parent.name == "disk-b":
            goes_on.wait(30)
            ended.set()
        real(source, target)

    monkeypatch.setattr(archive, "snapshot", hanging)
    world.backup = BackupService(
        world.store,
        world.ledger,
        world.targets,
        lambda: world.now_ms,
        [world.ledger_file],
        BackupRules(2, separate_devices=False, limit_s=1.0),
    )
    await one_fails_the_other_holds(world, kit, "too slow")
    goes_on.set()
    assert ended.wait(10)
    assert len(world.backup.copies(kit.SESSION)) == 1  # what comes too late does not count


async def test_l04_two_folders_of_one_disk_are_one_device(world, kit) -> None:
    world.add_session(DataState.COLLECTED)
    strict = BackupService(
        world.store, world.ledger, world.targets, lambda: world.now_ms, [world.ledger_file]
    )
    refused(await strict.make(kit.SESSION, {}))
    assert world.state() is DataState.COLLECTED
    other = Path("/dev/shm")
    if other.stat().st_dev == world.root.stat().st_dev:
        pytest.skip("no second file system here")
    folder = other / f"kaodian-test-{os.getpid()}"
    folder.mkdir()
    try:
        targets = [world.targets[0], BackupTarget("shm", folder)]
        real = BackupService(
            world.store, world.ledger, targets, lambda: world.now_ms, [world.ledger_file]
        )
        assert isinstance(await real.make(kit.SESSION, {}), BackupReport)
        assert world.state() is DataState.BACKED_UP
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


async def test_l04_what_a_killed_backup_left_is_cleared_away(world, kit) -> None:
    world.add_session(DataState.COLLECTED)
    for name in (".S1-1.kdbackup.part", ".S1-1.kdbackup.store"):
        (world.root / "disk-a" / name).write_bytes(b"half")
    assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)
    assert leftovers(world.root / "disk-a") == []
