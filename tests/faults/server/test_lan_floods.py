"""Connections that stall, and ten times as many as there are stations: saves go on (R9, P5).

Attackers have addresses of their own (127.0.0.x); the venue's machines are at 127.0.0.1.
"""

import asyncio
import socket
import ssl
import statistics
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from venue_server.gateway import door

Opened = Callable[[str, int], Any]


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Opens plain TCP connections from an address; all are closed afterwards."""
    held: list[socket.socket] = []

    async def connect(address: str, port: int) -> socket.socket:
        peer = socket.socket()
        held.append(peer)
        peer.setblocking(False)
        peer.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(peer, ("127.0.0.1", port))
        return peer

    yield connect
    for peer in held:
        peer.close()


async def ended(peer: socket.socket) -> bool:
    """Did the server close this connection?"""
    try:
        async with asyncio.timeout(10):
            return await asyncio.get_running_loop().sock_recv(peer, 1) == b""
    except ConnectionError:
        return True


async def ack_ms(day: Any, chain: Any) -> float:
    began = time.perf_counter()
    await day.next_save(day.first, chain)
    return (time.perf_counter() - began) * 1000


async def test_r9_handshakes_that_never_end_keep_nobody_out(
    exam_day: Any, kit: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More stalled handshakes than there are places, from three addresses."""
    monkeypatch.setattr(door, "HANDSHAKE_S", 30.0)
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    for number in range(3 * door.AT_ONCE):
        await opened(f"127.0.0.{2 + number % 3}", world.ports.main)
    await day.other.close()
    world.stations.remove(day.other)
    back = await world.connect(day.other.identity, "02", "02")
    assert (await back.welcome()).seat_no == "02"
    await day.next_save(day.first, chain)


async def test_r9_a_stalled_handshake_ends_and_garbage_too(
    world: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "HANDSHAKE_S", 0.1)
    assert await ended(await opened("127.0.0.2", world.ports.main))
    loud = await opened("127.0.0.2", world.ports.main)
    await asyncio.get_running_loop().sock_sendall(loud, b"GET / HTTP/1.1\r\n\r\n" * 50)
    while not await ended(loud):
        pass


