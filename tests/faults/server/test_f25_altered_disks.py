"""Journals of a disk that was altered, is another venue's, half, or dying (L02, [P-29], F4, F25).

Whatever lies beside a journal costs that journal nothing, and every one has a verdict and a name.
"""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from candidate_station.answers.shelf import Shelf
from tests.faults.server.test_f25_station_lost import import_from, journal_of
from venue_server.responses.branching import station_folder_io
from venue_server.responses.branching.station_folder_io import copied_journals
from venue_server.wire.incident_orders import GetIncidents
from venue_server.wire.journal_format import FILE_HEADER_SIZE, FILE_NAME, folder_name


async def taken(day: Any, kit: Any, folder: Path) -> dict[str, dict[str, Any]]:
    """The verdicts, by sitting."""
    found = (await day.admin.order(import_from(day, kit, folder)))["journals"]
    named = [each["sitting_id"] for each in found if each["sitting_id"]]
    assert len(set(named)) == len(named)
    return {each["sitting_id"]: each for each in found}


def another(folder: Path, kit: Any, sitting_id: str) -> Path:
    """One more journal on this disk, of one entry; its file."""
    shelf = Shelf(folder)
    shelf.open(sitting_id)
    chain = kit.Chain(sitting_id)
    chain.add(1, "x")
    shelf.append(sitting_id, tuple(chain.entries))
    shelf.close_all()
    return folder / "sittings" / folder_name(sitting_id) / FILE_NAME


async def answered(day: Any, kit: Any, texts: str) -> Any:
    """A chain of which the server has the first entry, the station's disk all."""
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, texts[0])
    for text in texts[1:]:
        chain.add(day.world.now_ms(), text)
    return chain


async def test_f25_what_lies_beside_a_journal_costs_it_nothing_and_each_has_a_verdict(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    chain = await answered(day, kit, "abc")
    folder = journal_of(day.first, chain)
    keys = folder / "identity" / "journal-keys"
    another(folder, kit, "another-venue.1")
    other = day.other.sitting_id
    another(folder, kit, other)
    (keys / f"{folder_name(other)}.key").unlink()
    os.mkfifo(keys / "pipe.key")
    (keys / "folder.key").mkdir()
    (folder / "station.json").write_text("[" * 200_000)
    hostile = folder / "sittings" / folder_name(chain.sitting_id)
    os.mkfifo(hostile / f"{FILE_NAME}.damaged-1")
    (hostile / f"{FILE_NAME}.damaged-2").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    found = await taken(day, kit, folder)
    assert found[chain.sitting_id]["now_seq"] == 3
    assert found["another-venue.1"]["verdict"] == "FOREIGN"
    assert found[other]["verdict"] == "UNREADABLE", "told apart by its folder's name"
    again = (await taken(day, kit, folder))[chain.sitting_id]
    assert (again["now_seq"], again["kept_aside"]) == (3, 0)


async def test_f25_entries_that_nobody_has_are_named_and_open_a_grave_incident(
    exam_day: Any, kit: Any
) -> None:
    """The server has entry 1; 3 rotted on the disk; 4 and 5 were read behind it."""
    day, world = exam_day, exam_day.world
    chain = await answered(day, kit, "abcde")
    folder = journal_of(day.first, chain)
    (file,) = folder.glob(f"sittings/*/{FILE_NAME}")
    raw = bytearray(file.read_bytes())
    record = (len(raw) - FILE_HEADER_SIZE) // 5
    raw[FILE_HEADER_SIZE + 2 * record + record // 2] ^= 1
    file.write_bytes(raw)
    (told,) = (await taken(day, kit, folder)).values()
    assert (told["now_seq"], told["kept_aside"], told["lost"]) == (2, 2, "3")
    (event,) = await world.recorded("answers.journal-imported")
    assert event["data"]["lost"] == "3"
    await world.recorded("incident.opened")
    incidents = (await day.chief.order(GetIncidents(0)))["incidents"]
    assert any(each["severity"] == "SEVERE" and "第 3 条" in str(each) for each in incidents)


async def test_f25_an_altered_answer_never_replaces_one_that_was_acknowledged(
    exam_day: Any, kit: Any
) -> None:
    """Whoever has the disk has its key: a forged history is another branch, for two people."""
    day = exam_day
    await answered(day, kit, "ab")
    forged = kit.Chain(day.first.sitting_id)
    for text in "xyz":
        forged.add(day.world.now_ms(), text)
    (told,) = (await taken(day, kit, journal_of(day.first, forged))).values()
    assert (told["now_seq"], told["kept_aside"]) == (1, 3)
    assert day.world.events("answers.merged") == []


@pytest.mark.parametrize("rots", ["header", "key", "sitting id", "half"])
async def test_n02_one_rotten_place_costs_no_entry_that_is_whole(
    exam_day: Any, kit: Any, rots: str
) -> None:
    day = exam_day
    chain = await answered(day, kit, "abcd")
    folder = journal_of(day.first, chain)
    (file,) = folder.glob(f"sittings/*/{FILE_NAME}")
    (key,) = (folder / "identity" / "journal-keys").iterdir()
    place, where = {"header": (3, file), "key": (9, key), "sitting id": (40, key)}.get(
        rots, (0, file)
    )
    raw = bytearray(where.read_bytes())
    raw[place] ^= 1
    if rots == "half":
        raw = bytearray(file.read_bytes())[: file.stat().st_size // 2 + 20]
    where.write_bytes(raw)
    (told,) = (await taken(day, kit, folder)).values()
    assert told["now_seq"] == (2 if rots == "half" else 4)
    assert told["lost"] == ""


def test_f19_a_disk_that_dies_while_it_is_read_gives_what_it_still_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kit: Any
) -> None:
    good, bad = another(tmp_path, kit, "s.1"), another(tmp_path, kit, "s.2")
    inode, real = bad.stat().st_ino, os.pread

    def pread(fd: int, size: int, offset: int) -> bytes:
        if os.fstat(fd).st_ino == inode:
            raise OSError(errno.EIO, "Input/output error")
        return real(fd, size, offset)

    monkeypatch.setattr(station_folder_io.os, "pread", pread)
    found = {each.sitting_id: each for each in copied_journals(tmp_path, {})}
    assert good.exists() and len(found["s.1"].entries) == 1
    assert found["s.2"].unreadable and found["s.2"].damaged
