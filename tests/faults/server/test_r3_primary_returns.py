"""R3: the primary disk is gone and comes back, and so does another one; nobody starts anything by
hand.

A disk is a folder here and mounting is renaming, so that this runs everywhere: what is looked at is
the file's identity, and the open descriptors lead elsewhere as those of a pulled disk do. With real
disks that the kernel takes away: test_r3_device_gone.
"""

import itertools
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from tests.faults.server.test_r3_device_gone import keep_time
from venue_server.foundation import STORE
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.refusals import RefusalCode

CHIEF = "chief-1"
NEVER = shutil.ignore_patterns("control.sock")  # nor has a disk a socket's other end


class Disk:
    """The data folder as a disk: pulled, and what may be plugged in at its place."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.drawer = data.parent / "drawer"
        self.image = data.parent / "image"
        self._out = itertools.count()

    def keep_image(self) -> None:
        """A copy of the whole disk as it is now; called while no server runs."""
        shutil.copytree(self.data, self.image, ignore=NEVER)

    def pull(self) -> None:
        self.data.rename(self.drawer)

    def take_out(self) -> None:
        """What lies at its place goes."""
        if self.data.exists():
            self.data.rename(self.data.with_suffix(f".{next(self._out)}"))

    def plug_in(self, what: Path) -> None:
        """Under another identity than before: a copy has inodes of its own."""
        part = self.data.with_suffix(".part")
        shutil.copytree(what, part, ignore=NEVER)
        self.take_out()
        part.rename(self.data)


def ledger(data: Path, event: str) -> list[dict[str, Any]]:
    lines = (data / "ledger.jsonl").read_text().splitlines()
    return [entry["data"] for entry in map(json.loads, lines) if entry["event"] == event]


def incidents_of_outages(data: Path) -> list[dict[str, Any]]:
    """What opened the incidents that an outage raised."""
    asked = "SELECT document FROM incident_entry WHERE raised_by LIKE 'primary:%'"
    with sqlite3.connect(data / STORE) as store:
        return [json.loads(document) for (document,) in store.execute(asked)]


def without_its_end(data: Path) -> None:
    """A disk that lied about its syncs: the last answers are only in the second copy."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'response'"
    with sqlite3.connect(data / STORE) as store:
        kept = store.execute(asked).fetchall()  # the table is append-only for whoever asks SQLite
        for name, _sql in kept:
            store.execute(f"DROP TRIGGER {name}")
        rows = store.execute("SELECT sitting_id, max(seq) FROM response GROUP BY 1").fetchall()
        store.executemany("DELETE FROM response WHERE sitting_id = ? AND seq > ? / 2", rows)
        for _name, sql in kept:
            store.execute(sql)


def of_another_venue(data: Path) -> None:
    (data / "keys" / "venue.ed25519").write_bytes(bytes(32))


async def test_r3_a_primary_that_returns_is_taken_back_and_no_other_one(
    disk_load: Any,
) -> None:
    """One outage for all of it, as people try one disk after the other."""
    keep_time(disk_load.world)
    disk = Disk(disk_load.world.data)
    disk_load.process.program = []
    await disk_load.begin(disk.keep_image)
    disk.pull()
    await disk_load.alarm(AlarmCode.PRIMARY_ELSEWHERE)
    claims = disk_load.claims()
    chief = disk_load.chief.client
    refusal = await chief.sign_in(CHIEF, disk_load.world.person(CHIEF).password)
    assert refusal.code is RefusalCode.STORE_AWAY and "ALM-89" in refusal.detail
    assert chief.link.up, "who must be told of it keeps the line"

    async def refused(image: Path, code: str) -> None:
        disk.plug_in(image)
        await disk_load.board(lambda _codes: code in disk_load.told("code"), code)
        assert disk_load.claims() == claims, "nothing is acknowledged out of it"

    await refused(disk.image, "LED-09")  # older: it knows nothing of this server's start
    shutil.copytree(disk.drawer, disk.image.with_suffix(".new"), ignore=NEVER)
    of_another_venue(disk.image.with_suffix(".new"))
    await refused(disk.image.with_suffix(".new"), "LED-08")

    disk.take_out()
    without_its_end(disk.drawer)
    disk.plug_in(disk.drawer)
    await disk_load.back()
    await disk_load.goes_on()
    await disk_load.silence(AlarmCode.PRIMARY_ELSEWHERE, AlarmCode.PRIMARY_NOT_TAKEN)
    await disk_load.judge()
    (gone,) = ledger(disk.data, "store.degraded")
    assert (gone["copy"], gone["problem"]) == ("primary", AlarmCode.PRIMARY_ELSEWHERE)
    (back,) = ledger(disk.data, "store.restored")
    assert (back["copy"], back["begun_again"]) == ("primary", True)
    assert back["refused"] == ["LED-09", "LED-08"]
    assert back["caught_up"] >= len(disk_load.writers)
    assert not list((disk.data / "run").glob("primary-returned*"))
    (incident,) = incidents_of_outages(disk.data)
    assert incident["facts"]["started_at_ms"] == gone["since_ms"]
    assert incident["facts"]["ended_at_ms"] > gone["since_ms"], "F19: one for all of it, and over"
