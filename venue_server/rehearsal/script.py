"""The exam day of a rehearsal, stage by stage, in the order of the regulation.

Every stage works on the real programs through the doors people use: command lines, consoles on the
control socket, stations on the LAN. Nothing here reaches into the server.
"""

import asyncio
import json
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from venue_server.client.console import BoardState
from venue_server.clock import Anchor
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.service_keys import init_headquarters
from venue_server.rehearsal import figures, processes
from venue_server.rehearsal.cast import Cast, Person, invent
from venue_server.rehearsal.headquarters_side import (
    SESSION_ID,
    VENUE_ID,
    VENUE_NAME,
    Headquarters,
)
from venue_server.rehearsal.options import BEFORE_MINUTES, EXAM_MINUTES, DayTimes, RehearsalOptions
from venue_server.rehearsal.people import Actor, OrderRefusedError
from venue_server.rehearsal.processes import Program, ProgramFault, python_command
from venue_server.rehearsal.progress import Progress, Stage
from venue_server.rehearsal.windows import Windows
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.messages import (
    Admit,
    AllowLogin,
    ArmRelease,
    CloseReceipt,
    ConfirmEnrolment,
    ConfirmExit,
    GetRoomRecord,
    GetStatus,
    ImportFolder,
    ImportPlan,
    OpenReceipt,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    VerifyLedger,
    WipeSession,
)
from venue_server.wire.names import DataState, Role, SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys

READY_S = 60.0
STAGE_S = 180.0
STAGES = (
    ("setup", "布置考点", "set up headquarters, venue and server"),
    ("machines", "登记考试机", "enrol the stations"),
    ("plan", "考务计划与试卷封装", "signed plan, sealed paper"),
    ("intake", "监督接收碎片", "supervised receipt of fragments"),
    ("distribute", "下发密文并校验", "ciphertext to every station"),
    ("admission", "入场与登录", "admission and log-in"),
    ("release", "定时释放", "timed release"),
    ("answering", "作答", "answering"),
    ("collect", "回收与备份", "collect and back up"),
    ("records", "核对与签名", "reconcile and sign"),
    ("seal", "密封", "seal"),
    ("upload", "上报与回执", "upload and receipt"),
    ("wipe", "清除", "wipe"),
    ("judge", "核验", "verify everything"),
)


class RehearsalFailedError(Exception):
    """The day did not go as it must; the message says where."""


@dataclass
class _Day:
    """What the stages hand on."""

    headquarters: Headquarters | None = None
    cast: Cast | None = None
    times: DayTimes | None = None
    server: Program | None = None
    server_ports: tuple[int, int] = (0, 0)
    stations: Program | None = None
    actors: dict[str, Actor] = field(default_factory=dict)
    status: dict[str, Any] = field(default_factory=dict)


