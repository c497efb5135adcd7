"""What waits for a peer is bounded in number, in bytes and in time (P4, R9)."""

import asyncio
from typing import Any, cast

import pytest
from aiohttp import web

from venue_server.gateway import connection
from venue_server.gateway.connection import Connection


class Deaf:
    """A socket whose peer never reads."""

    closed = False

    async def send_frame(self, frame: bytes, _opcode: Any) -> None:
        await asyncio.Event().wait()

    async def close(self, **_how: Any) -> None:
        self.closed = True


def deaf() -> Connection:
    return Connection(cast("web.WebSocketResponse[bool]", Deaf()), "st-1")


def deaf_with(frames: int, size: int) -> Connection:
    """With so much waiting."""
    talk = deaf()
    for _ in range(frames):
        talk.send_frame(b"x" * size)
    return talk


async def ended(talk: Connection) -> bool:
    """Does the pump end by itself?"""
    try:
        async with asyncio.timeout(0.2):
            await talk.pump()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(("frames", "size"), [(5, 100), (2, 600)])
async def test_r9_too_many_or_too_large_frames_waiting_cut_the_peer_off(
    monkeypatch: pytest.MonkeyPatch, frames: int, size: int
) -> None:
    monkeypatch.setattr(connection, "OUTBOX_LIMIT", 4)
    monkeypatch.setattr(connection, "OUTBOX_BYTES", 1_000)
    assert not await ended(deaf_with(frames - 1, size))
    assert await ended(deaf_with(frames, size))


async def test_r9_a_peer_that_does_not_read_in_time_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "SEND_DEADLINE_S", 0.05)
    talk = deaf()
    talk.send_frame(b"x")
    async with asyncio.timeout(5):
        await talk.pump()
