"""The second device is gone, before the start or under the running server; it comes back (R3, F3).

A disk is a folder here, and mounting is renaming: what is looked at is the marker on the medium and
the device, so an empty folder in its place is an unmounted mount point.
"""

import asyncio
import errno
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from venue_server import __main__ as program
from venue_server.commands.alone import alone
from venue_server.foundation import STORE, StartFault
from venue_server.node import VenueNode
from venue_server.responses.second_copy import SecondCopy, StoredResponse
from venue_server.responses.store import all_responses
from venue_server.settings import load_settings, save_settings
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.medium import MARKER, MediumProblem, MediumRule, mark
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.console_orders import VerifyLedger
from venue_server.wire.refusals import RefusalCode

Rows = list[tuple[str, int, str]]


def in_primary(data: Path) -> Rows:
    store = Store(open_engine(data / STORE))
    try:
        return sorted((r.sitting_id, r.seq, r.hash) for r in store.read(all_responses))
    finally:
        store.close()


def in_second(folder: Path) -> Rows:
    copy = SecondCopy(folder / "responses.journal")
    try:
        return sorted((row.sitting_id, row.seq, row.hash) for row in copy.recover())
    finally:
        copy.close()


class Disk:
    """The second device of a venue: taken away, left empty, exchanged, put back."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "second"
        self._drawer = data.parent / "drawer"

    def unplug(self) -> None:
        self.folder.rename(self._drawer)

    def unmount(self) -> None:
        """The mount point stays behind, empty, on the system's own disk."""
        self.unplug()
        self.folder.mkdir()

    def exchange(self) -> None:
        """Somebody mounted another medium of the same venue there."""
        self.unmount()
        mark(self.folder, load_settings(self.folder.parent).venue_id)

    def put_back(self) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self._drawer.rename(self.folder)

    def written_to(self) -> set[str]:
        """What lies at the folder while the disk is away, but for a marker."""
        if not self.folder.exists():
            return set()
        return {path.name for path in self.folder.iterdir()} - {MARKER}


GONE: dict[str, tuple[Callable[[Disk], None], AlarmCode]] = {
    "unplugged": (Disk.unplug, AlarmCode.SECOND_MISSING),
    "not mounted": (Disk.unmount, AlarmCode.SECOND_MISSING),
    "another medium": (Disk.exchange, AlarmCode.SECOND_FOREIGN),
}


def raised(code: AlarmCode) -> Callable[[Any], bool]:
    return lambda board: code in [alarm.code for alarm in board.venue.alarms]


def silent(board: Any) -> bool:
    return not [alarm for alarm in board.venue.alarms if alarm.code.name.startswith("SECOND")]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_server.responses.service.LOOK_S", 0.05)
    monkeypatch.setattr("venue_server.responses.second_side.LOOK_S", 0.05)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", GONE)
async def test_r3_without_its_second_device_the_server_starts_and_says_so(
    exam_day: Any, kit: Any, how: str
) -> None:
    day, world = exam_day, exam_day.world
    take_away, code = GONE[how]
    chain = kit.Chain(day.first.sitting_id)
    for _ in range(3):
        await day.next_save(day.first, chain)
    disk = Disk(world.data)

    async def start() -> None:
        take_away(disk)
        await world.start()

    await world.restart_as(start)
    chief, admin = await world.console(kit.CHIEF), await world.console(kit.ADMIN)
    await chief.board(raised(code), "the alarm")
    assert chief.client.board.venue.backup_ready is False
    for _ in range(3):
        ack = await day.next_save(day.first, chain, "weiter")
    assert ack.head == chain.head, "the exam goes on with one copy"
    assert not disk.written_to(), "nothing is written in the second device's place"

    disk.put_back()
    await chief.board(silent, "the end of the alarm, without a save that notices")
    assert (await admin.order(VerifyLedger(0)))["ok"], "its ledger is level again too"
    await day.next_save(day.first, chain, "heil")
    assert [e["data"]["caught_up"] for e in world.events("store.restored")] == [3]
    await kit.leave_all(world)
    await world.stop()
    assert in_second(disk.folder) == in_primary(world.data)
    assert len(in_primary(world.data)) == len(chain.entries) == 7


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", GONE)
async def test_r3_a_second_device_that_goes_while_nobody_saves_is_noticed(
    exam_day: Any, kit: Any, how: str
) -> None:
    day, world = exam_day, exam_day.world
    take_away, code = GONE[how]
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain)
    disk = Disk(world.data)
    take_away(disk)
    await day.chief.board(raised(code), "the alarm")
    for _ in range(4):
        await day.next_save(day.first, chain, "weiter")
    assert not disk.written_to()
    disk.put_back()
    await day.chief.board(silent, "the end of the alarm")
    await day.next_save(day.first, chain)
    await kit.leave_all(world)
    await world.stop()
    assert in_second(disk.folder) == in_primary(world.data)
    assert len(in_primary(world.data)) == 6


