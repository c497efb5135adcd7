"""P5 and P4: every station drops and comes back; half of them do while the others save; and saves
while a large paper is delivered.

Floor in the same run, round by round: bare TLS handshakes of the same kind in memory, of which the
server's side alone is counted. CPU is compared, not time: waiting for a core is not in it. Each
station has an address of its own (127.1.x.y), says hello, is given its keys anew and asks for the
time until it knows it well enough, as the real client does; while it is there it asks now and then.
Whoever comes back is a process of its own, so that the clients' handshakes do not stand before the
savers' acknowledgements.
"""

import asyncio
import json
import multiprocessing
import os
import random
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop
from delivery import MB, PATH, RANGE, fetch
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
from prepared_venue import DAY, SERVER_NAME, PreparedVenue, Seated, prepare, set_exam_time
from raw_station import Answers, Inbox, Wire, address_of, contexts, hello, message_frame
from saves import paced

from venue_server.client import backoff
from venue_server.client.clock import ExamClock
from venue_server.client.identity import pinned_context
from venue_server.client.time_sync import BURST, known_well
from venue_server.rehearsal.headquarters_side import VENUE_ID
from venue_server.stations.authority import load_authority
from venue_server.wire.messages import TimePing, TimePong
from venue_server.wire.station_messages import FormKey

SAVE_EACH_S = 1.0
DELIVERY_S = 60.0
"""Beside saves the paper goes out by a pace: no more is waited for."""


# ---- a station that comes back -----------------------------------------------------------


@dataclass
class Returning:
    """One station that may drop; ``number`` gives it its address."""

    number: int
    seated: Seated
    context: ssl.SSLContext
    wire: Wire | None = None
    refused: int = 0
    clock: ExamClock = field(default_factory=ExamClock)

    async def come(self, venue: PreparedVenue, port: int) -> None:
        """Connect, hello, keys, time; again after a pause as often as the server turns it away."""
        tried = 0
        while True:
            try:
                await self._once(venue, port)
                return
            except OSError:
                tried += 1
                self.refused += 1
                await asyncio.sleep(backoff.retry_delay(tried, random.random()))

    async def _once(self, venue: PreparedVenue, port: int) -> None:
        _, wire = await asyncio.get_running_loop().create_connection(
            lambda: Wire(lambda _wire, _payload: None),
            "127.0.0.1",
            port,
            ssl=self.context,
            server_hostname=SERVER_NAME,
            local_addr=(address_of(self.number), 0),
            ssl_handshake_timeout=60,
        )
        await wire.opened
        inbox = Inbox(wire)
        await hello(venue, inbox, self.seated)
        await inbox.next(FormKey)
        for _ in range(BURST):
            await self._ask_time(wire, inbox)
            if known_well(self.clock):
                break
        wire.on_text = lambda _wire, _payload: None
        self.wire = wire

    async def _ask_time(self, wire: Wire, inbox: Inbox) -> None:
        sent_s = self.clock.steady()
        wire.write(message_frame(TimePing(1, sent_s * 1000)))
        pong = await inbox.next(TimePong)
        self.clock.sample(sent_s, self.clock.steady(), pong.exam_ms, pong.rate)

    async def ask_time(self) -> None:
        """What a station's timer does every few seconds."""
        if self.wire is not None:
            await self._ask_time(self.wire, Inbox(self.wire))
            self.wire.on_text = lambda _wire, _payload: None

    def drop(self) -> None:
        """The cable is out."""
        if self.wire is not None:
            self.wire.close()
            self.wire = None


def stations(venue: PreparedVenue, numbers: range) -> list[Returning]:
    """Some of the venue's stations."""
    tls = contexts(venue)
    return [Returning(number, venue.seated[number], tls[number]) for number in numbers]


async def all_come(venue: PreparedVenue, port: int, those: Sequence[Returning]) -> None:
    """All at once."""
    await asyncio.gather(*(one.come(venue, port) for one in those))


