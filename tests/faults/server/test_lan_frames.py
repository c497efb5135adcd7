"""Unsound frames and peers that stop reading: refused or cut off, and nobody else notices (R9)."""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import msgspec
import pytest

from venue_server.client.identity import MachineIdentity
from venue_server.gateway import connection
from venue_server.gateway.swap_keeper import SwapKeeper
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.codec import encode
from venue_server.wire.messages import MAX_FRAME, TimePing
from venue_server.wire.station_messages import (
    GetHistory,
    Heartbeat,
    LogIn,
    PaperOpened,
    Save,
    StationHello,
)
from venue_server.wire.swap_orders import GetSwaps, OfferTail

Dial = Callable[[MachineIdentity], Any]


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


async def answer(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    async with asyncio.timeout(5):
        found: dict[str, Any] = json.loads(await socket.receive_str())
        return found


async def ack_ms(day: Any, chain: Any) -> float:
    """How long one save of the other station takes."""
    began = time.perf_counter()
    await day.next_save(day.other, chain)
    return (time.perf_counter() - began) * 1000


UNSOUND = ("", "null", "{", '{"t":"Nobody"}', '{"t":"SignIn","n":1}', "[" * 100_000)


async def test_r9_malformed_frames_are_answered_and_the_conversation_goes_on(
    world: Any, kit: Any, dial: Dial
) -> None:
    admin = await world.console(kit.ADMIN)
    socket = await dial(await world.enrolled("station", admin, "01", "01"))
    for frame in UNSOUND:
        await socket.send_str(frame)
        told = await answer(socket)
        assert (told["t"], told["re"], told["code"]) == ("Refused", 0, "LAN-03")
    await socket.send_str("x" * (MAX_FRAME + 1))
    assert (await answer(socket))["code"] == "LAN-04"
    await socket.send_str(encode(TimePing(9, 1.0)))
    assert (await answer(socket))["re"] == 9


async def test_r9_frames_beyond_any_reason_end_that_connection_only(
    world: Any, kit: Any, dial: Dial
) -> None:
    admin = await world.console(kit.ADMIN)
    bad = await world.enrolled("station", admin, "01", "01")
    good = await dial(await world.enrolled("station", admin, "01", "02"))
    for send in (
        lambda s: s.send_bytes(b"\x00" * 100),
        lambda s: s.send_frame(b"\xff\xfe", aiohttp.WSMsgType.TEXT),
        lambda s: s.send_str("x" * (3 * MAX_FRAME)),
    ):
        socket = await dial(bad)
        await send(socket)
        async with asyncio.timeout(5):
            end = await socket.receive()
        assert end.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), end
    await good.send_str(encode(TimePing(1, 1.0)))
    assert (await answer(good))["re"] == 1


async def test_r9_another_protocol_version_is_named_and_gets_no_welcome(
    world: Any, kit: Any, dial: Dial
) -> None:
    admin = await world.console(kit.ADMIN)
    socket = await dial(await world.enrolled("station", admin, "01", "01"))
    await socket.send_str(encode(StationHello(2, "future")))
    told = await answer(socket)
    assert (told["code"], told["detail"]) == ("DOC-03", "2")


async def test_r9_a_peer_that_stops_reading_is_cut_off_and_slows_nobody(
    exam_day: Any, kit: Any, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks for its long history again and again and reads nothing of it."""
    monkeypatch.setattr(connection, "SEND_DEADLINE_S", 0.5)
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    for _ in range(4):
        await day.first.save(*(chain.add(world.now_ms(), "长" * 60_000) for _ in range(4)))
    await day.first.close()
    world.stations.remove(day.first)
    other = kit.Chain(day.other.sitting_id)
    quiet = [await ack_ms(day, other) for _ in range(20)]

    deaf = await dial(day.first.identity)
    deaf._reader._protocol.pause_reading()
    await deaf.send_str(encode(StationHello(1, "deaf")))
    candidate = day.first.candidate
    for n in range(8):
        await deaf.send_str(encode(LogIn(n, candidate.ticket_no, candidate.id_number)))
    loud = [await ack_ms(day, other) for _ in range(40)]
    await day.chief.board(
        lambda b: b.seats["01"]["01"].link.value == "OFFLINE", "the deaf station's end"
    )
    loud += [await ack_ms(day, other) for _ in range(10)]
    assert day.other.heard.downs == []
    assert statistics.median(loud) <= 5 * statistics.median(quiet) + 20
    # It may come back and read, and has lost nothing.
    back = await world.connect(day.first.identity, "01", "01")
    assert (await back.welcome()).sitting.seq == 16


async def test_r9_an_alert_storm_of_one_station_is_bounded(exam_day: Any, kit: Any) -> None:
    day = exam_day
    alerts = [f"alert-{n}-" + "x" * 500 for n in range(500)]
    day.first.client.link.send(Heartbeat(0, 0, "answering", alerts))
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain)
    told = day.world.events("station.alert")
    assert len(told) == 20
    assert all(len(entry["data"]["alert"]) <= 200 for entry in told)


async def test_r9_numbers_that_no_column_and_no_chain_can_hold_harm_nobody(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One enrolled machine sends them wherever a number stands; no keeper ends of it."""
    day, sitting_id = exam_day, exam_day.other.sitting_id
    looks, real = [0], SwapKeeper._standings

    def counted(keeper: SwapKeeper, *states: Any) -> Any:
        found = real(keeper, *states)
        looks[0] += 1
        return found

    monkeypatch.setattr(SwapKeeper, "_standings", counted)
    entry = ResponseEntry(sitting_id, 1, "response", "Q1", {"R": ["x"]}, {}, 1, "", "00")
    own, link = day.first.sitting_id, day.first.client.link
    for number in (0, -3, 2**60, -(2**70)):
        entries = [
            msgspec.structs.replace(entry, at_ms=number),
            msgspec.structs.replace(entry, seq=number),
        ]
        for message in (
            *(kind(sitting_id, [each]) for kind in (Save, OfferTail) for each in entries),
            Heartbeat(number, number, "ANSWER", [], number),
            GetHistory(1, own, number),
            PaperOpened(own, number),
        ):
            assert link.send(message)
    chain = kit.Chain(sitting_id)
    assert (await day.next_save(day.other, chain)).seq == 1, "the other goes on"
    assert isinstance((await day.admin.order(GetSwaps(0)))["branches"], list)
    before = looks[0]
    await day.world.until(lambda: looks[0] > before + 2)
    assert (await day.next_save(day.other, chain)).seq == 2
