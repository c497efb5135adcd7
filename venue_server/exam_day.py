"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from venue_server.backup.service import BackupRules, BackupService
from venue_server.day_backup import BackupKeeper
from venue_server.day_documents import DocumentKeeper
from venue_server.day_equipment import EquipmentKeeper
from venue_server.day_people import PeopleKeeper
from venue_server.day_primary import Primary, PrimaryKeeper
from venue_server.day_store import StoreKeeper
from venue_server.foundation import STORE, Foundation
from venue_server.gateway.answer_facts import AnswerFacts
from venue_server.gateway.answer_keeper import AnswerKeeper
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.credit_records import CreditRecords
from venue_server.gateway.day_facts import DayFactsSource
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.duty_keeper import DutyKeeper
from venue_server.gateway.inspecting import Inspecting, ServerMachine
from venue_server.gateway.journal_import import JournalImport
from venue_server.gateway.keeping_view import KeptThings
from venue_server.gateway.late_arrivals import LateArrivals
from venue_server.gateway.lost_stations import LostStations
from venue_server.gateway.lost_time_watch import LostTimeWatch
from venue_server.gateway.notice_lines import NoticeRecords
from venue_server.gateway.orders_accounts import AccountOrders
from venue_server.gateway.orders_admission import AdmissionOrders
from venue_server.gateway.orders_backups import BackupOrders
from venue_server.gateway.orders_credit import CreditOrders
from venue_server.gateway.orders_duty import DutyOrders
from venue_server.gateway.orders_handover import HandOverOrders
from venue_server.gateway.orders_holdings import HoldingsOrders
from venue_server.gateway.orders_incidents import IncidentOrders
from venue_server.gateway.orders_inspection import InspectionOrders
from venue_server.gateway.orders_intake import paper_stations
from venue_server.gateway.orders_keeping import KeepingOrders
from venue_server.gateway.orders_notices import NoticeOrders
from venue_server.gateway.orders_ordered import SessionOrderOrders
from venue_server.gateway.orders_people import PeopleOrders
from venue_server.gateway.orders_records import RecordOrders
from venue_server.gateway.orders_room import RoomOrders
from venue_server.gateway.orders_roomtime import RoomTimeOrders
from venue_server.gateway.orders_swap import SwapOrders
from venue_server.gateway.orders_uploads import UploadOrders
from venue_server.gateway.orders_violations import ViolationOrders
from venue_server.gateway.orders_wiping import WipingOrders
from venue_server.gateway.seal_keeper import SealKeeper
from venue_server.gateway.stranded_answers import late_alarms
from venue_server.gateway.swap_keeper import SwapKeeper
from venue_server.gateway.swap_lines import SwapRecords
from venue_server.gateway.upload_keeper import UploadKeeper
from venue_server.gateway.wipe_keeper import WipeKeeper
from venue_server.intake.custody.media_io import medium_of
from venue_server.intake.custody.service import Custody
from venue_server.intake.custody.window_io import WindowFile
from venue_server.intake.service import Intake
from venue_server.records.incidents.service import IncidentService
from venue_server.records.violations.service import ViolationService
from venue_server.release.arriving.service import Arrived, Reader
from venue_server.release.headquarters_line import HeadquartersLine
from venue_server.settings import SETTINGS_FILE
from venue_server.sitting.door.service import DoorBook
from venue_server.sitting.ordered.service import OrderBook
from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.stations.inspection.server_io import file_digest
from venue_server.upload.handing_over.service import HandingOver, HandOverSettings
from venue_server.upload.store import sealed_at
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import sign


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(
        self, base: Foundation, parts: DeskParts, intake: Callable[[], Intake], closing: Closing
    ) -> None:
        self._base = base
        self._parts = parts
        self._inspecting = Inspecting(parts, server_machine(base, parts, intake))
        self._whole_store = StoreKeeper(parts, base.data / STORE)
        parts.alarms.also(self._whole_store.alarms)
        self._primary = _primary(base, parts)
        parts.alarms.also(self._primary.alarms)
        self._seal = SealKeeper(self._inspecting)
        parts.alarms.also(self._seal.alarms)
        parts.sources.open_points.append(self._seal.open_points)
        receives = self._inspecting.machine.receiving
        self._window = WindowFile(base.data, receives, base.clock.steady_ms)

        parts.sources.room_lines.append(parts.people.room_lines)
        parts.sources.open_points.append(parts.people.open_points)
        self._swap_keeper = SwapKeeper(parts)
        swap_records = SwapRecords(parts, base.store)
        parts.sources.room_lines.append(swap_records.room_lines)
        parts.sources.room_lines.append(LateArrivals(base.store).room_lines)
        parts.sources.open_points.append(swap_records.open_points)
        parts.alarms.also(self._swap_keeper.alarms)
        self._admission = self._at_the_doors()
        self._room_times = _room_times(base, parts)
        parts.sources.room_lines.append(self._room_times.room_lines)
        parts.sources.open_points.append(self._room_times.open_points)
        parts.alarms.also(self._room_times.alarms)
        self._incidents = IncidentService(base.store, base.ledger, base.clock.now_ms)
        self._violations = ViolationService(
            base.store, base.ledger, parts.sittings, self._incidents, base.clock.now_ms
        )
        self._incident_orders = IncidentOrders(parts, self._incidents, self._violations)
        self._violation_orders = ViolationOrders(parts, self._violations)
        self._tell_incidents(parts)
        self._closing = closing
        parts.alarms.also(closing.exports.alarms)
        self._backups = _backups(base)
        parts.alarms.also(self._backups.alarms)
        self._facts = DayFactsSource(closing, base.store, base.data, _copies_wanted(base))
        self._answers = AnswerFacts(parts, base.store, base.backup_targets)
        parts.sources.backup_proved = self._answers.backup_proved
        self._lost_time = LostTimeWatch(parts)
        credit_records = CreditRecords(parts)
        parts.sources.room_lines.append(credit_records.lines)
        parts.sources.open_points.append(credit_records.points)
        self._by_hand = _by_hand(base, parts, closing)
        parts.alarms.also(self._by_hand.alarms)
        parts.alarms.also(lambda: late_alarms(parts))
        self._orders = _order_book(base, parts, self._room_times)
        parts.sources.room_lines.append(self._orders.room_lines)
        parts.sources.open_points.append(self._orders.open_points)
        parts.sources.bundle_parts["orders"] = self._orders.for_bundle
        parts.alarms.also(self._orders.alarms)
        self._notice_orders = NoticeOrders(parts)
        self._documents = _from_the_line(base, parts, self._orders, self._notice_orders)
        parts.alarms.also(self._documents.alarms)
        parts.sources.room_lines.append(NoticeRecords(parts).room_lines)

    def _tell_incidents(self, parts: DeskParts) -> None:
        sources = parts.sources
        sources.room_lines += [self._incidents.room_lines, self._violation_orders.room_lines]
        sources.open_points += [self._incidents.open_points, self._violation_orders.open_points]
        sources.bundle_parts["incidents"] = self._incidents.for_bundle
        sources.bundle_parts["violations"] = self._violations.for_bundle
        sources.holds.append(lambda session_id: bool(self._incidents.holds(session_id)))
        parts.alarms.also(self._incident_orders.alarms)
        parts.alarms.also(self._violation_orders.alarms)

    def handlers(self, people_changed: Callable[[], None]) -> dict[str, Handler]:
        """Every order of these parts, by name. ``people_changed`` tells the desk."""
        self._people_changed = people_changed
        return {
            **RoomOrders(self._parts).handlers(),
            **InspectionOrders(self._inspecting, self._sign).handlers(),
            **PeopleOrders(self._parts, people_changed).handlers(),
            **AccountOrders(self._parts, people_changed).handlers(),
            **SwapOrders(self._parts, self._swap_keeper, self._journals()).handlers(),
            **self._admission.handlers(),
            **RoomTimeOrders(self._parts, self._room_times).handlers(),
            **self._incident_orders.handlers(),
            **self._violation_orders.handlers(),
            **RecordOrders(self._closing, self._facts).handlers(),
            **KeepingOrders(self._closing).handlers(),
            **HandOverOrders(self._closing, self._by_hand).handlers(),
            **UploadOrders(self._closing).handlers(),
            **self._wiping(),
            **CreditOrders(self._parts, self._lost_time, self._incidents.all).handlers(),
            **self._notice_orders.handlers(),
            **SessionOrderOrders(self._parts, self._orders, self._documents.waiting).handlers(),
            **DutyOrders(self._parts).handlers(),
        }

    def documents(self, line: HeadquartersLine) -> Callable[[], Coroutine[Any, Any, None]]:
        """The work of fetching what headquarters issues."""
        return lambda: self._documents.run(line)

    def keepers(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {
            "seal": self._seal.run,
            "receiving": self._window.run,
            "backup": BackupKeeper(self._parts, self._backups, self._closing.answer_keys).run,
            "store": self._whole_store.run,
            "primary": self._primary.run,
            "people": PeopleKeeper(self._parts, self._people_changed).run,
            "swaps": self._swap_keeper.run,
            "lost stations": LostStations(self._parts, self._incidents).run,
            "equipment": EquipmentKeeper(self._base.data, self._parts.clock.now_ms).run,
            "lost-time": self._lost_time.run,
            "duty": DutyKeeper(self._base.data, self._base.ledger).run,
            "wiping": WipeKeeper(self._closing).run,
            "upload progress": UploadKeeper(self._closing, self._base.data / "run").run,
            "answers": AnswerKeeper(self._parts, self._answers, self._base.data / "run").run,
        }

    def _wiping(self) -> dict[str, Handler]:
        base = self._base
        kept = KeptThings(self._closing, base.store, base.data, base.backup_targets)
        wiping = WipingOrders(self._closing, self._answers, kept, base.store, self._sign)
        backups = BackupOrders(self._parts, self._backups)
        held = HoldingsOrders(self._closing, self._answers, backups, wiping, base.store)
        return {**wiping.handlers(), **backups.handlers(), **held.handlers()}

    def _sign(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A document of this venue's own, under its key."""
        return sign(payload, [self._base.keys.signing])

    def _journals(self) -> JournalImport:
        base, parts = self._base, self._parts
        custody = Custody(base.store, base.ledger, parts.staff.people, parts.clock.now_ms)
        return JournalImport(parts, custody, self._swap_keeper)

    def _at_the_doors(self) -> AdmissionOrders:
        base, parts = self._base, self._parts
        door = DoorBook(base.store, base.ledger, parts.sittings, parts.clock.now_ms, base.keys.hpke)
        parts.sources.room_lines.append(door.room_lines)
        parts.sources.open_points.append(door.open_points)
        orders = AdmissionOrders(parts, door)
        parts.alarms.also(orders.alarms)
        return orders


def server_machine(
    base: Foundation, parts: DeskParts, intake: Callable[[], Intake]
) -> ServerMachine:
    """What the inspection measures of the server. ``intake`` is there once the desks are."""

    async def check_papers(session_id: str, person: str) -> dict[str, bool] | Refusal:
        done = await intake().check(session_id, person, paper_stations(parts))
        if isinstance(done, Refusal):
            return done
        return {each.package_id: each.passed for each in done}

    return ServerMachine(
        data=base.data,
        second=base.second,
        backups=lambda: base.backup_targets,
        reserve_held=lambda: base.reserve.watch().reserved,
        settings=base.settings,
        running=file_digest(base.data / SETTINGS_FILE),
        receiving=lambda: intake().receipts.any_open(),
        check_papers=check_papers,
    )


def _copies_wanted(base: Foundation) -> BackupRules:
    settings = base.settings
    return BackupRules(settings.backups_required, not settings.same_device_allowed)


def _order_book(base: Foundation, parts: DeskParts, times: RoomTimes) -> OrderBook:
    return OrderBook(
        base.store,
        base.ledger,
        parts.sittings,
        times,
        base.clock.now_ms,
        lambda session_id: base.store.read(lambda tx: sealed_at(tx, session_id)),
    )


def _from_the_line(
    base: Foundation, parts: DeskParts, orders: OrderBook, notices: NoticeOrders
) -> DocumentKeeper:
    reader = Reader(parts.headquarters_keys, parts.headquarters_threshold, parts.venue_id)
    arrived = Arrived(base.store, base.ledger, reader, base.clock.now_ms)
    return DocumentKeeper(parts, arrived, orders, notices.forms)


def _by_hand(base: Foundation, parts: DeskParts, closing: Closing) -> HandingOver:
    settings = HandOverSettings(
        venue_id=parts.venue_id,
        mode=parts.mode,
        signing=base.keys.signing,
        records=base.data / "outbox" / "hand-over",
        medium_of=medium_of,
        twins=closing.twins,
    )
    return HandingOver(base.store, base.ledger, settings, base.clock.now_ms)


def _backups(base: Foundation) -> BackupService:
    settings = base.settings
    return BackupService(
        base.store,
        base.ledger,
        base.backup_targets,
        base.clock.now_ms,
        base.ledger.files,
        BackupRules(settings.backups_required, not settings.same_device_allowed),
    )


def _primary(base: Foundation, parts: DeskParts) -> PrimaryKeeper:
    public = base.keys.signing.public_key().public_bytes_raw()
    return PrimaryKeeper(parts, Primary(base.data, base.data / STORE, public))


def _room_times(base: Foundation, parts: DeskParts) -> RoomTimes:
    def lead_ms() -> int:
        return int(base.settings.room_lead_s * 1000 * base.clock.rate)

    return RoomTimes(base.store, base.ledger, parts.sittings, base.clock.now_ms, lead_ms)