def stormy(venue: PreparedVenue, port: int, numbers: range, orders: Connection) -> None:
    """A process of stations: ``storm`` drops them all and answers when every one is back; at
    ``time`` they ask for it one after the other."""
    pin(LOAD_CORE)
    os.nice(10)  # each station has a machine of its own: it takes no time from the savers

    async def life() -> None:
        those = stations(venue, numbers)
        await all_come(venue, port, those)
        orders.send((0.0, 0))
        while (order := await asyncio.to_thread(orders.recv)) != "end":
            if order == "time":
                for one in those:
                    await one.ask_time()
                orders.send((0.0, 0))
                continue
            before = sum(one.refused for one in those)
            began = time.perf_counter()
            for one in those:
                one.drop()
            await all_come(venue, port, those)
            refused = sum(one.refused for one in those) - before
            orders.send((time.perf_counter() - began, refused))

    uvloop.run(life())


class Storm:
    """The stations of :func:`stormy` from outside."""

    def __init__(self, venue: PreparedVenue, port: int, numbers: range) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._orders, far = spawn.Pipe()
        self._process = spawn.Process(target=stormy, args=(venue, port, numbers, far))
        self._process.start()
        far.close()

    def back(self) -> tuple[float, int]:
        """Wait until all are there: seconds it took, connections turned away meanwhile."""
        seconds, refused = self._orders.recv()
        return float(seconds), int(refused)

    def blow(self) -> tuple[float, int]:
        """One storm."""
        self._orders.send("storm")
        return self.back()

    def ask_time(self) -> None:
        """Every station asks once, in calm."""
        self._orders.send("time")
        self.back()

    def end(self) -> None:
        """Let them go."""
        self._orders.send("end")
        self._process.join(30)


# ---- the floor ---------------------------------------------------------------------------


def bare_handshakes(venue: PreparedVenue, count: int) -> float:
    """CPU seconds of the server's side of one mTLS handshake in memory."""
    server_side = load_authority(venue.data / "keys", VENUE_ID).listener_context()
    used = 0.0
    for seated in venue.seated[:count]:
        context = pinned_context(venue.ca_pem)
        context.load_cert_chain(seated.pem)
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = context.wrap_bio(to_client, to_server, server_hostname=SERVER_NAME)
        server = server_side.wrap_bio(to_server, to_client, server_side=True)
        _step(client)
        while True:
            began = time.thread_time()
            done = _step(server)
            used += time.thread_time() - began
            if done:
                break
            _step(client)
        assert server.getpeercert(True), "mutual"
    return used / count


def _step(peer: ssl.SSLObject) -> bool:
    try:
        peer.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


# ---- rounds ------------------------------------------------------------------------------


def idle_cpu(server: Child, for_s: float = 2.0) -> float:
    """CPU seconds a second of the server while everybody is there and silent. A storm that lasts
    because the clients wait for a core has more of it; on a calm machine there is hardly any."""
    used = server.cpu_s()
    time.sleep(for_s)
    return (server.cpu_s() - used) / for_s


def storms(venue: PreparedVenue, server: Child, port: int, runs: int) -> list[Figure]:
    """All stations, again and again."""
    count = len(venue.seated)
    storm = Storm(venue, port, range(count))
    storm.back()
    ratios: list[float] = []
    cpu: list[float] = []
    took: list[float] = []
    apart: list[float] = []
    for number in range(runs + 1):
        bare = bare_handshakes(venue, min(count, 300))
        storm.ask_time()
        anyway = idle_cpu(server)
        used = server.cpu_s()
        seconds, refused = storm.blow()
        each = (server.cpu_s() - used) / count
        alone = each - anyway * seconds / count
        if number == 0:
            continue  # warms caches
        cpu.append(each * 1000)
        ratios.append(each / bare)
        apart.append(alone / bare)
        took.append(seconds)
        say(
            f"{count} back in {seconds:.1f} s ({refused} turned away once): server CPU "
            f"{each * 1000:.2f} ms a station ({alone * 1000:.2f} ms beyond what it uses anyway "
            f"meanwhile), bare handshake {bare * 1000:.2f} ms"
        )
    storm.end()
    return [
        Figure(f"P5 {count} stations back", median(took), "s", "-"),
        Figure("P5 server CPU per return", median(cpu), "ms", "<= 2.0", median(ratios)),
        Figure(
            "P5 of it beyond what it uses anyway",
            median(apart) * bare * 1000,
            "ms",
            "-",
            median(apart),
        ),
    ]


@dataclass(frozen=True)
class Savers:
    """Half the stations, which stay and save."""

    wires: list[Wire]
    answers: dict[Wire, Answers]

    async def measured(self, for_s: float) -> list[float]:
        return await paced(self.wires, self.answers, SAVE_EACH_S, for_s)


