"""A venue's data folder on the day of the exam, made by the project's own code, to be measured.

Headquarters, plan, sealed paper, receipt and release are the real ones. Only what people do one by
one is entered straight into the store: machines are enrolled and candidates seated without codes
and doors. Exam time is set by writing the clock's anchor, so that no benchmark waits for a day.
"""

import asyncio
import io
import logging
import sys
from contextlib import AsyncExitStack, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from sqlalchemy import Connection, bindparam

from venue_server import __main__ as command_line
from venue_server.client.enrolment import Secrets
from venue_server.clock import Taken, VenueClock
from venue_server.foundation import Foundation, open_foundation
from venue_server.headquarters.release_token import build_release_token
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.service_keys import init_headquarters
from venue_server.headquarters.service_release import PaperSecret
from venue_server.intake.custody.service import Custody
from venue_server.intake.papers import Papers
from venue_server.intake.rules import IntakeRules
from venue_server.intake.service import Intake
from venue_server.rehearsal.cast import Cast
from venue_server.rehearsal.headquarters_side import (
    SESSION_ID,
    VENUE_ID,
    VENUE_NAME,
    Headquarters,
)
from venue_server.rehearsal.options import DayTimes
from venue_server.release.service import ReleaseKeys, Releases
from venue_server.settings import load_settings, save_settings
from venue_server.sitting.plan import Candidate, Room, Seat
from venue_server.sitting.service import SittingService
from venue_server.sitting.store import sitting_id_of
from venue_server.stations.authority import VenueAuthority, load_authority, server_name
from venue_server.stations.store import Machine
from venue_server.storage import schema
from venue_server.trusted_time import sources_io
from venue_server.trusted_time.correction import CONFIRM
from venue_server.trusted_time.estimate import Drift, Estimate, Exchange
from venue_server.trusted_time.record import ANCHOR_FILE, MARK_FILE, anchor_at, write_anchor
from venue_server.trusted_time.states import Source
from venue_server.wire.canonical import b64
from venue_server.wire.names import IdDocument, Mode, SittingState
from venue_server.wire.refusals import Refusal

DAY = DayTimes(1_800_000_000_000)
RELEASE_MS = DAY.at(-2)
SERVER_NAME = server_name(VENUE_ID)
SEATS = 30


@dataclass(frozen=True)
class Seated:
    """One station with its candidate: what its certificate and its sitting are called."""

    machine_id: str
    sitting_id: str
    pem: Path
    hpke_private: bytes


@dataclass(frozen=True)
class PreparedVenue:
    """``data`` is the server's folder; ``paper_sha256`` the ciphertext every station holds."""

    folder: Path
    data: Path
    ca_pem: str
    seated: list[Seated]
    paper_sha256: str


def set_exam_time(data: Path, exam_ms: float) -> None:
    """Let the next server on ``data`` believe that it is this instant now."""
    steady = sources_io.boot_ms()
    known = Estimate(steady, exam_ms, 1.0, Drift())
    write_anchor(
        data / ANCHOR_FILE, anchor_at(sources_io.boot_id(), known, 1.0, Source.HEADQUARTERS)
    )
    for mark in data.rglob(MARK_FILE):
        mark.unlink()


def prepare(folder: Path, stations: int, *, released: bool, base_url: str = "") -> PreparedVenue:
    """Make a venue whose paper is here and whose ``stations`` are seated.

    ``released``: the session has started and every paper is open; otherwise it is armed and
    everybody waits for the release point.
    """
    headquarters = Headquarters(
        init_headquarters(folder / "headquarters"), base_url or "https://127.0.0.1:1"
    )
    data = _initialise(folder, headquarters)
    candidates = _cast(stations)
    plan = headquarters.write_plan(candidates, DAY, folder / "plan.signed.json")
    venue_public = (data / "keys/venue.hpke.pub").read_text().strip()
    headquarters.seal(sample_package_path(), folder / "sealed", venue_public, DAY)
    set_exam_time(data, DAY.at(-50))
    authority = load_authority(data / "keys", VENUE_ID)
    made = [_machine(authority, folder / "machines", one) for one in candidates.candidates]
    day = _Day(folder, data, headquarters)
    digest = asyncio.run(day.run(plan.read_bytes(), made, released))
    return PreparedVenue(folder, data, authority.pem, [seated for _, seated in made], digest)


