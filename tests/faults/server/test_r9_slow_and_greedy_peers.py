"""Peers that are slow on purpose, and machines that want everything for themselves (R9, N10)."""

import asyncio
import ssl
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import aiohttp
import psutil
import pytest

from venue_server.client.identity import MachineIdentity
from venue_server.gateway import enrol_door, listener
from venue_server.rehearsal.headquarters_side import FORM_ID, PAPER_ID
from venue_server.wire.codec import encode
from venue_server.wire.messages import TimePing
from venue_server.wire.station_messages import StationHello

SLOW_S = 0.5
Dial = Callable[[MachineIdentity], Any]


@pytest.fixture
async def impatient(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that waits for nobody for long."""
    monkeypatch.setattr(listener, "IDLE_S", SLOW_S)
    monkeypatch.setattr(listener, "HELLO_S", SLOW_S)
    monkeypatch.setattr(enrol_door, "BODY_S", SLOW_S)
    await world.restart()


@pytest.fixture
async def dial(world: Any) -> AsyncIterator[Dial]:
    """A raw WebSocket of an enrolled station that says only what the test says."""
    async with AsyncExitStack() as stack:

        async def dialled(identity: MachineIdentity) -> aiohttp.ClientWebSocketResponse:
            connector = aiohttp.TCPConnector(ssl=identity.ssl_context())
            session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            return await session.ws_connect(
                f"https://127.0.0.1:{world.ports.main}/station",
                server_hostname=identity.server_name,
                max_msg_size=0,
            )

        yield dialled


async def trickle(
    port: int, context: ssl.SSLContext, name: str, text: bytes, before: bytes = b""
) -> bytes:
    """Send ``before`` at once and ``text`` a byte at a time; what was answered until the end."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname=name
    )
    answer = asyncio.create_task(reader.read())
    writer.write(before)
    try:
        for byte in text:
            if answer.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        async with asyncio.timeout(30):
            return await answer
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


