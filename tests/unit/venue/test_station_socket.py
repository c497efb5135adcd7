"""A station's WebSocket: what waits is bounded, and whoever breaks the protocol is let go (R9)."""
"""Messages that are handled where they are read never overtake the others (P3, R9)."""

import asyncio
import struct
from typing import Any, cast

import pytest

from venue_server.gateway import station_socket
from venue_server.gateway.frames_in import PROTOCOL_ERROR, TOO_BIG, Opcode
from venue_server.gateway.station_socket import (StationSocket, QUEUE_BYTES)

LARGEST = 10_000
LARGEST = 1 << 20


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
    socket.data_received(frame(Opcode.TEXT, b"1") + frame(Opcode.TEXT, b"2"))
    assert [await socket.next(), await socket.next()] == [b"1", b"2"]
    later = asyncio.create_task(socket.next())
    await asyncio.sleep(0)
    socket.data_received(frame(Opcode.TEXT, b"3") + frame(Opcode.CLOSE, struct.pack(">H", 1000)))
    assert await later == b"3"
    assert await socket.next() is None
    assert wire.written == [b"\x88\x02" + struct.pack(">H", 1000)] and wire.ended == "closed"


async def test_p5_a_frame_is_answered_at_once_only_when_nothing_waits_before_it() -> None:
    socket, _wire = await made()
    at_once: list[bytes] = []
    socket.at_once = lambda payload: not at_once.append(payload) and payload == b"ping"
    socket.data_received(frame(Opcode.TEXT, b"ping"))
    assert at_once == [], "nobody asked for a frame yet"
    assert await socket.next() == b"ping"
    asking = asyncio.create_task(socket.next())
    await asyncio.sleep(0)
    socket.data_received(b"".join(frame(Opcode.TEXT, each) for each in (b"ping", b"save", b"ping")))
    assert at_once == [b"ping", b"save"]
    assert [await asking, await socket.next()] == [b"save", b"ping"]


async def test_r9_empty_frames_weigh_something_too() -> None:
    socket, wire = await made()
    many = station_socket.WAITING_BYTES // station_socket.FRAME_BYTES + 1
    socket.data_received(frame(Opcode.TEXT) * many)
    assert not wire.reading
    for _ in range(many):
        assert await socket.next() == b""
    assert wire.reading


async def test_r9_a_flood_of_control_frames_ends_the_connection() -> None:
    socket, wire = await made()
    socket.data_received(frame(Opcode.PING, b"?") * station_socket.CONTROLS)
    assert len(wire.written) == station_socket.CONTROLS and not wire.ended
    socket.data_received(frame(Opcode.PONG) * 1000)
    assert wire.ended == "aborted"


@pytest.mark.parametrize(
    ("sent", "code"),
    [(b"\x81\x01x", PROTOCOL_ERROR), (struct.pack(">BBH", 0x81, 0xFE, LARGEST + 1), TOO_BIG)],
)
async def test_r9_after_a_breach_nothing_is_read_or_kept(sent: bytes, code: int) -> None:
    socket, wire = await made()
    socket.data_received(frame(Opcode.TEXT, b"before"))
    socket.data_received(sent)
    for _ in range(10):
        socket.data_received(b"x" * 1000)
    assert wire.written == [b"\x88\x02" + struct.pack(">H", code)]
    assert socket.closed and await socket.next() is None
    assert len(socket._reader._buffer) <= len(sent)


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