def _initialise(folder: Path, headquarters: Headquarters) -> Path:
    public = headquarters.public_file(folder / "headquarters.json")
    data = folder / "venue"
    words = ["init", "--data", str(data), "--venue-id", VENUE_ID, "--venue-name", VENUE_NAME]
    words += ["--mode", "REHEARSAL", "--headquarters", str(public), "--listen", "127.0.0.1:0"]
    words += ["--enrol-port", "0", "--same-device", "--light-passwords", "--no-advertise"]
    logging.disable(logging.INFO)
    with redirect_stdout(io.StringIO()):
        assert command_line.main(words) == 0
    small = msgspec.structs.replace(
        load_settings(data), reserve_bytes=1 << 20, disk_floor_bytes=0, heartbeat_lost_s=600.0
    )
    save_settings(data, small)
    return data


def _cast(stations: int) -> Cast:
    rooms = [Room(f"{n:03d}", f"第{n}考场") for n in range(1, -(-stations // SEATS) + 1)]
    places = [(room.room_id, f"{n:02d}") for room in rooms for n in range(1, SEATS + 1)]
    seats = [Seat(room, seat, int(seat) % 6, int(seat) // 6) for room, seat in places]
    # A ticket ends with its seat (F12).
    candidates = [
        Candidate(
            f"26{room}{seat}", f"应试{room}{seat}", IdDocument.OTHER, f"ID{room}{seat}", room, seat
        )
        for room, seat in places[:stations]
    ]
    return Cast(rooms, seats, candidates, [], stations)


def _machine(
    authority: VenueAuthority, folder: Path, candidate: Candidate
) -> tuple[Machine, Seated]:
    """Keys and certificate of one station, as enrolment makes them."""
    folder.mkdir(exist_ok=True)
    secrets = Secrets.generate("station")
    machine_id = f"station-{candidate.ticket_no}"
    request = secrets.request().public_bytes(serialization.Encoding.PEM).decode()
    issued = authority.issue(request, machine_id)
    assert isinstance(issued, str)
    private = secrets.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = folder / f"{machine_id}.pem"
    pem.write_bytes(private + issued.encode())
    fingerprint = x509.load_pem_x509_certificate(issued.encode()).fingerprint(hashes.SHA256())
    assert secrets.hpke_key is not None
    machine = Machine(
        machine_id,
        "station",
        machine_id,
        candidate.room_id,
        candidate.seat_no,
        fingerprint.hex(),
        b64(secrets.hpke_public),
    )
    sitting_id = sitting_id_of(SESSION_ID, candidate.ticket_no)
    return machine, Seated(machine_id, sitting_id, pem, secrets.hpke_key.private_raw())


class _Day:
    """The hours before, in order."""

    def __init__(self, folder: Path, data: Path, headquarters: Headquarters) -> None:
        self._folder = folder
        self._data = data
        self._headquarters = headquarters

    async def run(self, plan: bytes, made: list[tuple[Machine, Seated]], released: bool) -> str:
        """Plan, receipt, seats, arming and perhaps the release; the ciphertext's SHA-256."""
        async with AsyncExitStack() as stack:
            base = open_foundation(self._data, load_settings(self._data), stack)
            sittings = SittingService(base.store, base.ledger, base.clock.now_ms)
            done = await sittings.import_plan(
                plan, base.headquarters, base.threshold, VENUE_ID, Mode.REHEARSAL
            )
            assert not isinstance(done, Refusal), done
            papers = Papers(base.store, self._data / "papers", VENUE_ID)
            await self._receive(base, papers, sittings)
            await base.store.write(lambda tx: _seat(tx, made, released))
            await self._arm(base, papers, sittings, released)
            (held,) = papers.all_held(sittings.session(SESSION_ID))
            return held.manifest.ciphertext_sha256

    async def _receive(self, base: Foundation, papers: Papers, sittings: SittingService) -> None:
        rules = IntakeRules(VENUE_ID, Mode.REHEARSAL, base.headquarters, base.threshold)
        intake = Intake(
            base.store,
            base.ledger,
            papers,
            sittings,
            rules,
            self._data / "quarantine",
            base.clock.now_ms,
            lambda _session_id: papers.reload(),
            Custody(base.store, base.ledger, lambda: [], base.clock.now_ms),
            base.keys.hpke,
        )
        opened = await intake.receipts.open(SESSION_ID, "admin-a", "chief-1")
        assert not isinstance(opened, Refusal), opened
        report = await intake.import_folder(
            self._folder / "sealed" / "venue", ("admin-a", "chief-1")
        )
        assert not isinstance(report, Refusal) and report.state == "COMPLETE", report
        await intake.receipts.close("admin-a", "chief-1")

    async def _arm(
        self, base: Foundation, papers: Papers, sittings: SittingService, released: bool
    ) -> None:
        keys = ReleaseKeys(VENUE_ID, base.keys.hpke, base.headquarters, base.threshold)
        releases = Releases(base.store, base.ledger, base.clock, sittings, keys, 0.5, lambda: None)
        _let_it_be(base.clock, DAY.at(-10))
        refusal = await releases.arm(SESSION_ID, "chief-1", "admin-a")
        assert refusal is None, refusal
        if not released:
            return
        _let_it_be(base.clock, RELEASE_MS)
        session = sittings.session(SESSION_ID)
        (held,) = papers.all_held(session)
        secret_file = self._folder / "sealed" / "headquarters" / "release-secret.json"
        secret = msgspec.json.decode(secret_file.read_bytes(), type=PaperSecret)
        token = build_release_token(secret, self._headquarters.keys.signing)
        refusal = await releases.take_token(session, held, token)
        assert refusal is None, refusal
        form = await releases.release(session, [held])
        assert not isinstance(form, Refusal), form


def _let_it_be(clock: VenueClock, exam_ms: float) -> None:
    """Headquarters says that it is this time, often enough to be believed."""
    for _ in range(CONFIRM):
        steady = clock.steady_ms()
        taken = clock.take(Exchange(steady, steady, exam_ms), 1.0)
    if taken is Taken.CONFIRMED:
        clock.step_to_rivals(())
    assert clock.now() >= exam_ms and clock.save()


def _seat(tx: Connection, made: list[tuple[Machine, Seated]], released: bool) -> None:
    """Every machine on the roster, every candidate logged in at one."""
    at_ms = DAY.at(-20)
    names = list(Machine.__dataclass_fields__)
    tx.execute(
        schema.machine.insert(),
        [
            {**{name: getattr(machine, name) for name in names}, "enrolled_at_ms": at_ms}
            for machine, _ in made
        ],
    )
    table = schema.sitting
    seats = (
        table.update()
        .where(table.c.sitting_id == bindparam("which"))
        .values(
            machine_id=bindparam("machine"),
            state=SittingState.IN_PROGRESS if released else SittingState.RULES_ACK,
            admitted_at_ms=at_ms,
            logged_in_at_ms=at_ms,
            confirmed_at_ms=at_ms,
            rules_ack_at_ms=at_ms,
            opened_at_ms=DAY.start_ms if released else None,
        )
    )
    tx.execute(seats, [{"which": s.sitting_id, "machine": m.machine_id} for m, s in made])


if __name__ == "__main__":  # look at one by hand
    where = Path(sys.argv[1])
    where.mkdir(parents=True)
    prepare(where, int(sys.argv[2]), released=True)