def anonymous() -> ssl.SSLContext:
    """TLS of somebody without a certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def test_r9_a_head_a_byte_at_a_time_is_let_go(world: Any, kit: Any, impatient: None) -> None:
    """At both doors; nothing was asked, so nothing is answered."""
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("station", admin, "01", "01")
    head = b"GET /station HTTP/1.1\r\nHost: venue\r\n" + b"X-Slow: and slower\r\n" * 1000
    began = time.monotonic()
    assert b"200" not in await trickle(world.ports.enrol, anonymous(), "any", head)
    context = identity.ssl_context()
    assert b"101" not in await trickle(world.ports.main, context, identity.server_name, head)
    assert time.monotonic() - began < 20, "the whole head would have taken minutes"


async def test_r9_a_body_a_byte_at_a_time_is_let_go(world: Any, impatient: None) -> None:
    before = b"POST /enrol/begin HTTP/1.1\r\nHost: venue\r\nContent-Length: 60000\r\n\r\n"
    answer = await trickle(world.ports.enrol, anonymous(), "any", b"{" * 60_000, before)
    assert answer.startswith(b"HTTP/1.1 408")


async def test_r9_a_station_that_says_no_hello_is_cut_off(
    world: Any, kit: Any, impatient: None, dial: Dial
) -> None:
    """Pings and pongs alone keep no place; whoever said hello stays."""
    admin = await world.console(kit.ADMIN)
    quiet = await dial(await world.enrolled("station", admin, "01", "01"))
    polite = await dial(await world.enrolled("station", admin, "01", "02"))
    await polite.send_str(encode(StationHello(1, "polite")))
    assert (await polite.receive_json(timeout=10))["t"] == "Welcome"
    end = await quiet.receive(timeout=30)
    assert end.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), end
    await polite.send_str(encode(TimePing(7, 1.0)))
    assert (await polite.receive_json(timeout=10))["re"] == 7


async def test_n10_one_certificate_holds_a_few_conversations_only(
    world: Any, kit: Any, dial: Dial
) -> None:
    """The oldest goes; other machines are not concerned."""
    admin = await world.console(kit.ADMIN)
    greedy = await world.enrolled("station", admin, "01", "01")
    other = await dial(await world.enrolled("station", admin, "01", "02"))
    held = [await dial(greedy) for _ in range(listener.OF_MACHINE + 3)]
    for each in held[:3]:
        end = await each.receive(timeout=10)
        assert end.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), end
    for each in (*held[3:], other):
        await each.send_str(encode(TimePing(1, 1.0)))
        assert (await each.receive_json(timeout=10))["re"] == 1


async def test_n10_one_certificate_fetches_a_few_papers_at_a_time_only(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    await world.receive(admin)
    identity = await world.enrolled("station", admin, "01", "01")
    fetching = world.node._doors._fetching
    connector = aiohttp.TCPConnector(ssl=identity.ssl_context())
    url = f"https://127.0.0.1:{world.ports.main}/papers/{PAPER_ID}/{FORM_ID}"
    async with aiohttp.ClientSession(connector=connector) as session:
        fetching[identity.machine_id] = listener.OF_MACHINE  # as many are under way
        async with session.get(url, server_hostname=identity.server_name) as answer:
            assert answer.status == 503
        fetching[identity.machine_id] = 0
        async with session.get(url, server_hostname=identity.server_name) as answer:
            assert answer.status == 200 and await answer.read()
    assert fetching[identity.machine_id] == 0, "every delivery was counted down again"


async def test_r9_a_station_that_sends_without_end_stands_before_nobody(
    exam_day: Any, kit: Any, dial: Dial
) -> None:
    """Ten thousand frames lie ready at the server; other stations' answers go between them."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.other.sitting_id)

    async def ack_ms() -> float:
        began = time.perf_counter()
        await day.next_save(day.other, chain)
        return (time.perf_counter() - began) * 1000

    quiet = [await ack_ms() for _ in range(20)]
    loud = await dial(day.first.identity)
    answered = 0

    async def shout() -> None:
        for number in range(10_000):
            await loud.send_str(encode(TimePing(number, 1.0)))

    async def listen() -> None:
        nonlocal answered
        async for _ in loud:
            answered += 1

    tasks = [asyncio.create_task(shout()), asyncio.create_task(listen())]
    beside = [await ack_ms() for _ in range(40)]
    assert answered > 0, "it is read, and answered"
    assert answered < 10_000, "and was not done before everybody else"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert loud._conn is not None and loud._conn.transport is not None
    loud._conn.transport.abort()  # much of it was never sent
    assert day.other.heard.downs == []
    assert statistics.median(beside) <= 20 * statistics.median(quiet) + 100
    assert world.events("station.down") == []


WELL_FORMED = (
    b"GET /station HTTP/1.1\r\nHost: venue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(WELL_FORMED, id="a station"),
        pytest.param(WELL_FORMED.replace(b"Version: 13", b"Version: 12"), id="refused"),
        pytest.param(b"GET /nothing HTTP/1.1\r\nHost: venue\r\n\r\n", id="kept open"),
        pytest.param(b"GET /st", id="in the middle"),
        pytest.param(b"", id="silent"),
    ],
)
async def test_r9_who_does_not_answer_the_goodbye_of_a_server_that_stops_is_left(
    world: Any, kit: Any, said: bytes
) -> None:
    """It would be held until TLS gave it up, half a minute after everything else was closed."""
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("station", admin, "01", "01")
    port = world.ports.main
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=identity.ssl_context(), server_hostname=identity.server_name
    )
    writer.write(said)
    if said.endswith(b"\r\n\r\n"):
        assert (await reader.read(9)) == b"HTTP/1.1 "
    writer.transport.pause_reading()
    await kit.leave_all(world)
    await world.stop()
    mine = psutil.Process().net_connections("tcp")
    assert [each for each in mine if each.laddr and each.laddr.port == port] == []
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()
