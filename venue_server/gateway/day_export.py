"""Exports a session: gathers its facts, signs the document, writes it, notes it in the ledger."""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.records import store as rows
from venue_server.records.equipment_io import samples
from venue_server.records.export import LOG_BEFORE_MS, Exporter, ExportFacts, session_export
from venue_server.records.keeping import Keeping
from venue_server.records.service import RecordsService
from venue_server.records.statistics import DUE_DAYS, days_over
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.storage.files import write_whole
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign


@dataclass(frozen=True)
class Exported:
    """A written export."""

    file: Path
    sha256: str
    entries: int


class DayExport:
    """``signing`` is the venue's key; exports go to ``data``/exports, which never leaves by itself:
    people carry it, and the ledger names who made it (N08)."""

    def __init__(
        self,
        parts: DeskParts,
        store: Store,
        records: RecordsService,
        signing: Ed25519PrivateKey,
        data: Path,
    ) -> None:
        self._parts = parts
        self._store = store
        self._records = records
        self._signing = signing
        self._data = data
        self.keeping = Keeping(store, parts.ledger, parts.sittings, records, parts.clock.now_ms)

    def payload(self, session: Session, person_id: str, name: str) -> dict[str, Any]:
        """The document as it stands now; blocking."""
        entries, head = self._parts.ledger.head()
        now = self._parts.clock.now_ms()
        return session_export(
            self._facts(session, now), Exporter(person_id, name, now, entries, head)
        )

    async def export(self, session: Session, person_id: str, name: str) -> Exported | Refusal:
        """Write the signed export; SES-01 before the session's end, BAK-01 without room for it.
        Raises OSError."""
        if session.state not in AFTER_END:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
        payload = await background.computing(self.payload, session, person_id, name)
        data = json.dumps(sign(payload, [self._signing]), ensure_ascii=False).encode()
        refusal = self._parts.disks.may_export(len(data))
        if refusal is not None:
            return refusal
        at_ms: int = payload["exported"]["at_ms"]
        folder = self._data / "exports"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / f"{quote(session.session_id, safe='')}-{at_ms}.json"
        await background.heavy(write_whole, file, data)
        digest = sha256_hex(data)

        def run(tx: Connection) -> None:
            rows.insert_export(tx, session.session_id, digest, file.name, person_id, at_ms)
            self._parts.ledger.record(
                tx,
                Event.RECORDS_EXPORTED,
                person_id,
                session=session.session_id,
                sha256=digest,
                file=file.name,
            )

        await self._store.write(run)
        return Exported(file, digest, payload["exported"]["ledger_entries"])

    def alarms(self) -> list[Alarm]:
        """Sessions whose counts are due and were never exported (K03); from two days on."""
        now = self._parts.clock.now_ms()
        found = []
        for session in self._parts.sittings.sessions():
            days = days_over(session.whole.end_ms, now)
            if session.state not in AFTER_END or days < DUE_DAYS - 1:
                continue
            session_id = session.session_id
            if not self._store.read(partial(rows.exported, session_id=session_id)):
                args = {"session": session_id, "days": str(days)}
                found.append(Alarm(AlarmCode.STATISTICS_DUE, args))
        return found

    def _facts(self, session: Session, now_ms: int) -> ExportFacts:
        parts, session_id = self._parts, session.session_id
        sittings = parts.sittings.sittings(session_id)
        assignment = parts.forms.assignment(session)
        forms = {one.sitting_id: assignment.of_seat(one.room_id, one.seat_no) for one in sittings}
        since = session.planned.start_ms - LOG_BEFORE_MS
        return ExportFacts(
            venue_id=parts.venue_id,
            mode=parts.mode.value,
            plan=parts.sittings.plan_of(session),
            session=session,
            sittings=sittings,
            names={one.sitting_id: parts.sittings.candidate(one).name for one in sittings},
            forms={key: (form.paper_id, form.form_id) for key, form in forms.items() if form},
            room_records=self._records.for_bundle(session_id)["room_records"],
            lines=self._records.lines(session_id),
            statistics=self._records.statistics(session_id),
            ledger=self._store.read(lambda tx: list(rows.whole_ledger(tx))),
            equipment=samples(self._data, since, now_ms),
            retention=self.keeping.of_session(session_id),
        )
