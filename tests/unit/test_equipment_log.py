"""The log of the machine's running status: bounded, readable after a crash (K05)."""

import asyncio
from pathlib import Path

import pytest

from venue_server.day_equipment import EquipmentKeeper
from venue_server.records import equipment_io
from venue_server.records.equipment_io import NAME, OLDER, append, sample, samples


def test_k05_a_sample_says_load_memory_and_disk_in_whole_numbers(tmp_path: Path) -> None:
    row = sample(tmp_path, 42)
    assert row["at_ms"] == 42
    assert row["memory_total"] >= row["memory_available"] > 0
    assert row["disk_total"] >= row["disk_free"] >= 0
    assert all(isinstance(value, int) for value in row.values())


def test_k05_samples_come_back_for_a_stretch_of_time(tmp_path: Path) -> None:
    for at_ms in (10, 20, 30):
        append(tmp_path, {"at_ms": at_ms})
    assert [row["at_ms"] for row in samples(tmp_path, 15, 30)] == [20, 30]


def test_k05_a_torn_line_loses_one_sample(tmp_path: Path) -> None:
    append(tmp_path, {"at_ms": 1})
    with (tmp_path / NAME).open("a") as handle:
        handle.write('{"at_ms": 2, "lo\n[1]\n')
    append(tmp_path, {"at_ms": 3})
    assert [row["at_ms"] for row in samples(tmp_path, 0, 9)] == [1, 3]


def test_k05_two_files_of_limited_size_are_all_there_ever_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equipment_io, "LIMIT", 200)
    for at_ms in range(200):
        append(tmp_path, {"at_ms": at_ms})
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([NAME, OLDER])
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 500
    kept = [row["at_ms"] for row in samples(tmp_path, 0, 999)]
    assert kept == list(range(kept[0], 200))


async def test_k05_a_disk_that_takes_no_sample_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).mkdir()
    keeper = asyncio.create_task(EquipmentKeeper(tmp_path, lambda: 1, 0.01).run())
    while "no sample of the machine" not in caplog.text:
        assert not keeper.done()
        await asyncio.sleep(0.01)
    keeper.cancel()
