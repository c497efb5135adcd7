"""Backing up a session: every target on its own, proof by read-back, then the step forward (L01).

One medium that is full, gone, slow or lying never stops the others and never blocks answers: all
of it runs in threads of its own, with a time limit; as soon as enough copies are proved the session
goes on, and the slow one may still come later. A medium that was away is looked through when it is
back: what was written there must still be what was proved, else the medium is refused; then it gets
what it lacks and nothing else (F20).
"""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from venue_server.backup import look_io
from venue_server.backup.archive import (
    ArchiveOrder,
    BackupFault,
    Written,
    write_archive,
)
from venue_server.backup.label import LabelPlace, labels
from venue_server.backup.store import (
    BackupCopy,
    all_copies,
    data_state,
    forget_copies_of_target,
    has_answers_since,
    keep_copies,
    move_data_state,
    read_copies,
)
from venue_server.backup.targets import (
    BackupRules,
    BackupTarget,
    is_enough,
    lacking,
    on_medium,
    places,
)
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.media_lanes import watching
from venue_server.storage.one_thread import BoundedLook, in_daemon
from venue_server.storage.priority import step_back
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.backup_orders import BackupLabel, BackupMedium
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode

_BEFORE = (DataState.COLLECTING, DataState.WIPED)
TOO_SLOW = "too slow"
NOT_AS_PROVED = "does not read back as it was proved"
OVERTAKEN = "answers came while it was written"
STILL_BUSY = "still busy with the attempt before"


@dataclass(frozen=True)
class BackupReport:
    """What one backup achieved: every verified copy there is now; ``failed`` maps target labels to
    what went wrong this time."""

    copies: list[BackupCopy]
    failed: dict[str, str]


