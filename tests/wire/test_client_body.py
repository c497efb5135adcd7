"""Answers that come in pieces are read whole, and never beyond their bound."""

from unittest.mock import Mock

import aiohttp
import pytest

from venue_server.client.body import read_bounded


@pytest.mark.parametrize(("limit", "wanted"), [(100, b"abcdef"), (6, b"abcdef"), (4, b"abcd")])
async def test_pieces_are_joined_up_to_the_limit(limit: int, wanted: bytes) -> None:
    content = aiohttp.StreamReader(Mock(_reading_paused=False), 1024)
    for piece in (b"ab", b"cd", b"ef"):
        content.feed_data(piece)
    content.feed_eof()
    assert await read_bounded(content, limit) == wanted
