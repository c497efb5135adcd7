"""What a backup archive holds, while the store goes on being written."""

import hashlib
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from venue_server.backup.archive import BackupFault, check_archive
from venue_server.backup.service import BackupReport, BackupRules, is_enough
from venue_server.backup.store import BackupCopy
from venue_server.backup.targets import places
from venue_server.ledger.catalogue import Event
from venue_server.ledger.verify import verify_lines
from venue_server.wire.names import DataState


async def test_l04_an_archive_restores_to_a_whole_store_and_ledger(
    world, kit, tmp_path: Path
) -> None:
    world.add_session(DataState.COLLECTED)
    escrow = tmp_path / "escrow"
    escrow.write_bytes(b"sealed to headquarters")
    before, _ = world.ledger.head()
    writing = [
        world.store.submit(lambda tx: world.ledger.record(tx, Event.STATION_ALERT, what="noise"))
        for _ in range(200)
    ]
    report = await world.backup.make(kit.SESSION, {"keys.sealed": escrow})
    assert isinstance(report, BackupReport)
    for work in writing:
        work.result()
    for copy in report.copies:
        with tarfile.open(copy.file) as archive:
            names = archive.getnames()
            archive.extractall(tmp_path / copy.target)  # our own file of a moment ago
        assert names == [
            "contents.json",
            "store.sqlite3",
            "ledger/1-ledger.jsonl",
            "extra/keys.sealed",
        ]
        folder = tmp_path / copy.target
        contents = json.loads((folder / "contents.json").read_text())
        assert [member["name"] for member in contents["members"]] == names[1:]
        for member in contents["members"]:
            data = (folder / member["name"]).read_bytes()
            assert len(data) == member["size"]
            assert hashlib.sha256(data).hexdigest() == member["sha256"]
        with closing(sqlite3.connect(folder / "store.sqlite3")) as restored:
            rows = restored.execute("SELECT line FROM ledger ORDER BY seq").fetchall()
            (state,) = restored.execute("SELECT data_state FROM session").fetchone()
        assert len(rows) >= before
        assert verify_lines(row[0].encode() for row in rows).ok
        assert state == "COLLECTED"
        assert (folder / "extra" / "keys.sealed").read_bytes() == b"sealed to headquarters"


async def test_l04_an_old_archive_can_be_proved_again(world, kit) -> None:
    world.add_session(DataState.COLLECTED)
    report = await world.backup.make(kit.SESSION, {})
    assert isinstance(report, BackupReport)
    copy = report.copies[0]
    assert "store.sqlite3" in check_archive(Path(copy.file), copy.sha256)
    content = bytearray(Path(copy.file).read_bytes())
    content[len(content) // 2] ^= 1
    Path(copy.file).write_bytes(content)
    with pytest.raises(BackupFault, match="differs"):
        check_archive(Path(copy.file), copy.sha256)
    with pytest.raises(BackupFault):
        check_archive(Path(copy.file).with_name("missing"), copy.sha256)


def copies(*places: tuple[str, str]) -> list[BackupCopy]:
    return [BackupCopy("S1", target, "0" * 64, device, 0) for target, device in places]


def test_l04_enough_means_different_devices_unless_the_rule_says_otherwise() -> None:
    strict, loose = BackupRules(2), BackupRules(2, separate_devices=False)
    same, apart = copies(("a", "1"), ("b", "1")), copies(("a", "1"), ("b", "2"))
    assert not is_enough(same, strict)
    assert is_enough(same, loose)
    assert is_enough(apart, strict)
    assert not is_enough(apart[:1], loose)
    assert not is_enough([], BackupRules(1))


def copy_on(target: str, device: str, serial: str = "", medium_id: str = "") -> BackupCopy:
    return BackupCopy("S1", target, "0" * 64, device, 0, medium_id=medium_id, serial=serial)


@pytest.mark.parametrize(
    ("why", "one", "other", "enough"),
    [
        (
            "two partitions of one disk",
            copy_on("a", "8:0", "dev:X/u1"),
            copy_on("b", "8:0", "dev:X/u2"),
            False,
        ),
        (
            "the same, plugged in anew between the two",
            copy_on("a", "8:0", "dev:X/u1"),
            copy_on("b", "8:32", "dev:X/u2"),
            False,
        ),
        (
            "two sticks one after the other in one place",
            copy_on("a", "8:16", "dev:X/u1"),
            copy_on("b", "8:16", "dev:Y/u2"),
            True,
        ),
        ("a medium and its clone", copy_on("a", "8:0", "dev:X/u1", "m"),
         copy_on("b", "8:16", "dev:Y/u1", "m"), False),
        ("one file system twice", copy_on("a", "8:0", "dev:/u1"),
         copy_on("b", "8:16", "dev:/u1"), False),
        ("no serials, two disks", copy_on("a", "8:0"), copy_on("b", "8:16"), True),
        ("no serials, one disk", copy_on("a", "8:0"), copy_on("b", "8:0"), False),
        ("a mirror and one half of it", copy_on("a", "8:0,8:16"), copy_on("b", "8:16"), False),
    ],
)  # fmt: skip
def test_l04_devices_are_told_apart_by_what_they_are(
    why: str, one: BackupCopy, other: BackupCopy, enough: bool
) -> None:
    assert is_enough([one, other], BackupRules(2)) is enough, why
    assert is_enough([other, one], BackupRules(2)) is enough, why


def test_l04_a_third_copy_that_joins_two_devices_makes_them_one() -> None:
    """A volume over two disks shares a disk with each."""
    apart = [copy_on("a", "8:0"), copy_on("b", "8:16")]
    assert places(apart, BackupRules(2)) == 2
    assert places([*apart, copy_on("c", "8:0,8:16")], BackupRules(2)) == 1
    assert places([copy_on("c", "8:0,8:16"), *apart], BackupRules(2)) == 1