class Rehearsal:
    """One rehearsal. ``run`` returns the report; its ``passed`` is the verdict."""

    def __init__(self, options: RehearsalOptions, progress: Progress) -> None:
        self._options = options
        self._progress = progress
        self._folder = options.folder
        self._venue = options.folder / "venue"
        self._events = figures.StationEvents()
        self._programs: list[Program] = []
        self._day = _Day()
        self._server_told = False

    # ---- the whole -----------------------------------------------------------------------

    async def run(self) -> dict[str, Any]:
        """Play the day; always stops every program it started."""
        report: dict[str, Any] = {"passed": False}
        try:
            await self._play()
            with self._progress.stage("judge"):
                report = await self._judge()
        except (ProgramFault, OrderRefusedError, RehearsalFailedError, TimeoutError) as error:
            report["problem"] = str(error) or type(error).__name__
        finally:
            await self._stop()
        report["stages"] = [_stage_row(stage) for stage in self._progress.stages]
        return report

    async def _play(self) -> None:
        steps: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("setup", self._set_up),
            ("machines", self._enrol),
            ("plan", self._plan),
            ("intake", self._intake),
            ("distribute", self._distribute),
            ("admission", self._admit),
            ("release", self._release),
            ("answering", self._answering),
            ("collect", self._collect),
            ("records", self._records),
            ("seal", self._seal),
            ("upload", self._upload),
            ("wipe", self._wipe),
        ]
        for key, step in steps:
            with self._progress.stage(key):
                await step()

    async def _stop(self) -> None:
        for actor in self._day.actors.values():
            await actor.leave()
        for program in reversed(self._programs):
            await program.stop()

    # ---- people --------------------------------------------------------------------------

    def _actor(self, person: Person) -> Actor:
        actor = self._day.actors.get(person.person_id)
        if actor is None:
            socket = self._venue / "run" / "control.sock"
            actor = Actor(person, socket, self._server_lost)
            self._day.actors[person.person_id] = actor
        return actor

    def _role(self, role: Role, index: int = 0) -> Actor:
        return self._actor(self._cast.person(role, index))

    @property
    def _cast(self) -> Cast:
        assert self._day.cast is not None
        return self._day.cast

    @property
    def _times(self) -> DayTimes:
        assert self._day.times is not None
        return self._day.times

    @property
    def _headquarters(self) -> Headquarters:
        assert self._day.headquarters is not None
        return self._day.headquarters

    def _server_lost(self) -> None:
        if self._server_told or self._day.server is None:
            return
        if self._day.server.process.returncode is None:
            return
        self._server_told = True
        self._progress.line(
            "考点服务器已停止 / the venue server is gone. 重新启动 / start it again:"
        )
        self._progress.line(f"    {self.restart_command}")

    @property
    def restart_command(self) -> str:
        """What a person types to start the server again by hand."""
        return f"./kaodian venue-server run --data {self._venue}"

    async def _until(self, exam_ms: int) -> None:
        """Wait for an exam instant by the venue's own time."""
        clock = self._role(Role.CHIEF).client.clock
        while True:
            left_ms = (exam_ms - clock.now_ms()) / self._options.rate
            if left_ms <= 0:
                return
            await asyncio.sleep(min(left_ms / 1000, 0.5))

    # ---- before the day ------------------------------------------------------------------

    async def _set_up(self) -> None:
        options = self._options
        hq_data = self._folder / "headquarters"
        keys = await asyncio.to_thread(init_headquarters, hq_data)
        service = await self._start(
            "headquarters",
            "headquarters",
            "serve",
            "--data",
            str(hq_data),
            "--rate",
            str(options.rate),
        )
        ready = await service.next_event("ready", READY_S)
        self._day.headquarters = Headquarters(keys, f"https://127.0.0.1:{ready['port']}")
        self._day.cast = invent(options.stations, options.seed, 1 if options.show else 0)
        await self._init_venue()
        await self._start_server()
        await self._role(Role.CHIEF).sign_in()
        if options.show:
            await self._show()

    async def _init_venue(self) -> None:
        public = self._headquarters.public_file(self._folder / "headquarters.json")
        command = python_command(
            "venue_server",
            "init",
            "--data",
            str(self._venue),
            "--venue-id",
            VENUE_ID,
            "--venue-name",
            VENUE_NAME,
            "--mode",
            "REHEARSAL",
            "--headquarters",
            str(public),
            "--second",
            str(self._folder / "second-device"),
            "--backup",
            str(self._folder / "backup-medium"),
            "--listen",
            "127.0.0.1:0",
            "--enrol-port",
            "0",
            "--same-device",
            "--light-passwords",
            "--no-advertise",
        )
        await processes.run_once(command)
        people = "".join(json.dumps(_account(each)) + "\n" for each in self._cast.staff)
        add = python_command(
            "venue_server", "staff", "add", "--data", str(self._venue), "--from-stdin"
        )
        await processes.run_once(add, people.encode())
        self._headquarters.register((self._venue / "keys/venue.ed25519.pub").read_text().strip())

    async def _start_server(self) -> None:
        server = await self._start("venue-server", "run", "--data", str(self._venue))
        serving = await server.next_event("serving", READY_S)
        self._day.server = server
        self._day.server_ports = (serving["port"], serving["enrol_port"])
        self._keep_ports(serving)
        self._progress.note(f"pid {server.process.pid} · {self.restart_command}")
        (self._folder / "venue-server.pid").write_text(f"{server.process.pid}\n")

    async def _show(self) -> None:
        """Open the real console and one real station window for a person to take part by hand."""
        main, enrol = self._day.server_ports
        windows = Windows(self._folder, f"127.0.0.1:{main}", f"127.0.0.1:{enrol}")
        self._programs += await windows.open()
        admin = self._role(Role.SYSADMIN)
        await windows.enrol(admin, self._cast.shown[0])
        for line in windows.invitation(self._cast):
            self._progress.line(line)

    def _keep_ports(self, serving: dict[str, Any]) -> None:
        """A server restarted by hand must listen where its stations look for it."""
        file = self._venue / "venue.json"
        settings = json.loads(file.read_text())
        settings |= {"listen_port": serving["port"], "enrol_port": serving["enrol_port"]}
        file.write_text(json.dumps(settings, ensure_ascii=False, indent=2))

    async def _start(self, name: str, *words: str) -> Program:
        command = python_command("venue_server", *words)
        program = await processes.start(name, command, self._folder / f"{name}.log")
        self._programs.append(program)
        return program

    # ---- machines ------------------------------------------------------------------------

    async def _enrol(self) -> None:
        fields = ("room_id", "seat_no", "ticket_no", "id_number")
        people = [{name: getattr(each, name) for name in fields} for each in self._cast.present]
        candidates = self._folder / "candidates.json"
        candidates.write_text(json.dumps(people))
        candidates.chmod(0o600)
        main, enrol = self._day.server_ports
        command = python_command(
            "candidate_station.simulate",
            "--stations",
            str(self._options.stations),
            "--data",
            str(self._folder / "stations"),
            "--server",
            f"127.0.0.1:{main}",
            "--enrol",
            f"127.0.0.1:{enrol}",
            "--candidates",
            str(candidates),
            "--seed",
            str(self._options.seed),
            "--report",
            str(self._truth_file),
        )
        self._day.stations = await processes.start(
            "stations", command, self._folder / "stations.log", self._events.hear
        )
        self._programs.append(self._day.stations)
        await self._confirm_codes()

    async def _confirm_codes(self) -> None:
        """The administrator compares each code and says which seat the machine stands at."""
        assert self._day.stations is not None
        admin = self._role(Role.SYSADMIN)
        for number, candidate in enumerate(self._cast.present, start=1):
            shown = await self._day.stations.next_event("enrol_code", READY_S)
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
            self._progress.note(f"{number} / {self._options.stations}")
        await self._board(lambda board: _online(board) >= self._options.stations)

    async def _board(self, fits: Callable[[BoardState], bool], timeout_s: float = STAGE_S) -> None:
        await self._role(Role.CHIEF).watch(fits, timeout_s)

    @property
    def _truth_file(self) -> Path:
        return self._folder / "stations-report.jsonl"

    # ---- plan and paper ------------------------------------------------------------------

    async def _plan(self) -> None:
        package = self._options.paper or sample_package_path()
        # Sealing takes real time, and the release point is inside what is sealed: leave room.
        room_ms = int(self._options.rate * 1000 * (2.0 + _size_mb(package) / 10))
        now = self._role(Role.CHIEF).client.clock.now_ms()
        self._day.times = DayTimes(int(now) + room_ms + BEFORE_MINUTES * 60_000)
        venue_public = (self._venue / "keys/venue.hpke.pub").read_text().strip()
        await asyncio.to_thread(
            self._headquarters.seal, package, self._folder / "sealed", venue_public, self._times
        )
        plan = self._headquarters.write_plan(
            self._cast, self._times, self._folder / "plan.signed.json"
        )
        second = self._role(Role.SYSADMIN, 1).second()
        await self._role(Role.SYSADMIN).order(ImportPlan(0, str(plan), second))

    async def _intake(self) -> None:
        """Three of five fragments, in the wrong order, on a medium; the other two got lost."""
        sealed = self._folder / "sealed" / "venue"
        medium = self._folder / "medium"
        medium.mkdir()
        fragments = sorted(sealed.glob("*.kdfrag"))
        for path in (sealed / "manifest.json", fragments[4], fragments[0], fragments[2]):
            shutil.copy(path, medium)
        await self._until(self._times.at(-BEFORE_MINUTES))
        operator, supervisor = self._role(Role.SYSADMIN), self._role(Role.CHIEF)
        await operator.order(OpenReceipt(0, SESSION_ID, supervisor.second()))
        result = await operator.order(ImportFolder(0, str(medium)))
        if result.get("state") != "COMPLETE":
            raise RehearsalFailedError(f"intake: {json.dumps(result, ensure_ascii=False)}")
        await operator.order(CloseReceipt(0, supervisor.second()))

    async def _distribute(self) -> None:
        wanted = self._options.stations
        await self._board(lambda board: _ready(board) >= wanted)

    # ---- the exam ------------------------------------------------------------------------

    async def _admit(self) -> None:
        await self._until(self._times.at(-30))
        for room in self._cast.rooms:
            for person in self._cast.invigilators(room.room_id):
                await self._actor(person).sign_in()
        for candidate in self._cast.present:
            await self._door(candidate.ticket_no)
        for room in self._cast.rooms:
            first = self._actor(self._cast.invigilators(room.room_id)[0])
            await first.order(AllowLogin(0, room.room_id))
        wanted = self._options.stations
        await self._board(lambda board: _in_state(board, SittingState.RULES_ACK) >= wanted)

    async def _door(self, ticket_no: str) -> None:
        done = await self._try_door(ticket_no)
        if isinstance(done, Refusal):
            raise OrderRefusedError("Admit", done)

    async def _try_door(self, ticket_no: str) -> dict[str, object] | Refusal:
        candidate = next(c for c in self._cast.candidates if c.ticket_no == ticket_no)
        actor = self._actor(self._cast.invigilators(candidate.room_id)[0])
        return await actor.attempt(
            Admit(
                0,
                candidate.room_id,
                candidate.ticket_no,
                candidate.id_document,
                candidate.id_number,
                id_checked=True,
                ticket_checked=True,
            )
        )

    async def _release(self) -> None:
        admin = self._role(Role.SYSADMIN)
        await self._role(Role.CHIEF).order(ArmRelease(0, SESSION_ID, admin.second()))
        wanted = self._options.stations
        await self._board(lambda board: _in_state(board, SittingState.IN_PROGRESS) >= wanted)

    async def _answering(self) -> None:
        await self._until(self._times.at(5) + 1)
        refused = await self._try_door(self._cast.late.ticket_no)
        if not isinstance(refused, Refusal) or refused.code is not RefusalCode.ADMISSION_CLOSED:
            raise RehearsalFailedError(f"a late candidate was not refused: {refused}")
        real_s = EXAM_MINUTES * 60 / self._options.rate
        await self._board(
            lambda board: (
                self._show_answers(board)
                and bool(board.venue)
                and _session_state(board) == SessionState.ENDED
            ),
            timeout_s=real_s + STAGE_S,
        )

    def _show_answers(self, board: BoardState) -> bool:
        seats = [seat for room in board.seats.values() for seat in room.values()]
        handed_in = sum(seat.submit_kind is not None for seat in seats)
        at_risk = sum(seat.unsynced for seat in seats)
        self._progress.note(
            f"已交卷 / handed in {handed_in} · 仅在本机 / only on stations {at_risk}"
        )
        return True

    async def _collect(self) -> None:
        done = (DataState.BACKED_UP, DataState.SEALED)
        await self._board(lambda board: board.venue is not None and board.venue.data_state in done)

    # ---- closing -------------------------------------------------------------------------

    async def _records(self) -> None:
        chief = self._role(Role.CHIEF)
        for room in self._cast.rooms:
            first = self._actor(self._cast.invigilators(room.room_id)[0])
            for seat in list(chief.client.board.seats.get(room.room_id, {}).values()):
                if seat.state is SittingState.SUBMITTED:
                    await first.order(ConfirmExit(0, room.room_id, seat.sitting_id))
        result = await chief.order(Reconcile(0, SESSION_ID))
        if not result.get("consistent", True):
            raise RehearsalFailedError(f"reconcile: {json.dumps(result, ensure_ascii=False)}")
        for room in self._cast.rooms:
            people = self._cast.invigilators(room.room_id)
            for actor in [*map(self._actor, people), chief]:
                record = await actor.order(GetRoomRecord(0, room.room_id))
                await actor.order(SignRoomRecord(0, room.room_id, str(record.get("content_hash"))))

    async def _seal(self) -> None:
        admin = self._role(Role.SYSADMIN)
        await self._role(Role.CHIEF).order(SealSession(0, SESSION_ID, admin.second()))

    async def _upload(self) -> None:
        await self._role(Role.SYSADMIN).order(UploadSession(0, SESSION_ID))
        await self._board(lambda board: _session_state(board) == SessionState.UPLOADED)
        self._day.status = await self._role(Role.SYSADMIN).order(GetStatus(0))

    async def _wipe(self) -> None:
        chief = self._role(Role.CHIEF)
        await self._role(Role.SYSADMIN).order(WipeSession(0, SESSION_ID, chief.second()))
        deadline = time.monotonic() + STAGE_S
        while self._events.wiped < self._options.stations:
            if time.monotonic() > deadline:
                raise RehearsalFailedError("not every station wiped its paper")
            await asyncio.sleep(0.05)

    # ---- the judgement -------------------------------------------------------------------

    async def _judge(self) -> dict[str, Any]:
        ledger = await self._role(Role.SYSADMIN).order(VerifyLedger(0))
        assert self._day.stations is not None
        await self._day.stations.stop()
        truth = figures.read_truth(self._truth_file)
        opened = self._opened()
        arrived = {each.head.sitting_id: list(each.chain) for each in opened.sittings if each.chain}
        verdict = figures.judge(truth, arrived)
        receipts = self._receipts_matched(opened)
        anchor = msgspec.json.decode((self._venue / "clock.json").read_bytes(), type=Anchor)
        released = int(self._day.status.get("released_at_ms") or 0)
        report = {
            "mode": "REHEARSAL",
            "stations": self._options.stations,
            "rate": self._options.rate,
            "present": len(arrived),
            "saves_acknowledged": truth.count,
            "answers_at_headquarters": verdict.at_headquarters,
            "lost": verdict.lost,
            "duplicated": verdict.duplicated,
            "altered": verdict.altered,
            "release_to_last_station_ms": round(
                figures.release_to_last_ms(self._events, anchor, released, _boot_minus_mono()), 3
            ),
            "start_skew_ms_p99": round(figures.start_skew_p99_ms(self._events), 3),
            "save_ack_ms_p99": round(figures.percentile(truth.ack_ms, 0.99), 3),
            "save_ack_ms_p50": round(figures.percentile(truth.ack_ms, 0.5), 3),
            "ledger_verified": bool(ledger.get("ok")),
            "ledger_entries": ledger.get("entries"),
            "ledger_head": ledger.get("head"),
            "receipts_matched": receipts,
            "answers_equal": _answers_equal(truth, opened),
            "contradictions": self._events.contradictions,
            "server_restarted": self._server_told,
        }
        everyone = len(truth.acknowledged) == self._options.stations
        whole = everyone and set(truth.acknowledged) <= set(arrived)
        clean = verdict.lost == verdict.duplicated == verdict.altered == 0
        clean = clean and not self._events.contradictions and bool(report["answers_equal"])
        report["passed"] = bool(whole and clean and report["ledger_verified"] and receipts)
        return report

    def _opened(self) -> OpenedBundle:
        """Headquarters' bundle, opened with headquarters' key, as it arrived."""
        keys = self._headquarters.keys
        bundles = list((keys.data_dir / "bundles").glob("*.kdbundle"))
        if len(bundles) != 1:
            raise RehearsalFailedError(f"{len(bundles)} bundles arrived at headquarters")
        public = (self._venue / "keys/venue.ed25519.pub").read_text().strip()
        opened = open_bundle(bundles[0], keys.bundle, public_keys([public]))
        if isinstance(opened, Refusal):
            raise RehearsalFailedError(opened.text("en"))
        return opened

    def _receipts_matched(self, opened: OpenedBundle) -> bool:
        """What each station showed as its receipt is what headquarters holds."""
        there = {each.head.sitting_id: each.head.head for each in opened.sittings}
        shown = {key: event["head"] for key, event in self._events.submitted.items()}
        return len(shown) == self._options.stations and all(
            there.get(sitting_id) == head for sitting_id, head in shown.items()
        )


