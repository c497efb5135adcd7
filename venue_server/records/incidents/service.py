"""Incidents: opened by people or by the ledger, added to, reported, contained, closed.

Everything is one transaction with its ledger entry. The ledger holds the number, the step and the
entry's SHA-256; the words are in the table, which cannot be changed either.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger, Value
from venue_server.ledger.catalogue import Event
from venue_server.records.incidents import rules, store
from venue_server.records.incidents.automatic import EVENTS, Raised, raised_by
from venue_server.records.incidents.rules import MAX_TEXT, IncidentEntry
from venue_server.storage.engine import Store
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.incidents import (
    EQUIPMENT,
    GraveClass,
    IncidentFacts,
    IncidentKind,
    IncidentStep,
    IncidentView,
    Severity,
)
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.violations import Hold

BY_ITSELF = "系统"
_EVENTS = {
    IncidentStep.ADDED: Event.INCIDENT_ADDED,
    IncidentStep.REPORTED: Event.INCIDENT_REPORTED,
    IncidentStep.CONTAINED: Event.INCIDENT_CONTAINED,
    IncidentStep.CLOSED: Event.INCIDENT_CLOSED,
    IncidentStep.COUNTERSIGNED: Event.INCIDENT_COUNTERSIGNED,
}

T = TypeVar("T")
Check = Callable[[IncidentView], Refusal | None]


class IncidentService:
    """``now_ms`` gives exam time. It listens to the ledger from its making on."""

    def __init__(self, store_: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store_
        self._ledger = ledger
        self._now_ms = now_ms
        ledger.tell(self._told)

    # ---- by people ----------------------------------------------------------------------

    async def open(
        self,
        session_id: str,
        room_id: str,
        kind: IncidentKind,
        severity: Severity,
        grave: GraveClass,
        facts: IncidentFacts,
        by: str,
        actor: str,
    ) -> IncidentView | Refusal:
        """Write an incident down (B07). Refused: INC-02."""
        facts = rules.clean(facts)
        refusal = rules.may_open(kind, facts)
        if refusal is not None:
            return refusal
        return await self._order(
            lambda tx: self.open_in(
                tx, session_id, room_id, kind, severity, grave, facts, by, actor
            )
        )

    def open_in(
        self,
        tx: Connection,
        session_id: str,
        room_id: str,
        kind: IncidentKind,
        severity: Severity,
        grave: GraveClass,
        facts: IncidentFacts,
        by: str,
        actor: str,
        key: str | None = None,
    ) -> IncidentView:
        """The same inside somebody's transaction, with the key that raised it."""
        now = self._now_ms()
        if not facts.started_at_ms:
            facts = msgspec.structs.replace(facts, started_at_ms=now)
        entry = IncidentEntry(
            IncidentStep.OPENED, now, by, kind=kind, severity=severity, grave=grave, facts=facts
        )
        incident_id = store.next_id(tx)
        document = store.append(tx, incident_id, session_id, room_id, entry, key)
        opened = store.load(tx, incident_id)
        assert opened is not None, "appended in this transaction"
        self._ledger.record(
            tx,
            Event.INCIDENT_OPENED,
            actor,
            incident=incident_id,
            session=session_id,
            room=room_id,
            kind=kind.value,
            severity=opened.severity.value,
            automatic=key is not None,
            sha256=sha256_hex(document.encode()),
        )
        return opened

    async def add(
        self,
        incident_id: str,
        room_id: str,
        facts: IncidentFacts,
        severity: Severity | None,
        grave: GraveClass,
        by: str,
        actor: str,
    ) -> IncidentView | Refusal:
        """Add or correct. Refused: INC-01, INC-02, INC-05."""
        facts = rules.clean(facts)

        def check(now: IncidentView) -> Refusal | None:
            if now.room_id != room_id:
                return Refusal(RefusalCode.INCIDENT_UNKNOWN, incident_id)
            return rules.may_add(now, facts, severity)

        entry = IncidentEntry(
            IncidentStep.ADDED, self._now_ms(), by, severity=severity, grave=grave, facts=facts
        )
        return await self._order(lambda tx: self._step(tx, incident_id, entry, actor, check))

    async def report(
        self, incident_id: str, to: str, way: str, reference: str, by: str, actor: str
    ) -> IncidentView | Refusal:
        """It was reported (I01). Refused: INC-01, REL-13 when it does not say to whom and how."""
        if not to.strip() or not way.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        entry = IncidentEntry(
            IncidentStep.REPORTED,
            self._now_ms(),
            by,
            to=to.strip()[:MAX_TEXT],
            way=way.strip()[:MAX_TEXT],
            reference=reference.strip()[:MAX_TEXT],
        )
        return await self._order(lambda tx: self._step(tx, incident_id, entry, actor))

    async def contain(
        self, incident_id: str, reason: str, by: str, actor: str
    ) -> IncidentView | Refusal:
        """Hold everything of its session (I05); the freeze is the release's own.

        Refused: INC-01, REL-13."""
        text = reason.strip()[:MAX_TEXT]
        if not text:
            return Refusal(RefusalCode.REASON_MISSING)
        entry = IncidentEntry(IncidentStep.CONTAINED, self._now_ms(), by, reason=text)

        def run(tx: Connection) -> IncidentView:
            done = self._step(tx, incident_id, entry, actor)
            self._hold(tx, done.session_id, incident_id, True, by, actor, text, "")
            return done

        return await self._order(run)

    async def close(
        self, incident_id: str, result: str, by: str, actor: str
    ) -> IncidentView | Refusal:
        """Close with a result. Refused: INC-01 to INC-04."""
        text = result.strip()[:MAX_TEXT]
        entry = IncidentEntry(IncidentStep.CLOSED, self._now_ms(), by, result=text)
        return await self._order(
            lambda tx: self._step(
                tx, incident_id, entry, actor, lambda now: rules.may_close(now, text)
            )
        )

    async def countersign(
        self, incident_id: str, room_id: str, by: str, actor: str
    ) -> IncidentView | Refusal:
        """A roving invigilator has seen what stands (A07). Refused: INC-01, INC-06, STF-06."""

        def check(now: IncidentView) -> Refusal | None:
            if now.room_id != room_id:
                return Refusal(RefusalCode.INCIDENT_UNKNOWN, incident_id)
            return rules.may_countersign(now, by)

        entry = IncidentEntry(IncidentStep.COUNTERSIGNED, self._now_ms(), by)
        return await self._order(lambda tx: self._step(tx, incident_id, entry, actor, check))

    def _step(
        self,
        tx: Connection,
        incident_id: str,
        entry: IncidentEntry,
        actor: str,
        check: Check = lambda _now: None,
    ) -> IncidentView:
        now = store.load(tx, incident_id)
        if now is None:
            raise RefusedError(Refusal(RefusalCode.INCIDENT_UNKNOWN, incident_id))
        refusal = check(now)
        if refusal is not None:
            raise RefusedError(refusal)
        document = store.append(tx, incident_id, now.session_id, now.room_id, entry)
        after = store.load(tx, incident_id)
        assert after is not None, "it was there a moment ago"
        self._ledger.record(
            tx,
            _EVENTS[entry.step],
            actor,
            incident=incident_id,
            session=now.session_id,
            severity=after.severity.value,
            sha256=sha256_hex(document.encode()),
        )
        return after

    # ---- holds (V07) --------------------------------------------------------------------

    async def hold(
        self, session_id: str, subject: str, reason: str, by: str, actor: str
    ) -> Hold | Refusal:
        """Hold a session's data as evidence. Refused: REL-13 without a reason."""
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> Hold:
            text = reason.strip()[:MAX_TEXT]
            self._hold(tx, session_id, subject, True, by, actor, text, "")
            return store.holds(tx, session_id)[-1]

        return await self._order(run)

    async def lift(
        self, session_id: str, subject: str, reason: str, reference: str, by: str, actor: str
    ) -> Hold | Refusal:
        """End a hold. Refused: VIO-09 there is none, REL-13 without reason and reference."""
        if not reason.strip() or not reference.strip():
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> Hold:
            held = [each for each in store.holds(tx, session_id) if each.subject == subject]
            if not held:
                raise RefusedError(Refusal(RefusalCode.EVIDENCE_NOT_HELD, subject))
            text = reason.strip()[:MAX_TEXT]
            self._hold(tx, held[0].session_id, subject, False, by, actor, text, reference.strip())
            return held[0]

        return await self._order(run)

    def holds(self, session_id: str) -> list[Hold]:
        """The holds that stand."""
        return self._store.read(lambda tx: store.holds(tx, session_id))

    def _hold(
        self,
        tx: Connection,
        session_id: str,
        subject: str,
        begins: bool,
        by: str,
        actor: str,
        reason: str,
        reference: str,
    ) -> None:
        values = {"at_ms": self._now_ms(), "persons": by, "reason": reason, "reference": reference}
        head = store.append_hold(tx, session_id, subject, begins, **values)
        event = Event.EVIDENCE_HELD if begins else Event.EVIDENCE_FREED
        self._ledger.record(tx, event, actor, session=session_id, subject=subject, snapshot=head)

    # ---- by itself ----------------------------------------------------------------------

    def _told(
        self, tx: Connection, event: Event, seq: int, actor: str, data: dict[str, Value]
    ) -> None:
        if event not in EVENTS:
            return
        made = raised_by(event, seq, actor, data, store.running_sessions(tx))
        if made is None or self._belongs_to_one(tx, event, data):
            return
        place = store.seat_of(tx, actor) if event is Event.STATION_ALERT else None
        self.raise_in(tx, made, place.room_id if place else "", [place.seat_no] if place else [])

    def _belongs_to_one(self, tx: Connection, event: Event, data: dict[str, Value]) -> bool:
        """A freeze that contains an incident is that incident's, not a second one."""
        if event is not Event.RELEASE_FROZEN:
            return False
        number = str(data.get("reason", "")).partition(" ")[0]
        return store.load(tx, number) is not None

    def raise_in(
        self, tx: Connection, made: Raised, room_id: str = "", seats: list[str] | None = None
    ) -> IncidentView | None:
        """Open what raised itself, once a key; None when it was opened before."""
        if store.was_raised(tx, made.key):
            return None
        open_now = store.running_sessions(tx) or store.open_sessions(tx)
        session_id = made.session_id or next(iter(open_now), "")
        return self.open_in(
            tx,
            session_id,
            room_id,
            made.kind,
            made.severity,
            made.grave,
            IncidentFacts(
                what=made.what,
                seats=seats or [],
                started_at_ms=made.began_ms,
                ended_at_ms=max(self._now_ms(), made.began_ms) if made.over else 0,
            ),
            BY_ITSELF,
            "",
            made.key,
        )

    async def raise_once(self, made: Raised) -> IncidentView | None:
        """As :meth:`raise_in`, in a transaction of its own."""
        return await self._store.write(lambda tx: self.raise_in(tx, made))

    # ---- reading ------------------------------------------------------------------------

    def all(self, session_id: str = "") -> list[IncidentView]:
        """Every incident, or one session's, by number; those without a session always."""
        found = self._store.known_read(store.load_all)
        return [one for one in found if not session_id or one.session_id in ("", session_id)]

    def one(self, incident_id: str) -> IncidentView | None:
        """One incident."""
        return self._store.read(lambda tx: store.load(tx, incident_id))

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """The room record's lines: this room's and the venue's."""
        return [
            RecordLine(
                RecordField.EQUIPMENT if one.kind in EQUIPMENT else RecordField.INCIDENTS,
                one.facts.started_at_ms or one.opened_at_ms,
                rules.record_text(one),
                grave=one.severity is Severity.SEVERE,
            )
            for one in self.all(session_id)
            if one.room_id in ("", room_id)
        ]

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """What is not closed or not reported; both keep the session from being sealed."""
        points = []
        for one in self.all(session_id):
            said = rules.open_remark(one)
            if said is not None:
                rule = "I01" if one.must_report else "B07"
                heads = [Role.CHIEF, Role.DEPUTY]
                points.append(OpenPoint(rule, said, heads, one.room_id, blocks_sealing=True))
        return points

    def for_bundle(self, session_id: str) -> list[dict[str, Any]]:
        """What goes into the sealed bundle: how every incident stands, and every entry of it."""
        views = [msgspec.to_builtins(one) for one in self.all(session_id)]
        history = self._store.read(lambda tx: store.history(tx, session_id))
        entries: dict[str, list[Any]] = {}
        for each in history:
            entries.setdefault(each["incident_id"], []).append(each["entry"])
        made = [one | {"history": entries.get(one["incident_id"], [])} for one in views]
        plain: list[dict[str, Any]] = json.loads(json.dumps(made))
        return plain

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal
