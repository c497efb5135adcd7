"""R3 with real file systems: taken away by the kernel, frozen, filled, holding reads back.

The venue's two disks are ext4 on loop devices. After a disk was away it comes back under another
device number; a primary is then taken back by the server itself, and the time until every station
is acknowledged again is a figure. Needs root and loop devices.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from disks_console import Chief
from disks_exam import Exam, more
from kills_saves import judge
from measuring import Child, Figure, say
from prepared_venue import DAY, PreparedVenue, set_exam_time

from tests.faults.server.real_disks import HangingReads, RealDisk, why_no_hanging, why_not
from venue_server.settings import MIB, load_settings, save_settings

PRIMARY_MIB, SECOND_MIB = 384, 256


@contextmanager
def on_real_disks(venue: PreparedVenue) -> Iterator[tuple[RealDisk, RealDisk]]:
    """The venue's folder, moved onto two disks of its own."""
    data, kept = venue.data, venue.folder / "kept"
    (data / "reserve").unlink(missing_ok=True)
    data.rename(kept)
    primary = RealDisk(venue.folder / "primary.img", data, PRIMARY_MIB)
    second = RealDisk(venue.folder / "second.img", data / "second", SECOND_MIB)
    try:
        primary.plug_in()
        second.plug_in()
        shutil.copytree(kept, data, dirs_exist_ok=True)
        os.sync()
        yield primary, second
    finally:
        second.pull_out()
        primary.pull_out()
        with contextlib.suppress(OSError):
            data.rmdir()


def fill(disk: RealDisk) -> Callable[[], None]:
    """Take all the space there is; what is returned gives it back."""
    file = disk.folder / "somebodys-video"
    with file.open("ab", buffering=0) as handle, contextlib.suppress(OSError):
        while True:
            handle.write(bytes(1 << 16))
    return file.unlink


class RealFaults:
    """One server on two real disks."""

    def __init__(self, venue: PreparedVenue, primary: RealDisk, second: RealDisk) -> None:
        self._venue, self._primary, self._second = venue, primary, second
        self._chief = Chief(venue.data / "run" / "control.sock")
        self.exam = Exam(venue, self._chief)
        self.back_s: dict[str, float] = {}

    async def run(self) -> None:
        """Every fault, and what follows from it."""
        set_exam_time(self._venue.data, DAY.at(10))
        self._server = Child("-m", "venue_server", "run", "--data", str(self._venue.data))
        port = json.loads(self._server.first_line)["port"]
        settings = load_settings(self._venue.data)  # the port it has after it began again
        save_settings(self._venue.data, msgspec.structs.replace(settings, listen_port=port))
        async with AsyncExitStack() as stack:
            await self._chief.sign_in(stack)
            await self.exam.come(port)
            await self._hanging()
            await self._full()
            await self._reads()
            await self._gone_second()
            await self._gone_primary("primary", port)
            await self._gone_primary("both", port)
        self._server.stop()
        await self.exam.left()

    async def _fault(self, name: str, device: str, what: str, strike: Callable[[], None]) -> None:
        await more(self.exam.candidates)
        await self.exam.strike(f"{name}, real", device, what, strike)

    async def _hanging(self) -> None:
        for device, disk in (("second", self._second), ("primary", self._primary)):
            try:
                await self._fault(f"{device} frozen", device, "hang", disk.freeze)
            finally:
                disk.thaw()
            await self.exam.heal(lambda: None)

    async def _full(self) -> None:
        for device, disk, what in (
            ("second", self._second, "full"),
            ("primary", self._primary, "low"),  # the reserve is given up, answers go on (R11)
        ):
            undo: list[Callable[[], None]] = []
            await self._fault(
                f"{device} full", device, what, lambda d=disk, u=undo: u.append(fill(d))
            )
            await self.exam.heal(undo[0])

    async def _reads(self) -> None:
        if missing := why_no_hanging():
            say(f"reads that hang: left out, {missing}")
            return
        reads = HangingReads(self._primary)
        try:
            await self._fault(
                "primary hangs while read", "primary", "reads", lambda: reads.hang(self._server.pid)
            )
            await self.exam.heal(reads.heal)
        finally:
            reads.end()

    async def _gone_second(self) -> None:
        await self._fault("second gone", "second", "gone", self._second.vanish)
        await self.exam.heal(self._second.come_back)

    async def _gone_primary(self, device: str, port: int) -> None:
        """It comes back under another number: the server begins again by itself."""

        def gone() -> None:
            if device == "both":
                self._second.vanish()
            self._primary.vanish()

        await self._fault(f"{device} gone", device, "gone", gone)
        self._second.pull_out()
        self._primary.come_back()
        self._second.plug_in()
        began = time.monotonic()
        line = await asyncio.to_thread(self._server.next_line)
        assert json.loads(line)["port"] == port
        await self.exam.left()
        await self.exam.come(port)
        await more(self.exam.candidates)
        self.back_s[device] = time.monotonic() - began
        say(f"{device} back: served again after {self.back_s[device]:.1f} s")
        await self.exam.heal(lambda: None)


async def measure_real(venue: PreparedVenue) -> list[Figure]:
    """All of it; no figures, and the reason, where there can be no real disk."""
    if missing := why_not():
        say(f"real disks: left out, {missing}")
        return []
    settings = load_settings(venue.data)
    small = msgspec.structs.replace(settings, reserve_bytes=4 * MIB, disk_floor_bytes=MIB)
    save_settings(venue.data, small)
    with on_real_disks(venue) as (primary, second):
        faults = RealFaults(venue, primary, second)
        await faults.run()
        last = Child("-m", "venue_server", "run", "--data", str(venue.data))
        last.stop()
        verdict = judge(venue, faults.exam.candidates)
        total = sum(each.acknowledged for each in faults.exam.candidates)
        return [
            *faults.exam.figures(),
            *(
                Figure(f"R3 {device} back to every station served, real disk", each, "s", "-")
                for device, each in faults.back_s.items()
            ),
            Figure("R3 acknowledged, real disks", total, "saves", "-"),
            Figure(
                "R3 acknowledged without the primary, real disks",
                faults.exam.unbacked,
                "saves",
                "0",
            ),
            Figure("R3 claimed, real disks", verdict.claimed, "saves", "0"),
            Figure("R3 lost, real disks", verdict.lost, "saves", "0"),
        ]