async def test_r9_ten_times_as_many_connections_slow_no_save_down(
    exam_day: Any, kit: Any, opened: Opened
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    quiet = [await ack_ms(day, chain) for _ in range(20)]
    stop = asyncio.Event()

    async def flood(address: str) -> int:
        count = 0
        while not stop.is_set():
            (await opened(address, world.ports.main)).close()
            count += 1
            await asyncio.sleep(0.005)
        return count

    attackers = [asyncio.create_task(flood(f"127.0.0.{n}")) for n in range(2, 6)]
    loud = [await ack_ms(day, chain) for _ in range(40)]
    stop.set()
    assert sum(await asyncio.gather(*attackers)) > 20, "there was a flood"
    assert day.first.heard.downs == []
    assert statistics.median(loud) <= 20 * statistics.median(quiet) + 100


async def test_n10_strangers_of_one_address_hold_so_many_connections_at_the_enrolment_door(
    world: Any, kit: Any
) -> None:
    """A connection that asks nothing costs a place, and one address has only so many."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    held, refused = [], 0
    for _ in range(70):
        try:
            _, writer = await asyncio.open_connection(
                "127.0.0.1", world.ports.enrol, ssl=context, local_addr=("127.0.0.9", 0)
            )
            held.append(writer)
        except (ConnectionError, ssl.SSLError):
            refused += 1
    assert (len(held), refused) == (64, 6)
    admin = await world.console(kit.ADMIN)
    assert await world.enrolled("station", admin, "01", "01"), "others are not concerned"
    for writer in held:
        writer.transport.abort()


async def test_p5_a_storm_of_one_address_waits_its_turn_and_nobody_is_lost(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handshakes one at a time: every machine still comes in."""
    monkeypatch.setattr(door, "AT_ONCE_OF_ADDRESS", 1)
    day, world = exam_day, exam_day.world
    for station in list(day.stations):
        await station.close()
        world.stations.remove(station)
    back = await asyncio.gather(
        *(world.connect(s.identity, s.room_id, s.seat_no) for s in day.stations)
    )
    assert [(await each.welcome()).seat_no for each in back] == ["01", "02"]


async def test_r9_stalled_strangers_of_many_addresses_keep_no_station_out(
    exam_day: Any, kit: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every place for strangers is taken, from more addresses than it takes; the stations' own
    addresses are known, so they come back past all of them."""
    monkeypatch.setattr(door, "HANDSHAKE_S", 60.0)
    day, world = exam_day, exam_day.world
    for number in range(3 * door.AT_ONCE):
        await opened(f"127.0.1.{1 + number}", world.ports.main)
    await day.other.close()
    world.stations.remove(day.other)
    back = await world.connect(day.other.identity, "02", "02")
    assert (await back.welcome()).seat_no == "02"


async def test_r9_addresses_without_number_do_not_use_up_the_descriptors(
    exam_day: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waiting connection is a descriptor; a server without any cannot open its own files."""
    monkeypatch.setattr(door, "CROWDED", 40)
    monkeypatch.setattr(door, "HANDSHAKE_S", 60.0)
    day, world = exam_day, exam_day.world
    peers = [
        await opened(f"127.7.{number // 200}.{1 + number % 200}", world.ports.main)
        for number in range(400)
    ]
    at_once = [await opened("127.8.0.1", world.ports.main) for _ in range(5)]
    turned_away = 400 - 4 * door.CROWDED - door.ACCEPTS
    async with asyncio.timeout(30):
        while (  # noqa: ASYNC110  # no event for it
            sum(map(door.has_gone, peers)) < turned_away
            or sum(map(door.has_gone, at_once)) < len(at_once)
        ):
            await asyncio.sleep(0.05)
    await day.other.close()
    world.stations.remove(day.other)
    back = await world.connect(day.other.identity, "02", "02")
    assert (await back.welcome()).seat_no == "02", "a place of its own"


async def test_r9_who_has_gone_takes_no_turn(
    exam_day: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []

    async def turn(_door: door.Door, address: str) -> None:
        turns.append(address)

    monkeypatch.setattr(door.Door, "_strangers_turn", turn)
    for number in range(50):
        (await opened(f"127.9.0.{1 + number}", exam_day.world.ports.main)).close()
    (await opened("127.9.1.1", exam_day.world.ports.main)).send(b"\x16")
    async with asyncio.timeout(30):
        while "127.9.1.1" not in turns:  # noqa: ASYNC110  # no event for it
            await asyncio.sleep(0.02)
    assert len(turns) <= 5, "one or two may have gone between the look and the turn"


async def test_r9_handshakes_of_strangers_are_spread_over_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A few at once, then one each so often, however many there are."""
    one, waited = _strangers(monkeypatch)
    for number in range(int(door.STRANGERS_BURST) + 3):
        await one._strangers_turn(f"10.0.0.{number}")
    assert waited == pytest.approx([n / door.STRANGERS_PER_S for n in (1, 2, 3)])


async def test_p9_after_a_restart_stations_do_not_wait_for_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everyone is a stranger then. Who turns out to be enrolled gives the turn back, once."""
    one, waited = _strangers(monkeypatch)
    for number in range(1000):
        await one._strangers_turn(f"10.1.{number // 250}.{number % 250}")
        one.know(f"10.1.{number // 250}.{number % 250}")
    assert waited == []
    for _ in range(1000):
        one.know("10.1.0.0")  # a machine that speaks again and again gives nobody turns
    for number in range(int(door.STRANGERS_BURST) + 1):
        await one._strangers_turn(f"10.2.0.{number}")
    assert waited == pytest.approx([1 / door.STRANGERS_PER_S])


def _strangers(monkeypatch: pytest.MonkeyPatch) -> tuple[door.Door, list[float]]:
    """A door while time stands still, and what it made strangers wait."""
    one = door.Door(web.Server(_nobody), ssl.create_default_context(), lambda: True)
    waited: list[float] = []

    async def slept(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 100.0)
    monkeypatch.setattr(asyncio, "sleep", slept)
    return one, waited


async def _nobody(_request: web.BaseRequest) -> web.StreamResponse:
    raise AssertionError("nobody comes in")
