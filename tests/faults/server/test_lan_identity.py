"""Who is who on the main listener: the certificate decides, the roster revokes (R9)."""

import asyncio
import ssl
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from venue_server.client.console import PATH as CONSOLE
from venue_server.client.identity import MachineIdentity, pinned_context
from venue_server.client.link_state import DownCause, LinkState
from venue_server.client.station import PATH as STATION
from venue_server.gateway.strangers import FRESH_S, MOST, TOLD_PER_MINUTE, Strangers
from venue_server.rehearsal.headquarters_side import FORM_ID, PAPER_ID
from venue_server.stations.authority import create_authority
from venue_server.wire.codec import encode
from venue_server.wire.console_orders import RevokeMachine
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import StationHello

PAPER = f"/papers/{PAPER_ID}/{FORM_ID}"


async def status(world: Any, context: ssl.SSLContext, path: str, name: str) -> tuple[int, bytes]:
    """GET (with an upgrade to WebSocket for the two desks) under a TLS context."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    headers = upgrade if path in (STATION, CONSOLE) else {}
    connector = aiohttp.TCPConnector(ssl=context)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(
            f"https://127.0.0.1:{world.ports.main}{path}", headers=headers, server_hostname=name
        ) as answer,
    ):
        return answer.status, b"" if answer.status == 101 else await answer.read()


async def asked(world: Any, identity: MachineIdentity, path: str) -> tuple[int, bytes]:
    return await status(world, identity.ssl_context(), path, identity.server_name)


async def test_e02_a_connection_that_fetched_the_paper_becomes_the_conversation(
    world: Any, kit: Any
) -> None:
    """Clients keep connections: a station's upgrade may come over the one of its paper."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.enrolled("station", admin, "01", "01")
    base, name = f"https://127.0.0.1:{world.ports.main}", station.server_name
    connector = aiohttp.TCPConnector(ssl=station.ssl_context(), limit=1)
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(base + PAPER, server_hostname=name) as answer:
            assert answer.status == 200 and await answer.read()
        socket = await session.ws_connect(base + STATION, server_hostname=name)
        await socket.send_str(encode(StationHello(1, "again")))
        assert (await socket.receive_json(timeout=10))["t"] == "Welcome"
        await socket.close()


