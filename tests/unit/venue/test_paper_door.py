"""Which byte ranges of a sealed paper are served (E02, RFC 9110 §14)."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.paper_door import cached, parse_range


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=99-", (99, 100)),
        ("bytes=90-500", (90, 100)),
        ("bytes=0-99999999999999999999999999", (0, 100)),
    ],
)
def test_e02_a_single_range_is_served(header: str | None, span: tuple[int, int]) -> None:
    assert parse_range(header, 100) == span


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=-5",
        "bytes=5-3",
        "bytes=100-",
        "bytes=100-200",
        "bytes=0-1,4-5",
        "bytes= 0-1",
        "bytes=0-1 ",
        "bytes=+1-2",
        "bytes=0x1-2",
        "items=0-1",
        "xbytes=0-1",
        "bytes=1.0-2",
    ],
)
def test_r9_anything_else_cannot_be_served(header: str) -> None:
    assert parse_range(header, 100) is None


def test_an_empty_file_has_no_range() -> None:
    assert parse_range(None, 0) == (0, 0)
    assert parse_range("bytes=0-", 0) is None


@given(st.text(max_size=30), st.integers(0, 1000))
def test_r9_whatever_is_served_lies_inside_the_file(header: str, size: int) -> None:
    span = parse_range(f"bytes={header}", size)
    if span is not None:
        assert 0 <= span[0] < span[1] <= size


def test_r11_what_the_cache_has_is_what_lies_there_and_the_disk_is_not_waited_for(
    tmp_path: Path,
) -> None:
    file = tmp_path / "ciphertext"
    data = os.urandom(300_000)
    file.write_bytes(data)
    with file.open("rb") as opened:
        for first, count in ((0, 131_072), (131_072, 131_072), (262_144, 131_072)):
            found = cached(opened.fileno(), count, first)
            # Nothing is an answer as well: then a thread reads.
            assert found is None or data[first : first + count].startswith(bytes(found))
        assert cached(opened.fileno(), 4096, len(data)) is None, "behind the end"
    reading, writing = os.pipe()
    try:
        assert cached(reading, 4096, 0) is None, "no file that can be read in this way"
    finally:
        os.close(reading)
        os.close(writing)