class BackupService:
    """Backups of sessions to the registered targets."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        targets: Sequence[BackupTarget],
        now_ms: Callable[[], int],
        ledger_files: Sequence[Path] = (),
        rules: BackupRules | None = None,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._targets = list(targets)
        self._now_ms = now_ms
        self._ledger_files = list(ledger_files)
        self._rules = rules or BackupRules()
        self._busy: dict[str, asyncio.Lock] = {}
        self._running: dict[str, Future[Written]] = {}
        self._failing: dict[str, Alarm] = {}
        self._changed: dict[str, Alarm] = {}
        self._cloned: dict[str, Alarm] = {}
        self._trusted: set[str] = set()
        self._looking: dict[str, asyncio.Task[str]] = {}
        self._there = {
            each.label: BoundedLook(each.label, lambda each=each: each.problem() is None, _away)  # type: ignore[misc]
            for each in targets
        }

    async def make(
        self, session_id: str, extra: Mapping[str, Path], actor: str = ""
    ) -> BackupReport | Refusal:
        """Copy the store, the ledger and ``extra`` (name -> file) to every target that lacks a
        verified copy of the session, and prove each.

        Moves COLLECTED to BACKED_UP as soon as enough verified copies exist, counting earlier ones.
        Refuses with SESSION_WRONG_STATE before COLLECTED and after WIPED, with BACKUP_MISMATCH
        (naming the failed targets) when the copies are still too few. Durable on return.
        """
        async with self._busy.setdefault(session_id, asyncio.Lock()):
            state = self._store.read(lambda tx: data_state(tx, session_id))
            if state is None or state in _BEFORE:
                return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
            wanted = [
                each
                for each in lacking(self._targets, self.copies(session_id))
                if each.label not in self._changed
            ]
            failed = {
                label: why
                for label, why in await asyncio.gather(
                    *(self._one_target(each, session_id, extra, actor) for each in wanted)
                )
                if why
            }
            failed |= dict.fromkeys(self._changed, "changed while it was away")
            copies = self.copies(session_id)
        if not is_enough(copies, self._rules):
            told = ", ".join(f"{label}: {why}" for label, why in failed.items())
            return Refusal(RefusalCode.BACKUP_MISMATCH, told or session_id)
        return BackupReport(copies, failed)

    def copies(self, session_id: str) -> list[BackupCopy]:
        """The verified copies of a session."""
        return self._store.read(lambda tx: read_copies(tx, session_id))

    def counted(self, session_id: str) -> int:
        """How many of them count: on devices that are really different."""
        return places(self.copies(session_id), self._rules)

    def lacks(self, session_id: str) -> bool:
        """Is there a medium, here and not refused, without a verified copy of this session?"""
        return any(
            each.label not in self._changed and self._there[each.label]()
            for each in lacking(self._targets, self.copies(session_id))
        )

    def labels(self, place: LabelPlace) -> list[BackupLabel]:
        """What stands on the labels of a session's media."""
        return labels(self.copies(place.session_id), place)

    def media(self) -> list[BackupMedium]:
        """Every registered medium as it is now."""
        copies = self._store.read(all_copies)
        return [
            BackupMedium(
                each.label,
                str(each.folder),
                each.medium_id,
                self._trouble(each),
                len(on_medium(each, copies)),
            )
            for each in self._targets
        ]

    def _trouble(self, target: BackupTarget) -> str:
        """In both languages, as everything that is printed."""
        if target.label in self._changed:
            return f"与校验记录不符 / {NOT_AS_PROVED}"
        if not self._there[target.label]():
            return "不在位、装的是另一介质或无响应 / not there, another one, or without an answer"
        failing = self._failing.get(target.label)
        system = failing.args["system"] if failing else ""
        return f"写入失败（{system}） / failed ({system})" if failing else ""

    @property
    def required(self) -> int:
        """How many verified copies a session needs."""
        return self._rules.required

    def alarms(self) -> list[Alarm]:
        """Media that failed at their last attempt, media that are refused, and media that another
        device passes for."""
        return [*self._changed.values(), *self._failing.values(), *self._cloned.values()]

    # ---- media that come back ------------------------------------------------------------

    def look_after_media(self) -> None:
        """Notice media that went, and look through those that are back; about once a second. Each
        is looked through by itself: a slow one holds up nobody."""
        for target in self._targets:
            label = target.label
            if not self._there[label]():
                self._trusted.discard(label)
                self._changed.pop(label, None)
                self._cloned.pop(label, None)
            elif label not in self._trusted and label not in self._changed:
                looking = self._looking.get(label)
                if looking is None or looking.done():
                    self._looking[label] = asyncio.create_task(self._look_through(target))

    async def _look_through(self, target: BackupTarget) -> str:
        """Every recorded archive must still be what was proved, read from the device; why nothing
        may be written there, empty when all is well."""
        expected = on_medium(target, self._store.read(all_copies))
        work = in_daemon(
            "backup check",
            lambda: look_io.looked(target, expected),
            step_back,
        )
        waited = asyncio.wrap_future(work)
        done, _ = await asyncio.wait({waited}, timeout=self._rules.limit_s)
        if not done:
            waited.add_done_callback(_seen)
            return self._fail(target, TOO_SLOW)
        changed, serial, problem = waited.result()
        if problem is not None:
            return f"medium {problem.value}"  # it went meanwhile: no verdict
        if changed is None:
            self._trusted.add(target.label)
            await self._tell_clone(target, expected, serial)
            return ""
        if target.label not in self._changed:
            args = {"folder": str(target.folder), "file": changed}
            self._changed[target.label] = Alarm(AlarmCode.BACKUP_CHANGED, args)
            await self._store.write(lambda tx: self._refuse(tx, target, changed))
        return NOT_AS_PROVED

    async def _tell_clone(
        self, target: BackupTarget, expected: Sequence[BackupCopy], serial: str
    ) -> None:
        """It holds what was proved, but was proved on another device: a clone, or the same disk in
        another case. Nothing is lost by it and nothing refused, yet the first one is somewhere."""
        newest = max(expected, key=lambda each: each.verified_at_ms, default=None)
        before = newest.serial if newest else ""
        if not before or not serial or before == serial:
            return
        args = {"folder": str(target.folder), "found": serial, "proved": before}
        self._cloned[target.label] = Alarm(AlarmCode.BACKUP_OTHER_DEVICE, args)
        await self._ledger.note(
            Event.BACKUP_OTHER_DEVICE, target=target.label, found=serial, proved=before
        )

    def _refuse(self, tx: Connection, target: BackupTarget, changed: str) -> None:
        """Its copies count no more. A session that is left with too few is backed up anew before
        anything of it is sealed (L04, F20)."""
        sessions = forget_copies_of_target(tx, target.label)
        for session_id in sessions:
            self._ledger.record(
                tx,
                Event.BACKUP_FAILED,
                session=session_id,
                target=target.label,
                why=f"{NOT_AS_PROVED}: {changed}",
            )
            enough = is_enough(read_copies(tx, session_id), self._rules)
            if not enough and data_state(tx, session_id) is DataState.BACKED_UP:
                move_data_state(tx, session_id, DataState.BACKED_UP, DataState.COLLECTED)

    # ---- one target ----------------------------------------------------------------------

    def _order(self, session_id: str, extra: Mapping[str, Path], made_at_ms: int) -> ArchiveOrder:
        """Blocking: it looks at the second device's ledger, which may hang (R3)."""
        ledgers = {
            f"ledger/{number}-{path.name}": path
            for number, path in enumerate(self._ledger_files, start=1)
            if path.exists()  # the second device may be away; the store has every entry as well
        }
        more = {f"extra/{name}": path for name, path in extra.items()}
        database = self._store.engine.url.database
        assert database is not None
        return ArchiveOrder(session_id, made_at_ms, Path(database), {**ledgers, **more})

    async def _one_target(
        self, target: BackupTarget, session_id: str, extra: Mapping[str, Path], actor: str
    ) -> tuple[str, str]:
        """(label, what went wrong). One that answers overtook is made anew at once."""
        told = await self._one_copy(target, session_id, extra, actor)
        while told[1] == OVERTAKEN:
            told = await self._one_copy(target, session_id, extra, actor)
        return told

    async def _one_copy(
        self, target: BackupTarget, session_id: str, extra: Mapping[str, Path], actor: str
    ) -> tuple[str, str]:
        """The copy is recorded when it is proved, not later."""
        began = time.monotonic()
        outcome: Written | str = ""
        if target.label not in self._trusted:
            outcome = await self._look_through(target)
        made_at_ms = self._now_ms()  # everything accepted before is in it
        if not outcome:
            outcome = await self._write(target, lambda: self._order(session_id, extra, made_at_ms))
        if isinstance(outcome, str):
            self._fail(target, outcome)
            await self._store.write(
                lambda tx: self._ledger.record(
                    tx,
                    Event.BACKUP_FAILED,
                    actor,
                    session=session_id,
                    target=target.label,
                    why=outcome,
                )
            )
            return target.label, outcome
        self._failing.pop(target.label, None)
        copy = BackupCopy(
            session_id,
            target.label,
            outcome.sha256,
            outcome.device,
            self._now_ms(),
            str(outcome.file),
            target.medium_id,
            outcome.serial,
            outcome.size,
            int((time.monotonic() - began) * 1000),
            made_at_ms,
        )
        kept = await self._store.write(lambda tx: self._record(tx, copy, actor))
        return target.label, "" if kept else OVERTAKEN

    async def _write(
        self, target: BackupTarget, order: Callable[[], ArchiveOrder]
    ) -> Written | str:
        before = self._running.get(target.label)
        if before is not None and not before.done():
            return STILL_BUSY  # a medium that hangs gets one thread and no more
        abandoned = threading.Event()

        def run() -> Written:
            problem = target.problem()
            if problem is not None:
                raise BackupFault(f"medium {problem.value}")
            with watching(str(target.folder)):
                return write_archive(target.folder, order(), abandoned, look_io.serial_of)

        work = self._running[target.label] = in_daemon("backup", run, step_back)
        waited = asyncio.wrap_future(work)
        done, _ = await asyncio.wait({waited}, timeout=self._rules.limit_s)
        if not done:
            abandoned.set()
            waited.add_done_callback(_seen)
            return TOO_SLOW
        try:
            return waited.result()
        except BackupFault as fault:
            return str(fault)

    def _fail(self, target: BackupTarget, why: str) -> str:
        args = {"folder": str(target.folder), "system": why}
        self._failing[target.label] = Alarm(AlarmCode.BACKUP_FAILING, args)
        return why

    def _record(self, tx: Connection, copy: BackupCopy, actor: str) -> bool:
        """False, and nothing is kept: answers came while it was written (a branch, a dead station's
        journal), so it does not have everything and another one is made (L01)."""
        if has_answers_since(tx, copy.session_id, copy.made_at_ms):
            return False
        keep_copies(tx, [copy])
        self._ledger.record(
            tx,
            Event.BACKED_UP,
            actor,
            session=copy.session_id,
            target=copy.target,
            sha256=copy.sha256,
            device=copy.device,
        )
        enough = is_enough(read_copies(tx, copy.session_id), self._rules)
        if enough and data_state(tx, copy.session_id) is DataState.COLLECTED:
            move_data_state(tx, copy.session_id, DataState.COLLECTED, DataState.BACKED_UP)
        return True


def _away() -> bool:
    return False


def _seen(done: "asyncio.Future[Any]") -> None:
    if not done.cancelled():
        done.exception()  # it came too late to count


__all__ = ["BackupReport", "BackupRules", "BackupService", "BackupTarget", "is_enough"]
