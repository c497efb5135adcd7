"""Keeps the inspection: runs and answers append-only, the seal and its breaking (C08-C10)."""

import hashlib
import re
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.stations.inspection import store as rows
from venue_server.stations.inspection.catalogue import BY_ID
from venue_server.stations.inspection.drift import Sealed
from venue_server.stations.inspection.findings import not_rechecked, open_checks
from venue_server.stations.inspection.measured import Outcome
from venue_server.stations.inspection.states import MAY_SEAL
from venue_server.storage.engine import Store
from venue_server.wire.canonical import canonical
from venue_server.wire.inspection_orders import CheckVerdict, SealState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import Remark, RemarkCode, remark

FULL, PARTIAL, ANSWER = "FULL", "PARTIAL", "ANSWER"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Inspection:
    """``now_ms`` gives exam time. The state is a snapshot in memory: only this class changes it."""

    def __init__(self, store: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms
        self._seal = store.read(rows.last_step)

    @property
    def seal_now(self) -> rows.SealStep:
        """The venue's state, since when and why."""
        return self._seal

    @property
    def sealed(self) -> Sealed | None:
        """What was sealed, while the seal holds."""
        if self._seal.state is not SealState.SEALED:
            return None
        return msgspec.json.decode(self._seal.document, type=Sealed)

    def results(self) -> list[rows.Result]:
        """Every result there ever was, oldest first."""
        return self._store.read(rows.results)

    def runs(self) -> list[rows.Run]:
        """Every run, oldest first."""
        return self._store.read(rows.runs)

    def steps(self) -> list[rows.SealStep]:
        """Every state the venue reached, oldest first."""
        return self._store.read(rows.steps)

    def baseline(self) -> str:
        """The program digest that was laid down, or nothing."""
        return self._store.read(rows.baseline)

    # ---- runs ----------------------------------------------------------------------------

    async def lay_down(self, digest: str, person: str) -> Refusal | None:
        """The digest every station's program must have. INS-07 when it is none."""
        if not _DIGEST.fullmatch(digest):
            return Refusal(RefusalCode.BASELINE_INVALID, digest[:64])

        def run(tx: Connection) -> None:
            rows.set_baseline(tx, digest)
            self._ledger.record(tx, Event.BASELINE_SET, person, digest=digest)

        await self._store.write(run)
        return None

    async def record(
        self, kind: str, began_ms: int, outcomes: Sequence[Outcome], person: str
    ) -> int:
        """Keep one run; returns its number."""

        def run(tx: Connection) -> int:
            run_id = rows.insert_run(tx, kind, began_ms, self._now_ms(), person, outcomes)
            self._ledger.record(
                tx,
                Event.INSPECTION_RUN,
                person,
                run=run_id,
                kind=kind,
                checks=len(outcomes),
                failed=[each.check_id for each in outcomes if each.verdict is CheckVerdict.FAIL],
            )
            if kind == FULL and rows.last_step(tx).state is SealState.UNINSPECTED:
                step = rows.SealStep(SealState.INSPECTED, self._now_ms(), (person,))
                rows.insert_step(tx, SealState.UNINSPECTED, step)
            return run_id

        run_id = await self._store.write(run)
        self._seal = self._store.read(rows.last_step)
        await self._break_on_failure(outcomes)
        return run_id

    async def _break_on_failure(self, outcomes: Sequence[Outcome]) -> None:
        """A seal does not hold over a mandatory check that fails, whoever finds it (C08)."""
        failed = [
            each.check_id
            for each in outcomes
            if each.verdict is CheckVerdict.FAIL and BY_ID[each.check_id].mandatory
        ]
        if failed and self._seal.state is SealState.SEALED:
            await self.break_seal([remark(RemarkCode.CHECKS_OPEN, checks=", ".join(failed))])

    async def answer(self, check_id: str, good: bool, note: str, person: str) -> Refusal | None:
        """A person answers a check. INS-03 when it is not one of those."""
        check = BY_ID.get(check_id)
        if check is None or not check.asked:
            return Refusal(RefusalCode.CHECK_UNKNOWN, check_id)
        verdict = CheckVerdict.OK if good else CheckVerdict.FAIL
        outcome = Outcome(check_id, "✓", f"{'✓' if good else '✗'} {note}".strip(), verdict)

        def run(tx: Connection) -> None:
            now = self._now_ms()
            rows.insert_run(tx, ANSWER, now, now, person, [outcome])
            self._ledger.record(
                tx, Event.CHECK_ANSWERED, person, check=check_id, good=good, note=note
            )

        await self._store.write(run)
        await self._break_on_failure([outcome])
        return None

    # ---- the seal ------------------------------------------------------------------------

    async def seal(
        self, sealed: Sealed, failing_now: Sequence[str], persons: tuple[str, str], reason: str
    ) -> rows.SealStep | Refusal:
        """Seal the venue, or renew its broken seal. ``failing_now``: mandatory checks that fail at
        this very moment. Refusals: INS-01, INS-02, INS-04, INS-05 with the checks' ids."""
        document = canonical(msgspec.to_builtins(sealed))
        digest = hashlib.sha256(document).hexdigest()

        def run(tx: Connection) -> rows.SealStep | Refusal:
            before = rows.last_step(tx)
            refusal = self._may_seal(tx, before, failing_now, reason)
            if refusal is not None:
                return refusal
            step = rows.SealStep(
                SealState.SEALED,
                self._now_ms(),
                persons,
                reason,
                digest=digest,
                document=document.decode(),
            )
            moved = rows.insert_step(tx, before.state, step)
            assert moved, "one writer: nobody comes between"
            self._ledger.record(
                tx,
                Event.VENUE_SEALED,
                persons[0],
                second=persons[1],
                digest=digest,
                stations=len(sealed.stations),
                reason=reason,
            )
            return step

        done = await self._store.write(run)
        if isinstance(done, rows.SealStep):
            self._seal = done
        return done

    def _may_seal(
        self, tx: Connection, before: rows.SealStep, failing_now: Sequence[str], reason: str
    ) -> Refusal | None:
        if before.state not in MAY_SEAL:
            return Refusal(RefusalCode.SEAL_WRONG_STATE, before.state.value)
        results = rows.results(tx)
        open_now = sorted({*open_checks(results), *failing_now})
        if open_now:
            return Refusal(RefusalCode.CHECKS_OPEN, ", ".join(open_now))
        missing = not_rechecked(results, before)
        if missing:
            return Refusal(RefusalCode.RECHECK_MISSING, ", ".join(missing))
        if before.state is SealState.SEAL_BROKEN and not reason:
            return Refusal(RefusalCode.SEAL_REASON_MISSING)
        return None

    async def break_seal(self, reasons: Sequence[Remark]) -> bool:
        """The venue is not as it was sealed; False when somebody else's reading broke it first."""

        def run(tx: Connection) -> bool:
            step = rows.SealStep(SealState.SEAL_BROKEN, self._now_ms(), remarks=tuple(reasons))
            broken = rows.insert_step(tx, SealState.SEALED, step)
            if broken:
                self._ledger.record(
                    tx, Event.SEAL_BROKEN, reasons=[each.text("en") for each in reasons]
                )
            return broken

        broken = await self._store.write(run)
        self._seal = self._store.read(rows.last_step)
        return broken
