"""A whole venue in one process: the real server, real headquarters, real machines over mTLS.

Nothing is replaced but the passing of time: ``world.go(instant)`` lets the boot clock, the wall
clock and headquarters' clock jump forward together, so that a day takes a second and no test waits
for one. Everything that takes long and never changes (keys, staff, the sealed paper) is made once
a run and copied.
"""

import asyncio
import json
import random
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from venue_server import __main__ as command_line
from venue_server import clock, day
from venue_server.client.addresses import AddressBook
from venue_server.client.console import BoardState, ConsoleClient, ConsoleHandler
from venue_server.client.endpoint import TlsEndpoint, UnixEndpoint
from venue_server.client.enrolment import enrol
from venue_server.client.identity import MachineIdentity
from venue_server.client.link import LinkHandler
from venue_server.client.link_state import Down, LinkState
from venue_server.client.station import StationClient
from venue_server.gateway import hub
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import (
    HeadquartersKeys,
    init_headquarters,
    load_headquarters,
)
from venue_server.node import VenueNode
from venue_server.rehearsal.cast import Cast, Person, id_number
from venue_server.rehearsal.headquarters_side import SESSION_ID, VENUE_ID, Headquarters
from venue_server.rehearsal.options import DayTimes
from venue_server.settings import load_settings, save_settings
from venue_server.sitting.plan import Candidate, Room, Seat
from venue_server.wire.canonical import unb64
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.form_key import unwrap_form_key, wrapping_info
from venue_server.wire.messages import (
    Admit,
    AllowLogin,
    ArmRelease,
    CloseReceipt,
    ConfirmEnrolment,
    Done,
    FormKey,
    ImportFolder,
    ImportPlan,
    LoggedIn,
    Message,
    OpenReceipt,
    PaperOffer,
    Save,
    SaveAck,
    Second,
    SittingView,
    StationHello,
    Welcome,
    WrappingKey,
)
from venue_server.wire.names import IdDocument, Role, SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode

START_MS = 1_800_000_000_000
DAY = DayTimes(START_MS)
SEATS = 4
PATIENCE_S = 10.0
M = TypeVar("M", bound=Message)

CHIEF, DEPUTY, ADMIN, ADMIN_B = "chief-1", "deputy-1", "admin-a", "admin-b"


# ---- what is made once a run ---------------------------------------------------------------


