"""R4: the LAN cut for long, flapping, losing a tenth of all packets, working one way, gone at the
end of the exam, and a room of machines that sleep for a while (SIGSTOP), also over the end. The
real server and real stations without windows, each room a machine of its own.

With the right to make network namespaces the LAN is one of real packets (packet_switch.py); else,
or with ``--tcp``, connections are forwarded and disturbed (faulty_lines.py). The exam runs in real
time to its end. Judged by the stations' own ground truth against the server's store: nothing that
was acknowledged is missing, nobody answers less while the line is bad, every paper locks at the
end of the exam, everyone comes back once.
"""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec
from cryptography.hazmat.primitives import serialization
from faulty_lines import FaultyLines
from measuring import Figure, begin_load, options, report, say, workspace
from packet_switch import PacketSwitch, Port, why_not
from prepared_venue import DAY, SERVER_NAME, PreparedVenue, Seated, prepare, set_exam_time

from venue_server.client.identity import MachineIdentity
from venue_server.rehearsal.options import EXAM_MINUTES
from venue_server.settings import Settings, load_settings, save_settings
from venue_server.trusted_time import sources_io

END_MS = DAY.at(EXAM_MINUTES)
THINK_S = 3.0
SILENT_S = 7.0
"""By then both sides have noticed a silence (three spells of 1.75 s; the server after 6 s)."""
BACK_S = 60.0
ASLEEP_S = 3.0
LOCK_MS = 5_000
"""The station looks twice a second; one room sleeps over the end, and machines are busy."""


# ---- two kinds of LAN --------------------------------------------------------------------


class Lan(Protocol):
    """What can be wrong. ``well`` puts everything right."""

    kind: str

    def on_server(self, *command: str) -> list[str]: ...
    def in_room(self, room: int, *command: str) -> list[str]: ...
    async def address(self, port: int) -> str: ...
    def cut(self) -> None: ...
    def lossy(self, share: float) -> None: ...
    def deaf(self) -> None: ...
    def mute(self) -> None: ...
    def well(self) -> None: ...
    async def close(self) -> None: ...


class Packets:
    """Namespaces and a switch of packets."""

    kind = "packets"

    def __init__(self, rooms: int) -> None:
        self._switch = PacketSwitch()
        self._server = self._switch.plug_in("server")
        self._rooms: list[Port] = [self._switch.plug_in(f"room-{n}") for n in range(rooms)]

    def on_server(self, *command: str) -> list[str]:
        return self._switch.inside(self._server, *command)

    def in_room(self, room: int, *command: str) -> list[str]:
        return self._switch.inside(self._rooms[room], *command)

    async def address(self, port: int) -> str:
        return f"{self._server.address}:{port}"

    def cut(self) -> None:
        self._switch.powered = False

    def lossy(self, share: float) -> None:
        for port in self._rooms:
            port.loss = share

    def deaf(self) -> None:
        for port in self._rooms:
            port.hears = False

    def mute(self) -> None:
        for port in self._rooms:
            port.speaks = False

    def well(self) -> None:
        self._switch.powered = True
        for port in self._rooms:
            port.hears = port.speaks = True
            port.loss = 0.0

    async def close(self) -> None:
        lost = sum(port.lost for port in self._switch.ports)
        say(f"{sum(port.passed for port in self._switch.ports):,} packets passed, {lost:,} lost")
        self._switch.close()


class Connections:
    """Everything on 127.0.0.1, through lines that fail."""

    kind = "connections"

    def __init__(self) -> None:
        self._lines = FaultyLines()

    def on_server(self, *command: str) -> list[str]:
        return list(command)

    def in_room(self, room: int, *command: str) -> list[str]:
        return list(command)

    async def address(self, port: int) -> str:
        return f"127.0.0.1:{await self._lines.open(port)}"

    def cut(self) -> None:
        self._lines.cut()

    def lossy(self, share: float) -> None:
        self._lines.loss = share

    def deaf(self) -> None:
        self._lines.silence(up=False)

    def mute(self) -> None:
        self._lines.silence(down=False)

    def well(self) -> None:
        self._lines.heal()

    async def close(self) -> None:
        await self._lines.close()


# ---- programs ----------------------------------------------------------------------------


