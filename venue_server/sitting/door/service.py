"""What people do about a room's door after the first look: doubts, corrections, items, visitors.

Every order is one transaction with its ledger entry. The ledger names tickets, receipts and
people of the venue, never an identity number or what a correction asks for (O08).
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting import store as sitting_store
from venue_server.sitting.book import SittingBook
from venue_server.sitting.door import lines, store
from venue_server.sitting.door.rows import (
    OPEN_DOUBTS,
    Correction,
    Doubt,
    KeptItem,
    Visitor,
)
from venue_server.sitting.identity import normalise
from venue_server.sitting.person_names import name_problem
from venue_server.storage.engine import Store
from venue_server.wire import hpke
from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.names import ChiefWord, DoubtState, ItemKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

T = TypeVar("T")
_INFO = b"kaodian-correction/1"
_LONGEST = 200
"""Characters of what a person writes into one field."""


class DoorBook:
    """The door's own records, over the sittings they are about."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        sittings: SittingBook,
        now_ms: Callable[[], int],
        key: HpkePrivate,
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._sittings = sittings
        self._now_ms = now_ms
        self._key = key

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal

    # ---- doubts (F14) --------------------------------------------------------------------

    async def settle(
        self, room_id: str, doubt_id: str, verified: bool, note: str, persons: str
    ) -> Doubt | Refusal:
        """Two invigilators of the room compared and sign; ``persons``: both ids."""

        def run(tx: Connection) -> Doubt:
            doubt = _found(store.load_doubt(tx, doubt_id), room_id)
            to = DoubtState.VERIFIED if verified else DoubtState.NOT_VERIFIED
            values = {"settled_at_ms": self._now_ms(), "settled_by": persons}
            moved = store.move_doubt(tx, doubt, to, **values, note=_both(doubt.note, note))
            self._ledger.record(
                tx, Event.DOUBT_SETTLED, persons, doubt=doubt_id, verified=verified, note=note
            )
            return moved

        return await self._order(run)

    async def decide(
        self, doubt_id: str, word: ChiefWord, note: str, chief: str
    ) -> Doubt | Refusal:
        """The chief decides about an identity that two people could not verify."""

        def run(tx: Connection) -> Doubt:
            doubt = _found(store.load_doubt(tx, doubt_id))
            values = {"decided_at_ms": self._now_ms(), "decided_by": chief, "word": word.value}
            store.move_doubt(tx, doubt, DoubtState.DECIDED, **values, note=_both(doubt.note, note))
            self._ledger.record(
                tx,
                Event.DOUBT_DECIDED,
                chief,
                doubt=doubt_id,
                ticket=doubt.ticket_no,
                word=word.value,
                note=note,
            )
            return _found(store.load_doubt(tx, doubt_id))

        return await self._order(run)

    def doubts(self, session_id: str) -> list[Doubt]:
        """Every doubt of a session and of those it is linked with: one admission served them."""
        ids = tuple(each.session_id for each in self._sittings.linked(session_id))
        return self._store.known_read(store.doubts_of, ids)

    def open_doubts(self, session_id: str) -> list[Doubt]:
        """Those who were admitted and whose identity is not settled."""
        return [each for each in self.doubts(session_id) if each.state in OPEN_DOUBTS]

    # ---- corrections (F04) ---------------------------------------------------------------

    async def request_correction(
        self,
        session_id: str,
        room_id: str,
        ticket_no: str,
        name: str,
        id_number: str,
        reason: str,
        actor: str,
    ) -> Correction | Refusal:
        """File what is asked for; the plan stays as headquarters signed it. Two requests may not do
        together what one may not."""
        if name.strip() and id_number.strip():
            return Refusal(RefusalCode.CORRECTION_OF_BOTH)
        field, wish = (
            ("NAME", name.strip()) if name.strip() else ("ID_NUMBER", normalise(id_number))
        )
        if not wish or not reason.strip() or (field == "NAME" and name_problem(wish)):
            return Refusal(RefusalCode.CORRECTION_EMPTY)
        sealed = hpke.seal(self._key.public_raw(), wish.encode(), _INFO)

        def run(tx: Connection) -> Correction:
            ticket = self._on_list(tx, session_id, room_id, ticket_no)
            ids = [each.session_id for each in self._sittings.linked(session_id)]
            earlier = store.corrections_of(tx, ids)
            if any(each.ticket_no == ticket and each.field != field for each in earlier):
                raise RefusedError(Refusal(RefusalCode.CORRECTION_OF_BOTH))
            filed = Correction(
                correction_id=f"G{store.count_corrections(tx) + 1:04}",
                session_id=session_id,
                room_id=room_id,
                ticket_no=ticket,
                field=field,
                sealed=sealed,
                reason=_short(reason),
                filed_at_ms=self._now_ms(),
                filed_by=actor,
            )
            store.insert_correction(tx, filed)
            facts = {"correction": filed.correction_id, "ticket": ticket, "field": field}
            self._ledger.record(tx, Event.CORRECTION_REQUESTED, actor, **facts)
            return filed

        return await self._order(run)

    def corrections(self, session_id: str) -> list[tuple[Correction, str]]:
        """Every correction of a session, with what was asked for."""
        filed = self._store.read(lambda tx: store.corrections_of(tx, [session_id]))
        return [(each, self._key.open(each.sealed, _INFO).decode()) for each in filed]

    # ---- kept items (F09) ----------------------------------------------------------------

    async def keep_item(
        self,
        session_id: str,
        room_id: str,
        ticket_no: str,
        kind: ItemKind,
        what: str,
        candidate_signed: bool,
        persons: str,
    ) -> KeptItem | Refusal:
        """Two people take an item into custody; its receipt is what the candidate gets."""
        if not what.strip():
            return Refusal(RefusalCode.ENTRY_INCOMPLETE)

        def run(tx: Connection) -> KeptItem:
            item = KeptItem(
                receipt_no=f"W{store.count_items(tx) + 1:04}",
                session_id=session_id,
                room_id=room_id,
                ticket_no=self._on_list(tx, session_id, room_id, ticket_no),
                kind=kind,
                what=_short(what),
                kept_at_ms=self._now_ms(),
                kept_by=persons,
                candidate_signed=candidate_signed,
            )
            store.insert_item(tx, item)
            self._ledger.record(
                tx,
                Event.ITEM_KEPT,
                persons,
                receipt=item.receipt_no,
                room=room_id,
                ticket=item.ticket_no,
                kind=kind.value,
                what=item.what,
                candidate_signed=candidate_signed,
            )
            return item

        return await self._order(run)

    async def return_item(
        self, room_id: str, receipt_no: str, signed: bool, handed_to: str, persons: str
    ) -> KeptItem | Refusal:
        """Back to the candidate, or to whoever is in charge of what was seized."""

        def run(tx: Connection) -> KeptItem:
            values = {"ended_at_ms": self._now_ms(), "ended_by": persons}
            item = store.end_item(
                tx,
                room_id,
                receipt_no.strip().upper(),
                **values,
                handed_to=_short(handed_to),
                return_signed=signed,
            )
            self._ledger.record(
                tx,
                Event.ITEM_RETURNED,
                persons,
                receipt=item.receipt_no,
                handed_to=item.handed_to,
                signed=signed,
            )
            return item

        return await self._order(run)

    def items(self, session_id: str) -> list[KeptItem]:
        """Every item of a session."""
        return self._store.read(lambda tx: store.items_of(tx, session_id))

    # ---- visitors (A09) ------------------------------------------------------------------

    async def approve_visitor(
        self, session_id: str, room_id: str, name: str, unit: str, reason: str, approver: str
    ) -> Visitor | Refusal:
        """Somebody who has no work in the room may enter it once."""
        if not (name.strip() and unit.strip() and reason.strip()):
            return Refusal(RefusalCode.ENTRY_INCOMPLETE)

        def run(tx: Connection) -> Visitor:
            if not sitting_store.room_exists(tx, session_id, room_id):
                raise RefusedError(Refusal(RefusalCode.ROOM_NOT_YOURS, room_id))
            visitor = Visitor(
                visitor_id=f"F{store.count_visitors(tx) + 1:04}",
                session_id=session_id,
                room_id=room_id,
                name=_short(name),
                unit=_short(unit),
                reason=_short(reason),
                approved_at_ms=self._now_ms(),
                approved_by=approver,
            )
            store.insert_visitor(tx, visitor)
            self._tell_visit(tx, Event.VISITOR_APPROVED, approver, visitor)
            return visitor

        return await self._order(run)

    async def visitor_in(self, room_id: str, visitor_id: str, actor: str) -> Visitor | Refusal:
        """An approved visitor entered."""

        def run(tx: Connection) -> Visitor:
            visitor = store.visitor_in(tx, room_id, _id(visitor_id), self._now_ms(), actor)
            self._tell_visit(tx, Event.VISITOR_IN, actor, visitor)
            return visitor

        return await self._order(run)

    async def visitor_out(self, room_id: str, visitor_id: str, actor: str) -> Visitor | Refusal:
        """A visitor left."""

        def run(tx: Connection) -> Visitor:
            visitor = store.visitor_out(tx, room_id, _id(visitor_id), self._now_ms(), actor)
            self._tell_visit(tx, Event.VISITOR_OUT, actor, visitor)
            return visitor

        return await self._order(run)

    def visitors(self, session_id: str) -> list[Visitor]:
        """Every approved visit of a session."""
        return self._store.read(lambda tx: store.visitors_of(tx, session_id))

    def _tell_visit(self, tx: Connection, event: Event, actor: str, visitor: Visitor) -> None:
        facts = {"visitor": visitor.visitor_id, "room": visitor.room_id, "reason": visitor.reason}
        self._ledger.record(tx, event, actor, **facts)

    # ---- what the records are told -------------------------------------------------------

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """This door's lines of the room record. A doubt stands in the session it came up in."""
        doubts = [each for each in self.doubts(session_id) if each.session_id == session_id]
        return [
            *(lines.doubt_line(each) for each in doubts if each.room_id == room_id),
            *(lines.item_line(each) for each in self.items(session_id) if each.room_id == room_id),
            *lines.visitor_lines(
                each for each in self.visitors(session_id) if each.room_id == room_id
            ),
        ]

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """What must be closed before the day is."""
        return [
            *lines.doubt_points(self.doubts(session_id)),
            *lines.item_points(self.items(session_id)),
            *lines.visitor_points(self.visitors(session_id)),
        ]

    def _on_list(self, tx: Connection, session_id: str, room_id: str, ticket_no: str) -> str:
        """The ticket as registered; raises RefusedError ADM-04 or ADM-14."""
        sitting_id = sitting_store.sitting_id_of(session_id, normalise(ticket_no))
        sitting = sitting_store.load_sitting(tx, sitting_id)
        if sitting is None:
            raise RefusedError(Refusal(RefusalCode.TICKET_UNKNOWN))
        if sitting.room_id != room_id:
            where = f"{sitting.room_id} {sitting.seat_no}"
            raise RefusedError(Refusal(RefusalCode.WRONG_ROOM, where))
        return sitting.ticket_no


def _found(doubt: Doubt | None, room_id: str | None = None) -> Doubt:
    if doubt is None or room_id not in (None, doubt.room_id):
        raise RefusedError(Refusal(RefusalCode.DOUBT_UNKNOWN))
    return doubt


def _both(earlier: str, later: str) -> str:
    return "；".join(part for part in (earlier, _short(later)) if part)


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _id(typed: str) -> str:
    return typed.strip().upper()
