"""A backup medium goes, comes back, is changed meanwhile, or is slow (F20, L01, L04)."""

import asyncio
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from venue_server.backup import archive, look_io
from venue_server.backup.service import BackupReport, BackupRules, BackupService
from venue_server.backup.targets import BackupTarget
from venue_server.storage.medium import MediumProblem
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode

A, B = "disk-a", "disk-b"


def archives(world: Any, disk: str) -> set[str]:
    return {path.name for path in (world.root / disk).glob("*.kdbackup")}


async def until(world: Any, ready: Any) -> None:
    """Let the service look after its media until ``ready``."""
    async with asyncio.timeout(30):
        while not ready():
            world.backup.look_after_media()
            await asyncio.sleep(0.01)


async def backed_up(world: Any, kit: Any) -> None:
    world.add_session(DataState.COLLECTED)
    assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)


async def test_l04_only_what_a_returning_medium_lacks_is_written(world: Any, kit: Any) -> None:
    drawer = world.root / "drawer"
    (world.root / B).rename(drawer)
    world.add_session(DataState.COLLECTED)
    assert isinstance(await world.backup.make(kit.SESSION, {}), Refusal)
    assert not world.backup.lacks(kit.SESSION), "nothing to write where no medium is"
    kept = archives(world, A)
    drawer.rename(world.root / B)
    await until(world, lambda: world.backup.lacks(kit.SESSION))
    world.now_ms += 1000
    report = await world.backup.make(kit.SESSION, {})
    assert isinstance(report, BackupReport)
    assert archives(world, A) == kept, "what is proved is not written again"
    assert len(archives(world, B)) == 1
    assert world.state() is DataState.BACKED_UP
    assert world.backup.alarms() == []
    assert not world.backup.lacks(kit.SESSION)
    for copy in report.copies:
        assert copy.size == Path(copy.file).stat().st_size > 0


async def test_f20_a_medium_that_was_changed_while_away_is_refused(world: Any, kit: Any) -> None:
    await backed_up(world, kit)
    drawer = world.root / "drawer"
    (world.root / B).rename(drawer)
    await until(world, lambda: B not in world.backup._trusted)
    (changed,) = drawer.glob("*.kdbackup")
    content = bytearray(changed.read_bytes())
    content[900] ^= 1
    changed.write_bytes(content)
    drawer.rename(world.root / B)
    changed = world.root / B / changed.name
    await until(world, lambda: len(world.backup.copies(kit.SESSION)) == 1)
    (alarm,) = world.backup.alarms()
    assert (alarm.code, alarm.args["file"]) == (AlarmCode.BACKUP_CHANGED, changed.name)
    assert [copy.target for copy in world.backup.copies(kit.SESSION)] == [A]
    before = changed.read_bytes()
    refused = await world.backup.make(kit.SESSION, {})
    assert isinstance(refused, Refusal) and B in refused.detail
    assert changed.read_bytes() == before and len(archives(world, B)) == 1, "and not touched"
    assert world.state() is DataState.COLLECTED, "one is too few: nothing is sealed with it"
    assert world.events()[-1] == "answers.backup-failed"
    sealed = await world.upload.seal(kit.SESSION, world.extract([]), {}, "p1,p2")
    assert isinstance(sealed, Refusal) and sealed.code is RefusalCode.BACKUP_MISSING
    # Another medium in its place gets what it lacks, and the day goes on.
    changed.parent.rename(world.root / "kept apart")
    await until(world, lambda: B not in world.backup._changed)
    (world.root / B).mkdir()
    await until(world, lambda: world.backup.lacks(kit.SESSION))
    assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)
    assert world.state() is DataState.BACKED_UP


async def test_f20_an_older_copy_of_the_same_medium_is_refused(world: Any, kit: Any) -> None:
    """An image made before the last backup: right marker, right device, and not everything."""
    drawer = world.root / "drawer"
    shutil.copytree(world.root / B, drawer)  # the medium as it was before
    await backed_up(world, kit)
    (world.root / B).rename(world.root / "the real one")
    await until(world, lambda: B not in world.backup._trusted)
    drawer.rename(world.root / B)
    await until(world, lambda: len(world.backup.copies(kit.SESSION)) == 1)
    assert [each.code for each in world.backup.alarms()] == [AlarmCode.BACKUP_CHANGED]
    assert archives(world, B) == set(), "nothing is written to it"
    # The real one comes back and is not believed blindly: it gets a copy of its own.
    (world.root / B).rename(drawer)
    await until(world, lambda: B not in world.backup._changed)
    (world.root / "the real one").rename(world.root / B)
    await until(world, lambda: world.backup.lacks(kit.SESSION))
    world.now_ms += 1000
    assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)
    assert len(archives(world, B)) == 2
    assert world.backup.alarms() == []


