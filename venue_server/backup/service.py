"""Backing up a session: every target on its own, proof by read-back, then the step forward (L01).

One medium that is full, gone, slow or lying never stops the others and never blocks answers: all
of it runs in threads of its own, with a time limit.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from venue_server.backup.archive import ArchiveOrder, BackupFault, Written, write_archive
from venue_server.backup.store import (
    BackupCopy,
    data_state,
    keep_copies,
    move_data_state,
    read_copies,
)
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.medium import MediumProblem, MediumRule
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode

T = TypeVar("T")
_BEFORE = (DataState.COLLECTING, DataState.WIPED)


@dataclass(frozen=True)
class BackupTarget:
    """A medium by its registered label and the folder where it is mounted; ``medium`` knows
    whether the right one is there."""

    label: str
    folder: Path
    medium: MediumRule | None = None

    def problem(self) -> MediumProblem | None:
        """Why nothing may be written there now, if so."""
        rule = self.medium or MediumRule(self.folder)
        return rule.problem()


@dataclass(frozen=True)
class BackupRules:
    """``required`` verified copies, on as many different devices when ``separate_devices`` (L04);
    a target that takes longer than ``limit_s`` real seconds has failed."""

    required: int = 2
    separate_devices: bool = True
    limit_s: float = 600.0


@dataclass(frozen=True)
class BackupReport:
    """What one backup achieved; ``failed`` maps target labels to what went wrong."""

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
        self._busy = asyncio.Lock()

    async def make(
        self, session_id: str, extra: Mapping[str, Path], actor: str = ""
    ) -> BackupReport | Refusal:
        """Copy the store, the ledger and ``extra`` (name -> file) to every target and prove it.

        Moves COLLECTED to BACKED_UP when enough verified copies exist, counting earlier ones.
        Refuses with SESSION_WRONG_STATE before COLLECTED and after WIPED, with BACKUP_MISMATCH
        (naming the failed targets) when the copies are still too few. Durable on return.
        """
        async with self._busy:
            state = self._store.read(lambda tx: data_state(tx, session_id))
            if state is None or state in _BEFORE:
                return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
            order = self._order(session_id, extra)
            outcomes = await asyncio.gather(
                *(self._one_target(target, order) for target in self._targets)
            )
            report = _report(session_id, self._targets, outcomes, self._now_ms(), order.made_at_ms)
            enough = await self._store.write(lambda tx: self._record(tx, session_id, report, actor))
        if not enough:
            failed = ", ".join(f"{label}: {why}" for label, why in report.failed.items())
            return Refusal(RefusalCode.BACKUP_MISMATCH, failed or session_id)
        return report

    def copies(self, session_id: str) -> list[BackupCopy]:
        """The verified copies of a session."""
        return self._store.read(lambda tx: read_copies(tx, session_id))

    def _order(self, session_id: str, extra: Mapping[str, Path]) -> ArchiveOrder:
        ledgers = {
            f"ledger/{number}-{path.name}": path
            for number, path in enumerate(self._ledger_files, start=1)
            if path.exists()  # the second device may be away; the store has every entry as well
        }
        more = {f"extra/{name}": path for name, path in extra.items()}
        database = self._store.engine.url.database
        assert database is not None
        return ArchiveOrder(session_id, self._now_ms(), Path(database), {**ledgers, **more})

    async def _one_target(self, target: BackupTarget, order: ArchiveOrder) -> Written | str:
        abandoned = threading.Event()

        def run() -> Written:
            problem = target.problem()
            if problem is not None:
                raise BackupFault(f"medium {problem.value}")
            return write_archive(target.folder, order, abandoned)

        work = _in_daemon(run)
        try:
            return await asyncio.wait_for(work, self._rules.limit_s)
        except TimeoutError:
            abandoned.set()
            return "too slow"
        except BackupFault as fault:
            return str(fault)

    def _record(self, tx: Connection, session_id: str, report: BackupReport, actor: str) -> bool:
        keep_copies(tx, report.copies)
        for copy in report.copies:
            self._ledger.record(
                tx,
                Event.BACKED_UP,
                actor,
                session=session_id,
                target=copy.target,
                sha256=copy.sha256,
                device=copy.device,
            )
        for label, why in report.failed.items():
            self._ledger.record(
                tx, Event.BACKUP_FAILED, actor, session=session_id, target=label, why=why
            )
        enough = is_enough(read_copies(tx, session_id), self._rules)
        if enough and data_state(tx, session_id) is DataState.COLLECTED:
            move_data_state(tx, session_id, DataState.COLLECTED, DataState.BACKED_UP)
        return enough


def is_enough(copies: Sequence[BackupCopy], rules: BackupRules) -> bool:
    """True when the verified copies satisfy the rules."""
    places = {copy.device if rules.separate_devices else copy.target for copy in copies}
    return len(places) >= rules.required


def _report(
    session_id: str,
    targets: Sequence[BackupTarget],
    outcomes: Sequence[Written | str],
    at_ms: int,
    made_at_ms: int,
) -> BackupReport:
    copies, failed = [], {}
    for target, outcome in zip(targets, outcomes, strict=True):
        if isinstance(outcome, str):
            failed[target.label] = outcome
        else:
            copy = BackupCopy(
                session_id,
                target.label,
                outcome.sha256,
                outcome.device,
                at_ms,
                str(outcome.file),
                made_at_ms,
            )
            copies.append(copy)
    return BackupReport(copies, failed)


def _in_daemon(run: Callable[[], T]) -> "asyncio.Future[T]":
    """Run in a daemon thread: a medium that hangs in the kernel must not keep the server from
    stopping, as a pool's thread would."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def work() -> None:
        try:
            done.set_result(run())
        except BaseException as error:  # noqa: BLE001  # supervisor: handed to whoever asked
            done.set_exception(error)

    threading.Thread(target=work, name="backup", daemon=True).start()
    return asyncio.wrap_future(done)
