"""Before the day: the venue, its server and consoles are set up, its stations enrolled."""

import asyncio
import json
from typing import Any

from venue_server.client.addresses import AddressBook
from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.enrolment import enrol
from venue_server.client.identity import MachineIdentity
from venue_server.rehearsal import processes
from venue_server.rehearsal.cast import Person
from venue_server.rehearsal.faults import Faults
from venue_server.rehearsal.headquarters_side import VENUE_ID, VENUE_NAME
from venue_server.rehearsal.processes import Program, python_command
from venue_server.rehearsal.roster import FOUNDERS
from venue_server.rehearsal.scene import Place, RehearsalFailedError, Scene
from venue_server.rehearsal.windows import Windows
from venue_server.wire.console_orders import ConfirmEnrolment
from venue_server.wire.names import Role

READY_S = 60.0
SPARE_PERCENT = 10  # as the plan's threshold; at least one, because one will be needed
SPARE_SEAT = 91


def places(scene: Scene) -> list[Place]:
    """Every simulated station: one for each candidate who comes, one at each seat that stays empty,
    and the spares of each room, in this order."""
    cast = scene.cast
    empty = [each for each in cast.candidates if each not in (*cast.present, *cast.shown)]
    seats = [Place(each.room_id, each.seat_no) for each in (*cast.present, *empty)]
    for room in cast.rooms:
        count = sum(each.room_id == room.room_id for each in cast.candidates)
        spares = max(1, -(-count * SPARE_PERCENT // 100))
        seats += [Place(room.room_id, str(SPARE_SEAT + number)) for number in range(spares)]
    return seats


class Before:
    """The stages up to the doors."""

    def __init__(self, scene: Scene, faults: Faults) -> None:
        self.scene = scene
        self.faults = faults

    async def set_up(self) -> None:
        """A venue in a fresh folder, its staff, its server, the chief at a console."""
        await self._init_venue()
        # The first start chooses the ports; the server runs with settings that know them (C10).
        await self._keep_ports(await self._start_server())
        await self._start_server()
        await self.scene.role(Role.CHIEF).sign_in()
        await self.scene.role(Role.SYSADMIN).sign_in()
        await self._console_on_the_lan()
        if self.scene.options.show:
            await self._show()

    async def _init_venue(self) -> None:
        public = self.scene.headquarters.public_file(self.scene.folder / "headquarters.json")
        command = python_command(
            "venue_server",
            "init",
            "--data",
            str(self.scene.venue),
            "--venue-id",
            VENUE_ID,
            "--venue-name",
            VENUE_NAME,
            "--mode",
            "REHEARSAL",
            "--headquarters",
            str(public),
            "--second",
            str(self.scene.folder / "second-device"),
            "--backup",
            str(self.scene.folder / "backup-medium"),
            "--listen",
            "127.0.0.1:0",
            "--enrol-port",
            "0",
            "--same-device",
            "--light-passwords",
            "--enrolments-per-address",
            "2000",  # every station of a rehearsal is on this machine
            "--no-advertise",
        )
        await processes.run_once(command)
        founders = [each for each in self.scene.cast.staff if each.person_id in FOUNDERS]
        people = "".join(json.dumps(_account(each)) + "\n" for each in founders)
        add = python_command(
            "venue_server", "staff", "add", "--data", str(self.scene.venue), "--from-stdin"
        )
        await processes.run_once(add, people.encode())
        self.scene.headquarters.register(
            (self.scene.venue / "keys/venue.ed25519.pub").read_text().strip()
        )

    async def _start_server(self) -> Program:
        words = ("venue_server", "run", "--data", str(self.scene.venue))
        server = await self.scene.start("venue-server", *words, heard=self._server_event)
        serving = await server.next_event("serving", READY_S)
        self.scene.server_ports = (serving["port"], serving["enrol_port"])
        self.scene.progress.note(f"pid {server.process.pid} · {self.scene.restart_command}")
        (self.scene.folder / "venue-server.pid").write_text(f"{server.process.pid}\n")
        return server

    def _server_event(self, event: dict[str, Any]) -> None:
        """The server ended although nobody stopped it: say how to start it again by hand."""
        if event["event"] != "exited" or self.scene.stopping:
            return
        self.scene.server_gone = True
        self.scene.progress.line(
            "考点服务器已停止 / the venue server is gone. 重新启动 / start it again:"
        )
        self.scene.progress.line(f"    {self.scene.restart_command}")

    async def _show(self) -> None:
        """Open the real console and one real station window for a person to take part by hand."""
        main, enrol_port = self.scene.server_ports
        windows = Windows(self.scene.folder, f"127.0.0.1:{main}", f"127.0.0.1:{enrol_port}")
        self.scene.programs += await windows.open()
        admin = self.scene.role(Role.SYSADMIN)
        await windows.enrol(admin, self.scene.cast.shown[0])

    async def _keep_ports(self, server: Program) -> None:
        """A server restarted by hand must listen where its stations look for it."""
        main, enrol_port = self.scene.server_ports
        self.scene.stopping = True  # in order, and not for long
        await server.stop()
        self.scene.stopping = False
        self.scene.programs.remove(server)
        file = self.scene.venue / "venue.json"
        settings = json.loads(file.read_text())
        settings |= {"listen_port": main, "enrol_port": enrol_port}
        file.write_text(json.dumps(settings, ensure_ascii=False, indent=2))

    async def _console_on_the_lan(self) -> None:
        """The deputy works at a console of the LAN, enrolled like every machine; the others sit at
        the server's own socket."""
        main, enrol_port = self.scene.server_ports
        folder = self.scene.folder / "console-identity"
        code: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asking = asyncio.create_task(
            enrol(f"127.0.0.1:{enrol_port}", "console", folder, code.set_result)
        )
        try:
            async with asyncio.timeout(READY_S):
                admin, shown = self.scene.role(Role.SYSADMIN), await code
                await admin.order(ConfirmEnrolment(0, shown, "console", "监考端", "", ""))
                identity = await asking
        finally:
            asking.cancel()
        if not isinstance(identity, MachineIdentity):
            raise RehearsalFailedError(identity.text("en"))
        deputy = self.scene.cast.person(Role.DEPUTY)
        self.scene.endpoints[deputy.person_id] = TlsEndpoint(
            identity, AddressBook([f"127.0.0.1:{main}"])
        )

    async def enrol(self) -> None:
        """Headless stations ask to be enrolled; the administrator confirms every code."""
        fields = ("room_id", "seat_no", "ticket_no", "id_number")
        people = [
            {name: getattr(each, name) for name in fields} for each in self.scene.cast.present
        ]
        candidates = self.scene.folder / "candidates.json"
        candidates.write_text(json.dumps(people))
        candidates.chmod(0o600)
        main, enrol_port = await self.faults.station_ports()
        self.scene.places = places(self.scene)
        self.scene.stations = await self.scene.start(
            "stations",
            "candidate_station.simulate",
            "--stations",
            str(len(self.scene.places)),
            "--machines",
            "--data",
            str(self.scene.folder / "stations"),
            "--server",
            f"127.0.0.1:{main}",
            "--enrol",
            f"127.0.0.1:{enrol_port}",
            "--candidates",
            str(candidates),
            "--seed",
            str(self.scene.options.seed),
            "--report",
            str(self.scene.truth_file),
            heard=self.scene.events.hear,
        )
        await self._confirm_codes()

    async def _confirm_codes(self) -> None:
        """The administrator compares each code and says which seat the machine stands at."""
        assert self.scene.stations is not None
        admin = self.scene.role(Role.SYSADMIN)
        for number in range(1, len(self.scene.places) + 1):
            shown = await self.scene.stations.next_event("enrol_code", READY_S)
            place = self.scene.places[shown["index"]]
            await admin.order(
                ConfirmEnrolment(
                    0,
                    str(shown["code"]),
                    "station",
                    f"考试机 {place.room_id}-{place.seat_no}",
                    place.room_id,
                    place.seat_no,
                )
            )
            self.scene.progress.note(f"{number} / {len(self.scene.places)}")
        await self.scene.board(
            lambda board: (
                board.venue is not None and board.venue.stations_total >= len(self.scene.places)
            )
        )


def _account(person: Person) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "roles": [role.value for role in person.roles],
        "rooms": list(person.rooms),
        "password": person.password,
    }