async def test_f20_l04_a_cloned_medium_is_told_and_loses_nothing(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte is right, but the device says that it is another one."""
    says = {A: "dev:A1/u1", B: "dev:B1/u2"}
    monkeypatch.setattr(look_io, "serial_of", lambda folder: says[folder.name])
    await backed_up(world, kit)
    assert world.backup.alarms() == []
    (world.root / B).rename(world.root / "drawer")
    await until(world, lambda: B not in world.backup._trusted)
    says[B] = "dev:C7/u2"
    shutil.copytree(world.root / "drawer", world.root / B)
    await until(world, lambda: world.events()[-1] == "answers.backup-other-device")
    (alarm,) = world.backup.alarms()
    assert alarm.code is AlarmCode.BACKUP_OTHER_DEVICE
    assert (alarm.args["found"], alarm.args["proved"]) == ("dev:C7/u2", "dev:B1/u2")
    assert len(world.backup.copies(kit.SESSION)) == 2 and not world.backup.lacks(kit.SESSION)
    assert world.state() is DataState.BACKED_UP


async def test_f20_with_no_verified_copy_left_nothing_can_be_uploaded(world: Any, kit: Any) -> None:
    await backed_up(world, kit)
    world.configure()  # a restart: every medium is looked through anew
    for disk in (A, B):
        for path in (world.root / disk).glob("*.kdbackup"):
            path.unlink()
    await until(world, lambda: not world.backup.copies(kit.SESSION))
    assert len(world.backup.alarms()) == 2
    assert world.state() is DataState.COLLECTED


async def test_l01_a_slow_medium_does_not_hold_up_the_step(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_session(DataState.COLLECTED)
    real, goes_on = archive.snapshot, threading.Event()

    def slow(source: Path, target: Path) -> None:
        if target.parent.name == B:
            assert goes_on.wait(60)
        real(source, target)

    monkeypatch.setattr(archive, "snapshot", slow)
    world.backup = BackupService(
        world.store,
        world.ledger,
        world.targets,
        lambda: world.now_ms,
        [world.ledger_file],
        BackupRules(1, separate_devices=False, limit_s=60.0),
    )
    making = asyncio.create_task(world.backup.make(kit.SESSION, {}))
    async with asyncio.timeout(30):
        while world.state() is not DataState.BACKED_UP:  # noqa: ASYNC110  # its threads' own pace
            await asyncio.sleep(0.01)
    assert not making.done()
    goes_on.set()
    report = await making
    assert isinstance(report, BackupReport) and len(report.copies) == 2


async def test_f20_a_medium_that_hangs_gets_one_thread_and_an_alarm(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_session(DataState.COLLECTED)
    real, goes_on, tries = archive.snapshot, threading.Event(), []

    def hanging(source: Path, target: Path) -> None:
        if target.parent.name == B:
            tries.append(1)
            assert goes_on.wait(60)
        real(source, target)

    monkeypatch.setattr(archive, "snapshot", hanging)
    world.backup._rules = BackupRules(2, separate_devices=False, limit_s=0.5)
    for _ in range(3):
        assert isinstance(await world.backup.make(kit.SESSION, {}), Refusal)
    assert len(tries) == 1
    assert [alarm.code for alarm in world.backup.alarms()] == [AlarmCode.BACKUP_FAILING]
    goes_on.set()
    async with asyncio.timeout(30):
        while isinstance(await world.backup.make(kit.SESSION, {}), Refusal):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert world.state() is DataState.BACKED_UP
    assert world.backup.alarms() == []


async def test_r3_no_look_at_a_medium_is_taken_where_answers_are_taken(
    world: Any, kit: Any
) -> None:
    """A device that hangs keeps the thread that asked it: that must never be the loop's, while
    other stations are still answering."""
    asked: set[str] = set()

    class Watched(BackupTarget):
        def problem(self) -> MediumProblem | None:
            asked.add(threading.current_thread().name)
            return super().problem()

    class Ledger(type(Path())):  # type: ignore[misc]
        def exists(self, **_: Any) -> bool:
            asked.add(threading.current_thread().name)
            return Path(self).is_file()

    world.backup = BackupService(
        world.store,
        world.ledger,
        [Watched(each.label, each.folder) for each in world.targets],
        lambda: world.now_ms,
        [Ledger(world.ledger_file)],
        BackupRules(2, separate_devices=False),
    )
    await backed_up(world, kit)
    world.backup.media()
    assert len(asked) > 2 and threading.current_thread().name not in asked
