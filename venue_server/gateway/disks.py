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
        self._reserve = BoundedLook("disk", primary.reserve.watch, lambda: self._state)
        self._elsewhere = BoundedLook("store", lambda: not primary.file.ok(), lambda: False)
        self._measured = _Seen()
        self._budgets = BoundedLook(
            "budgets", lambda: measure(primary.data), lambda: self._measured.used
        )

    def start(self, stack: AsyncExitStack) -> None:
        """Begin to probe the primary disk; ends with the stack."""
        self._primary.probe.start()
        stack.callback(self._primary.probe.stop)

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
        busy = store.busy_since
        waited = max(probe.hanging_s, time.monotonic() - busy if busy is not None else 0.0)
        if waited >= HANGS_S:
            args = {"folder": folder, "seconds": f"{waited:.0f}"}
            return [Alarm(AlarmCode.PRIMARY_HANGS, args)]
        refused = store.fault or probe.failed
        if refused:
            return [Alarm(AlarmCode.PRIMARY_FAILING, {"folder": folder, "system": refused})]
        if probe.sync_ms >= SLOW_MS:
            args = {"folder": folder, "milliseconds": f"{probe.sync_ms:.0f}"}
            return [Alarm(AlarmCode.DISK_SLOW, args)]
        return []

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
        said = (self._responses.degraded, self._responses.mending.damaged)
        return [alarm for alarm in said if alarm]

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
