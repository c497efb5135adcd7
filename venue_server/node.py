"""The composition root of the venue server: builds everything in data order, stops it in reverse.

Read :meth:`VenueNode.start` from top to bottom to see the whole program.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from venue_server.backup.service import BackupRules, BackupService, BackupTarget
from venue_server.clock import VenueClock
from venue_server.day import (
    EndKeeper,
    PaperKeeper,
    PresenceKeeper,
    ReleaseKeeper,
    TimeKeeper,
)
from venue_server.gateway.alarms import Alarms, AlarmSource
from venue_server.gateway.announce import Announcement
from venue_server.gateway.closing import Closing, ClosingKeys
from venue_server.gateway.console_desk import ConsoleDesk
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.hub import Hub
from venue_server.gateway.listener import Listener, Ports
from venue_server.gateway.orders_closing import ClosingOrders
from venue_server.gateway.orders_machines import MachineOrders
from venue_server.gateway.orders_paper import PaperOrders
from venue_server.gateway.orders_room import RoomOrders
from venue_server.gateway.station_desk import StationDesk, session_brief
from venue_server.intake.papers import Papers
from venue_server.intake.service import Intake, IntakeRules
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.records.service import RecordsService
from venue_server.release.headquarters_line import HeadquartersLine
from venue_server.release.service import ReleaseKeys, Releases
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.second_copy import SecondCopy
from venue_server.responses.service import Responses
from venue_server.settings import Settings, load_settings
from venue_server.sitting.service import SittingService
from venue_server.staff.passwords import HashCost
from venue_server.staff.service import StaffService
from venue_server.stations.authority import load_authority
from venue_server.stations.delivery import Delivery
from venue_server.stations.enrolment import Enrolment
from venue_server.stations.presence import Presence
from venue_server.storage.disk import DiskReserve
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.venue_keys import VenueKeys
from venue_server.wire.canonical import unb64
from venue_server.wire.messages import PaperSeal, SessionChanged
from venue_server.wire.names import Mode
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys

DAY_MS = 24 * 3600 * 1000
REHEARSAL_TOLERANCE_MS = 60_000
"""In a rehearsal's compressed time a station's few milliseconds of error are exam minutes."""


class StartFault(Exception):
    """The server must not start; the message says what the administrator has to mend."""


class VenueNode:
    """One running venue server over one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.settings: Settings = load_settings(data)
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self.ports = Ports(0, 0)
        self.failed = asyncio.Event()

    def folder(self, name: str) -> Path:
        """A folder of the settings, below the data folder when it is relative."""
        return self.data / name

    async def start(self) -> None:
        """Build and start everything. Raises StartFault before any door is open."""
        settings, data = self.settings, self.data
        second = self.folder(settings.second_folder)
        self._check_devices(second)
        reserve = DiskReserve(data, settings.reserve_bytes, settings.disk_floor_bytes)
        if not reserve.hold():
            raise StartFault(f"[{RefusalCode.RESERVE_MISSING}] {data}")
        keys = VenueKeys.load(data / "keys")
        headquarters = public_keys(settings.headquarters.keys)
        threshold = settings.headquarters.threshold

        # storage, time, ledger
        engine = open_engine(data / "venue.sqlite")
        migrate(engine)
        store = Store(engine)
        self._stack.callback(store.close)
        clock = VenueClock(data / "clock.json")
        ledger = Ledger(store, [data / "ledger.jsonl", second / "ledger.jsonl"], clock.now_ms)
        line = await self._stack.enter_async_context(HeadquartersLine(settings.headquarters))

        # people and the plan
        cost = HashCost(memory_kib=settings.argon2_memory_kib)
        staff = StaffService(store, ledger, clock.now_ms, _real_ms, cost)
        tolerance = REHEARSAL_TOLERANCE_MS if settings.mode is Mode.REHEARSAL else 2_000
        sittings = SittingService(store, ledger, clock.now_ms, tolerance)

        # sealed papers in
        papers = Papers(store, data / "papers", settings.venue_id)
        hub = Hub()
        delivery = Delivery(hub.to_station)
        answer_keys = self._answer_keys(sittings, second)
        release_keys = ReleaseKeys(settings.venue_id, keys.hpke, headquarters, threshold)
        releases = Releases(
            store, ledger, clock, sittings, release_keys, settings.start_lead_s, self._armed
        )

        # machines
        authority = load_authority(data / "keys", settings.venue_id)
        enrolment = Enrolment(
            store,
            ledger,
            authority,
            settings.headquarters.keys,
            threshold,
            clock.now_ms,
            time.monotonic,
        )
        places = {
            each.machine_id: (each.room_id, each.seat_no) for each in enrolment.machines("station")
        }

        def seat_changed(machine_id: str) -> None:
            place = places.get(machine_id)
            if place is None:
                places.update(
                    (each.machine_id, (each.room_id, each.seat_no))
                    for each in enrolment.machines("station")
                )
                place = places.get(machine_id)
            if place is not None:
                hub.seat_changed(*place)

        presence = Presence(clock.now_ms, time.monotonic, settings.heartbeat_lost_s, seat_changed)

        # answers back
        second_copy = SecondCopy(second / "responses.journal")
        responses = Responses(store, ledger, answer_keys, second_copy, clock.now_ms)
        self._stack.callback(responses.close)
        await responses.level_copies()
        targets = [BackupTarget(name, self.folder(name)) for name in settings.backup_folders]
        backups = BackupService(
            store,
            ledger,
            targets,
            clock.now_ms,
            ledger.files,
            BackupRules(settings.backups_required, not settings.same_device_allowed),
        )
        alarms = self._alarms(clock, ledger, responses, reserve, targets)
        parts = DeskParts(
            venue_id=settings.venue_id,
            venue_name=settings.venue_name,
            mode=settings.mode,
            headquarters_keys=headquarters,
            headquarters_threshold=threshold,
            clock=clock,
            day_began_ms=lambda: clock.now_ms() // DAY_MS * DAY_MS - DAY_MS,
            ledger=ledger,
            staff=staff,
            enrolment=enrolment,
            presence=presence,
            sittings=sittings,
            papers=papers,
            releases=releases,
            delivery=delivery,
            responses=responses,
            alarms=alarms,
            hub=hub,
        )
        paper_keeper = PaperKeeper(parts, lambda: answer_keys)
        self._release_keeper = ReleaseKeeper(parts, line)
        rules = IntakeRules(settings.venue_id, settings.mode, headquarters, threshold)
        intake = Intake(
            store,
            ledger,
            papers,
            sittings,
            rules,
            data / "quarantine",
            clock.now_ms,
            lambda _session_id: paper_keeper.refresh(),
        )

        def paper_of(session_id: str) -> PaperSeal | None:
            held = papers.held(sittings.session(session_id))
            return held.seal if held else None

        closing = Closing(
            parts=parts,
            store=store,
            records=RecordsService(store, ledger, sittings, clock.now_ms, paper_of),
            answer_keys=answer_keys,
            keys=ClosingKeys(keys.signing, headquarters, threshold),
            outbox=data / "outbox",
            papers_changed=paper_keeper.refresh,
        )
        self._stack.callback(closing.close)

        # the doors
        def plan_imported() -> None:
            paper_keeper.refresh()
            session = sittings.current_session()
            brief = session_brief(parts, session) if session else None
            hub.to_stations(SessionChanged(brief), lambda _machine_id: True)
            consoles.redraw()

        handlers = {
            **MachineOrders(parts, store, plan_imported).handlers(),
            **RoomOrders(parts).handlers(),
            **PaperOrders(parts, intake).handlers(),
            **ClosingOrders(closing).handlers(),
        }
        consoles = ConsoleDesk(parts, handlers)
        listener = Listener(parts, authority, StationDesk(parts), consoles)
        paper_keeper.refresh()
        control = data / "run" / "control.sock"
        self.ports = await listener.open(
            settings.listen_host, settings.listen_port, settings.enrol_port, control
        )
        self._stack.push_async_callback(listener.close)
        enrolment.listening(self.ports.main)
        if settings.advertise:
            await self._stack.enter_async_context(Announcement(authority.der, self.ports))

        # the clockwork
        end_keeper = EndKeeper(parts, backups, lambda: answer_keys, settings.hand_in_grace_s)
        for name, work in {
            "responses": responses.run(),
            "time": TimeKeeper(parts, line).run(),
            "release": self._release_keeper.run(),
            "end": end_keeper.run(),
            "presence": PresenceKeeper(parts).run(),
            "boards": consoles.keep_boards_current(),
            "uploads": closing.run(),
        }.items():
            self._supervise(name, work)
        await ledger.note(Event.SERVER_STARTED, pid=os.getpid())
        self.ledger = ledger

    async def stop(self) -> None:
        """Stop in reverse order; every acknowledged answer is already durable."""
        await self.ledger.note(Event.SERVER_STOPPED)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    # ---- pieces --------------------------------------------------------------------------

    def _armed(self) -> None:
        self._release_keeper.armed()

    def _check_devices(self, second: Path) -> None:
        """The second copy must be on another device, or the administrator said otherwise."""
        if not second.is_dir():
            raise StartFault(f"the second copy's folder is missing: {second}")
        same = second.stat().st_dev == self.data.stat().st_dev
        if same and not self.settings.same_device_allowed:
            raise StartFault(f"the second copy is on the same device as the data: {second}")

    def _answer_keys(self, sittings: SittingService, second: Path) -> AnswerKeys:
        def bundle_public() -> bytes:
            plan = sittings.plan
            assert plan is not None, "answers belong to a session of a plan"
            return unb64(plan.bundle_public)

        return AnswerKeys(
            self.data / "keys" / "answers", second, self.settings.venue_id, bundle_public
        )

    def _alarms(
        self,
        clock: VenueClock,
        ledger: Ledger,
        responses: Responses,
        reserve: DiskReserve,
        targets: list[BackupTarget],
    ) -> Alarms:
        def backup_ready() -> bool:
            return not responses.degraded and all(
                os.access(target.folder, os.W_OK) for target in targets
            )

        sources = [
            AlarmSource(
                "disk", lambda: "" if reserve.watch().reserved else "磁盘空间不足 / disk low"
            ),
            AlarmSource("second copy", lambda: responses.degraded),
            AlarmSource(
                "clock", lambda: "" if clock.trusted else "服务器时间不可信 / time is not trusted"
            ),
            AlarmSource(
                "ledger",
                lambda: "；".join(f"{p.name}: {why}" for p, why in ledger.broken_files.items()),
            ),
            AlarmSource(
                "backup", lambda: "" if backup_ready() else "备份介质不可用 / backup missing"
            ),
        ]
        return Alarms(sources, backup_ready)

    def _supervise(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """A keeper that ends has a bug: stop the server, so that its unit starts it afresh."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled():
                sys.stderr.write(f"{name} ended: {task.exception()!r}\n")
                self.failed.set()

        task = asyncio.create_task(work, name=name)
        task.add_done_callback(ended)
        self._tasks.append(task)


def _real_ms() -> int:
    """Real milliseconds that survive a restart on this boot, for lock-outs."""
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


def say(event: str, **data: object) -> None:
    """One JSON line for whoever started this program."""
    sys.stdout.write(json.dumps({"event": event, **data}) + "\n")
    sys.stdout.flush()
