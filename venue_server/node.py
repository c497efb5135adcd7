"""The composition root of the venue server: builds everything in data order, stops it in reverse.

Read :meth:`VenueNode.start` from top to bottom to see the whole program.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from venue_server.day import (
    AlarmKeeper,
    EndKeeper,
    PaperKeeper,
    PresenceKeeper,
    ReleaseKeeper,
)
from venue_server.day_line import LineKeeper
from venue_server.day_primary import PrimaryReturned
from venue_server.day_time import TimeKeeper
from venue_server.exam_day import ExamDay
from venue_server.foundation import (
    Foundation,
    StartFault,
    alarms_of,
    disks_of,
    open_foundation,
    open_sittings,
)
from venue_server.gateway.announce import Announcement
from venue_server.gateway.closing import Closing, ClosingKeys
from venue_server.gateway.console_desk import ConsoleDesk
from venue_server.gateway.day_sources import DaySources
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.hub import Hub
from venue_server.gateway.listener import Listener, Ports
from venue_server.gateway.lost_time_watch import MARK_S
from venue_server.gateway.orders_closing import ClosingOrders
from venue_server.gateway.orders_intake import IntakeOrders
from venue_server.gateway.orders_machines import MachineOrders
from venue_server.gateway.orders_paper import PaperOrders
from venue_server.gateway.orders_release import ReleaseOrders
from venue_server.gateway.orders_watched import watched
from venue_server.gateway.people_day import PeopleDay
from venue_server.gateway.session_wiping import SessionWiping
from venue_server.gateway.sitting_view import session_brief
from venue_server.gateway.station_desk import StationDesk
from venue_server.gateway.wiped_memory import Clean, nothing_here
from venue_server.intake.papers import Papers
from venue_server.keeping_up import kept_up
from venue_server.ledger.catalogue import Event
from venue_server.receiving import receiving
from venue_server.records.room_record import PapersOfRecord
from venue_server.records.service import RecordSources, RecordsService
from venue_server.release.confirmation import Confirmations
from venue_server.release.forms import SessionForms
from venue_server.release.freezing import Freezing
from venue_server.release.headquarters_line import HeadquartersLine
from venue_server.release.notices.service import Notices
from venue_server.release.reserves import Reserves
from venue_server.release.service import ReleaseKeys, Releases
from venue_server.release.watch import ReleaseWatch
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.branching.service import Branches
from venue_server.responses.second_copy import SECOND_COPY, SecondCopy
from venue_server.responses.service import Responses
from venue_server.settings import Settings, load_settings
from venue_server.sitting.credit.service import CreditService
from venue_server.sitting.service import SittingService
from venue_server.sitting.states import BEFORE_START
from venue_server.sitting.swapping.service import Swaps
from venue_server.staff.passwords import HashCost
from venue_server.staff.permissions import Named
from venue_server.staff.service import StaffService
from venue_server.stations.authority import load_authority
from venue_server.stations.delivery import Delivery
from venue_server.stations.enrolment import Enrolment
from venue_server.stations.inspection.reports import StationReports
from venue_server.stations.inspection.service import Inspection
from venue_server.stations.presence import Presence
from venue_server.stations.wiping import StationWipes
from venue_server.storage.engine import StoreFault
from venue_server.storage.one_thread import BoundedLook
from venue_server.trusted_time.machine import MachineWatch
from venue_server.wire.canonical import unb64
from venue_server.wire.names import Mode
from venue_server.wire.station_messages import SessionChanged

DAY_MS = 24 * 3600 * 1000
REHEARSAL_TOLERANCE_MS = 60_000
"""In a rehearsal's compressed time a station's few milliseconds of error are exam minutes."""
TOLERANCE_MS = 2_000
TOTP_KEY = b"kaodian/second-factor/1"
_log = logging.getLogger(__name__)


class VenueNode:
    """One running venue server over one data folder."""

    def __init__(self, data: Path, clean_own: Clean = nothing_here) -> None:
        """``clean_own`` cleans the process, where the server is alone in it."""
        self.data = data
        self._clean_own = clean_own
        self.settings: Settings = load_settings(data)
        self.ports = Ports(0, 0)
        self.failed = asyncio.Event()
        self.begin_again = False
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Build and start everything. Raises StartFault before any door is open."""
        base = self._base = open_foundation(self.data, self.settings, self._stack)
        sittings = await self._open_sittings(base)
        line = await self._stack.enter_async_context(HeadquartersLine(self.settings.headquarters))
        parts = await self._services(base, sittings)
        papers = self._paper_keeper = PaperKeeper(parts, self._answer_keys)
        self._line_keeper = LineKeeper(parts, line)
        self._release_keeper = ReleaseKeeper(
            parts, line, self._line_keeper.published_early, self._watch
        )
        closing = self._closing(base, parts, papers)
        self._day = ExamDay(
            base,
            parts,
            lambda: self._intake,
            closing,
        )
        consoles = self._consoles(base, parts, papers, closing)
        papers.refresh()
        await parts.people.level()
        await self._open_doors(parts, consoles)
        self._wind_up(base, parts, line, consoles, closing)
        await base.ledger.note(Event.SERVER_STARTED, pid=os.getpid())

    async def stop(self) -> None:
        """Stop in reverse order; every acknowledged answer is already durable.

        The doors first, while the keepers still work: an answer on its way is stored and
        acknowledged, or it is not acknowledged.
        """
        await self._doors.close()
        with suppress(StoreFault):  # a disk that is gone is written to by the next start
            await self._base.ledger.note(Event.SERVER_STOPPED)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    def now_ms(self) -> int:
        """This server's exam time."""
        return self._base.clock.now_ms()

    # ---- services, in data order ---------------------------------------------------------

    async def _open_sittings(self, base: Foundation) -> SittingService:
        practice = self.settings.mode is Mode.REHEARSAL
        tolerance = REHEARSAL_TOLERANCE_MS if practice else TOLERANCE_MS
        try:
            return open_sittings(base, tolerance)
        except StartFault:
            await self._stack.aclose()
            raise

    async def _services(self, base: Foundation, sittings: SittingService) -> DeskParts:
        settings, store, ledger, clock = self.settings, base.store, base.ledger, base.clock
        hub = Hub()
        enrolment = self._enrolment(base)
        responses = await self._responses(base, sittings)
        disks = disks_of(base, responses, self._stack)
        self._disk_alarms = disks.primary_alarms
        swaps = Swaps(store, ledger, sittings, clock.now_ms)
        self._watch = ReleaseWatch(
            ledger, _real_ms, lambda key: _is_closed(sittings, key), hub.venue_changed
        )
        staff, people = self._people(base, sittings)
        papers = Papers(store, self.data / "papers", settings.venue_id)
        reserves = Reserves(
            store, ledger, sittings, papers, clock.now_ms, lambda: self._paper_keeper.refresh()
        )
        return DeskParts(
            venue_id=settings.venue_id,
            venue_name=settings.venue_name,
            mode=settings.mode,
            headquarters_keys=base.headquarters,
            headquarters_threshold=base.threshold,
            clock=clock,
            day_began_ms=lambda: clock.now_ms() // DAY_MS * DAY_MS - DAY_MS,
            ledger=ledger,
            staff=staff,
            people=people,
            enrolment=enrolment,
            presence=Presence(
                clock.now_ms,
                time.monotonic,
                settings.heartbeat_lost_s,
                lambda machine_id: _tell_seat(enrolment, hub, machine_id),
            ),
            sittings=sittings,
            papers=papers,
            reserves=reserves,
            forms=SessionForms(papers, reserves.used),
            freezing=Freezing(store, ledger, clock.now_ms),
            notices=Notices(store, ledger, clock.now_ms),
            receipt_signed=lambda session_id: self._intake.completeness_signed(session_id),
            releases=self._releases(base, sittings),
            confirmations=Confirmations(store, ledger, clock, self._release_keys(base)),
            delivery=Delivery(hub.to_station),
            responses=responses,
            swaps=swaps,
            branches=Branches(
                store,
                ledger,
                sittings,
                responses,
                lambda sitting, machine_id: (
                    sitting.machine_id == machine_id
                    or swaps.held_before(sitting.sitting_id, machine_id)
                ),
                clock.now_ms,
            ),
            alarms=alarms_of(base, disks, self._watch.alarms),
            disks=disks,
            hub=hub,
            sources=DaySources(),
            reports=StationReports(
                store, ledger, clock.now_ms, clock.steady_ms, lambda: clock.rate, hub.to_station
            ),
            inspection=Inspection(store, ledger, clock.now_ms),
            station_wipes=StationWipes(store, ledger, clock.now_ms),
            credits=CreditService(
                store, ledger, sittings, clock.now_ms, int(2000 * MARK_S * clock.rate)
            ),
        )

    def _people(self, base: Foundation, sittings: SittingService) -> tuple[StaffService, PeopleDay]:
        store, ledger, now_ms = base.store, base.ledger, base.clock.now_ms
        cost = HashCost(memory_kib=self.settings.argon2_memory_kib)
        key = base.keys.derived(TOTP_KEY)

        def session_id() -> str:
            session = sittings.current_session()
            return session.session_id if session else ""

        staff = StaffService(store, ledger, now_ms, _real_ms, cost, session_id, key)
        name = self.settings.venue_name
        return staff, PeopleDay(store, ledger, staff, sittings, now_ms, key, name)

    def _enrolment(self, base: Foundation) -> Enrolment:
        self._authority = load_authority(self.data / "keys", self.settings.venue_id)
        return Enrolment(
            base.store,
            base.ledger,
            self._authority,
            self.settings.headquarters.keys,
            base.threshold,
            base.clock.now_ms,
            time.monotonic,
            self.settings.enrolments_per_address,
        )

    def _release_keys(self, base: Foundation) -> ReleaseKeys:
        return ReleaseKeys(
            self.settings.venue_id,
            base.keys.hpke,
            base.headquarters,
            base.threshold,
            base.opened_packages,
        )

    def _releases(self, base: Foundation, sittings: SittingService) -> Releases:
        return Releases(
            base.store,
            base.ledger,
            base.clock,
            sittings,
            self._release_keys(base),
            self.settings.start_lead_s,
            lambda: self._release_keeper.changed(),
        )

    async def _responses(self, base: Foundation, sittings: SittingService) -> Responses:
        def bundle_public(session_id: str) -> bytes:
            return unb64(sittings.plan_of(sittings.session(session_id)).bundle_public)

        folder = self.data / "keys" / "answers"
        second = base.second
        self._answer_keys = AnswerKeys(
            folder,
            second.folder,
            self.settings.venue_id,
            bundle_public,
            BoundedLook("second folder", lambda: second.problem() is None, lambda: False, 2.0),
        )
        second_copy = SecondCopy(second.folder / SECOND_COPY, second.problem, alone=True)
        responses = Responses(
            base.store, base.ledger, self._answer_keys, second_copy, base.clock.now_ms
        )
        self._stack.callback(responses.close)
        await responses.level_copies()
        return responses

    def _closing(self, base: Foundation, parts: DeskParts, papers: PaperKeeper) -> Closing:
        def papers_of(session_id: str, room_id: str) -> PapersOfRecord:
            session = parts.sittings.session(session_id)
            return PapersOfRecord(
                [paper.seal for paper in parts.forms.in_room(session, room_id)],
                [paper.seal for paper in parts.forms.reserves(session)],
                [
                    f"{use.substitution.form} 启用：{use.reason}（批准：{use.approved_by}）"
                    for use in parts.reserves.used(session_id)
                    if use.substitution.room_id in ("", room_id)
                ],
            )

        closing = Closing(
            parts=parts,
            store=base.store,
            records=RecordsService(
                base.store,
                base.ledger,
                parts.sittings,
                base.clock.now_ms,
                RecordSources(papers_of, parts.sources.lines, parts.sources.points),
            ),
            answer_keys=self._answer_keys,
            keys=ClosingKeys(base.keys.signing, base.headquarters, base.threshold),
            outbox=self.data / "outbox",
            papers_changed=papers.refresh,
            session_wiping=SessionWiping(
                parts, base.store, self._answer_keys, base.searched, self._clean_own
            ),
            second=base.second,
        )
        self._stack.callback(closing.close)
        return closing

    # ---- desks and doors -----------------------------------------------------------------

    def _consoles(
        self, base: Foundation, parts: DeskParts, papers: PaperKeeper, closing: Closing
    ) -> ConsoleDesk:
        intake = self._intake = receiving(
            base, parts, self.settings, self.data / "quarantine", papers.refresh
        )

        def plan_imported() -> None:
            papers.refresh()
            session = parts.sittings.current_session()
            brief = session_brief(parts, session) if session else None
            parts.hub.to_stations(SessionChanged(brief), lambda _machine_id: True)
            desk.redraw()

        desk = ConsoleDesk(
            parts,
            {
                **MachineOrders(parts, plan_imported).handlers(),
                **self._day.handlers(lambda: desk.people_changed()),
                **IntakeOrders(parts, intake).handlers(),
                **PaperOrders(parts).handlers(),
                **watched(ReleaseOrders(parts, intake.may_arm).handlers(), self._watch),
                **ClosingOrders(closing).handlers(),
            },
            {Named.RECEIPT: intake.receipts.pair, Named.SEALING: closing.pair},
        )
        return desk

    async def _open_doors(self, parts: DeskParts, consoles: ConsoleDesk) -> None:
        settings = self.settings
        self._doors = Listener(parts, self._authority, StationDesk(parts), consoles)
        self.ports = await self._doors.open(
            settings.listen_host,
            settings.listen_port,
            settings.enrol_port,
            self.data / "run" / "control.sock",
        )
        parts.enrolment.listening(self.ports.main)
        if settings.advertise:
            announcement = Announcement(self._authority.der, self.ports)
            parts.alarms.also(announcement.alarms)
            await self._stack.enter_async_context(announcement)

    # ---- the clockwork -------------------------------------------------------------------

    def _wind_up(
        self,
        base: Foundation,
        parts: DeskParts,
        line: HeadquartersLine,
        consoles: ConsoleDesk,
        closing: Closing,
    ) -> None:
        settings = self.settings
        end_keeper = EndKeeper(parts, settings.hand_in_grace_s)
        self._supervise("responses", parts.responses.run)
        self._supervise("receipt", self._intake.watch)
        time_keeper = TimeKeeper(parts, line, MachineWatch(base.clock.sources))
        parts.alarms.also(time_keeper.alarms)
        parts.alarms.also(self._line_keeper.alarms)
        self._supervise("time", time_keeper.run)
        self._supervise("line", self._line_keeper.run)
        self._supervise("documents", self._day.documents(line))
        self._supervise("release", self._release_keeper.run)
        self._supervise("end", end_keeper.run)
        self._supervise("presence", PresenceKeeper(parts).run)
        self._supervise("alarms", AlarmKeeper(parts).run)
        self._supervise("boards", consoles.keep_boards_current)
        self._supervise("uploads", closing.run)
        for name, work in self._day.keepers().items():
            self._supervise(name, work)

    # ---- supervision ---------------------------------------------------------------------

    def _supervise(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A keeper that ends has a bug: stop the server, so that its unit starts it afresh."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled():
                _log.critical("%s ended: %r", name, task.exception())
                self.begin_again |= isinstance(task.exception(), PrimaryReturned)
                self.failed.set()

        task = asyncio.create_task(kept_up(name, work, self._disk_alarms), name=name)
        task.add_done_callback(ended)
        self._tasks.append(task)


def _tell_seat(enrolment: Enrolment, hub: Hub, machine_id: str) -> None:
    machine = enrolment.machine(machine_id)
    if machine is not None:
        hub.seat_changed(machine.room_id, machine.seat_no)


def _is_closed(sittings: SittingService, session_id: str) -> bool:
    """Whether a session's paper was not released yet."""
    return any(
        each.session_id == session_id and each.state in BEFORE_START for each in sittings.sessions()
    )


def _real_ms() -> int:
    """Real milliseconds that survive a restart on this boot, for lock-outs."""
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


__all__ = ["StartFault", "VenueNode"]
