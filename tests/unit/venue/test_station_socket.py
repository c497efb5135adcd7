"""Messages that are handled where they are read never overtake the others (P3, R9)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from venue_server.gateway.station_socket import QUEUE_BYTES, StationSocket

PATIENCE_S = 30
LARGEST = 1 << 20


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
