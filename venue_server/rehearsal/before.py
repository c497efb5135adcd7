"""Before the exam: set up, enrol, plan, sealed paper, supervised receipt, distribution."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec

from venue_server.headquarters.service_papers import publish_package
from venue_server.rehearsal import processes
from venue_server.rehearsal.cast import Person
from venue_server.rehearsal.faults import Faults
from venue_server.rehearsal.headquarters_side import (
    SESSION_ID,
    TWO_FORMS_AND_A_RESERVE,
    VENUE_ID,
    VENUE_NAME,
)
from venue_server.rehearsal.options import BEFORE_MINUTES, DayTimes
from venue_server.rehearsal.processes import python_command
from venue_server.rehearsal.scene import RehearsalFailedError, Scene, stations_ready
from venue_server.rehearsal.windows import Windows
from venue_server.wire.inspection_orders import GetInspection, StartInspection
from venue_server.wire.intake_orders import (
    CloseReceipt,
    FetchPackages,
    GetIntake,
    ImportFolder,
    OpenReceipt,
    SignReceiptSheet,
)
from venue_server.wire.messages import (
    ConfirmEnrolment,
    ImportPlan,
    Message,
)
from venue_server.wire.names import Role

READY_S = 60.0
LOOK_S = 0.2
MUST_PASS = frozenset({"STA-APP", "STA-CLOCK", "NET-CONNECTED", "NET-ROUNDTRIP", "NET-LOSS"})


class _Check(msgspec.Struct, frozen=True):
    check_id: str
    verdict: str
    measured: str
    names: list[str]


class _Station(msgspec.Struct, frozen=True):
    seat: str
    online: bool


class _Inspected(msgspec.Struct, frozen=True):
    """What the rehearsal reads of the answer to GetInspection."""

    checks: list[_Check]
    stations: list[_Station]


class Before:
    """The stages up to the doors."""

    def __init__(self, scene: Scene, faults: Faults) -> None:
        self.scene = scene
        self.faults = faults

    async def set_up(self) -> None:
        """A venue in a fresh folder, its staff, its server, the chief at a console."""
        await self._init_venue()
        await self._start_server()
        await self.scene.role(Role.CHIEF).sign_in()
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
        people = "".join(json.dumps(_account(each)) + "\n" for each in self.scene.cast.staff)
        add = python_command(
            "venue_server", "staff", "add", "--data", str(self.scene.venue), "--from-stdin"
        )
        await processes.run_once(add, people.encode())
        self.scene.headquarters.register(
            (self.scene.venue / "keys/venue.ed25519.pub").read_text().strip()
        )

    async def _start_server(self) -> None:
        words = ("venue_server", "run", "--data", str(self.scene.venue))
        server = await self.scene.start("venue-server", *words, heard=self._server_event)
        serving = await server.next_event("serving", READY_S)
        self.scene.server_ports = (serving["port"], serving["enrol_port"])
        self._keep_ports(serving)
        self.scene.progress.note(f"pid {server.process.pid} · {self.scene.restart_command}")
        (self.scene.folder / "venue-server.pid").write_text(f"{server.process.pid}\n")

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
        main, enrol = self.scene.server_ports
        windows = Windows(self.scene.folder, f"127.0.0.1:{main}", f"127.0.0.1:{enrol}")
        self.scene.programs += await windows.open()
        admin = self.scene.role(Role.SYSADMIN)
        await windows.enrol(admin, self.scene.cast.shown[0])
        for line in windows.invitation(self.scene.cast):
            self.scene.progress.line(line)

    def _keep_ports(self, serving: dict[str, Any]) -> None:
        """A server restarted by hand must listen where its stations look for it."""
        file = self.scene.venue / "venue.json"
        settings = json.loads(file.read_text())
        settings |= {"listen_port": serving["port"], "enrol_port": serving["enrol_port"]}
        file.write_text(json.dumps(settings, ensure_ascii=False, indent=2))

    async def enrol(self) -> None:
        """Headless stations ask to be enrolled; the administrator confirms every code."""
        fields = ("room_id", "seat_no", "ticket_no", "id_number")
        people = [
            {name: getattr(each, name) for name in fields} for each in self.scene.cast.present
        ]
        candidates = self.scene.folder / "candidates.json"
        candidates.write_text(json.dumps(people))
        candidates.chmod(0o600)
        main, enrol = await self.faults.station_ports()
        self.scene.stations = await self.scene.start(
            "stations",
            "candidate_station.simulate",
            "--stations",
            str(self.scene.options.stations),
            "--data",
            str(self.scene.folder / "stations"),
            "--server",
            f"127.0.0.1:{main}",
            "--enrol",
            f"127.0.0.1:{enrol}",
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
        for number, candidate in enumerate(self.scene.cast.present, start=1):
            shown = await self.scene.stations.next_event("enrol_code", READY_S)
            await admin.order(
                ConfirmEnrolment(
                    0,
                    str(shown["code"]),
                    "station",
                    f"考试机 {candidate.room_id}-{candidate.seat_no}",
                    candidate.room_id,
                    candidate.seat_no,
                )
            )
            self.scene.progress.note(f"{number} / {self.scene.options.stations}")
        await self.scene.board(
            lambda board: (
                board.venue is not None
                and board.venue.stations_total >= self.scene.options.stations
            )
        )

    async def inspect(self) -> None:
        """The inspection as far as stations without screens can pass it: every one is connected,
        runs the same program, and its network and time are good (C08). The rest stays open: a
        rehearsal is not sealed."""
        async with asyncio.timeout(READY_S):
            found = await self._look(GetInspection(0))
            while not all(each.online for each in found.stations):
                await asyncio.sleep(LOOK_S)
                found = await self._look(GetInspection(0))
        found = await self._look(StartInspection(0))
        bad = [each for each in found.checks if each.check_id in MUST_PASS and each.verdict != "OK"]
        if bad:
            told = ", ".join(f"{each.check_id} {each.measured} {each.names}" for each in bad)
            raise RehearsalFailedError(f"inspection: {told}")
        passed = sum(each.verdict == "OK" for each in found.checks)
        self.scene.progress.note(f"{passed} / {len(found.checks)}")

    async def _look(self, message: Message) -> _Inspected:
        done = await self.scene.role(Role.SYSADMIN).order(message)
        return msgspec.convert(done, _Inspected)

    async def plan(self) -> None:
        """Headquarters seals two forms and a reserve and signs the plan; two administrators import
        it."""
        package = self.scene.options.package
        # Sealing takes real time, and the release point is inside what is sealed: leave room.
        sealing_s = len(TWO_FORMS_AND_A_RESERVE) * (1.0 + _size_mb(package) / 10)
        room_ms = int(self.scene.options.rate * 1000 * sealing_s)
        now = self.scene.role(Role.CHIEF).client.clock.now_ms()
        self.scene.times = DayTimes(int(now) + room_ms + BEFORE_MINUTES * 60_000)
        venue_public = (self.scene.venue / "keys/venue.hpke.pub").read_text().strip()
        for paper in TWO_FORMS_AND_A_RESERVE:
            sealed = self.scene.folder / "sealed" / paper.form_id
            await asyncio.to_thread(
                self.scene.headquarters.seal,
                package,
                sealed,
                venue_public,
                self.scene.times,
                paper,
            )
            publish_package(self.scene.headquarters.keys.data_dir, sealed / "venue")
        plan = self.scene.headquarters.write_plan(
            self.scene.cast,
            self.scene.times,
            self.scene.folder / "plan.signed.json",
            TWO_FORMS_AND_A_RESERVE,
            venue_public,
        )
        second = self.scene.role(Role.SYSADMIN, 1).second()
        await self.scene.role(Role.SYSADMIN).order(ImportPlan(0, str(plan), second))

    async def intake(self) -> None:
        """Two of five fragments of every form on a medium, in the wrong order; headquarters' mirror
        has the rest. The chief signs for what is here."""
        medium = self.scene.folder / "medium"
        medium.mkdir()
        for paper in TWO_FORMS_AND_A_RESERVE:
            sealed = self.scene.folder / "sealed" / paper.form_id / "venue"
            fragments = sorted(sealed.glob("*.kdfrag"))
            for path in (fragments[4], fragments[0]):
                shutil.copy(path, medium)
            shutil.copy(sealed / "manifest.json", medium / f"{paper.form_id}.manifest.json")
        await self.scene.until(self.scene.times.at(-BEFORE_MINUTES))
        operator, supervisor = self.scene.role(Role.SYSADMIN), self.scene.role(Role.CHIEF)
        await operator.order(OpenReceipt(0, SESSION_ID, supervisor.second()))
        await operator.order(ImportFolder(0, str(medium)))
        result = await operator.order(FetchPackages(0))
        if result.get("state") != "COMPLETE":
            raise RehearsalFailedError(f"intake: {json.dumps(result, ensure_ascii=False)}")
        await operator.order(CloseReceipt(0, supervisor.second()))
        sheet = (await operator.order(GetIntake(0, SESSION_ID)))["sheet"]
        assert isinstance(sheet, dict), "as the protocol says"
        await supervisor.order(SignReceiptSheet(0, SESSION_ID, str(sheet["code"])))

    async def distribute(self) -> None:
        """Every station holds verified ciphertext (E02)."""
        wanted = self.scene.options.stations
        await self.scene.board(lambda board: stations_ready(board) >= wanted)


def _account(person: Person) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "roles": [role.value for role in person.roles],
        "rooms": list(person.rooms),
        "password": person.password,
    }


def _size_mb(package: Path) -> float:
    files = [package] if package.is_file() else [p for p in package.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
