"""One venue in a test, its day in the test's hand: server, headquarters, time, machines, people."""

import asyncio
import json
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tests.journeys.venue.venue_machines import (
    PATIENCE_S,
    Console,
    ConsoleHeard,
    Heard,
    Station,
    leave,
    patiently,
)
from tests.journeys.venue.venue_template import ADMIN, ADMIN_B, CHIEF, DAY, Template
from venue_server import clock
from venue_server.client.addresses import AddressBook
from venue_server.client.console import ConsoleClient
from venue_server.client.endpoint import TlsEndpoint, UnixEndpoint
from venue_server.client.enrolment import enrol
from venue_server.client.identity import MachineIdentity
from venue_server.client.station import StationClient
from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import (
    HeadquartersKeys,
    load_headquarters,
)
from venue_server.node import VenueNode
from venue_server.rehearsal.cast import Cast, Person
from venue_server.rehearsal.headquarters_side import SESSION_ID, Headquarters
from venue_server.settings import load_settings, save_settings
from venue_server.sitting.plan import Candidate
from venue_server.wire.console_orders import (
    Admit,
    AllowLogin,
    ArmRelease,
    ConfirmEnrolment,
    GetRoomRecord,
    ImportPlan,
)
from venue_server.wire.frames import Second
from venue_server.wire.intake_orders import CloseReceipt, ImportFolder, OpenReceipt
from venue_server.wire.names import SessionState
from venue_server.wire.record_orders import AnswerRecordPoint
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import StationHello

# By so much more than the clock may be uncertain, also on a busy machine, an instant has passed.
SURELY_MS = 20_000
PUSHES = 5


class ExamTime:
    """The clocks of headquarters and of the server's machine, moved together by hand.

    ``wall_ms`` moves the operating system's wall clock alone, as an attacker would; ``lost_s`` is
    what the server's machine alone did not live through (a paused virtual machine, a crystal that
    is too slow; negative: too fast); ``slept_s`` what it slept; ``disciplined`` whether
    its kernel calls the wall clock synchronised.
    """

    def __init__(self) -> None:
        self.skipped_s = 0.0
        self.wall_ms = 0.0
        self.boot = "this boot"
        self.lost_s = 0.0
        self.slept_s = 0.0
        self.disciplined = False
        self._booted_ms = 0.0

    def reboot(self, boot: str) -> None:
        """The machine starts afresh: another boot id, its steady clock at nothing."""
        self.boot = boot
        self.lost_s = self.slept_s = 0.0
        self._booted_ms = self._machine_ms()

    def _machine_ms(self) -> float:
        return clock.boot_ms() + self.skipped_s * 1000

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped_s

    def sources(self) -> clock.ClockSources:
        """What the venue's clock reads instead of the machine's own clocks."""
        return _SOURCES(
            boot_ms=self.steady_ms,
            wall_ms=lambda: clock.wall_ms() + self.skipped_s * 1000 + self.wall_ms,
            boot_id=lambda: self.boot,
            suspended_ms=lambda: self.slept_s * 1000,
            system_error_ms=lambda: 20.0 if self.disciplined else None,
        )

    def steady_ms(self) -> float:
        """The steady clock of the server's machine."""
        return self._machine_ms() - self._booted_ms - self.lost_s * 1000


_SOURCES = clock.ClockSources


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

    def headquarters_moves(self, ms: int) -> None:
        """Headquarters' own clock was set."""
        self._clock.start_ms += ms

    def headquarters_ms(self) -> int:
        """True time, as far as this day is concerned."""
        return self._clock.now_ms()

    # ---- the server ----------------------------------------------------------------------

    async def start(self) -> None:
        """Start the server on the ports it had before, and wait for trusted time."""
        await self.start_without_time()
        await self.until((self.data / "clock.json").exists)

    async def start_without_time(self) -> None:
        """Start the server; headquarters may be out of reach."""
        node = self.node = VenueNode(self.data)
        await node.start()
        settings = load_settings(self.data)
        ports = {"listen_port": node.ports.main, "enrol_port": node.ports.enrol}
        save_settings(self.data, msgspec.structs.replace(settings, **ports))

    async def stop(self) -> None:
        node, self.node = self.node, None
        if node is not None:
            await node.stop()

    async def restart(self) -> None:
        """Stop the server in order and start it again; consoles must sign in anew."""
        await self.restart_as(self.start)

    async def restart_as(self, start: Callable[[], Awaitable[None]]) -> None:
        """Go on with the server in another process, which ``start`` starts over the folder."""
        await leave_all(self)
        await self.stop()
        for station in self.stations:
            await station.lost()
            station.heard.messages.clear()
        await start()
        for station in self.stations:
            await station.welcome()

    # ---- time ----------------------------------------------------------------------------

    def go(self, exam_ms: int) -> None:
        """Let exam time be (at least) this instant now, for the server and for headquarters."""
        # A clock that is slewed back goes less far than it is pushed: then it is pushed again.
        for _ in range(PUSHES):
            behind = min(self.now_ms(), self._clock.now_ms())
            if behind >= exam_ms:
                return
            self.time.skipped_s += (exam_ms + 1 - behind) / 1000

    def now_ms(self) -> int:
        """The server's trusted exam time; of another process, read from its anchor."""
        if self.node is not None:
            return self.node.now_ms()
        anchor = msgspec.json.decode((self.data / "clock.json").read_bytes(), type=clock.Anchor)
        return int(anchor.exam_at(self.time.steady_ms()))

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

    async def connect(
        self,
        identity: MachineIdentity,
        room_id: str,
        seat_no: str,
        hello: StationHello | None = None,
        candidate: Candidate | None = None,
    ) -> Station:
        """A machine at its seat, welcomed; ``hello`` says what it holds, by default nothing."""
        heard = Heard()
        stations: list[Station] = []
        client = StationClient(self.endpoint(identity), heard, lambda: stations[0].hello)
        candidate = candidate or self.candidate(room_id, seat_no)
        task = asyncio.create_task(client.run())
        station = Station(
            identity, client, heard, task, identity.directory, room_id, seat_no, candidate
        )
        station.hello = hello or station.hello
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

    async def look_at_points(self, chief: Console) -> None:
        """The chief looks at everyone the end-of-session lists name (K07)."""
        for room in self.cast.rooms:
            record = await chief.order(GetRoomRecord(0, room.room_id))
            if points := [each["point"] for each in record["points"] if not each["answered"]]:
                await chief.order(AnswerRecordPoint(0, room.room_id, points))

    async def arm(self, chief: Console) -> None:
        await chief.order(ArmRelease(0, SESSION_ID, self.second(ADMIN)))

    async def released(self, watching: Console) -> None:
        """Go to the release point and wait until the session has started."""
        self.go(DAY.at(-2))
        await watching.board(
            lambda b: b.venue is not None and b.venue.session_state is SessionState.STARTED,
            "the release",
        )

    async def recorded(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until an event was recorded so often."""
        await self.until(lambda: len(self.events(name)) >= count)
        return self.events(name)

    # ---- what was written ----------------------------------------------------------------

    def ledger(self) -> list[dict[str, Any]]:
        """The ledger's file, entry by entry."""
        return [json.loads(line) for line in (self.data / "ledger.jsonl").read_text().splitlines()]

    def events(self, *names: str) -> list[dict[str, Any]]:
        """The entries of some events."""
        return [entry for entry in self.ledger() if entry["event"] in names]


async def leave_all(world: World) -> None:
    """Close every console."""
    for console in world.consoles:
        await leave(console)
    world.consoles.clear()


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
