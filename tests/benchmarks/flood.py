"""R9: attacks on the LAN, and what the other stations' saves take meanwhile.

Each attack runs in a process of its own, from addresses of its own (127.66.x.y), in turn with quiet
stretches of the same length: ten times as many connections as there are stations, handshakes that
are begun and not ended, garbage in the place of a handshake, certificates of another authority, a
machine of this venue that was revoked, frames without end from an enrolled station, requests sent
byte by byte at both doors, peers that ask and do not read. Counted: who got in that must not.
"""

import asyncio
import json
import multiprocessing
import os
import random
import sqlite3
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop
from cryptography.hazmat.primitives import serialization
from measuring import (
    LOAD_CORE,
    Child,
    Figure,
    begin_load,
    median,
    options,
    percentile,
    pin,
    report,
    say,
    workspace,
)
from prepared_venue import DAY, SERVER_NAME, PreparedVenue, prepare, set_exam_time
from raw_station import Answers, Wire, frame, message_frame
from saves import paced
from storm import Returning, all_come, stations

from venue_server.client.enrolment import Secrets
from venue_server.rehearsal.headquarters_side import VENUE_ID
from venue_server.stations.authority import create_authority
from venue_server.wire.messages import MAX_FRAME, TimePing
from venue_server.wire.station_messages import StationHello

SAVE_EACH_S = 0.5
SPARE = 3
"""Stations that do not save: one revoked, one that shouts, one that does not read."""


@dataclass
class Attacker:
    """One process's means: the ports, certificates, and what came of it."""

    venue: PreparedVenue
    main: int
    enrol: int
    opened: int = 0
    welcomed: int = 0
    """Upgrades or answers that an attacker of this kind must not get."""

    def address(self) -> tuple[str, int]:
        """One of a thousand attacking machines."""
        return f"127.66.{random.randrange(4)}.{random.randrange(1, 251)}", 0

    async def plain(self, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """TCP only."""
        self.opened += 1
        return await asyncio.open_connection("127.0.0.1", port, local_addr=self.address())

    async def tls(
        self, port: int, context: ssl.SSLContext
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """TCP and TLS."""
        self.opened += 1
        return await asyncio.open_connection(
            "127.0.0.1",
            port,
            ssl=context,
            server_hostname=SERVER_NAME,
            local_addr=self.address(),
            ssl_handshake_timeout=30,
        )


def _client(venue: PreparedVenue, pem: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if pem is not None:
        context.load_cert_chain(pem)
    return context


UPGRADE = (
    f"GET /station HTTP/1.1\r\nHost: {SERVER_NAME}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()


# ---- attacks: each is done again and again, many at a time -------------------------------


async def connections(one: Attacker) -> None:
    """Open and close."""
    _, writer = await one.plain(one.main)
    writer.transport.abort()


async def stalled(one: Attacker) -> None:
    """Begin a handshake, say nothing more."""
    reader, writer = await one.plain(one.main)
    writer.write(b"\x16\x03\x01\x02\x00\x01")
    await reader.read()
    writer.transport.abort()


async def garbage(one: Attacker) -> None:
    """Something else in the place of a handshake."""
    reader, writer = await one.plain(one.main)
    writer.write(random.randbytes(4096))
    if b"HTTP/1.1 101" in await reader.read():
        one.welcomed += 1
    writer.transport.abort()


async def _upgrade(one: Attacker, context: ssl.SSLContext) -> None:
    reader, writer = await one.tls(one.main, context)
    writer.write(UPGRADE)
    if b" 101 " in await reader.read(64):
        one.welcomed += 1
    writer.transport.abort()


async def foreign(one: Attacker) -> None:
    """A machine of another venue's authority."""
    await _upgrade(one, _client(one.venue, one.venue.folder / "foreign.pem"))


async def revoked(one: Attacker) -> None:
    """A machine of this venue that is not on the roster any more."""
    await _upgrade(one, _client(one.venue, one.venue.seated[-1].pem))


async def slow_head(one: Attacker) -> None:
    """A request byte by byte, at the door that takes strangers."""
    _, writer = await one.tls(one.enrol, _client(one.venue, None))
    for byte in b"POST /enrol/begin HTTP/1.1\r\nX-Slow: " + b"s" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)
    writer.transport.abort()


async def _enrolled(one: Attacker, which: int) -> Wire:
    """An enrolled machine that attacks: its own certificate, an address of its own."""
    context = _client(one.venue, one.venue.seated[which].pem)
    one.opened += 1
    _, wire = await asyncio.get_running_loop().create_connection(
        lambda: Wire(lambda _wire, _payload: None),
        "127.0.0.1",
        one.main,
        ssl=context,
        server_hostname=SERVER_NAME,
        local_addr=one.address(),
    )
    await wire.opened
    return wire


async def shouting(one: Attacker) -> None:
    """Sound frames without end, then malformed, then too large, until it is cut off."""
    wire = await _enrolled(one, -2)
    wire.write(message_frame(StationHello(1, "loud")))
    pings = b"".join(message_frame(TimePing(n, 1.0)) for n in range(500))
    malformed = frame(b'{"t":"Nobody"}') * 200 + frame(b"[" * 1000) * 20
    while not wire.ended.done():
        for data in (pings, malformed, frame(b"x" * (MAX_FRAME + 1))):
            wire.write(data)
            await asyncio.sleep(0.05)
            while not wire.ended.done() and wire.waiting() > 1 << 20:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def deaf(one: Attacker) -> None:
    """Asks and asks and reads nothing."""
    wire = await _enrolled(one, -3)
    wire.pause()
    hello = message_frame(StationHello(1, "deaf"))
    while not wire.ended.done() and wire.waiting() < 1 << 20:
        wire.write(hello * 50)
        await asyncio.sleep(0.05)
    await asyncio.sleep(1.0)
    wire.close()


Attack = Callable[[Attacker], Awaitable[None]]
ATTACKS: dict[str, tuple[Attack, int, bool]] = {
    # name: what one does, how many at a time, whether an answer is a success of the attack
    "ten times as many connections": (connections, 50, False),
    "handshakes not ended": (stalled, 400, False),
    "garbage for handshakes": (garbage, 20, True),
    "another authority's certificates": (foreign, 20, True),
    "a revoked certificate": (revoked, 20, True),
    "requests byte by byte": (slow_head, 200, False),
    "frames without end": (shouting, 1, False),
    "a peer that does not read": (deaf, 1, False),
}


def attacking(venue: PreparedVenue, ports: tuple[int, int], orders: Connection) -> None:
    """A process that attacks as told until it is told to stop; it says how often, and with what
    success."""
    pin(LOAD_CORE)
    os.nice(15)  # an attacker has a machine of its own: it takes no time from the savers

    async def again(attack: Attack, one: Attacker) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await attack(one)
            await asyncio.sleep(0.01)

    async def one_attack(name: str) -> None:
        attack, at_once, counts = ATTACKS[name]
        one = Attacker(venue, *ports)
        work = [asyncio.create_task(again(attack, one)) for _ in range(at_once)]
        orders.send("begun")
        await asyncio.to_thread(orders.recv)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        orders.send((one.opened, one.welcomed if counts else 0))

    while name := orders.recv():
        asyncio.run(one_attack(name))


class Attackers:
    """:func:`attacking` from outside."""

    def __init__(self, venue: PreparedVenue, ports: tuple[int, int]) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._orders, far = spawn.Pipe()
        self._process = spawn.Process(target=attacking, args=(venue, ports, far), daemon=True)
        self._process.start()
        far.close()

    def begin(self, name: str) -> None:
        """One attack is under way on return."""
        self._orders.send(name)
        assert self._orders.recv() == "begun"

    def stop(self) -> tuple[int, int]:
        """(connections opened, attackers that got in)."""
        self._orders.send("stop")
        opened, welcomed = self._orders.recv()
        return int(opened), int(welcomed)

    def end(self) -> None:
        """No more attacks."""
        self._orders.send("")
        self._process.join(30)


# ---- measuring ---------------------------------------------------------------------------


def certificates(venue: PreparedVenue) -> None:
    """A machine of another authority that calls itself this venue's."""
    folder = venue.folder / "other-keys"
    folder.mkdir()
    authority = create_authority(folder, VENUE_ID)
    secrets = Secrets.generate("station")
    request = secrets.request().public_bytes(serialization.Encoding.PEM).decode()
    issued = authority.issue(request, venue.seated[0].machine_id)
    assert isinstance(issued, str)
    private = secrets.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (venue.folder / "foreign.pem").write_bytes(private + issued.encode())


def revoke(venue: PreparedVenue) -> None:
    """Take the last machine off the roster, as ``RevokeMachine`` does."""
    with sqlite3.connect(venue.data / "venue.sqlite") as store:
        done = store.execute(
            "UPDATE machine SET revoked_at_ms = ? WHERE machine_id = ?",
            (DAY.at(0), venue.seated[-1].machine_id),
        )
        assert done.rowcount == 1


async def measure(venue: PreparedVenue, for_s: float, runs: int) -> list[Figure]:
    """Each attack between two quiet stretches, ``runs`` times."""
    set_exam_time(venue.data, DAY.at(10))
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    ready = json.loads(server.first_line)
    ports = ready["port"], ready["enrol_port"]
    count = len(venue.seated) - SPARE
    those: list[Returning] = stations(venue, range(count))
    await all_come(venue, ports[0], those)
    wires = [one.wire for one in those if one.wire is not None]
    answers = {wire: Answers(one.seated.sitting_id) for wire, one in zip(wires, those, strict=True)}

    async def saves() -> list[float]:
        return await paced(wires, answers, SAVE_EACH_S, for_s)

    attackers = Attackers(venue, ports)
    await saves()  # warms caches
    found: list[Figure] = []
    got_in = 0
    for name in ATTACKS:
        ratios, beside, middle = [], [], []
        opened = 0
        for _ in range(runs):
            before = await saves()
            await asyncio.to_thread(attackers.begin, name)
            loud = await saves()
            more, inside = await asyncio.to_thread(attackers.stop)
            after = await saves()
            opened, got_in = opened + more, got_in + inside
            quiet = before + after
            ratios.append(percentile(loud, 0.99) / percentile(quiet, 0.99))
            middle.append(percentile(loud, 0.5) / percentile(quiet, 0.5))
            beside.append(percentile(loud, 0.99))
        say(
            f"{name}: {opened:,} connections; saves' p99 {median(beside):.1f} ms, "
            f"{median(ratios):.1f} times quiet, p50 {median(middle):.1f} times"
        )
        found.append(Figure(f"R9 p99 beside {name}", median(beside), "ms", "<= 2", median(ratios)))
    attackers.end()
    dropped = sum(wire.ended.done() for wire in wires)
    for wire in wires:
        wire.close()
    server.stop()
    return [
        Figure("R9 attackers that got in", got_in, "connections", "0"),
        Figure("R9 stations that lost their connection", dropped, "stations", "0"),
        *found,
    ]


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    parser.add_argument("--runs", type=int)
    chosen = parser.parse_args()
    begin_load()
    count = SPARE + (chosen.stations or (10 if chosen.short else 200))
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, count, released=True)
        certificates(venue)
        revoke(venue)
        runs = chosen.runs or (1 if chosen.short else 5)
        report(*uvloop.run(measure(venue, 0.6 if chosen.short else 5.0, runs)))


if __name__ == "__main__":
    main()
