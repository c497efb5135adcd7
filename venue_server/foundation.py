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
from venue_server.gateway.alarms import Alarms, AlarmSource
from venue_server.gateway.clock_face import clock_alarm
from venue_server.ledger.book import Ledger
from venue_server.ledger.opened import opened_packages
from venue_server.responses.service import Responses
from venue_server.settings import Settings
from venue_server.storage.disk import DiskReserve
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.trusted_time.record import ANCHOR_FILE, MARK_FILE
from venue_server.venue_keys import VenueKeys
from venue_server.wire.names import Mode
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys


class StartFault(Exception):
    """The server must not start; the message says what the administrator has to mend."""


@dataclass(frozen=True)
class Foundation:
    """Opened once at the start, closed last. ``second`` is the second copy's folder."""

    data: Path
    second: Path
    settings: Settings
    keys: VenueKeys
    headquarters: dict[str, Ed25519PublicKey]
    reserve: DiskReserve
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

    @property
    def backup_targets(self) -> list[BackupTarget]:
        """The registered backup media."""
        return [BackupTarget(name, self.data / name) for name in self.settings.backup_folders]


def open_foundation(data: Path, settings: Settings, stack: AsyncExitStack) -> Foundation:
    """Check the disks, open the store, the clock and the ledger. Raises StartFault."""
    second = data / settings.second_folder
    _check_devices(data, second, settings.same_device_allowed)
    reserve = DiskReserve(data, settings.reserve_bytes, settings.disk_floor_bytes)
    if not reserve.hold():
        raise StartFault(f"[{RefusalCode.RESERVE_MISSING}] {data}")
    engine = open_engine(data / "venue.sqlite")
    migrate(engine)
    store = Store(engine)
    stack.callback(store.close)
    clock = VenueClock(
        data / ANCHOR_FILE,
        marks=[data / MARK_FILE, second / MARK_FILE],
        practice=settings.mode is not Mode.LIVE,
    )
    return Foundation(
        data=data,
        second=second,
        settings=settings,
        keys=VenueKeys.load(data / "keys"),
        headquarters=public_keys(settings.headquarters.keys),
        reserve=reserve,
        store=store,
        clock=clock,
        ledger=Ledger(store, [data / "ledger.jsonl", second / "ledger.jsonl"], clock.now_ms),
    )


def _check_devices(data: Path, second: Path, same_device_allowed: bool) -> None:
    """The second copy must be on another device, unless the administrator said otherwise."""
    if not second.is_dir():
        raise StartFault(f"the second copy's folder is missing: {second}")
    if second.stat().st_dev == data.stat().st_dev and not same_device_allowed:
        raise StartFault(f"the second copy is on the same device as the data: {second}")


def alarms_of(base: Foundation, responses: Responses, opening: Callable[[], str]) -> Alarms:
    """Everything that can be out of order, most serious first. ``opening`` tells of attempts to
    open the paper (D11)."""

    def backup_ready() -> bool:
        usable = (os.access(target.folder, os.W_OK) for target in base.backup_targets)
        return not responses.degraded and all(usable)

    def said(fine: bool, text: str) -> str:
        return "" if fine else text

    broken = base.ledger.broken_files
    sources = [
        AlarmSource("opening", opening),
        AlarmSource("disk", lambda: said(base.reserve.watch().reserved, "磁盘空间不足 / disk low")),
        AlarmSource("second copy", lambda: responses.degraded),
        AlarmSource("clock", lambda: clock_alarm(base.clock.reading())),
        AlarmSource("ledger", lambda: "；".join(f"{p.name}: {w}" for p, w in broken.items())),
        AlarmSource("backup", lambda: said(backup_ready(), "备份介质不可用 / backup missing")),
    ]
    return Alarms(sources, backup_ready)