@contextmanager
def program(command: list[str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that is ended at the end."""
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


@dataclass
class Room:
    """One process of stations, and what it says."""

    process: subprocess.Popen[str]
    events: list[dict[str, Any]] = field(default_factory=list)

    def listen(self) -> None:
        """Until it ends; in a thread."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def count(self, event: str) -> int:
        """How many of its stations said this."""
        return len({each.get("index") for each in self.events if each["event"] == event})

    def stop(self) -> None:
        """Let it write its ground truth and end."""
        assert self.process.stdin is not None
        self.process.stdin.write("stop\n")
        self.process.stdin.flush()


def enrolled(folder: Path, seated: Seated, ca_pem: str, settings: Settings) -> None:
    """Put a station's identity where it looks for it, as enrolment would have."""
    pem = seated.pem.read_text()
    begin = pem.index("-----BEGIN CERTIFICATE")
    assert serialization.load_pem_private_key(pem[:begin].encode(), None)
    MachineIdentity(
        folder / "identity",
        "station",
        seated.machine_id,
        SERVER_NAME,
        ca_pem,
        pem[begin:],
        pem[:begin],
        seated.hpke_private,
        tuple(settings.headquarters.keys),
        settings.headquarters.threshold,
    ).save()


async def until(wanted: Callable[[], bool], what: str, within_s: float = 120.0) -> None:
    """Wait for what no event of ours tells."""
    try:
        async with asyncio.timeout(within_s):
            while not wanted():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {within_s:.0f} s") from None


# ---- the exam ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """A stretch of exam time in which the LAN was in one state."""

    name: str
    begin_ms: float
    end_ms: float


@dataclass
class Exam:
    """The rest of an exam with everything that happens to its LAN."""

    lan: Lan
    data: Path
    zero_ms: float  # exam time at ``steady_ms``
    steady_ms: float
    phases: list[Phase] = field(default_factory=list)

    def now_ms(self) -> float:
        """Exam time, as the server counts it."""
        return self.zero_ms + sources_io.boot_ms() - self.steady_ms

    async def phase(self, name: str, seconds: float) -> None:
        """Some time passes."""
        begin = self.now_ms()
        await asyncio.sleep(seconds)
        self.phases.append(Phase(name, begin, self.now_ms()))
        say(f"{name}: {seconds:.0f} s")

    def ups(self) -> list[tuple[float, str]]:
        """(exam time, station) of every hello in the ledger."""
        lines = (self.data / "ledger.jsonl").read_text().splitlines()
        entries = [json.loads(line) for line in lines]
        return [(e["at_ms"], e["actor"]) for e in entries if e["event"] == "station.up"]

    async def all_back(self, since_ms: float, count: int) -> float:
        """Wait until ``count`` stations said hello since an instant; the seconds from now on."""
        healed_ms = self.now_ms()

        def returned() -> set[str]:
            return {actor for at_ms, actor in self.ups() if at_ms >= since_ms}

        await until(lambda: len(returned()) >= count, "everybody's return", BACK_S)
        return (self.now_ms() - healed_ms) / 1000


@dataclass(frozen=True)
class Times:
    """Seconds of each phase."""

    start: float
    quiet: float
    cut: float
    flaps: int
    lossy: float
    one_way: float
    returns: float

    @property
    def total(self) -> float:
        """From the start of the server to the end of the exam."""
        bad = self.cut + self.flaps * 4.0 + self.lossy + 2 * self.one_way
        return self.start + 2 * self.quiet + bad + ASLEEP_S + self.returns


async def trouble(exam: Exam, times: Times, rooms: list[Room], count: int) -> dict[str, float]:
    """Everything that goes wrong before the end; seconds until all were back, by what it was."""
    lan, back = exam.lan, {}
    await exam.phase("quiet", times.quiet)

    lan.cut()
    await exam.phase("cut", times.cut)
    lan.well()
    back["cut"] = await exam.all_back(exam.now_ms(), count)

    for _ in range(times.flaps):
        lan.cut()
        await exam.phase("flapping", 2.0)
        lan.well()
        await exam.phase("flapping", 2.0)

    lan.lossy(0.1)
    await exam.phase("a tenth lost", times.lossy)
    lan.well()

    for name, fail in (("only to the server", lan.deaf), ("only from the server", lan.mute)):
        fail()
        await exam.phase(name, times.one_way)
        lan.well()
        back[name] = await exam.all_back(exam.phases[-1].begin_ms, count)
    await asleep(exam, rooms[0], ASLEEP_S)
    await exam.phase("quiet", times.quiet)
    return back


async def asleep(exam: Exam, room: Room, seconds: float) -> None:
    """A room's machines stand still for a while, and go on."""
    room.process.send_signal(signal.SIGSTOP)
    await exam.phase("a room asleep", seconds)
    room.process.send_signal(signal.SIGCONT)


async def over_the_end(exam: Exam, rooms: list[Room], count: int) -> None:
    """The switch fails before the end of the exam and works again after it."""
    assert exam.now_ms() < END_MS - 1000, "the machine is too slow for these times"
    await until(lambda: exam.now_ms() > END_MS - 3_000, "the end", 3600)
    exam.lan.cut()
    begin = exam.now_ms()
    await until(lambda: exam.now_ms() > END_MS - 1_000, "the end", 60)
    await asleep(exam, rooms[0], 2.0)
    await until(lambda: exam.now_ms() > END_MS + 3_000, "the end", 60)
    exam.phases.append(Phase("over the end", begin, END_MS))
    exam.lan.well()
    await until(lambda: sum(room.count("submitted") for room in rooms) >= count, "hand-in")


# ---- judging -----------------------------------------------------------------------------


@dataclass
class Truth:
    """What the stations say happened."""

    sittings: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)

    def read(self, file: Path) -> None:
        """One process's ground truth."""
        for line in file.read_text().splitlines():
            told = json.loads(line)
            if told["event"] == "sitting":
                self.sittings[told["sitting_id"]] = told
            elif told["event"] == "acked":
                self.entries.append(told)


def judge(exam: Exam, truth: Truth, count: int) -> list[Figure]:
    """Compare the stations' truth with the server's store."""
    with sqlite3.connect(exam.data / "venue.sqlite") as store:
        stored = {
            (sitting, seq): digest
            for sitting, seq, digest in store.execute("SELECT sitting_id, seq, hash FROM response")
        }
    claimed = {
        (sitting, seq): digest
        for sitting, told in truth.sittings.items()
        for seq, digest in told["acked"]
    }
    lost = sum(stored.get(key) != digest for key, digest in claimed.items())
    foreign = len(stored.keys() - claimed.keys())
    unsent = sum(told["unacked"] for told in truth.sittings.values())
    answers = [each for each in truth.entries if each["kind"] == "response"]
    locks = [each["at_ms"] - END_MS for each in truth.entries if each["kind"] == "submit"]
    late = sum(each["at_ms"] > END_MS for each in answers)
    rates = {name: _rate(exam, answers, name) for name in {p.name for p in exam.phases}}
    for name, rate in rates.items():
        say(f"answers a second while {name}: {rate:.2f}")
    other = ("quiet", "over the end", "a room asleep")
    worst = min(rate for name, rate in rates.items() if name not in other)
    off = sum(not -100 <= each <= LOCK_MS for each in locks) + count - len(locks)
    say(f"locked {min(locks)} to {max(locks)} ms after the end, over {count} stations")
    return [
        Figure(f"R4 answers acknowledged over {exam.lan.kind}", len(claimed), "answers", "-"),
        Figure("R4 lost", lost, "answers", "0"),
        Figure("R4 stored and never acknowledged", foreign, "answers", "0"),
        Figure("R4 not sent in the end", unsent, "answers", "0"),
        Figure("R4 taken after the end", late, "answers", "0"),
        Figure("R4 not locked at the end", off, "stations", "0"),
        Figure("R4 answers while the line is bad", worst, "a second", "-", worst / rates["quiet"]),
    ]


def _rate(exam: Exam, answers: list[dict[str, Any]], name: str) -> float:
    spans = [phase for phase in exam.phases if phase.name == name]
    count = sum(p.begin_ms <= each["at_ms"] < p.end_ms for p in spans for each in answers)
    return count / max(0.001, sum(p.end_ms - p.begin_ms for p in spans) / 1000)


async def measure(
    venue: PreparedVenue, lan: Lan, rooms: int, each: int, times: Times
) -> list[Figure]:
    """The whole run."""
    count = rooms * each
    settings = msgspec.structs.replace(
        load_settings(venue.data), listen_host="0.0.0.0", heartbeat_lost_s=6.0
    )
    save_settings(venue.data, settings)
    (venue.folder / "people.json").write_text("[]")
    for number, seated in enumerate(venue.seated):
        room, place = divmod(number, each)
        enrolled(
            venue.folder / f"room-{room}" / f"station-{place:04d}", seated, venue.ca_pem, settings
        )
    with ExitStack() as stack:
        zero = END_MS - times.total * 1000
        exam = Exam(lan, venue.data, zero, sources_io.boot_ms())
        set_exam_time(venue.data, zero)
        words = (sys.executable, "-m", "venue_server", "run", "--data", str(venue.data))
        server = stack.enter_context(program(lan.on_server(*words), venue.folder / "server.log"))
        assert server.stdout is not None
        ready = json.loads(await asyncio.to_thread(server.stdout.readline))
        main = await lan.address(ready["port"])
        enrol = await lan.address(ready["enrol_port"])
        made = []
        for room in range(rooms):
            words = (
                *(sys.executable, "-m", "candidate_station.simulate"),
                *("--stations", str(each), "--data", str(venue.folder / f"room-{room}")),
                *("--server", main, "--enrol", enrol, "--seed", str(room)),
                *("--candidates", str(venue.folder / "people.json")),
                *("--report", str(venue.folder / f"room-{room}.jsonl")),
                *("--think", str(THINK_S), "--early", "0"),
            )
            log = venue.folder / "stations.log"
            made.append(Room(stack.enter_context(program(lan.in_room(room, *words), log))))
        readers = [asyncio.ensure_future(asyncio.to_thread(room.listen)) for room in made]
        await until(lambda: sum(room.count("opened") for room in made) >= count, "every paper")
        say(f"{count} stations in {rooms} rooms have opened the paper")
        back = await trouble(exam, times, made, count)
        await over_the_end(exam, made, count)
        for room in made:
            room.stop()
        await asyncio.gather(*readers)
        hellos = Counter(actor for _, actor in exam.ups())
    truth = Truth()
    for room in range(rooms):
        truth.read(venue.folder / f"room-{room}.jsonl")
    say(f"back after: {', '.join(f'{name} {s:.1f} s' for name, s in back.items())}")
    return [
        *judge(exam, truth, count),
        Figure("R4 hellos of one station at most", max(hellos.values()), "hellos", "-"),
        Figure("R4 all back after the longest", max(back.values()), "s", "one storm"),
    ]


async def run(venue: PreparedVenue, tcp: bool, rooms: int, each: int, times: Times) -> list[Figure]:
    """Over packets where that is possible."""
    missing = "as asked for" if tcp else why_not()
    if missing:
        say(f"connections are disturbed, not packets: {missing}")
    lan: Lan = Connections() if missing else Packets(rooms)
    try:
        return await measure(venue, lan, rooms, each, times)
    finally:
        await lan.close()


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--tcp", action="store_true", help="disturb connections, not packets")
    parser.add_argument("--rooms", type=int)
    parser.add_argument("--stations", type=int, help="of each room")
    parser.add_argument("--cut", type=float, help="seconds of the long cut")
    chosen = parser.parse_args()
    begin_load()
    rooms = chosen.rooms or (2 if chosen.short else 4)
    each = chosen.stations or (2 if chosen.short else 10)
    with workspace(chosen.folder) as folder:
        began = time.monotonic()
        venue = prepare(folder, rooms * each, released=True)
        slowness = time.monotonic() - began  # so much more time do its programs need to start
        times = Times(
            10.0 + 3 * slowness, 3.0, chosen.cut or SILENT_S, 2, 5.0, SILENT_S, 8.0 + 2 * slowness
        )
        if not chosen.short:
            times = Times(60.0, 30.0, chosen.cut or 1800.0, 20, 120.0, 60.0, 60.0)
        report(*asyncio.run(run(venue, chosen.tcp, rooms, each, times)))


if __name__ == "__main__":
    main()
