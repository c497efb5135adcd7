"""Carries the inspection out: asks stations, measures the server, has papers checked, seals.

What is measured here is judged in ``stations/inspection``; one inspection at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from venue_server.backup.service import BackupTarget
from venue_server.gateway.desk_parts import DeskParts
from venue_server.settings import SETTINGS_FILE, Settings
from venue_server.sitting.plan import Thresholds
from venue_server.stations.inspection import server_io
from venue_server.stations.inspection.catalogue import BY_ID, CHEAP, CHECKS
from venue_server.stations.inspection.drift import VenueNow, sealed_of
from venue_server.stations.inspection.findings import OPEN, to_repeat
from venue_server.stations.inspection.measured import (
    FolderMeasured,
    Limits,
    Outcome,
    PapersMeasured,
    PinMeasured,
    ServerMeasured,
    StationMeasured,
    StationsMeasured,
)
from venue_server.stations.inspection.rules_server import paper_outcomes, server_outcomes
from venue_server.stations.inspection.rules_stations import station_outcomes
from venue_server.stations.inspection.service import FULL, PARTIAL
from venue_server.stations.inspection.store import SealStep
from venue_server.storage.media_lanes import MediumStalledError, on_medium
from venue_server.storage.medium import MediumProblem, MediumRule
from venue_server.trusted_time.states import ClockState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.version import VERSION

DEVICES = frozenset({"SRV-SECOND", "SRV-BACKUP", "SRV-SPEED"})
PAPERS = frozenset({"PAP-PACKAGES"})

CheckPapers = Callable[[str, str], Awaitable["dict[str, bool] | Refusal"]]
"""Session and person to each package's verdict of the dry check."""


@dataclass(frozen=True)
class ServerMachine:
    """The server's own machine as the inspection sees it; ``running`` is the digest of the settings
    file when the server started."""

    data: Path
    second: MediumRule
    backups: Callable[[], list[BackupTarget]]
    reserve_held: Callable[[], bool]
    settings: Settings
    running: str
    receiving: Callable[[], bool]  # a receipt session is open
    check_papers: CheckPapers

    @property
    def own_folders(self) -> list[Path]:
        """Folders whose devices stay at the server all day."""
        return [self.data, self.second.folder, *(each.folder for each in self.backups())]

    def settings_on_disk(self) -> str:
        """The file's digest now."""
        return server_io.file_digest(self.data / SETTINGS_FILE)

    def out_of_place(self) -> list[str]:
        """Receiving devices that are there although nothing is being received (D03)."""
        if self.receiving():
            return []
        cards = [each for each in server_io.cards_up() if each in self.settings.receiving_cards]
        return [*server_io.foreign_media(self.own_folders), *cards]


