"""A station's WebSocket: what waits is bounded, and whoever breaks the protocol is let go (R9)."""

import asyncio
import gc
import struct
import weakref
from typing import Any, cast

import pytest
from aiohttp import WSCloseCode, WSMsgType

from venue_server.gateway import station_socket
from venue_server.gateway.station_socket import StationSocket

LARGEST = 10_000


class Wire:
    """A transport that remembers."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.reading = True
        self.ended = ""

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return bool(self.ended)

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"


def frame(opcode: int, payload: bytes = b"") -> bytes:
    head = bytes((0x80 | opcode, 0x80 | len(payload)))
    return head + bytes(4) + payload


async def made() -> tuple[StationSocket, Wire]:
    wire = Wire()
    return StationSocket(cast(Any, wire), LARGEST), wire


async def test_frames_come_in_order_and_the_end_comes_last() -> None:
    socket, wire = await made()
    socket.data_received(frame(WSMsgType.TEXT, b"1") + frame(WSMsgType.TEXT, b"2"))
    assert [await socket.next(), await socket.next()] == [b"1", b"2"]
    later = asyncio.create_task(socket.next())
    await asyncio.sleep(0)
    socket.data_received(
        frame(WSMsgType.TEXT, b"3") + frame(WSMsgType.CLOSE, struct.pack(">H", 1000))
    )
    assert await later == b"3"
    assert await socket.next() is None
    assert wire.written == [b"\x88\x02" + struct.pack(">H", 1000)] and wire.ended == "closed"


async def test_p5_a_frame_is_answered_at_once_only_when_nothing_waits_before_it() -> None:
    socket, _wire = await made()
    at_once: list[bytes] = []
    socket.at_once = lambda payload: not at_once.append(payload) and payload == b"ping"
    socket.data_received(frame(WSMsgType.TEXT, b"ping"))
    assert at_once == [], "nobody asked for a frame yet"
    assert await socket.next() == b"ping"
    asking = asyncio.create_task(socket.next())
    await asyncio.sleep(0)
    socket.data_received(
        b"".join(frame(WSMsgType.TEXT, each) for each in (b"ping", b"save", b"ping"))
    )
    assert at_once == [b"ping", b"save"]
    assert [await asking, await socket.next()] == [b"save", b"ping"]


async def test_r9_empty_frames_weigh_something_too() -> None:
    socket, wire = await made()
    many = station_socket.WAITING_BYTES // station_socket.FRAME_BYTES + 1
    socket.data_received(frame(WSMsgType.TEXT) * many)
    assert not wire.reading
    for _ in range(many):
        assert await socket.next() == b""
    assert wire.reading


async def test_r9_a_flood_of_control_frames_ends_the_connection() -> None:
    socket, wire = await made()
    socket.data_received(frame(WSMsgType.PING, b"?") * station_socket.CONTROLS)
    assert len(wire.written) == station_socket.CONTROLS and not wire.ended
    socket.data_received(frame(WSMsgType.PONG) * 1000)
    assert wire.ended == "aborted"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\xc1\x81\x00\x00\x00\x00x", WSCloseCode.PROTOCOL_ERROR),
        (struct.pack(">BBH", 0x81, 0xFE, LARGEST + 1), WSCloseCode.MESSAGE_TOO_BIG),
    ],
)
async def test_r9_after_a_breach_nothing_is_read_or_kept(sent: bytes, code: int) -> None:
    socket, wire = await made()
    socket.data_received(frame(WSMsgType.TEXT, b"before"))
    socket.data_received(sent)
    for _ in range(10):
        socket.data_received(b"x" * 1000)
    assert wire.written == [b"\x88\x02" + struct.pack(">H", code)]
    assert socket.closed and await socket.next() is None


async def test_r4_a_silent_peer_is_asked_once_and_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(station_socket, "PING_S", 0.02)
    monkeypatch.setattr(station_socket, "PONG_S", 0.02)
    _socket, wire = await made()
    async with asyncio.timeout(30):
        while not wire.ended:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert wire.ended == "aborted" and wire.written == [b"\x89\x00"]


async def test_a_peer_that_does_not_read_is_waited_for_by_whoever_sends() -> None:
    socket, wire = await made()
    socket.pause_writing()
    sending = asyncio.create_task(socket.send_frame(b"text"))
    await asyncio.sleep(0)
    assert wire.written == [b"\x81\x04text"] and not sending.done()
    socket.resume_writing()
    await sending
    await socket.close(code=1013)
    with pytest.raises(ConnectionResetError):
        await socket.send_frame(b"late")


async def test_p4_an_ended_connection_goes_without_the_collector() -> None:
    """Whoever handles its frames knows the socket, which knows them: a thousand such circles took
    the collector a tenth of a second, in which everybody else's saves waited."""
    socket, _wire = await made()
    handled: list[tuple[StationSocket, bytes]] = []
    socket.at_once = lambda frame, socket=socket: not handled.append((socket, frame))
    socket.connection_lost(None)
    gone = weakref.ref(socket)
    gc.disable()
    try:
        del socket
        assert gone() is None
    finally:
        gc.enable()