class Desk:
    """Handles what begins with ``quick`` at once; the others when ``gate`` is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.handled: list[bytes] = []
        self.at_once: list[bytes] = []
        self.ended: asyncio.Future[BaseException | None] = (
            asyncio.get_running_loop().create_future()
        )
        self.sockets: list[StationSocket] = []

    def quick(self, frame: bytes) -> bool:
        if not frame.startswith(b"quick"):
            return False
        assert frame != b"quick bug"
        self.handled.append(frame)
        self.at_once.append(frame)
        return True

    async def serve(self, request: web.Request) -> web.StreamResponse:
        socket = StationSocket(LARGEST, ping_s=600)
        await socket.prepare(request)
        self.sockets.append(socket)
        socket.handle(self.quick)
        try:
            while (frame := await socket.next()) is not None:
                await self.gate.wait()
                self.handled.append(frame)
                await socket.send_str("handled")
        except AssertionError as bug:
            self.ended.set_result(bug)
        finally:
            if not self.ended.done():
                self.ended.set_result(None)
        return socket

    def time_goes_by(self, looks: int) -> None:
        """Half the time between two pings, so many times."""
        for _ in range(looks):
            self.sockets[0]._look()


@asynccontextmanager
async def dialled(
    desk: Desk, autoping: bool = True
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    app = web.Application()
    app.router.add_get("/", desk.serve)
    async with (
        asyncio.timeout(PATIENCE_S),
        TestClient(TestServer(app)) as client,
        client.ws_connect("/", autoping=autoping) as socket,
    ):
        yield socket


async def until(fits: Callable[[], bool]) -> None:
    while not fits():  # noqa: ASYNC110  # the desk is driven by the socket alone
        await asyncio.sleep(0.001)


async def test_p3_a_plain_message_is_handled_at_once() -> None:
    desk = Desk()
    async with dialled(desk) as socket:
        for number in range(50):
            await socket.send_str(f"quick {number}")
        await until(lambda: len(desk.handled) == 50)
    assert desk.at_once == desk.handled


async def test_r9_nothing_overtakes_a_message_that_is_still_being_handled() -> None:
    desk = Desk()
    sent = ["quick 1", "slow 2", "quick 3", "quick 4", "slow 5", "quick 6"]
    async with dialled(desk) as socket:
        for text in sent:
            await socket.send_str(text)
        await until(lambda: desk.handled == [b"quick 1"])
        desk.gate.set()
        await until(lambda: len(desk.handled) == len(sent))
    assert [frame.decode() for frame in desk.handled] == sent


async def test_r9_nothing_overtakes_a_message_that_fills_the_queue() -> None:
    """The reader parses what waited behind it while it is taken out of the queue."""
    desk = Desk()
    desk.gate.set()
    large = "s" * (3 * QUEUE_BYTES)
    async with dialled(desk) as socket:
        for number in range(5):
            await socket.send_str(large)
            await socket.send_str(f"quick {number}")
        await until(lambda: len(desk.handled) == 10)
    assert [len(frame) for frame in desk.handled] == [len(large), 7] * 5


async def test_r9_after_the_others_are_handled_the_short_way_is_open_again() -> None:
    desk = Desk()
    desk.gate.set()
    async with dialled(desk) as socket:
        await socket.send_str("slow")
        await socket.receive()
        await socket.send_str("quick")
        await until(lambda: bool(desk.at_once))


async def test_r9_a_peer_that_answers_no_ping_is_given_up() -> None:
    desk = Desk()
    async with dialled(desk, autoping=False) as socket:
        desk.time_goes_by(2)
        assert (await socket.receive()).type is aiohttp.WSMsgType.PING
        assert not desk.ended.done()
        desk.time_goes_by(1)
        assert await desk.ended is None


async def test_r9_a_peer_that_answers_pings_is_kept() -> None:
    desk = Desk()
    async with dialled(desk, autoping=False) as socket:
        for _ in range(3):
            desk.time_goes_by(2)
            ping = await socket.receive()
            assert ping.type is aiohttp.WSMsgType.PING
            await socket.pong(ping.data)
            await until(lambda: desk.sockets[0]._spells == 0)
        await socket.send_str("quick")
        await until(lambda: bool(desk.handled))
        assert not desk.ended.done()


async def test_what_goes_wrong_at_once_is_not_swallowed() -> None:
    desk = Desk()
    async with dialled(desk) as socket:
        await socket.send_str("quick bug")
        with pytest.raises(AssertionError):
            raise await desk.ended or ValueError

PATIENCE_S = 30
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