class Inspecting:
    """Runs inspections and seals. ``machine`` is what they measure besides the services."""

    def __init__(self, parts: DeskParts, machine: ServerMachine) -> None:
        self.parts = parts
        self.machine = machine
        self._busy = asyncio.Lock()

    # ---- running -------------------------------------------------------------------------

    async def run(self, person: str, only_failed: bool, baseline: str) -> int | Refusal:
        """Measure and record; returns the run's number. Refusals: INS-06, INS-07."""
        if self._busy.locked():
            return Refusal(RefusalCode.INSPECTION_BUSY)
        async with self._busy:
            inspection, began = self.parts.inspection, self.parts.clock.now_ms()
            if baseline:
                refusal = await inspection.lay_down(baseline.strip().lower(), person)
                if refusal is not None:
                    return refusal
            wanted = frozenset(check.check_id for check in CHECKS if not check.asked)
            if only_failed:
                wanted = to_repeat(inspection.results(), inspection.seal_now)
            outcomes = await self._measure(wanted, person)
            kind = PARTIAL if only_failed else FULL
            return await inspection.record(kind, began, outcomes, person)

    async def _measure(self, wanted: frozenset[str], person: str) -> list[Outcome]:
        if any(each.startswith(("STA-", "NET-")) for each in wanted):
            await self.ask_stations(person)
        limits = self.limits()
        devices = bool(wanted & DEVICES)
        found = [
            *server_outcomes(await self._server(devices), limits),
            *station_outcomes(self.stations(), limits),
        ]
        if wanted & PAPERS:
            found += paper_outcomes(await self._papers(person))
        return [each for each in found if each.check_id in wanted]

    async def ask_stations(self, person: str, renew: bool = False, seat: str = "") -> int:
        """Have connected stations tell their facts and probe them; returns how many there are.
        ``renew``: with a new token for the restart test; ``seat``: only this one."""
        online = self._online(seat)
        await self.parts.reports.ask(online, renew, person)
        await self.parts.reports.probe(online)
        return len(online)

    def _online(self, seat: str) -> list[str]:
        return [
            each.machine_id
            for each in self.parts.enrolment.machines("station")
            if self.parts.presence.is_online(each.machine_id)
            and seat in ("", f"{each.room_id}-{each.seat_no}")
        ]

    async def _papers(self, person: str) -> PapersMeasured:
        session = self.parts.sittings.current_session()
        if session is None:
            return PapersMeasured({})
        done = await self.machine.check_papers(session.session_id, person)
        return PapersMeasured({} if isinstance(done, Refusal) else done)

    # ---- sealing -------------------------------------------------------------------------

    async def seal(self, first: str, second: str, reason: str) -> SealStep | Refusal:
        """Seal the venue as it is at this moment. Refusals: see Inspection.seal."""
        if self._busy.locked():
            return Refusal(RefusalCode.INSPECTION_BUSY)
        async with self._busy:
            limits = self.limits()
            now = [
                *server_outcomes(await self._server(devices=False), limits),
                *station_outcomes(self.stations(), limits),
            ]
            failing = [
                each.check_id
                for each in now
                if each.check_id in CHEAP
                and BY_ID[each.check_id].mandatory
                and each.verdict in OPEN
            ]
            sealed = sealed_of(self.venue_now())
            return await self.parts.inspection.seal(sealed, failing, (first, second), reason)

    # ---- what is there now ---------------------------------------------------------------

    def limits(self) -> Limits:
        """From the plan imported last, and the settings."""
        plan = self.parts.sittings.plan
        given = plan.thresholds if plan else Thresholds()
        return Limits(
            disk_reserve_bytes=given.disk_reserve_bytes,
            clock_offset_ms=given.clock_offset_ms,
            spare_percent=given.spare_percent,
            min_servers=given.min_servers,
            backups_required=self.machine.settings.backups_required,
        )

    def stations(self) -> StationsMeasured:
        """Every enrolled station with what is known of it."""
        plan = self.parts.sittings.plan
        seats = frozenset(
            f"{each.room_id}-{each.seat_no}"
            for session in (plan.sessions if plan else [])
            for each in session.candidates
        )
        return StationsMeasured(seats, self._stations(), self.parts.inspection.baseline())

    def _stations(self) -> tuple[StationMeasured, ...]:
        parts, found = self.parts, []
        for machine in parts.enrolment.machines("station"):
            told = parts.reports.of(machine.machine_id)
            probed = parts.reports.probed(machine.machine_id)
            found.append(
                StationMeasured(
                    machine_id=machine.machine_id,
                    seat=f"{machine.room_id}-{machine.seat_no}",
                    certificate=machine.cert_sha256,
                    online=parts.presence.is_online(machine.machine_id),
                    facts=told.facts,
                    token=told.token,
                    offset_ms=probed.offset_ms,
                    round_trips=tuple(probed.round_trips),
                    probes=probed.sent,
                )
            )
        return tuple(sorted(found, key=lambda each: each.seat))

    def venue_now(self) -> VenueNow:
        """What a seal holds and a later look compares; some system calls."""
        reading = self.parts.clock.reading()
        return VenueNow(
            stations=self._stations(),
            settings=self.machine.settings_on_disk(),
            disk_free=server_io.disk_free(self.machine.data),
            clock_state=reading.state.value,
            clock_trusted=self.parts.clock.trusted,
            clock_doubted=reading.state is ClockState.SUSPECT,
            server_version=f"{VERSION} {server_io.program_digest()[:16]}",
        )

    async def _server(self, devices: bool) -> ServerMeasured:
        """Everything of the server; ``devices``: write to and read from its media as well."""
        machine, parts = self.machine, self.parts
        reading = parts.clock.reading()
        consoles = parts.enrolment.machines("console")
        folders = await self._folders() if devices else []
        on_mains, charge = server_io.power()
        cpus, ram, available = server_io.memory()
        return ServerMeasured(
            now_ms=parts.clock.now_ms(),
            disk_free=server_io.disk_free(machine.data),
            reserve_held=machine.reserve_held(),
            second=folders[0] if folders else FolderMeasured(""),
            backups=tuple(folders[1:]),
            clock_state=reading.state.value,
            clock_trusted=parts.clock.trusted,
            clock_source=parts.clock.source,
            clock_uncertainty_ms=reading.uncertainty_ms,
            on_mains=on_mains,
            battery_percent=charge,
            cpu_count=cpus,
            ram_bytes=ram,
            ram_available=available,
            settings_running=machine.running,
            settings_on_disk=machine.settings_on_disk(),
            pins=tuple(self._pins()),
            consoles_enrolled=len(consoles),
            consoles_here=sum(parts.hub.is_open(each.machine_id) for each in consoles),
            encrypted=server_io.encrypted(machine.data),
            out_of_place=tuple(machine.out_of_place()),
        )

    async def _folders(self) -> list[FolderMeasured]:
        """Each by itself: one that hangs does not take the others' figures away."""
        rules: list[MediumRule | BackupTarget] = [self.machine.second, *self.machine.backups()]
        return list(await asyncio.gather(*(_measured(each) for each in rules)))

    def _pins(self) -> list[PinMeasured]:
        given, plan = self.machine.settings.headquarters, self.parts.sittings.plan
        named = [("headquarters", given.certificate_pem)]
        named += [(f"other {n + 1}", pem) for n, pem in enumerate(given.other_certificates)]
        if plan is not None:
            named.append(("designated server", plan.designated_server.certificate_pem))
        return [_pin(name, pem) for name, pem in named]


async def _measured(rule: MediumRule | BackupTarget) -> FolderMeasured:
    folder = rule.folder

    def measure() -> FolderMeasured:
        problem = rule.problem()
        said = problem.value if problem else ""
        return server_io.measure_folder(folder.name, folder, said)

    try:
        return await on_medium(f"inspection {folder}", measure)
    except MediumStalledError:
        return FolderMeasured(folder.name, MediumProblem.HANGS.value)


def _pin(name: str, pem: str) -> PinMeasured:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, x509.InvalidVersion):
        return PinMeasured(name, 0, 0)
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return PinMeasured(name, int(begins.timestamp() * 1000), int(ends.timestamp() * 1000))
