"""The server's own log is bounded in space and rate, and never anybody's trouble (R11)."""

import logging
import os
from pathlib import Path

import pytest

from venue_server.own_log import NAME, SAME_LINE_MOST, CappedFile, OwnLog, RepeatLimit


def test_r11_the_files_never_take_more_than_their_budget(tmp_path: Path) -> None:
    file = CappedFile(tmp_path / "logs", file_bytes=1000, files=3)
    for number in range(500):
        file.write(b"%04d" % number + b"x" * 45 + b"\n")
    kept = sorted((tmp_path / "logs").iterdir())
    assert [each.name for each in kept] == [NAME, f"{NAME}.1", f"{NAME}.2"]
    assert all(each.stat().st_size <= 1000 for each in kept)
    assert (tmp_path / "logs" / NAME).read_bytes().splitlines()[-1].startswith(b"0499")
    assert file.lost == 0


def test_r11_only_its_own_files_are_removed(tmp_path: Path) -> None:
    stranger = tmp_path / "server.log.old"
    stranger.write_bytes(b"kept")
    file = CappedFile(tmp_path, file_bytes=10, files=2)
    for _ in range(20):
        file.write(b"123456789\n")
    assert stranger.read_bytes() == b"kept"


def test_r11_a_disk_that_refuses_loses_lines_and_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_bytes(b"")
    file = CappedFile(tmp_path / "logs")
    file.write(b"line\n")
    assert file.lost == 1


def test_r11_the_same_line_is_said_ten_times_a_minute_and_then_counted() -> None:
    limit = RepeatLimit()
    key = ("kaodian", "again")
    said = [limit.take(key, now / 100) for now in range(100)]
    assert [each for each in said if each is not None] == [0] * SAME_LINE_MOST
    assert limit.take(("kaodian", "another"), 1.0) == 0
    assert limit.take(key, 61.0) == 100 - SAME_LINE_MOST


def test_r11_what_the_limit_remembers_is_bounded() -> None:
    limit = RepeatLimit()
    for number in range(10_000):
        limit.take(("kaodian", str(number)), 0.0)
    assert len(limit._seen) <= 500


def test_r11_a_reader_of_the_error_stream_that_hangs_blocks_nobody(tmp_path: Path) -> None:
    reading, writing = os.pipe()  # nobody ever reads it
    own = OwnLog(tmp_path / "logs", writing)
    log = logging.Logger("flood")  # one that no other test hears
    log.addHandler(own)
    try:
        for number in range(6000):
            log.error("line " + str(number) + "x" * 100)  # each one another line
        assert own.dropped > 0, "lines are lost, and counted"
    finally:
        os.close(reading)
        own.end()
        os.close(writing)
    assert (tmp_path / "logs" / NAME).read_bytes().startswith(b"20")


@pytest.mark.parametrize("values", [("one",), ()])
def test_a_line_whose_values_do_not_fit_is_still_said(tmp_path: Path, values: tuple[str]) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    own = OwnLog(tmp_path / "logs", null)
    record = logging.LogRecord("k", logging.ERROR, "f", 1, "%s and %s", values, None)
    own.emit(record)
    own.end()
    os.close(null)
    assert "%s and %s" in (tmp_path / "logs" / NAME).read_text()