async def test_r9_each_door_takes_its_own_kind_only(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.enrolled("station", admin, "01", "01")
    console = await world.enrolled("console", admin)
    assert (await asked(world, station, STATION))[0] == 101
    assert (await asked(world, station, PAPER))[0] == 200
    assert (await asked(world, console, CONSOLE))[0] == 101
    for identity, path in ((station, CONSOLE), (console, STATION), (console, PAPER)):
        assert await asked(world, identity, path) == (403, b"")
    doors = [entry["data"]["door"] for entry in world.events("machine.refused")]
    assert doors == ["console", "station", "station"]
    for path in ("/papers/x/y", "/papers/../venue.json/x", "/enrol/begin", "/"):
        assert (await asked(world, station, path))[0] == 404


async def test_r9_a_revoked_machine_is_cut_off_at_once_and_gets_nothing(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    identity = await world.enrolled("console", admin)
    console = await world.console("inv-01-1", world.endpoint(identity))
    for machine in (station, console):
        await admin.order(RevokeMachine(0, _machine_id(machine, identity)))
        await machine.heard.until(
            lambda m=machine: m.client.link.state is LinkState.REFUSED, "the end of the connection"
        )
        assert machine.client.link.down.refusal.code is RefusalCode.NOT_ENROLLED
    assert await asked(world, station.identity, STATION) == (403, b"")
    assert await asked(world, station.identity, PAPER) == (403, b"")
    assert await asked(world, identity, CONSOLE) == (403, b"")
    again = RevokeMachine(0, station.machine_id)
    assert await admin.refused(again) is RefusalCode.NOT_ENROLLED
    assert await admin.refused(RevokeMachine(0, "local")) is RefusalCode.NOT_ENROLLED
    assert len(world.events("machine.revoked")) == 2
    await station.close()
    world.stations.remove(station)
    await world.restart()
    assert await asked(world, station.identity, STATION) == (403, b"")


def _machine_id(machine: Any, console: MachineIdentity) -> str:
    return str(getattr(machine, "machine_id", console.machine_id))


async def test_r9_without_a_certificate_there_is_no_conversation(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("station", admin, "01", "01")
    context = pinned_context(identity.ca_pem)
    for path in (STATION, CONSOLE, PAPER):
        with pytest.raises((aiohttp.ClientError, ConnectionError, ssl.SSLError)):
            await status(world, context, path, identity.server_name)
    await world.until(lambda: bool(world.events("machine.refused")))  # it is noted soon
    doors = [entry["data"]["door"] for entry in world.events("machine.refused")]
    assert doors == ["handshake"], "TLS itself turned them away; said once for the address"


async def test_n10_an_unknown_host_is_an_alarm_and_on_record_once(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("station", admin, "01", "01")
    assert (await asked(world, identity, STATION))[0] == 101  # 127.0.0.1 is one of ours
    foreign = world.folder / "foreign"
    foreign.mkdir()
    create_authority(foreign, "another venue")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(foreign / "server.pem", foreign / "server.key")
    for address in ("127.0.0.1", "127.66.0.9", "127.66.0.9"):
        with suppress(OSError):
            _, writer = await asyncio.open_connection(
                "127.0.0.1", world.ports.main, ssl=context, local_addr=(address, 0)
            )
            writer.write(b"GET /station HTTP/1.1\r\n\r\n")
            await writer.drain()
            writer.close()
    await admin.board(
        lambda board: (
            [alarm.args["addresses"] for alarm in board.venue.alarms if alarm.code == "ALM-107"]
            == ["127.66.0.9"]
        ),
        "the alarm",
    )
    await world.until(lambda: bool(world.events("machine.refused")))  # it is noted soon
    addresses = [entry["data"]["address"] for entry in world.events("machine.refused")]
    assert addresses == ["127.66.0.9"]


def test_n10_strangers_are_bounded_fade_and_are_forgiven() -> None:
    strangers = Strangers()
    told = [strangers.saw(f"10.9.{n // 250}.{n % 250}", 1000.0 + n / 100) for n in range(500)]
    assert sum(told) == TOLD_PER_MINUTE, "a flood of addresses does not fill the ledger"
    (alarm,) = strangers.alarms(1005.0)
    assert alarm.args["count"] == f"{MOST}+"
    assert alarm.args["addresses"].startswith("10.9.1.249")
    assert not strangers.saw("10.9.1.249", 1006.0), "seen already"
    strangers.know("10.9.1.249")
    assert "10.9.1.249" not in strangers.alarms(1006.0)[0].args["addresses"]
    assert not strangers.saw("10.9.1.249", 1007.0), "one of ours is there"
    assert strangers.alarms(1005.0 + FRESH_S) == []
    assert strangers.saw("10.9.0.7", 1010.0 + FRESH_S), "after so long it is news again"


async def test_r9_a_certificate_of_another_venue_is_turned_away_by_tls(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("station", admin, "01", "01")
    foreign = world.folder / "foreign"
    foreign.mkdir()
    create_authority(foreign, "another venue")
    context = pinned_context(identity.ca_pem)
    context.load_cert_chain(foreign / "server.pem", foreign / "server.key")
    with pytest.raises((aiohttp.ClientError, ConnectionError, ssl.SSLError)):
        await status(world, context, STATION, identity.server_name)


async def test_r9_the_servers_own_certificate_is_no_machine(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("station", admin, "01", "01")
    context = pinned_context(identity.ca_pem)
    keys = world.data / "keys"
    context.load_cert_chain(keys / "server.pem", keys / "server.key")
    try:
        assert (await status(world, context, STATION, identity.server_name))[0] == 403
    except (aiohttp.ClientError, ConnectionError, ssl.SSLError):
        return  # its usage is not a client's: TLS may say no first


async def test_f1_the_newer_of_two_connections_of_one_machine_stays(world: Any, kit: Any) -> None:
    """A machine that came back before its old connection was missed is not kept out by it."""
    admin = await world.console(kit.ADMIN)
    old = await world.station(admin, "01", "01")
    new = await world.connect(old.identity, "01", "01")
    await old.heard.until(lambda: bool(old.heard.downs), "the older connection's end")
    assert old.heard.downs[0].cause is DownCause.LOST
    await old.close()
    assert new.client.link.up
    before = len(new.heard.messages)
    await new.client.log_in("1", "2")
    assert new.client.link.up
    assert before <= len(new.heard.messages)
    await admin.board(lambda b: b.venue is not None and b.venue.stations_total == 1)
