"""Durable files and the disk reserve: whole or not at all, and what is gone is gone."""

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from venue_server.storage import disk, files
from venue_server.storage.disk import DiskReserve
from venue_server.storage.files import replacing, sha256_file, shred, write_whole


def test_a_file_is_written_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "key"
    write_whole(target, b"secret")
    assert target.read_bytes() == b"secret"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_old_file(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "plan"
    write_whole(target, b"old")
    with pytest.raises(type(error)), replacing(target) as handle:
        handle.write(b"new, but")
        raise error
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_data_and_name_are_synced_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(fd: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "data")
        real_fsync(fd)

    def replace(self: Path, target: Any) -> Path:
        done.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(files.os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    write_whole(tmp_path / "a", b"x")
    assert done == ["data", "rename", "folder"]


def test_a_failed_fsync_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_fd: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files.os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        write_whole(tmp_path / "a", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"kept")
    (tmp_path / ".a.part").symlink_to(victim)
    with pytest.raises(OSError):
        write_whole(tmp_path / "a", b"x")
    assert victim.read_bytes() == b"kept"


def test_digest_of_a_file_in_pieces(tmp_path: Path) -> None:
    data = os.urandom(3 * files.READ_SIZE + 17)
    (tmp_path / "big").write_bytes(data)
    assert sha256_file(tmp_path / "big") == hashlib.sha256(data).hexdigest()


def test_a_shredded_file_was_overwritten_before_it_went(tmp_path: Path) -> None:
    target, witness = tmp_path / "key", tmp_path / "witness"
    write_whole(target, b"secret" * 100)
    os.link(target, witness)  # the same blocks under another name
    shred(target)
    assert not target.exists()
    assert b"secret" not in witness.read_bytes()
    assert witness.stat().st_size == 600


def test_shredding_what_is_not_there_is_harmless(tmp_path: Path) -> None:
    shred(tmp_path / "nothing")


# ---- the reserve -------------------------------------------------------------------------

SIZE, FLOOR = 1_000_000, 500_000


def free(monkeypatch: pytest.MonkeyPatch, *values: int) -> None:
    """Let the disk report these free bytes, one look after the other."""
    looks = iter(values)

    def usage(_folder: Path) -> Any:
        return type("Usage", (), {"free": next(looks)})()

    monkeypatch.setattr(disk.shutil, "disk_usage", usage)


def test_r11_the_reserve_is_really_allocated(tmp_path: Path) -> None:
    reserve = DiskReserve(tmp_path, SIZE, FLOOR)
    assert reserve.hold()
    taken = (tmp_path / "reserve").stat()
    assert taken.st_size == SIZE
    assert taken.st_blocks * 512 >= SIZE
    assert reserve.hold()  # again after a restart


def test_r11_a_disk_that_cannot_give_it_says_no_and_keeps_nothing(tmp_path: Path) -> None:
    assert not DiskReserve(tmp_path, 2**60, FLOOR).hold()
    assert list(tmp_path.iterdir()) == []
    assert not DiskReserve(tmp_path / "no such folder", SIZE, FLOOR).hold()


def test_f19_below_the_floor_the_reserve_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve = DiskReserve(tmp_path, SIZE, FLOOR)
    assert reserve.hold()
    free(monkeypatch, FLOOR)
    assert reserve.watch() == disk.DiskState(FLOOR, True)
    free(monkeypatch, FLOOR - 1, FLOOR - 1 + SIZE)
    assert reserve.watch() == disk.DiskState(FLOOR - 1 + SIZE, False)
    free(monkeypatch, FLOOR - 1)
    assert reserve.watch() == disk.DiskState(FLOOR - 1, False)