async def savers(venue: PreparedVenue, port: int) -> Savers:
    """Connect the second half."""
    those = stations(venue, range(len(venue.seated) // 2, len(venue.seated)))
    await all_come(venue, port, those)
    wires = [one.wire for one in those if one.wire is not None]
    answers = {wire: Answers(one.seated.sitting_id) for wire, one in zip(wires, those, strict=True)}
    return Savers(wires, answers)


async def meanwhile(half: Savers, work: "asyncio.Future[object]") -> list[float]:
    """Waits of the savers for as long as ``work`` lasts."""
    waits: list[float] = []
    while not work.done():
        waits += await half.measured(SAVE_EACH_S)
    return waits


async def beside(venue: PreparedVenue, port: int, size: int, quiet_s: float) -> list[Figure]:
    """Saves in quiet, in a storm of the other half, during a delivery."""
    loop = asyncio.get_running_loop()
    storm = Storm(venue, port, range(len(venue.seated) // 2))
    await asyncio.to_thread(storm.back)
    await asyncio.to_thread(storm.ask_time)
    half = await savers(venue, port)
    quiet = await half.measured(quiet_s)
    stormed = await meanwhile(half, loop.run_in_executor(None, storm.blow))
    calm = await half.measured(quiet_s)
    reader = _Delivery(venue, port, size)
    delivered = await meanwhile(half, loop.run_in_executor(None, reader.run))
    await asyncio.to_thread(storm.end)
    found: list[Figure] = []
    for name, waits, target in (
        ("in quiet", quiet + calm, "-"),
        ("while half the stations come back (P5)", stormed, "<= 170 ms"),
        (f"while a paper of {size // MB} MB is delivered (P4)", delivered, "none over 250 ms"),
    ):
        p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
        say(f"saves {name}: {len(waits)}, p50 {p50:.1f}, p99 {p99:.1f}, max {max(waits):.1f} ms")
        ratio = p99 / percentile(quiet + calm, 0.99)
        found.append(Figure(f"save p50 {name}", p50, "ms", "<= 30 ms" if "P5" in name else "-"))
        found.append(Figure(f"save p99 {name}", p99, "ms", target, ratio))
        found.append(Figure(f"save longest {name}", max(waits), "ms", "<= 250 ms"))
    for wire in half.wires:
        wire.close()
    return found


class _Delivery:
    """Four stations fetch the paper at once, piece by piece, until it is there or time is over."""

    def __init__(self, venue: PreparedVenue, port: int, size: int) -> None:
        self._port, self._size = port, size
        self._tls = contexts(venue)[:4]
        self._got = 0

    def run(self) -> None:
        began = time.monotonic()
        threads = [threading.Thread(target=self._fetch, args=(each, began)) for each in self._tls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        say(f"delivered beside them: {self._got / MB:.0f} MB in {took:.0f} s")

    def _fetch(self, context: ssl.SSLContext, began: float) -> None:
        for first in range(0, self._size, RANGE):
            if time.monotonic() - began > DELIVERY_S:
                return
            end = min(first + RANGE, self._size)
            fetch(self._port, context, PATH, end, first)
            self._got += end - first


def enlarge(data: Path, size: int) -> None:
    """What the server serves is what lies there: a paper of this size takes its place."""
    file = next((data / "papers").glob("*/ciphertext"))
    with file.open("wb") as target:
        for _ in range(0, size, MB):
            target.write(os.urandom(MB))


def measure(venue: PreparedVenue, short: bool, runs: int, size: int) -> list[Figure]:
    """All of it over one server."""
    enlarge(venue.data, size)
    set_exam_time(venue.data, DAY.at(10))
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    port = int(json.loads(server.first_line)["port"])
    try:
        figures = storms(venue, server, port, runs)
        return figures + uvloop.run(beside(venue, port, size, 1.5 if short else 15.0))
    finally:
        server.stop()


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    parser.add_argument("--runs", type=int)
    chosen = parser.parse_args()
    begin_load()
    count = chosen.stations or (30 if chosen.short else 1000)
    runs = chosen.runs or (1 if chosen.short else 5)
    size = (16 if chosen.short else 1000) * MB
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, count, released=True)
        report(*measure(venue, chosen.short, runs, size))


if __name__ == "__main__":
    main()
