"""Violations: recorded, added to, signed, withdrawn; observations decided by people; a sitting
ended for disorder (V01-V09).

Everything is one transaction with its ledger entry, which holds the number, the step and the
entry's SHA-256. A very serious violation (O31 §8) opens a SEVERE incident in the same transaction.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger, Value
from venue_server.ledger.catalogue import Event
from venue_server.records.incidents import store as incident_store
from venue_server.records.incidents.automatic import Raised
from venue_server.records.incidents.rules import MAX_TEXT
from venue_server.records.incidents.service import IncidentService
from venue_server.records.violations import rules, store
from venue_server.records.violations.observing import is_observation
from venue_server.records.violations.rules import Subject, ViolationEntry
from venue_server.sitting.service import SittingService
from venue_server.sitting.store import load_sitting, load_sittings
from venue_server.storage.engine import Store
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.incidents import GraveClass, IncidentKind, Severity
from venue_server.wire.order31 import CODES, DISORDER, Article
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.violations import (
    ObservationView,
    Verdict,
    ViolationFacts,
    ViolationStep,
    ViolationView,
)

T = TypeVar("T")
Check = Callable[[ViolationView], Refusal | None]
_ORGANISED = "O31-8-1"


class ViolationService:
    """``now_ms`` gives exam time. It listens to the ledger from its making on."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        sittings: SittingService,
        incidents: IncidentService,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._sittings = sittings
        self._incidents = incidents
        self._now_ms = now_ms
        ledger.tell(self._told)

    # ---- records ------------------------------------------------------------------------

    async def record(
        self, room_id: str, sitting_id: str, code: str, facts: ViolationFacts, by: str, actor: str
    ) -> ViolationView | Refusal:
        """Record facts (V01, V02). Refused: SIT-03, STF-05, VIO-02 to VIO-04."""
        facts = rules.clean(facts)
        return await self._order(
            lambda tx: self._record(tx, room_id, sitting_id, code, facts, by, actor)
        )

    def _record(
        self,
        tx: Connection,
        room_id: str,
        sitting_id: str,
        code: str,
        facts: ViolationFacts,
        by: str,
        actor: str,
    ) -> ViolationView:
        sitting = load_sitting(tx, sitting_id)
        if sitting is None:
            raise RefusedError(Refusal(RefusalCode.SITTING_UNKNOWN, sitting_id))
        if sitting.room_id != room_id:
            raise RefusedError(Refusal(RefusalCode.ROOM_NOT_YOURS, sitting.room_id))
        now = self._now_ms()
        refusal = rules.may_record(sitting, code, facts, now)
        if refusal is not None:
            raise RefusedError(refusal)
        if not facts.happened_at_ms:
            facts = msgspec.structs.replace(facts, happened_at_ms=now)
        subject = Subject(
            store.next_id(tx),
            sitting.session_id,
            sitting.room_id,
            sitting.seat_no,
            sitting_id,
            sitting.ticket_no,
            self._sittings.candidate(sitting).name,
        )
        entry = ViolationEntry(ViolationStep.RECORDED, now, by, code=code, facts=facts)
        made = self._append(tx, subject, entry, actor)
        if CODES[code].article is Article.VERY_SERIOUS:
            self._open_incident(tx, made)
        return made

    def _open_incident(self, tx: Connection, made: ViolationView) -> None:
        organised = made.code == _ORGANISED
        raised = Raised(
            f"violation:{made.violation_id}",
            IncidentKind.CHEATING,
            Severity.SEVERE,
            f"{made.ticket_no} 涉嫌特别严重违纪违规（{made.code}），见违纪记录{made.violation_id}",
            GraveClass.ORGANISED_CHEATING if organised else GraveClass.NONE,
            made.session_id,
        )
        self._incidents.raise_in(tx, raised, made.room_id, [made.seat_no])

    async def add(
        self, violation_id: str, room_id: str, facts: ViolationFacts, by: str, actor: str
    ) -> ViolationView | Refusal:
        """Statement, further facts, evidence. Refused: VIO-01, VIO-06."""
        entry = ViolationEntry(ViolationStep.ADDED, self._now_ms(), by, facts=rules.clean(facts))
        return await self.step(violation_id, room_id, entry, actor)

    async def sign(
        self, violation_id: str, content_hash: str, by: str, actor: str
    ) -> ViolationView | Refusal:
        """The chief signs this content (V06). Refused: VIO-01, VIO-04 to VIO-06."""
        entry = ViolationEntry(
            ViolationStep.CHIEF_SIGNED, self._now_ms(), by, content_hash=content_hash
        )
        return await self.step(
            violation_id, None, entry, actor, lambda now: rules.may_sign(now, content_hash)
        )

    async def withdraw(
        self, violation_id: str, reason: str, reference: str, by: str, actor: str
    ) -> ViolationView | Refusal:
        """A record that it does not stand, on evidence or law (V08). Refused: VIO-01, VIO-06,
        REL-13 without reason and reference."""
        if not reason.strip() or not reference.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        entry = ViolationEntry(
            ViolationStep.WITHDRAWN,
            self._now_ms(),
            by,
            reason=reason.strip()[:MAX_TEXT],
            reference=reference.strip()[:MAX_TEXT],
        )
        return await self.step(violation_id, None, entry, actor)

    async def step(
        self,
        violation_id: str,
        room_id: str | None,
        entry: ViolationEntry,
        actor: str,
        check: Check = lambda _now: None,
    ) -> ViolationView | Refusal:
        """Append one entry. ``room_id`` None: of any room. Refused: VIO-01, VIO-06, ``check``."""

        def run(tx: Connection) -> ViolationView:
            now = store.load(tx, violation_id)
            if now is None or room_id not in (None, now.room_id):
                raise RefusedError(Refusal(RefusalCode.VIOLATION_UNKNOWN, violation_id))
            withdrawn = Refusal(RefusalCode.VIOLATION_WITHDRAWN, violation_id)
            # A kept item goes back whatever became of the record.
            open_still = now.counts or entry.step is ViolationStep.ITEM_RETURNED
            refusal = check(now) if open_still else withdrawn
            if refusal is not None:
                raise RefusedError(refusal)
            return self._append(tx, store.subject_of(now), entry, actor)

        return await self._order(run)

    def _append(
        self, tx: Connection, subject: Subject, entry: ViolationEntry, actor: str
    ) -> ViolationView:
        document = store.append(tx, subject, entry)
        withdrawn = entry.step is ViolationStep.WITHDRAWN
        self._ledger.record(
            tx,
            Event.VIOLATION_WITHDRAWN if withdrawn else Event.VIOLATION_ENTERED,
            actor,
            violation=subject.violation_id,
            session=subject.session_id,
            room=subject.room_id,
            sitting=subject.sitting_id,
            step=entry.step.value,
            sha256=sha256_hex(document.encode()),
        )
        after = store.load(tx, subject.violation_id)
        assert after is not None, "appended in this transaction"
        return after

    # ---- ending a sitting (V05) ---------------------------------------------------------

    async def terminate(
        self,
        room_id: str,
        sitting_id: str,
        reason: str,
        end: tuple[int, str],
        by: str,
        actor: str,
    ) -> ViolationView | Refusal:
        """End a sitting for disorder; ``end`` is the durable end of its answers (seq, head), of
        which nothing is deleted. Refused: REL-13, SIT-03, SIT-04, STF-05, VIO-03."""
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        facts = rules.clean(ViolationFacts(facts=reason))

        def run(tx: Connection) -> ViolationView:
            made = self._record(tx, room_id, sitting_id, DISORDER, facts, by, actor)
            self._sittings.terminate_in(tx, sitting_id, end, actor)
            return made

        return await self._order(run)

    # ---- observations (V09) -------------------------------------------------------------

    def _told(
        self, tx: Connection, event: Event, _seq: int, actor: str, data: dict[str, Value]
    ) -> None:
        alert = str(data.get("alert", ""))
        if event is not Event.STATION_ALERT or not is_observation(alert):
            return
        seat = incident_store.seat_of(tx, actor)
        if seat is not None:
            store.observe(
                tx,
                session_id=seat.session_id,
                room_id=seat.room_id,
                seat_no=seat.seat_no,
                sitting_id=seat.sitting_id,
                ticket_no=seat.ticket_no,
                alert=alert,
                at_ms=self._now_ms(),
            )

    async def decide(
        self,
        observation_id: int,
        room_id: str,
        violation_id: str,
        remark: str,
        by: str,
        actor: str,
    ) -> ObservationView | Refusal:
        """A person attaches an observation to a violation, or dismisses it with a remark.

        Refused: VIO-07 unknown or decided, VIO-01 no such record there, REL-13 no remark."""
        if not remark.strip() and not violation_id:
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> ObservationView:
            found = self._undecided(tx, observation_id, room_id)
            if violation_id:
                record = store.load(tx, violation_id)
                if record is None or record.sitting_id != found.sitting_id or not record.counts:
                    raise RefusedError(Refusal(RefusalCode.VIOLATION_UNKNOWN, violation_id))
                evidence = f"考试机观察{observation_id}：{found.alert}（{found.at_ms}）"
                facts = ViolationFacts(evidence=[evidence])
                entry = ViolationEntry(ViolationStep.ADDED, self._now_ms(), by, facts=facts)
                self._append(tx, store.subject_of(record), entry, actor)
            verdict = Verdict.ATTACHED if violation_id else Verdict.DISMISSED
            store.decide(
                tx,
                observation_id,
                verdict=verdict.value,
                violation_id=violation_id,
                remark=remark.strip()[:MAX_TEXT],
                decided_by=by,
                decided_at_ms=self._now_ms(),
            )
            self._ledger.record(
                tx,
                Event.OBSERVATION_DECIDED,
                actor,
                observation=observation_id,
                verdict=verdict.value,
                violation=violation_id,
            )
            decided = store.observed(tx, observation_id)
            assert decided is not None, "decided in this transaction"
            return decided

        return await self._order(run)

    def _undecided(self, tx: Connection, observation_id: int, room_id: str) -> ObservationView:
        found = store.observed(tx, observation_id)
        if found is None or found.room_id != room_id or found.verdict is not Verdict.OPEN:
            raise RefusedError(Refusal(RefusalCode.OBSERVATION_UNKNOWN, str(observation_id)))
        return found

    # ---- reading ------------------------------------------------------------------------

    def all(self, session_id: str) -> list[ViolationView]:
        """Every record of a session, by number."""
        return self._store.known_read(store.load_all, session_id)

    def one(self, violation_id: str) -> ViolationView | None:
        """One record."""
        return self._store.read(lambda tx: store.load(tx, violation_id))

    def observations(self, session_id: str) -> list[ObservationView]:
        """What stations noticed, with what became of it."""
        return self._store.read(lambda tx: store.observations(tx, session_id))

    def present(self, session_id: str) -> dict[str, str]:
        """Sitting id to room of everybody who opened the paper (实考)."""
        found = self._store.read(lambda tx: load_sittings(tx, session_id))
        return {one.sitting_id: one.room_id for one in found if one.present}

    def for_bundle(self, session_id: str) -> dict[str, Any]:
        """What goes into the sealed bundle: records with every entry, and observations."""
        history = self._store.read(lambda tx: store.history(tx, session_id))
        views = [msgspec.to_builtins(one) for one in self.all(session_id)]
        made = {
            "records": [one | {"history": history[one["violation_id"]]} for one in views],
            "observations": [msgspec.to_builtins(one) for one in self.observations(session_id)],
            "retention_class": rules.retention_class(
                self.all(session_id), self._incidents.all(session_id)
            ),
        }
        plain: dict[str, Any] = json.loads(json.dumps(made))
        return plain

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal
