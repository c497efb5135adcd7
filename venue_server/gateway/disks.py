"""The venue's disks as seen now: alarms before limits are reached, and the administrator's figures.

Every look is bounded: a device that hangs holds up neither the doors nor the alarms about it (R3).
"""

import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from venue_server.responses.service import Responses
from venue_server.storage.budgets import MIB, Used, measure, room_in
from venue_server.storage.disk import FILLING_MIN, DiskReserve, DiskState, DiskTrend
from venue_server.storage.engine import Store
from venue_server.storage.one_thread import BoundedLook
from venue_server.storage.primary import HANGS_S, SLOW_MS, Probe, SameFile
from venue_server.storage.read_probe import LATE_S, ReadProbe
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.refusals import Refusal, RefusalCode

BUDGETS_EVERY_S = 30.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrimaryDisk:
    """What the primary store stands on."""

    data: Path
    store: Store
    file: SameFile
    reserve: DiskReserve
    floor: int
    probe: Probe
    reads: ReadProbe


@dataclass
class _Seen:
    at_s: float = 0.0
    used: list[Used] = field(default_factory=list)


class Disks:
    """Looks at disk, reserve, budgets and copies; asked about once a second by the alarms."""

    def __init__(
        self, primary: PrimaryDisk, responses: Responses, backup: Callable[[], list[Alarm]]
    ) -> None:
        self._primary = primary
        self._responses = responses
        self._backup = backup
        self._trend = DiskTrend(primary.floor)
        self._state = DiskState(free=0, reserved=True)
        self._reserve = BoundedLook("disk", self._watch, lambda: self._state)
        self._elsewhere = BoundedLook("store", lambda: not primary.file.ok(), lambda: False)
        self._measured = _Seen()
        self._budgets = BoundedLook(
            "budgets", lambda: measure(primary.data), lambda: self._measured.used
        )

    def start(self, stack: AsyncExitStack) -> None:
        """Begin to probe the primary disk; ends with the stack. Called by the event loop, whose
        reads are bounded while the device does not answer one at once."""
        for probe in (self._primary.probe, self._primary.reads):
            probe.start()
            stack.callback(probe.stop)
        self._primary.store.bound_reads(self._late)

    def _watch(self) -> DiskState:
        """A folder that is gone has an alarm of its own; what was seen last stays."""
        if not self._primary.file.ok():  # another disk's reserve is not ours to give up
            return self._state
        try:
            return self._primary.reserve.watch()
        except OSError:
            return self._state

    def _late(self) -> bool:
        """Does the device answer nothing at once now, be it written or read?"""
        busy, now = self._primary.store.busy_since, time.monotonic()
        if busy is not None and now - busy >= LATE_S:
            return True
        return self._primary.probe.late(LATE_S) or self._primary.reads.late()

    # ---- the primary ---------------------------------------------------------------------

    def reserved(self) -> bool:
        """Is the disk's reserve still held? Looking gives it up when it is needed (R11)."""
        state = self._state = self._reserve()
        self._trend.add(time.monotonic(), state.free)
        return state.reserved

    def primary_alarms(self) -> list[Alarm]:
        """The primary store refuses, hangs, is slow or is not where it was."""
        folder = str(self._primary.data)
        if self._elsewhere():
            return [Alarm(AlarmCode.PRIMARY_ELSEWHERE, {"folder": folder})]
        probe, store = self._primary.probe.state(), self._primary.store
        if waited := self.hanging_s():
            args = {"folder": folder, "seconds": f"{waited:.0f}"}
            return [Alarm(AlarmCode.PRIMARY_HANGS, args)]
        refused = store.fault or probe.failed
        if refused:
            return [Alarm(AlarmCode.PRIMARY_FAILING, {"folder": folder, "system": refused})]
        return self._read_alarms(folder) or self._slow_alarms(folder)

    def _read_alarms(self, folder: str) -> list[Alarm]:
        reads = self._primary.reads
        if (waited := reads.waiting_s()) >= HANGS_S:
            args = {"folder": folder, "seconds": f"{waited:.0f}"}
            return [Alarm(AlarmCode.PRIMARY_READS_HANG, args)]
        if reads.failed:
            args = {"folder": folder, "system": reads.failed}
            return [Alarm(AlarmCode.PRIMARY_FAILING, args)]
        return []

    def _slow_alarms(self, folder: str) -> list[Alarm]:
        probe = self._primary.probe.state()
        if probe.sync_ms >= SLOW_MS:
            args = {"folder": folder, "milliseconds": f"{probe.sync_ms:.0f}"}
            return [Alarm(AlarmCode.DISK_SLOW, args)]
        return []

    def elsewhere(self) -> bool:
        """Is the store not where it was?"""
        return self._elsewhere()

    def hanging_s(self) -> float:
        """Seconds that the primary has not answered for; 0 below what is an alarm. Never blocks."""
        busy = self._primary.store.busy_since
        waited = self._primary.probe.state().hanging_s
        waited = max(waited, time.monotonic() - busy if busy is not None else 0.0)
        return waited if waited >= HANGS_S else 0.0

    def first_sign(self) -> float:
        """When (steady seconds) what is wrong with the primary began to show; now, when it is not
        known."""
        store, probe = self._primary.store, self._primary.probe.state()
        signs = [store.busy_since or 0.0] if self.hanging_s() else []
        signs += [store.fault_since] if store.fault else []
        signs += [probe.since] if probe.failed or probe.hanging_s else []
        return min((each for each in signs if each), default=time.monotonic())

    def primary_trouble(self) -> str:
        """The primary's alarm in both languages; empty when there is none."""
        return _said(self.primary_alarms())

    def space_alarms(self) -> list[Alarm]:
        """The reserve was given up, or will be soon at this rate."""
        folder = str(self._primary.data)
        if not self.reserved():
            return [Alarm(AlarmCode.DISK_LOW, {"folder": folder})]
        minutes = self._trend.minutes_left()
        if minutes is not None and minutes < FILLING_MIN:
            return [Alarm(AlarmCode.DISK_FILLING, {"folder": folder, "minutes": str(minutes)})]
        return []

    def second_alarms(self) -> list[Alarm]:
        """Answers are kept once only, and why; answers that one copy had to give the other."""
        responses = self._responses
        said = (responses.degraded, responses.mending.damaged)
        return [alarm for alarm in said if alarm]

    def slow_alarms(self) -> list[Alarm]:
        """The second copy's disk takes writes, but very slowly."""
        slow = self._responses.slow
        return [slow] if slow else []

    def backup_alarms(self) -> list[Alarm]:
        """Backup media that are not there, are other ones, or do not answer."""
        return self._backup()

    # ---- budgets -------------------------------------------------------------------------

    def used(self) -> list[Used]:
        """Every budget and what it holds, not older than half a minute."""
        now = time.monotonic()
        if not self._measured.used or now - self._measured.at_s >= BUDGETS_EVERY_S:
            self._measured = _Seen(now, self._budgets())
        return self._measured.used

    def budget_alarms(self) -> list[Alarm]:
        """Whatever is over its budget, or near it."""
        return [
            Alarm(
                AlarmCode.BUDGET_EXCEEDED if each.over else AlarmCode.BUDGET_NEAR,
                {
                    "name": each.budget.key,
                    "used": str(-(-each.used // MIB)),
                    "budget": str(each.budget.limit // MIB),
                    "folder": str(self._primary.data),
                },
            )
            for each in self.used()
            if each.over or each.near
        ]

    def may_export(self, more: int) -> Refusal | None:
        """BAK-01 when ``more`` bytes of export would go over their budget or touch what is kept
        for answers."""
        self._measured = _Seen()
        free = self._reserve().free
        if room_in("exports", self.used(), more) and free - more >= self._primary.floor:
            return None
        return Refusal(RefusalCode.NO_ROOM_BESIDE_ANSWERS, str(self._primary.data))

    # ---- figures -------------------------------------------------------------------------

    def rows(self) -> list[tuple[str, str, bool]]:
        """(label, value, in order) for the status page."""
        reserved = self.reserved()
        probe, minutes = self._primary.probe.state(), self._trend.minutes_left()
        broken = self.primary_alarms()
        degraded = self._responses.degraded
        backups = self._backup()
        near = minutes is not None and minutes < FILLING_MIN
        return [
            ("主存储 / primary store", _said(broken) or "正常 / in order", not broken),
            ("一次落盘 / one sync", f"{probe.sync_ms:.1f} ms", probe.sync_ms < SLOW_MS),
            ("剩余空间 / free", f"{self._state.free // MIB} MiB", not near),
            (
                "到达下限 / floor reached",
                f"{minutes} min" if minutes is not None else "—",
                not near,
            ),
            ("预留空间 / reserve", "已占用 / held" if reserved else "已放出 / given up", reserved),
            *(
                (
                    each.budget.name,
                    f"{each.used // MIB} / {each.budget.limit // MIB} MiB",
                    not each.over,
                )
                for each in self.used()
            ),
            (
                "第二份 / second copy",
                _said([degraded] if degraded else []) or "正常 / in order",
                not degraded,
            ),
            ("备份介质 / backup media", _said(backups) or "正常 / in order", not backups),
        ]


def _said(alarms: list[Alarm]) -> str:
    return "；".join(f"{alarm.text('zh')} / {alarm.text('en')}" for alarm in alarms)