@pytest.mark.usefixtures("quick")
async def test_r3_a_second_device_that_refuses_while_nobody_saves_is_noticed(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only, full, broken: a look that only sees whether it is there would not know."""
    day, world = exam_day, exam_day.world

    def read_only(_file: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("venue_server.responses.second_copy.write_probe", read_only)
        await day.chief.board(raised(AlarmCode.SECOND_FAILING), "the alarm")
    await day.chief.board(silent, "the end of the alarm")
    await kit.leave_all(world)
    assert [e["data"]["copy"] for e in world.events("store.degraded")] == ["second"]


@pytest.mark.usefixtures("quick")
async def test_r3_what_only_the_returning_copy_has_is_kept_aside_whole(
    exam_day: Any, kit: Any
) -> None:
    """Written there just before the power went, acknowledged to nobody; the station has meanwhile
    gone on differently, so it must not get into the chain at this or any later start."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain)
    disk = Disk(world.data)

    async def start() -> None:
        copy = SecondCopy(disk.folder / "responses.journal")
        (known,) = copy.recover()
        copy.append([StoredResponse(known.sitting_id, 3, "f" * 64, b"x", 1, known.session_id)])
        copy.close()
        disk.unplug()
        await world.start()

    await world.restart_as(start)
    chief = await world.console(kit.CHIEF)
    await chief.board(raised(AlarmCode.SECOND_MISSING))
    await day.next_save(day.first, chain)
    disk.put_back()
    await chief.board(silent)
    (restored,) = world.events("store.restored")
    assert restored["data"]["kept_aside"] == 1
    (aside,) = disk.folder.glob("responses.journal.damaged-*")
    copy = SecondCopy(aside)
    assert len(list(copy.recover())) == 2
    copy.close()
    await world.restart()
    assert (await day.first.welcome()).sitting.head == chain.head
    await kit.leave_all(world)
    await world.stop()
    assert in_second(disk.folder) == in_primary(world.data)


@pytest.mark.usefixtures("quick")
async def test_e01_a_plan_that_comes_while_the_disk_is_away_gets_its_escrow_later(
    world: Any, kit: Any
) -> None:
    disk = Disk(world.data)

    async def start() -> None:
        disk.unplug()
        await world.start()

    await world.restart_as(start)
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    (escrow,) = (world.data / "keys" / "answers").glob("*.escrow")
    disk.put_back()
    await admin.board(silent)
    assert (disk.folder / escrow.name).read_bytes() == escrow.read_bytes()


@pytest.mark.usefixtures("quick")
async def test_r3_a_device_that_refuses_the_escrow_is_an_alarm_not_the_end(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    disk = Disk(world.data)
    disk.unplug()
    await day.chief.board(raised(AlarmCode.SECOND_MISSING))

    def full(_target: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("venue_server.responses.answer_keys.write_whole", full)
        for escrow in (world.data.parent / "drawer").glob("*.escrow"):
            escrow.unlink()
        disk.put_back()
        await day.chief.board(raised(AlarmCode.SECOND_FAILING))
        await day.next_save(day.first, chain)
    await day.chief.board(silent)
    assert list(disk.folder.glob("*.escrow"))


async def test_r3_with_both_devices_gone_it_refuses_and_makes_nothing_new(
    world: Any, tmp_path: Path
) -> None:
    await world.stop()
    Disk(world.data).unplug()
    lost = world.data / STORE
    lost.rename(tmp_path / "lost")
    with pytest.raises(StartFault) as fault:
        await VenueNode(world.data).start()
    assert fault.value.refusal.code is RefusalCode.STORE_MISSING
    assert "LED-03" in str(fault.value)
    assert not lost.exists(), "an empty store would hide what was lost"
    words = (sys.executable, "-m", "venue_server", "run", "--data", str(world.data))
    program_run = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.PIPE)
    _, told = await program_run.communicate()
    assert (program_run.returncode, b"[LED-03]" in told) == (3, True)
    (tmp_path / "lost").rename(lost)


async def test_l04_a_backup_medium_away_at_the_start_is_an_alarm_until_it_is_there(
    world: Any, kit: Any
) -> None:
    backup = world.data / "backup"
    away = world.data.parent / "away"

    async def start() -> None:
        backup.rename(away)
        backup.mkdir()  # an unmounted mount point
        await world.start()

    await world.restart_as(start)
    chief = await world.console(kit.CHIEF)
    await chief.board(raised(AlarmCode.BACKUP_MISSING))
    backup.rmdir()
    away.rename(backup)
    await chief.board(lambda b: not b.venue.alarms)
    assert chief.client.board.venue.backup_ready


# ---- at set-up -------------------------------------------------------------------------------


def init(data: Path, headquarters: Path, *more: str) -> int:
    words = ["init", "--data", str(data), "--venue-id", "v-9", "--venue-name", "九"]
    words += ["--mode", "REHEARSAL", "--headquarters", str(headquarters), "--light-passwords"]
    return program.main([*words, *more])


@pytest.fixture
def headquarters(world: Any, tmp_path: Path) -> Path:
    return Path(world.headquarters.public_file(tmp_path / "headquarters.json"))


def test_r3_set_up_refuses_a_second_copy_on_the_datas_own_device(
    headquarters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "fresh"
    assert init(data, headquarters) == 2
    assert "LED-04" in capsys.readouterr().err
    assert not (data / "venue.json").exists()
    assert not (data / "second").exists()
    assert init(data, headquarters, "--same-device") == 0


def test_r3_set_up_refuses_a_medium_of_another_venue(
    headquarters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    mark(foreign, "v-other")
    options = ("--same-device", "--second", str(foreign))
    assert init(tmp_path / "fresh", headquarters, *options) == 2
    assert "LED-05" in capsys.readouterr().err


async def test_r3_another_disk_takes_the_place_of_a_dead_one(
    exam_day: Any, kit: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain)
    fresh = tmp_path / "fresh-disk"
    words = ["media", "second", str(fresh), "--data", str(world.data)]
    with alone(world.data):
        assert await asyncio.to_thread(program.main, words) == 2, "not under a running server"

    async def start() -> None:
        shutil.rmtree(world.data / "second")
        show = ["media", "show", "--data", str(world.data)]
        assert await asyncio.to_thread(program.main, show) == 1
        assert await asyncio.to_thread(program.main, words) == 0
        await world.start()

    await world.restart_as(start)
    await day.next_save(day.first, chain)
    chief = await world.console(kit.CHIEF)
    assert silent(chief.client.board)
    assert "in order" in capsys.readouterr().out
    await kit.leave_all(world)
    await world.stop()
    assert in_second(fresh) == in_primary(world.data)
    assert len(in_primary(world.data)) == 2


# ---- the rule --------------------------------------------------------------------------------


def test_r3_a_medium_is_judged_by_its_marker_and_its_device(tmp_path: Path) -> None:
    folder, other = tmp_path / "a", tmp_path / "b"
    rule = MediumRule(folder, "")
    assert rule.problem() is MediumProblem.MISSING
    folder.mkdir()
    assert rule.problem() is None
    rule = MediumRule(folder, "0" * 32)
    assert rule.problem() is MediumProblem.UNMARKED
    medium_id = mark(folder, "v")
    assert mark(folder, "v") == medium_id, "a medium keeps its identity"
    assert rule.problem() is MediumProblem.FOREIGN
    assert MediumRule(folder, medium_id).problem() is None
    other.mkdir()
    assert MediumRule(folder, medium_id, other).problem() is MediumProblem.SAME_DEVICE
    elsewhere = Path("/dev/shm")  # another device on every Linux
    assert MediumRule(folder, medium_id, elsewhere).problem() is None
    (folder / MARKER).write_text("{")
    assert MediumRule(folder, medium_id).problem() is MediumProblem.UNMARKED
    folder.joinpath(MARKER).unlink()
    folder.rmdir()
    folder.write_text("a file")
    assert MediumRule(folder, medium_id).problem() is MediumProblem.MISSING


def test_settings_without_registered_media_still_load(world: Any) -> None:
    settings = load_settings(world.data)
    save_settings(world.data, msgspec.structs.replace(settings, media={}))
    assert load_settings(world.data).media == {}
