"""What every stage of a running server stands on: disk, keys, store, trusted time, ledger."""

import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.backup.service import BackupTarget
from venue_server.clock import VenueClock
from venue_server.gateway.alarms import Alarms
from venue_server.gateway.clock_face import clock_alarm
from venue_server.gateway.disks import Disks, PrimaryDisk
from venue_server.gateway.media_watch import MediaWatch
from venue_server.gateway.session_wiping import Folders
from venue_server.ledger.book import Ledger
from venue_server.ledger.opened import opened_packages
from venue_server.responses.second_copy import SECOND_COPY, in_use
from venue_server.responses.service import Responses
from venue_server.settings import Settings
from venue_server.sitting.plan_reading import PlanFault
from venue_server.sitting.service import SittingService
from venue_server.storage import background
from venue_server.storage.disk import RESERVE, DiskReserve
from venue_server.storage.engine import Store, StoreDamagedError, open_engine
from venue_server.storage.medium import MediumProblem, MediumRule
from venue_server.storage.migrate import migrate
from venue_server.storage.one_thread import BoundedLook
from venue_server.storage.primary import PROBE, Probe, SameFile
from venue_server.storage.read_probe import ReadProbe
from venue_server.trusted_time.record import ANCHOR_FILE, MARK_FILE
from venue_server.venue_keys import VenueKeys
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys

STORE = "venue.sqlite"
STOP_S = 10.0
"""How long work in hand keeps a server that stops from closing its store."""
_BACKUP_ALARMS = {
    MediumProblem.MISSING: AlarmCode.BACKUP_MISSING,
    MediumProblem.UNMARKED: AlarmCode.BACKUP_MISSING,
    MediumProblem.FOREIGN: AlarmCode.BACKUP_FOREIGN,
    MediumProblem.SAME_DEVICE: AlarmCode.BACKUP_SAME_DEVICE,
    MediumProblem.HANGS: AlarmCode.BACKUP_FAILING,
}


class StartFault(Exception):
    """The server must not start; the message says what the administrator has to mend."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.text('zh')} / {refusal.text('en')}")
        self.refusal = refusal


@dataclass(frozen=True)
class Foundation:
    """Opened once at the start, closed last. ``second`` is the second copy's folder."""

    data: Path
    second: MediumRule
    settings: Settings
    keys: VenueKeys
    headquarters: dict[str, Ed25519PublicKey]
    reserve: DiskReserve
    file: SameFile
    store: Store
    clock: VenueClock
    ledger: Ledger

    @property
    def threshold(self) -> int:
        """How many of headquarters' keys must have signed."""
        return self.settings.headquarters.threshold

    @cached_property
    def opened_packages(self) -> frozenset[str]:
        """Packages that any copy of the ledger says were opened here (E07)."""
        return opened_packages(self.ledger.files)

    def searched(self) -> Folders:
        """Where keys are looked for when a session is wiped. Backup media are not: they are written
        without what opens a paper, and answers' keys never come near them (L07, L10)."""
        passed = [each.folder for each in self.backup_targets]
        return Folders(self.data, self.second.folder, (*passed, self.data / RESERVE))

    @property
    def backup_targets(self) -> list[BackupTarget]:
        """The registered backup media."""
        rules = backup_media(self.data, self.settings)
        return [BackupTarget(name, rule.folder, rule) for name, rule in rules.items()]


def second_medium(data: Path, settings: Settings) -> MediumRule:
    """What must lie at the second copy's folder."""
    name = settings.second_folder
    apart = None if settings.same_device_allowed else data
    return MediumRule(data / name, settings.media.get(name, ""), apart)


def backup_media(data: Path, settings: Settings) -> dict[str, MediumRule]:
    """What must lie at each backup folder, by its name in the settings."""
    apart = None if settings.same_device_allowed else data
    return {
        name: MediumRule(data / name, settings.media.get(name, ""), apart)
        for name in settings.backup_folders
    }


def open_foundation(data: Path, settings: Settings, stack: AsyncExitStack) -> Foundation:
    """Check the disks, open the store, the clock and the ledger. Raises StartFault.

    Without the second device the server starts and says so aloud (R3); without the primary store
    it does not, for an empty one in its place would hide what was lost.
    """
    if not (data / STORE).exists():
        raise StartFault(Refusal(RefusalCode.STORE_MISSING, str(data / STORE)))
    second = second_medium(data, settings)
    if second.problem() is None and in_use(second.folder / SECOND_COPY):
        # Over a copy of the data folder: two servers of one venue, each with half of the answers.
        raise StartFault(Refusal(RefusalCode.SERVER_RUNS, str(second.folder)))
    reserve = DiskReserve(data, settings.reserve_bytes, settings.disk_floor_bytes)
    if not reserve.hold():
        raise StartFault(Refusal(RefusalCode.RESERVE_MISSING, str(data)))
    engine = open_engine(data / STORE)
    try:
        migrate(engine)
    except StoreDamagedError as error:
        engine.dispose()
        raise StartFault(Refusal(RefusalCode.STORE_DAMAGED, str(error))) from error
    store = Store(engine)
    stack.callback(store.close)
    stack.push_async_callback(background.ended, STOP_S)
    file = SameFile(data / STORE)
    store.guard(file.check)
    practice = settings.mode is not Mode.LIVE
    clock = open_clock(data, second, practice=practice, there=file.ok)
    return Foundation(
        data=data,
        second=second,
        settings=settings,
        keys=VenueKeys.load(data / "keys"),
        headquarters=public_keys(settings.headquarters.keys),
        reserve=reserve,
        file=file,
        store=store,
        clock=clock,
        ledger=open_ledger(store, data, second, clock),
    )


def open_clock(
    data: Path,
    second: MediumRule,
    practice: bool = False,
    there: Callable[[], bool] = lambda: True,
) -> VenueClock:
    """The clock with its anchor, and its mark on both devices, as far as they are there. ``there``:
    the data folder is the venue's own and not another disk in its place, whose clock is not ours to
    write (R3)."""
    copy = second.folder / MARK_FILE

    def usable(path: Path) -> bool:
        return second.problem() is None if path == copy else there()

    return VenueClock(
        data / ANCHOR_FILE,
        marks=[data / MARK_FILE, copy],
        practice=practice,
        usable=usable,
    )


def open_ledger(store: Store, data: Path, second: MediumRule, clock: VenueClock) -> Ledger:
    """The ledger with its file and the copy on the second device."""
    copy = second.folder / "ledger.jsonl"
    return Ledger(
        store,
        [data / "ledger.jsonl", copy],
        clock.now_ms,
        lambda path: path == copy and second.problem() is not None,
    )


def disks_of(base: Foundation, responses: Responses, stack: AsyncExitStack) -> Disks:
    """The looks at everything answers are written to; they begin here and end with the stack."""
    looks = [
        BoundedLook(
            target.label,
            lambda target=target: _backup_alarm(target),  # type: ignore[misc]
            lambda target=target: _backup_problem(target, MediumProblem.HANGS),  # type: ignore[misc]
        )
        for target in base.backup_targets
    ]

    def backup() -> list[Alarm]:
        return [alarm for look in looks if (alarm := look())]

    primary = PrimaryDisk(
        base.data,
        base.store,
        base.file,
        base.reserve,
        base.settings.disk_floor_bytes,
        Probe(base.data / "run"),
        ReadProbe(base.data / "run" / PROBE),
    )
    disks = Disks(primary, responses, backup)
    disks.start(stack)
    return disks


def alarms_of(base: Foundation, disks: Disks, opening: Callable[[], list[Alarm]]) -> Alarms:
    """Everything that can be out of order, most serious first. ``opening`` tells of attempts to
    open the paper (D11)."""
    sources = [
        opening,
        disks.primary_alarms,
        disks.space_alarms,
        disks.second_alarms,
        lambda: clock_alarm(base.clock.reading()),
        lambda: list(base.ledger.broken_files.values()),
        disks.slow_alarms,
        disks.backup_alarms,
        disks.budget_alarms,
        _media_watch(base).alarms,
    ]

    def backup_ready() -> bool:
        return not disks.second_alarms() and not disks.backup_alarms()

    return Alarms(sources, backup_ready, disks.reserved)


def _media_watch(base: Foundation) -> MediaWatch:
    backups = {each.label: each.folder for each in base.backup_targets}
    floor = base.settings.disk_floor_bytes
    return MediaWatch(base.second.folder, backups, base.data / STORE, floor)


def _backup_alarm(target: BackupTarget) -> Alarm | None:
    problem = target.problem()
    if problem is None and not os.access(target.folder, os.W_OK):
        problem = MediumProblem.MISSING
    return _backup_problem(target, problem) if problem else None


def _backup_problem(target: BackupTarget, problem: MediumProblem) -> Alarm:
    args = {"folder": str(target.folder), "system": problem.value}
    return Alarm(_BACKUP_ALARMS[problem], args)


def open_sittings(base: Foundation, tolerance_ms: int) -> SittingService:
    """The plans and sittings of this venue; raises StartFault when its key does not open a plan."""
    try:
        return SittingService(
            base.store, base.ledger, base.clock.now_ms, tolerance_ms, base.keys.hpke
        )
    except PlanFault as error:
        raise StartFault(Refusal(RefusalCode.PLAN_SEALED_ELSEWHERE)) from error