def invent() -> Cast:
    """Two rooms with four seats each, two invigilators a room, nobody real."""
    rng = random.Random(7)
    rooms = [Room("01", "第一考场"), Room("02", "第二考场")]
    seats = [
        Seat(room.room_id, f"{n:02d}", n % 2, n // 2) for room in rooms for n in range(1, SEATS + 1)
    ]
    candidates = [
        Candidate(
            ticket_no=f"2699{seat.room_id}0{seat.seat_no}",
            name=f"应试{seat.room_id}{seat.seat_no}",
            id_document=IdDocument.RESIDENT_ID,
            id_number=id_number(rng),
            room_id=seat.room_id,
            seat_no=seat.seat_no,
        )
        for seat in seats
    ]
    return Cast(rooms, seats, candidates, _staff(rooms), len(candidates))


def _staff(rooms: list[Room]) -> list[Person]:
    def person(person_id: str, role: Role, *room_ids: str) -> Person:
        return Person(person_id, person_id, (role,), room_ids, f"password of {person_id}")

    staff = [
        person(CHIEF, Role.CHIEF),
        person(DEPUTY, Role.DEPUTY),
        person(ADMIN, Role.SYSADMIN),
        person(ADMIN_B, Role.SYSADMIN),
        person("inspector-1", Role.INSPECTOR),
    ]
    for room in rooms:
        staff += [
            person(f"inv-{room.room_id}-1", Role.INVIGILATOR, room.room_id),
            person(f"inv-{room.room_id}-2", Role.INVIGILATOR, room.room_id),
        ]
    return staff


@dataclass(frozen=True)
class Template:
    """A venue before its day: ``venue`` was initialised, ``sealed`` is the paper for it."""

    folder: Path
    cast: Cast

    @property
    def venue(self) -> Path:
        return self.folder / "venue"

    @property
    def sealed(self) -> Path:
        """Manifest and five fragments, of which any three are enough."""
        return self.folder / "sealed" / "venue"

    @property
    def own(self) -> Path:
        """What never leaves headquarters: keys, release secret, code shares."""
        return self.folder / "sealed" / "headquarters"

    def code_shares(self) -> list[str]:
        """The two custodians' words."""
        files = sorted(self.own.glob("code-share-*.txt"))
        return [file.read_text().splitlines()[1] for file in files]


def make_template(folder: Path) -> Template:
    """Initialise headquarters and venue by their command lines, and seal the sample paper."""
    cast = invent()
    keys = init_headquarters(folder / "headquarters")
    headquarters = Headquarters(keys, "https://127.0.0.1:1")
    public = headquarters.public_file(folder / "headquarters.json")
    venue = folder / "venue"
    words = ["init", "--data", str(venue), "--venue-id", VENUE_ID, "--venue-name", "试考考点"]
    words += ["--mode", "REHEARSAL", "--headquarters", str(public), "--listen", "127.0.0.1:0"]
    words += ["--enrol-port", "0", "--same-device", "--light-passwords", "--no-advertise"]
    assert command_line.main(words) == 0
    people = [
        {
            "person_id": each.person_id,
            "name": each.name,
            "roles": list(each.roles),
            "rooms": list(each.rooms),
            "password": each.password,
        }
        for each in cast.staff
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", [json.dumps(each) + "\n" for each in people])
        assert command_line.main(["staff", "add", "--data", str(venue), "--from-stdin"]) == 0
    settings = load_settings(venue)
    # The machines of these tests speak only when a test says so: nobody is lost by being silent.
    small = msgspec.structs.replace(
        settings,
        reserve_bytes=1 << 20,
        disk_floor_bytes=0,
        hand_in_grace_s=0.05,
        heartbeat_lost_s=600.0,
    )
    save_settings(venue, small)
    headquarters.register((venue / "keys/venue.ed25519.pub").read_text().strip())
    venue_public = (venue / "keys/venue.hpke.pub").read_text().strip()
    headquarters.seal(sample_package_path(), folder / "sealed", venue_public, DAY)
    return Template(folder, cast)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """One for the whole run, whichever folder's tests ask first."""
    folder = tmp_path_factory.getbasetemp() / "venue-template"
    if folder.exists():
        return Template(folder, invent())
    folder.mkdir()
    return make_template(folder)


# ---- time ----------------------------------------------------------------------------------


class ExamTime:
    """The clocks of headquarters and of the server's machine, moved together by hand.

    ``wall_ms`` moves the operating system's wall clock alone, as an attacker would; another
    ``boot`` is a reboot.
    """

    def __init__(self) -> None:
        self.skipped_s = 0.0
        self.wall_ms = 0.0
        self.boot = "this boot"

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped_s

    def sources(self) -> clock.ClockSources:
        """What the venue's clock reads instead of the machine's own clocks."""
        return _SOURCES(
            boot_ms=lambda: clock.boot_ms() + self.skipped_s * 1000,
            wall_ms=lambda: clock.wall_ms() + self.skipped_s * 1000 + self.wall_ms,
            boot_id=lambda: self.boot,
        )


_SOURCES = clock.ClockSources


# ---- machines and people -------------------------------------------------------------------


class Heard(LinkHandler[Any]):
    """Everything a machine was told, in order, and waiting for it without polling."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.up = asyncio.Event()
        self.downs: list[Down] = []
        self._news = asyncio.Event()

    def on_up(self) -> None:
        self.up.set()

    def on_message(self, message: Any) -> None:
        self.messages.append(message)
        self._news.set()

    def on_down(self, down: Down) -> None:
        self.downs.append(down)
        self.up.clear()
        self._news.set()

    def on_state(self, state: LinkState, down: Down | None) -> None:
        self._news.set()

    def all(self, kind: type[M]) -> list[M]:
        """Every message of a kind so far."""
        return [each for each in self.messages if isinstance(each, kind)]

    async def until(self, fits: Callable[[], bool], what: str = "") -> None:
        """Wait until a condition over what was heard holds."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not fits():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            kinds = [type(each).__name__ for each in self.messages[-12:]]
            raise AssertionError(f"{what or 'it'} did not come; heard last: {kinds}") from None

    async def next(
        self, kind: type[M], after: int = 0, fits: Callable[[M], bool] = lambda _m: True
    ) -> M:
        """The first fitting message of a kind, among those after the first ``after`` messages."""

        def found() -> list[M]:
            late = self.messages[after:]
            return [each for each in late if isinstance(each, kind) and fits(each)]

        await self.until(lambda: bool(found()), kind.__name__)
        return found()[0]


class ConsoleHeard(Heard, ConsoleHandler):
    """A console's ear."""

    def on_board(self, board: BoardState) -> None:
        self._news.set()


@dataclass
class Console:
    """A person at a console."""

    client: ConsoleClient
    heard: ConsoleHeard
    task: "asyncio.Task[None]"

    async def order(self, message: Message) -> dict[str, Any]:
        """An order that must be carried out; its result."""
        done = await self.client.order(message)
        assert isinstance(done, Done), done
        return dict(done.result)

    async def refused(self, message: Message) -> RefusalCode:
        """An order that must be refused; its code."""
        done = await self.client.order(message)
        assert isinstance(done, Refusal), done
        return done.code

    async def board(self, fits: Callable[[BoardState], bool], what: str = "the board") -> None:
        """Wait until the board shows something."""
        board = self.client.board
        await self.heard.until(lambda: board.current and fits(self.client.board), what)


class Chain:
    """The answers of one sitting, as its station would make them."""

    def __init__(self, sitting_id: str) -> None:
        self.sitting_id = sitting_id
        self.entries: list[ResponseEntry] = []

    @property
    def head(self) -> str:
        return self.entries[-1].hash if self.entries else genesis(self.sitting_id)

    def add(self, at_ms: int, text: str = "", kind: str = "response") -> ResponseEntry:
        """Make and keep the next entry."""
        values = {"RESPONSE": [text]} if kind == "response" else {}
        item = "Q01" if kind == "response" else ""
        seq = len(self.entries) + 1
        entry = ResponseEntry(self.sitting_id, seq, kind, item, values, {}, at_ms, self.head)
        self.entries.append(seal_entry(entry))
        return self.entries[-1]


@dataclass
class Station:
    """A machine at a seat that speaks the raw protocol through the client library."""

    identity: MachineIdentity
    client: StationClient
    heard: Heard
    task: "asyncio.Task[None]"
    folder: Path
    room_id: str
    seat_no: str
    candidate: Candidate
    hello: StationHello = field(default_factory=lambda: StationHello(1, "test"))
    sitting: SittingView | None = None

    @property
    def machine_id(self) -> str:
        return self.identity.machine_id

    async def welcome(self) -> Welcome:
        return await self.heard.next(Welcome)

    async def fetch(self) -> Path:
        """Fetch and verify the offered ciphertext and say so."""
        offer = await self.heard.next(PaperOffer)
        target = self.folder / "ciphertext"
        done = await self.client.fetch_ciphertext(offer, target)
        assert isinstance(done, Path), done
        self.hello = msgspec.structs.replace(self.hello, have_paper=offer.sha256)
        assert self.client.paper_ready(offer)
        return done

    async def content_key(self, after: int = 0) -> bytes:
        """Open the wrapping key and the form key that came after the first ``after`` messages."""
        wrapping = await self.heard.next(WrappingKey, after)
        form = await self.heard.next(FormKey, after)
        info = wrapping_info(wrapping.paper_id, wrapping.form_id, self.machine_id)
        key = self.identity.hpke().open(unb64(wrapping.sealed), info)
        return unwrap_form_key(key, unb64(form.wrapped), form.paper_id, form.form_id)

    async def log_in(self) -> LoggedIn | Refusal:
        done = await self.client.log_in(self.candidate.ticket_no, self.candidate.id_number)
        if isinstance(done, LoggedIn):
            self.sitting = done.sitting
        return done

    @property
    def sitting_id(self) -> str:
        assert self.sitting is not None
        return self.sitting.sitting_id

    async def seated(self) -> None:
        """Log in, confirm, read the rules."""
        assert isinstance(await self.log_in(), LoggedIn)
        assert isinstance(await self.client.confirm_identity(self.sitting_id), LoggedIn)
        done = await self.client.acknowledge_rules(self.sitting_id, "1")
        assert isinstance(done, LoggedIn), done
        assert done.sitting.state is SittingState.RULES_ACK

    async def save(self, *entries: ResponseEntry) -> SaveAck:
        """Save and wait for the acknowledgement."""
        before = len(self.heard.messages)
        assert self.client.link.send(Save(self.sitting_id, list(entries)))
        return await self.heard.next(SaveAck, before)

    async def close(self) -> None:
        await self.client.close()
        await self.task


# ---- the world -----------------------------------------------------------------------------


@dataclass
class World:
    """One venue's day. ``start`` and ``stop`` are the server's; the rest goes on."""

    template: Template
    folder: Path
    time: ExamTime
    keys: HeadquartersKeys
    headquarters: Headquarters
    line: AsyncExitStack
    _clock: HeadquartersClock
    node: VenueNode | None = None
    consoles: list[Console] = field(default_factory=list)
    stations: list[Station] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "venue"

    @property
    def cast(self) -> Cast:
        return self.template.cast

    # ---- headquarters --------------------------------------------------------------------

    day = DAY

    async def cut_off(self) -> None:
        """The WAN is down: headquarters answers nobody."""
        await self.line.aclose()

    async def reconnect(self) -> None:
        """The WAN is back: headquarters answers where it did before."""
        port = int(self.headquarters.base_url.rpartition(":")[2])
        await self.line.enter_async_context(serving(self.keys, self._clock, port=port))

    # ---- the server ----------------------------------------------------------------------

    async def start(self) -> VenueNode:
        """Start the server on the ports it had before, and wait for trusted time."""
        node = self.node = VenueNode(self.data)
        await node.start()
        await self.until((self.data / "clock.json").exists)
        settings = load_settings(self.data)
        ports = {"listen_port": node.ports.main, "enrol_port": node.ports.enrol}
        save_settings(self.data, msgspec.structs.replace(settings, **ports))
        return node

    async def stop(self) -> None:
        node, self.node = self.node, None
        if node is not None:
            await node.stop()

    async def restart(self) -> None:
        """Stop the server in order and start it again; consoles must sign in anew."""
        await self.restart_as(self._start)

    async def _start(self) -> None:
        await self.start()

    async def restart_as(self, start: Callable[[], Awaitable[None]]) -> None:
        """Go on with the server in another process, which ``start`` starts over the folder."""
        await leave_all(self)
        await self.stop()
        for station in self.stations:
            await station.heard.until(lambda s=station: not s.heard.up.is_set(), "the end")
            station.heard.messages.clear()
        await start()
        for station in self.stations:
            await station.welcome()

    # ---- time ----------------------------------------------------------------------------

    def go(self, exam_ms: int) -> None:
        """Let exam time be (at least) this instant now, for the server and for headquarters."""
        behind = min(self.now_ms(), self._clock.now_ms())
        if behind < exam_ms:
            self.time.skipped_s += (exam_ms + 1 - behind) / 1000

    def now_ms(self) -> int:
        """The server's trusted exam time, read from its anchor."""
        anchor = msgspec.json.decode((self.data / "clock.json").read_bytes(), type=clock.Anchor)
        boot_ms = clock.boot_ms() + self.time.skipped_s * 1000
        return int(anchor.exam_ms + (boot_ms - anchor.boot_ms) * anchor.rate)

    async def until(self, fits: Callable[[], bool]) -> None:
        """Wait for something that can only be seen in a file."""
        async with asyncio.timeout(PATIENCE_S):
            while not fits():  # noqa: ASYNC110  # files tell nobody
                await asyncio.sleep(0.02)

    # ---- people --------------------------------------------------------------------------

    def person(self, person_id: str) -> Person:
        return next(each for each in self.cast.staff if each.person_id == person_id)

    def second(self, person_id: str) -> Second:
        """This person as the second one of an order."""
        return Second(person_id, self.person(person_id).password)

    async def visitor(self, endpoint: Any = None) -> Console:
        """A console where nobody has signed in, by default over the control socket."""
        heard = ConsoleHeard()
        where = endpoint or UnixEndpoint(self.data / "run" / "control.sock")
        client = ConsoleClient(where, heard, "test")
        console = Console(client, heard, asyncio.create_task(client.run()))
        self.consoles.append(console)
        await patiently(heard.up.wait())
        return console

    async def console(self, person_id: str, endpoint: Any = None) -> Console:
        """A console with this person signed in."""
        console = await self.visitor(endpoint)
        signed = await console.client.sign_in(person_id, self.person(person_id).password)
        assert not isinstance(signed, Refusal), signed
        return console

    # ---- machines ------------------------------------------------------------------------

    @property
    def ports(self) -> Any:
        assert self.node is not None
        return self.node.ports

    async def enrolled(
        self, kind: str, admin: Console, room_id: str = "", seat_no: str = ""
    ) -> MachineIdentity:
        """Enrol one machine through the door, its code confirmed by the administrator."""
        code: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        where, name = f"127.0.0.1:{self.ports.enrol}", f"{kind}-{room_id}-{seat_no}"
        folder = self.folder / "machines" / name
        task = asyncio.create_task(enrol(where, kind, folder, code.set_result, poll_s=0.02))
        shown = await patiently(code)
        await admin.order(ConfirmEnrolment(0, shown, kind, name, room_id, seat_no))
        identity = await patiently(task)
        assert isinstance(identity, MachineIdentity), identity
        return identity

    def endpoint(self, identity: MachineIdentity) -> TlsEndpoint:
        """The main listener for an enrolled machine."""
        return TlsEndpoint(identity, AddressBook([f"127.0.0.1:{self.ports.main}"]))

    async def station(self, admin: Console, room_id: str, seat_no: str) -> Station:
        """A station at a seat: enrolled, connected, welcomed."""
        identity = await self.enrolled("station", admin, room_id, seat_no)
        return await self.connect(identity, room_id, seat_no)

    async def connect(self, identity: MachineIdentity, room_id: str, seat_no: str) -> Station:
        heard = Heard()
        stations: list[Station] = []
        client = StationClient(self.endpoint(identity), heard, lambda: stations[0].hello)
        candidate = self.candidate(room_id, seat_no)
        task = asyncio.create_task(client.run())
        station = Station(
            identity, client, heard, task, identity.directory, room_id, seat_no, candidate
        )
        stations.append(station)
        self.stations.append(station)
        await station.welcome()
        return station

    def candidate(self, room_id: str, seat_no: str) -> Candidate:
        return next(c for c in self.cast.candidates if (c.room_id, c.seat_no) == (room_id, seat_no))

    # ---- stretches of the day ------------------------------------------------------------

    async def plan(self, admin: Console) -> Path:
        """Import the signed plan."""
        file = self.headquarters.write_plan(self.cast, DAY, self.folder / "plan.signed.json")
        await admin.order(ImportPlan(0, str(file), self.second(ADMIN_B)))
        return file

    def medium(self, *fragments: int) -> Path:
        """A folder with the manifest and these fragments (1 to 5)."""
        folder = self.folder / "medium"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(self.template.sealed / "manifest.json", folder)
        for number in fragments:
            shutil.copy(next(self.template.sealed.glob(f"*-{number}of5.kdfrag")), folder)
        return folder

    async def receive(self, admin: Console) -> None:
        """Supervised receipt of fragments 5, 1 and 3."""
        self.go(DAY.at(-60))
        await admin.order(OpenReceipt(0, SESSION_ID, self.second(CHIEF)))
        result = await admin.order(ImportFolder(0, str(self.medium(5, 1, 3))))
        assert result["state"] == "COMPLETE", result
        await admin.order(CloseReceipt(0, self.second(CHIEF)))

    async def invigilators(self) -> dict[str, Console]:
        """Two signed-in invigilators in every room; the first one's console by room."""
        first: dict[str, Console] = {}
        for room in self.cast.rooms:
            first[room.room_id] = await self.console(f"inv-{room.room_id}-1")
            await self.console(f"inv-{room.room_id}-2")
        return first

    def admission(self, candidate: Candidate) -> Admit:
        return Admit(
            0,
            candidate.room_id,
            candidate.ticket_no,
            candidate.id_document,
            candidate.id_number,
            id_checked=True,
            ticket_checked=True,
        )

    async def open_doors(self, rooms: dict[str, Console], *stations: Station) -> None:
        """When the doors open: admit these stations' candidates, allow log-in, seat them."""
        self.go(DAY.at(-30))
        for station in stations:
            await rooms[station.room_id].order(self.admission(station.candidate))
        for room_id, console in rooms.items():
            await console.order(AllowLogin(0, room_id))
        for station in stations:
            await station.seated()

    async def arm(self, chief: Console) -> None:
        await chief.order(ArmRelease(0, SESSION_ID, self.second(ADMIN)))

    async def released(self, watching: Console) -> None:
        """Go to the release point and wait until the session has started."""
        self.go(DAY.at(-2))
        await watching.board(
            lambda b: b.venue is not None and b.venue.session_state is SessionState.STARTED,
            "the release",
        )

    # ---- what was written ----------------------------------------------------------------

    def ledger(self) -> list[dict[str, Any]]:
        """The ledger's file, entry by entry."""
        return [json.loads(line) for line in (self.data / "ledger.jsonl").read_text().splitlines()]

    def events(self, *names: str) -> list[dict[str, Any]]:
        """The entries of some events."""
        return [entry for entry in self.ledger() if entry["event"] in names]


async def patiently(work: Awaitable[Any]) -> Any:
    """Await with a bound that says what hangs instead of the whole test's time-out."""
    async with asyncio.timeout(PATIENCE_S):
        return await work


async def leave(console: Console) -> None:
    """Close a console."""
    await console.client.close()
    await console.task


async def leave_all(world: World) -> None:
    """Close every console."""
    for console in world.consoles:
        await leave(console)
    world.consoles.clear()


# ---- fixtures ------------------------------------------------------------------------------


@pytest.fixture
def exam_time(monkeypatch: pytest.MonkeyPatch) -> ExamTime:
    """Exam time in this test's hand; the server's clockwork looks more often than in real life."""
    moved = ExamTime()
    monkeypatch.setattr(clock, "ClockSources", moved.sources)
    monkeypatch.setattr(day, "WATCH_S", 0.05)
    monkeypatch.setattr(day, "LOOK_S", 0.05)
    monkeypatch.setattr(hub, "FLUSH_S", 0.05)
    return moved


@pytest.fixture
async def world(template: Template, tmp_path: Path, exam_time: ExamTime) -> AsyncIterator[World]:
    """A venue with its server running, 62 exam minutes before the start of the exam."""
    made = await open_world(template, tmp_path, exam_time)
    await made.start()
    yield made
    for console in made.consoles:
        await leave(console)
    for station in made.stations:
        await station.close()
    await made.stop()
    await made.cut_off()


@dataclass
class ExamDay:
    """A world in the middle of the exam: stations with the paper open, everybody signed in."""

    world: World
    admin: Console
    chief: Console
    rooms: dict[str, Console]
    stations: list[Station]

    @property
    def first(self) -> Station:
        """The station at 01-01."""
        return self.stations[0]

    @property
    def other(self) -> Station:
        """The station at 02-02."""
        return self.stations[1]

    async def next_save(self, station: Station, chain: Chain, text: str = "") -> SaveAck:
        """One more answer, saved and acknowledged."""
        return await station.save(chain.add(self.world.now_ms(), text))


async def begin_exam(world: World, *places: tuple[str, str]) -> ExamDay:
    """Everything from the plan to the open papers at these places (room, seat)."""
    admin, chief = await world.console(ADMIN), await world.console(CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    stations = [await world.station(admin, *place) for place in places]
    for station in stations:
        await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, *stations)
    await world.arm(chief)
    await world.released(chief)
    world.go(DAY.at(0))
    for station in stations:
        await station.content_key()
        assert station.client.paper_opened(station.sitting_id, world.now_ms())
    await chief.board(
        lambda b: all(
            b.seats[s.room_id][s.seat_no].state is SittingState.IN_PROGRESS for s in stations
        ),
        "the open papers",
    )
    return ExamDay(world, admin, chief, rooms, stations)


@pytest.fixture
async def exam_day(world: World) -> ExamDay:
    """The exam at one seat of each room."""
    return await begin_exam(world, ("01", "01"), ("02", "02"))


async def open_world(template: Template, folder: Path, exam_time: ExamTime) -> World:
    """Headquarters runs and knows the venue; the venue's server is not started yet."""
    shutil.copytree(template.venue, folder / "venue")
    shutil.copytree(template.folder / "headquarters", folder / "headquarters")
    keys = load_headquarters(folder / "headquarters")
    hq_clock = HeadquartersClock(1.0, DAY.at(-62), exam_time.monotonic)
    line = AsyncExitStack()
    port = await line.enter_async_context(serving(keys, hq_clock))
    base_url = f"https://127.0.0.1:{port}"
    settings = load_settings(folder / "venue")
    known = msgspec.structs.replace(settings.headquarters, base_url=base_url)
    save_settings(folder / "venue", msgspec.structs.replace(settings, headquarters=known))
    headquarters = Headquarters(keys, base_url)
    return World(template, folder, exam_time, keys, headquarters, line, hq_clock)


@pytest.fixture
def kit() -> Any:
    """This module: its builders and names, for tests (which import no other test file)."""
    return sys.modules[__name__]
