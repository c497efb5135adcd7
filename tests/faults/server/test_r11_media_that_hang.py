"""Media that hang, several at once, at the look-up, the read, the write or the sync (R11, R3, F20).

A named pipe that nobody opens at its other end hangs whoever opens it in the kernel, without an
error, as a dying device does; it answers as soon as somebody does.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from venue_server.gateway.media_watch import MediaWatch
from venue_server.storage import background, media_lanes
from venue_server.storage.media_lanes import MediumStalledError, beat, on_medium, within
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.refusals import RefusalCode

LONGEST_S = 60


class Media:
    """Folders that are media of their own; ``hang`` makes a file of one never answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pipes: list[Path] = []

    def mount(self, path: Path) -> str:
        return str(self.folder / path.relative_to(self.folder).parts[0])

    def hang(self, name: str, file: str = "document") -> Path:
        pipe = self.folder / name / file
        pipe.parent.mkdir(exist_ok=True)
        os.mkfifo(pipe)
        self._pipes.append(pipe)
        return pipe

    def answer(self) -> None:
        """Every pipe has another end from now on, and whoever hangs on it goes on."""
        for pipe in self._pipes:
            os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))
            for flags in (os.O_RDONLY, os.O_WRONLY):
                try:
                    os.close(os.open(pipe, flags | os.O_NONBLOCK))
                except OSError:
                    continue  # nobody hangs on this end


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Media]:
    made = Media(tmp_path)
    monkeypatch.setattr(media_lanes, "mount_of", made.mount)
    monkeypatch.setattr(media_lanes, "GIVE_UP_S", 0.5)
    monkeypatch.setattr(media_lanes, "ALARM_S", 0.2)
    yield made
    deadline = time.monotonic() + LONGEST_S
    while any(each.startswith(str(tmp_path)) for each in media_lanes.busy()):
        made.answer()
        assert time.monotonic() < deadline, "a thread still hangs"
        time.sleep(0.01)


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONGEST_S):
        while not ready():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_r11_many_hanging_media_leave_every_other_work_alone(media: Media) -> None:
    """More of them than any pool has threads, all at once; sealing, exports, sign-ins, papers and
    other media go on meanwhile."""
    pipes = [media.hang(f"stick-{n}") for n in range(12)]
    hung = [asyncio.create_task(on_medium(each, each.read_bytes)) for each in pipes]
    good = media.folder / "good" / "document"
    good.parent.mkdir()
    good.write_bytes(b"it is here")
    await until(lambda: len(media_lanes.stalled()) == len(pipes))  # the alarm comes first
    async with asyncio.timeout(LONGEST_S):
        for lane in background.LANES.values():
            assert await lane.run(sum, (1, 2)) == 3, lane.name
        assert await on_medium(good, good.read_bytes) == b"it is here"
    outcome = await asyncio.gather(*hung, return_exceptions=True)
    assert {type(each) for each in outcome} == {MediumStalledError}


async def test_r11_a_hung_medium_is_refused_at_once_and_works_again_when_it_answers(
    media: Media,
) -> None:
    pipe = media.hang("stick")
    beside = pipe.with_name("other")
    beside.write_bytes(b"beside")
    with pytest.raises(MediumStalledError):
        await on_medium(pipe, pipe.read_bytes)
    threads = threading.active_count()
    for _ in range(20):
        with pytest.raises(MediumStalledError):
            await on_medium(beside, beside.read_bytes)
    assert threading.active_count() <= threads, "one thread for a medium, however often it is asked"
    media.answer()
    await until(lambda: not media_lanes.stalled())
    assert await on_medium(beside, beside.read_bytes) == b"beside"


async def test_r11_what_waits_behind_a_hung_call_is_not_carried_out_later(media: Media) -> None:
    """Whoever was told no must not find it done."""
    pipe, done = media.hang("stick"), []
    first = asyncio.create_task(on_medium(pipe, pipe.read_bytes))
    second = asyncio.create_task(on_medium(pipe, done.append, "done"))
    outcome = await asyncio.gather(first, second, return_exceptions=True)
    assert {type(each) for each in outcome} == {MediumStalledError}
    media.answer()
    await until(lambda: not media_lanes.stalled())
    assert await on_medium(pipe, len, done) == 0


async def test_r11_a_slow_medium_that_moves_is_waited_for(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_lanes, "GIVE_UP_S", 2.0)

    def copy() -> str:
        ends = time.monotonic() + 2.5  # longer than a medium may stand still
        while time.monotonic() < ends:
            beat()
            time.sleep(0.01)
        return "copied"

    assert await on_medium(media.folder / "slow", copy) == "copied"


async def test_r11_what_was_given_up_ends_at_its_next_step(media: Media) -> None:
    let_on, steps = threading.Event(), []

    def copy() -> None:
        let_on.wait(LONGEST_S)
        beat()
        steps.append("wrote on")

    with pytest.raises(MediumStalledError):
        await on_medium(media.folder / "stick", copy)
    let_on.set()
    await until(lambda: not media_lanes.stalled())
    assert steps == []


def test_r11_a_look_from_a_worker_thread_is_bounded(media: Media) -> None:
    pipe = media.hang("stick")
    assert within(str(pipe), lambda: pipe.read_bytes() == b"", 0.05, True) is True
    began = time.monotonic()
    for _ in range(100):
        assert within(str(pipe), lambda: pipe.read_bytes() == b"", 5.0, True) is True
    assert time.monotonic() - began < 100 * 5.0 / 20, "at once while the first one hangs"


async def test_r11_the_alarm_names_the_medium_and_ends_with_it(media: Media) -> None:
    watch = MediaWatch(media.folder, {}, media.folder / "store", floor=0)
    pipe = media.hang("stick")
    waiting = asyncio.create_task(on_medium(pipe, pipe.read_bytes))
    await until(lambda: bool(watch.alarms()))
    (alarm,) = watch.alarms()
    assert alarm.code is AlarmCode.MEDIUM_STALLS
    assert alarm.args["where"] == str(pipe.parent)
    await asyncio.gather(waiting, return_exceptions=True)
    media.answer()
    await until(lambda: not watch.alarms())


def test_r11_a_medium_that_will_not_take_the_backup_is_an_alarm_before_it_is_made(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store"
    store.write_bytes(bytes(4096))
    assert MediaWatch(tmp_path, {"A": tmp_path}, store, floor=0).alarms() == []
    (second, backup) = MediaWatch(tmp_path, {"A": tmp_path}, store, floor=1 << 60).alarms()
    assert second.code is AlarmCode.SECOND_NEARLY_FULL
    assert backup.code is AlarmCode.BACKUP_NEARLY_FULL
    os.truncate(store, 1 << 43)  # a store that grew: more than any disk has
    (backup,) = MediaWatch(tmp_path, {"A": tmp_path}, store, floor=0).alarms()
    assert backup.code is AlarmCode.BACKUP_NEARLY_FULL
    for alarm in (second, backup):
        assert str(tmp_path) in alarm.text("zh")


async def test_r11_an_order_about_a_hung_medium_is_refused_and_the_exam_goes_on(
    world: Any, kit: Any, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole server: orders look into a stick that hangs, while a candidate answers."""
    day = await kit.begin_exam(world, ("01", "01"))
    (station,) = day.stations
    chain = kit.Chain(station.sitting_id)
    monkeypatch.setattr(media_lanes, "mount_of", lambda path: str(Path(path).parent))
    pipe = media.hang("stick", "plan.json")
    admin = await world.console(kit.ADMIN)
    order = ImportPlan(0, str(pipe), world.second(kit.ADMIN_B))
    waiting = asyncio.create_task(admin.refused(order))
    await until(lambda: bool(media_lanes.stalled()))
    for number in range(1, 4):
        ack = await station.save(chain.add(world.now_ms(), "答"))
        assert ack.seq == number
    assert await waiting is RefusalCode.DOCUMENT_MALFORMED
    assert (await station.save(chain.add(world.now_ms(), "答"))).seq == 4
