"""A disk vanishes while saves run: the second, the primary, both; then it is back (R3, F19).

Real file systems of which the kernel says EIO from one instant on (real_disks.py). Where that is
not permitted the form with injected errors stays: test_f19_second_disk_fails and its neighbour.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.faults.server.real_disks import (
    HangingReads,
    RealDisk,
    forget,
    why_no_hanging,
    why_not,
)
from venue_server.foundation import STORE
from venue_server.settings import MIB, load_settings, save_settings
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.refusals import RefusalCode

PRIMARY_GONE = {
    AlarmCode.PRIMARY_FAILING,
    AlarmCode.PRIMARY_ELSEWHERE,
    AlarmCode.PRIMARY_HANGS,
}


GONE = PRIMARY_GONE | {
    AlarmCode.PRIMARY_NOT_TAKEN,
    AlarmCode.SECOND_FAILING,
    AlarmCode.SECOND_MISSING,
    AlarmCode.SECOND_HANGS,
}


HANGS = {AlarmCode.PRIMARY_READS_HANG, AlarmCode.PRIMARY_HANGS}


@dataclass
class Disks:
    """The venue's two disks."""

    primary: RealDisk
    second: RealDisk
    kept: Path

    def move(self) -> None:
        """Put the venue onto them; called while no server runs."""
        data = self.primary.folder
        for gone in ("reserve", "run/control.sock"):
            (data / gone).unlink(missing_ok=True)
        data.rename(self.kept)
        self.primary.plug_in()
        self.second.plug_in()
        shutil.copytree(self.kept, data, dirs_exist_ok=True)
        small = msgspec.structs.replace(
            load_settings(data), reserve_bytes=4 * MIB, disk_floor_bytes=MIB
        )
        save_settings(data, small)
        os.sync()  # what was copied here is no part of the fault


def keep_time(world: Any) -> None:
    """The test's clock reads an anchor that lies on the very disk that goes."""
    read, known = world.now_ms, [0]

    def now_ms() -> int:
        with suppress(OSError):
            known[0] = read()
        return known[0]

    world.now_ms = now_ms


@pytest.fixture
def disks(world: Any, tmp_path: Path) -> Iterator[Disks]:
    """Two real disks."""
    if missing := why_not():
        pytest.skip(missing)
    keep_time(world)
    data: Path = world.data
    made = Disks(
        RealDisk(tmp_path / "primary.img", data, 64),
        RealDisk(tmp_path / "second.img", data / "second", 32),
        tmp_path / "kept",
    )
    yield made
    for disk in (made.second, made.primary):
        disk.thaw()
        disk.pull_out()


async def test_r3_a_second_disk_that_vanishes_under_saves_and_comes_back(
    disk_load: Any, disks: Disks
) -> None:
    disk_load.process.program = []
    await disk_load.begin(disks.move)
    disks.second.vanish()
    assert disks.second.is_gone()
    await disk_load.goes_on()
    await disk_load.board(
        lambda codes: any(code.name.startswith("SECOND_") for code in codes), "the alarm"
    )
    await disk_load.goes_on()
    disks.second.come_back()
    await disk_load.board(
        lambda codes: not any(code.name.startswith("SECOND_") for code in codes), "both copies"
    )
    await disk_load.goes_on()
    await disk_load.judge()


async def test_r3_both_disks_that_vanish_under_saves_acknowledge_nothing_and_lose_nothing(
    disk_load: Any, disks: Disks
) -> None:
    """The server stays up to say so, and begins again by itself once they are back: the kernel
    gives them other device numbers, and its descriptors are dead."""
    disk_load.process.program = []
    await disk_load.begin(disks.move)
    disks.second.vanish()
    disks.primary.vanish()
    await disk_load.board(lambda codes: bool(codes & PRIMARY_GONE), "the alarm")
    before = disk_load.claims()
    async with asyncio.timeout(60):
        while not all(  # noqa: ASYNC110
            len(each.chain.entries) > each.acknowledged for each in disk_load.writers
        ):
            await asyncio.sleep(0.05)
    assert disk_load.claims() == before, "nothing is acknowledged without the primary"
    disks.second.pull_out()
    disks.primary.come_back()
    disks.second.plug_in()
    await disk_load.back()
    await disk_load.goes_on()
    await disk_load.board(lambda codes: not codes & GONE, "both copies")
    await disk_load.judge()
    entries = map(json.loads, (disks.primary.folder / "ledger.jsonl").read_text().splitlines())
    told = [e["data"] for e in entries if e["event"] == "store.degraded"]
    (primary,) = (each for each in told if each["copy"] == "primary")
    assert primary["noticed_ms"] < 5000, "by the server's own clock, from the first sign (R3)"


async def test_r3_a_primary_disk_that_hangs_in_the_kernel(disk_load: Any, disks: Disks) -> None:
    """Whoever writes waits without end, also those who only wanted to read and had to write down
    how far: SQLite's readers. The event loop must be none of them."""
    disk_load.process.program = []
    await disk_load.begin(disks.move)
    disks.primary.freeze()
    try:
        await disk_load.alarm(AlarmCode.PRIMARY_HANGS)
        chief = disk_load.chief.client
        answer = await chief.sign_in("chief-1", disk_load.world.person("chief-1").password)
        assert answer.code is RefusalCode.STORE_AWAY
    finally:
        disks.primary.thaw()
    await disk_load.silence(*HANGS)
    await disk_load.goes_on()
    await while_it_is_read(disk_load, disks)
    await disk_load.judge()


async def while_it_is_read(disk_load: Any, disks: Disks) -> None:
    """First only what is not in the cache; then what everybody needs."""
    if why_no_hanging():
        return
    reads = HangingReads(disks.primary)
    try:
        reads.hang(disk_load.process.pid)
        await disk_load.board(lambda codes: bool(codes & HANGS), "an alarm that it hangs")
        forget(disks.primary.folder / STORE)
        chief = disk_load.chief.client
        answer = await chief.sign_in("chief-1", disk_load.world.person("chief-1").password)
        assert answer is not None, "carried out or refused: the server answers"
        await disk_load.board(lambda codes: bool(codes & HANGS), "an alarm that it hangs")
        reads.heal()
        await disk_load.silence(*HANGS)
        await disk_load.goes_on()
    finally:
        reads.end()