def _answers_equal(truth: figures.StationTruth, opened: OpenedBundle) -> bool:
    """Every sitting's last answers as its candidate left them are what headquarters reads."""
    there = {each.head.sitting_id: each.answers for each in opened.sittings}
    return all(there.get(key) == answers for key, answers in truth.final_answers.items())


def _account(person: Person) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "roles": [role.value for role in person.roles],
        "rooms": list(person.rooms),
        "password": person.password,
    }


def _stage_row(stage: Stage) -> dict[str, object]:
    return {
        "stage": stage.key,
        "begin_s": round(stage.begin, 3),
        "end_s": round(stage.end, 3),
        "verdict": stage.verdict,
    }


def _online(board: BoardState) -> int:
    return board.venue.stations_total if board.venue else 0


def _ready(board: BoardState) -> int:
    return board.venue.stations_ready if board.venue else 0


def _in_state(board: BoardState, state: SittingState) -> int:
    seats = (seat for room in board.seats.values() for seat in room.values())
    return sum(seat.state is state for seat in seats)


def _session_state(board: BoardState) -> SessionState | None:
    return board.venue.session_state if board.venue else None


def _size_mb(package: Path) -> float:
    files = [package] if package.is_file() else [p for p in package.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def _boot_minus_mono() -> float:
    boot = time.clock_gettime(time.CLOCK_BOOTTIME)
    return (boot - time.clock_gettime(time.CLOCK_MONOTONIC)) * 1000
