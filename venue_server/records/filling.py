"""Filling in a room record: looking at its points, writing its fields, printing it (K06, K07, N05).

Every act is one transaction with its ledger entry; nothing is overwritten.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.records import store
from venue_server.records.points import PointAnswer
from venue_server.records.service import SIGNABLE, RecordsService, RoomRecord
from venue_server.records.store import Edit
from venue_server.sitting.service import SittingService
from venue_server.staff.person import Person
from venue_server.storage.engine import Store
from venue_server.wire.record_orders import AnswerRecordPoint, EditRoomRecord, WrittenField
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

LONGEST_TEXT = 2000
"""Characters of one remark or written field."""

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Printed:
    """One print: how often this content was printed before, and whether everyone had signed."""

    before: int
    signed: bool
    at_ms: int
    ledger_head: str
    ledger_entries: int

    def as_result(self) -> dict[str, Any]:
        """The answer to the order PrintRoomRecord; only the first signed print is the original."""
        return {**asdict(self), "copy": self.before > 0, "draft": not self.signed}


class Filling:
    """What people do to a room's record before they sign it, and its prints."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        sittings: SittingService,
        records: RecordsService,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._sittings = sittings
        self._records = records
        self._now_ms = now_ms

    async def answer(
        self, session_id: str, person: Person, order: AnswerRecordPoint
    ) -> RoomRecord | Refusal:
        """Somebody looked at points; a later answer to the same point replaces what the sheet says.

        Refused: SES-01 not ended or already sealed, REC-03 no such point, REC-04 text too long.
        """
        return await self._write(lambda tx: self._answer(tx, session_id, person, order))

    async def edit(
        self, session_id: str, person: Person, order: EditRoomRecord
    ) -> RoomRecord | Refusal:
        """Change a written field; before, after and reason are kept (N05).

        Refused: SES-01 not ended or already sealed, REC-04 no reason or nothing changed, REC-05
        the field no longer says ``before``.
        """
        return await self._write(lambda tx: self._edit(tx, session_id, person, order))

    async def print(
        self, session_id: str, room_id: str, content_hash: str, person: Person
    ) -> Printed | Refusal:
        """Somebody prints a record. SES-04 when the content is another by now."""
        return await self._write(
            lambda tx: self._print(tx, session_id, room_id, content_hash, person)
        )

    async def _write(self, run: Callable[[Connection], _Result]) -> _Result | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal

    def _open(self, tx: Connection, session_id: str) -> None:
        state = self._sittings.session_in(tx, session_id).state
        if state not in SIGNABLE or session_id in self._records.sealing:
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, state.value))

    def _answer(
        self, tx: Connection, session_id: str, person: Person, order: AnswerRecordPoint
    ) -> RoomRecord:
        self._open(tx, session_id)
        if len(order.remark) > LONGEST_TEXT:
            raise RefusedError(Refusal(RefusalCode.RECORD_TEXT_MISSING, str(LONGEST_TEXT)))
        record = self._records.record_in(tx, session_id, order.room_id)
        known = {each.point for each in record.content.points}
        unknown = [point for point in order.points if point not in known]
        if unknown or not order.points:
            raise RefusedError(Refusal(RefusalCode.POINT_UNKNOWN, ",".join(unknown)))
        at_ms, said = self._now_ms(), order.remark.strip()
        for point in order.points:
            answer = PointAnswer(point, said, person.person_id, person.name, at_ms)
            store.insert_answer(tx, session_id, order.room_id, answer)
        self._ledger.record(
            tx,
            Event.RECORD_ANSWERED,
            person.person_id,
            session=session_id,
            room=order.room_id,
            points=order.points,
            remark=said,
        )
        return self._records.record_in(tx, session_id, order.room_id)

    def _edit(
        self, tx: Connection, session_id: str, person: Person, order: EditRoomRecord
    ) -> RoomRecord:
        self._open(tx, session_id)
        now = self._records.record_in(tx, session_id, order.room_id).content.written
        before, after = now.get(WrittenField(order.field), ""), order.after.strip()
        reason = order.reason.strip()
        if not reason or after == before or max(len(after), len(reason)) > LONGEST_TEXT:
            raise RefusedError(Refusal(RefusalCode.RECORD_TEXT_MISSING, order.field.value))
        if order.before != before:
            raise RefusedError(Refusal(RefusalCode.RECORD_FIELD_CHANGED, order.field.value))
        edit = Edit(order.field, before, after, reason, person.person_id, self._now_ms())
        store.insert_edit(tx, session_id, order.room_id, edit)
        self._ledger.record(
            tx,
            Event.RECORD_EDITED,
            person.person_id,
            session=session_id,
            room=order.room_id,
            field=order.field.value,
            before=before,
            after=after,
            reason=reason,
        )
        return self._records.record_in(tx, session_id, order.room_id)

    def _print(
        self, tx: Connection, session_id: str, room_id: str, content_hash: str, person: Person
    ) -> Printed:
        record = self._records.record_in(tx, session_id, room_id)
        if record.content.content_hash != content_hash:
            raise RefusedError(Refusal(RefusalCode.RECORD_CHANGED, room_id))
        at_ms, entries_head = self._now_ms(), self._ledger.head()
        signed = not record.required
        before = 0
        if signed:
            before = store.insert_print(
                tx, session_id, room_id, content_hash, person.person_id, at_ms
            )
        self._ledger.record(
            tx,
            Event.RECORD_PRINTED,
            person.person_id,
            session=session_id,
            room=room_id,
            content_hash=content_hash,
            copy=before > 0,
            signed=signed,
        )
        return Printed(before, signed, at_ms, entries_head[1], entries_head[0])
