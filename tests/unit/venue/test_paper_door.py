"""Which byte ranges of a sealed paper are served (E02, RFC 9110 §14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.paper_door import parse_range


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
