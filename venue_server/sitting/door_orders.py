"""Orders at the door: admission, and provisional admission in doubt (F01-F06, F14, F15).

Refusals that the rules want recorded (late arrivals, doubts) are committed with their ledger entry
and then returned. No order here or elsewhere admits anybody after the cut-off (F05, 「一律」).
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from venue_server.ledger.catalogue import Event
from venue_server.sitting import store
from venue_server.sitting.admission import AtDoor, DoorVerdict, at_door, in_doubt_at_door
from venue_server.sitting.door import store as door_store
from venue_server.sitting.door.rows import Doubt
from venue_server.sitting.identity import has_valid_checksum, masked, normalise
from venue_server.sitting.plan import Candidate
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.sessions import SessionOrders
from venue_server.wire.names import (
    DoubtKind,
    DoubtState,
    IdDocument,
    NameCheck,
    PersonCheck,
    SittingState,
)
from venue_server.wire.refusals import Refusal

Known = tuple[Sitting, Candidate]


@dataclass(frozen=True)
class AdmittedView:
    """What the door's console shows of an admitted candidate; the number is masked (O08)."""

    sitting_id: str
    ticket_no: str
    name: str
    room_id: str
    seat_no: str
    id_number_masked: str
    photo: str
    admitted_at_ms: int


class DoorOrders(SessionOrders):
    """See the module's text."""

    async def admit(
        self,
        session_id: str,
        room_id: str,
        ticket_no: str,
        id_document: IdDocument,
        id_number: str,
        id_checked: bool,
        ticket_checked: bool,
        actor: str,
        name: NameCheck = NameCheck.SAME,
        person: PersonCheck = PersonCheck.SAME,
        belongings_checked: bool = False,
    ) -> AdmittedView | Refusal:
        """Admit a candidate into a room (F01-F06, F10), by the server's time at the commit."""
        entry = AtDoor(room_id, id_document, id_number, id_checked, ticket_checked, name, person)
        return await self._order(
            lambda tx: self._admit(tx, session_id, ticket_no, entry, actor, belongings_checked)
        )

    def _admit(
        self,
        tx: Connection,
        session_id: str,
        ticket_no: str,
        entry: AtDoor,
        actor: str,
        belongings: bool,
    ) -> AdmittedView | Refusal:
        session = self.session_in(tx, session_id)
        known = self._known(tx, session_id, ticket_no)
        doubt = door_store.raised_doubt(tx, known[0].sitting_id) if known else None
        open_kinds = doubt.kinds if doubt else frozenset()
        verdict = at_door(entry, session, known, self._now_ms(), open_kinds)
        if verdict.refusal is not None:
            plausible = has_valid_checksum(entry.id_number)
            self._refuse(tx, session, known, entry.room_id, verdict, actor, plausible)
            if known is not None and verdict.doubts:
                self._raise(tx, known[0], verdict.doubts, doubt, actor)
            return verdict.refusal
        assert known is not None, "admitted people are on the list"
        if doubt is not None:
            door_store.move_doubt(tx, doubt, DoubtState.WITHDRAWN, settled_at_ms=self._now_ms())
            self._ledger.record(tx, Event.DOUBT_WITHDRAWN, actor, doubt=doubt.doubt_id)
        facts = {"document": entry.id_document.value, "belongings_checked": belongings}
        if verdict.rare:
            facts["rare_character"] = True
        return self._let_in(tx, session, known, actor, facts)

    async def admit_in_doubt(
        self, session_id: str, room_id: str, ticket_no: str, note: str, persons: str
    ) -> AdmittedView | Refusal:
        """Two invigilators let somebody in whose identity is in doubt (F14). ``persons``: both ids.
        The doubt stays open until two signatures settle it."""

        def run(tx: Connection) -> AdmittedView | Refusal:
            session = self.session_in(tx, session_id)
            known = self._known(tx, session_id, ticket_no)
            doubt = door_store.raised_doubt(tx, known[0].sitting_id) if known else None
            kinds = doubt.kinds if doubt else frozenset()
            verdict = in_doubt_at_door(room_id, session, known, self._now_ms(), kinds)
            if verdict.refusal is not None:
                self._refuse(tx, session, known, room_id, verdict, persons, None)
                return verdict.refusal
            assert known is not None and doubt is not None, "a doubt is somebody's on the list"
            values = {"admitted_at_ms": self._now_ms(), "admitted_by": persons, "note": note}
            door_store.move_doubt(tx, doubt, DoubtState.PROVISIONAL, **values)
            self._ledger.record(
                tx, Event.ADMITTED_IN_DOUBT, persons, doubt=doubt.doubt_id, note=note
            )
            return self._let_in(tx, session, known, persons, {"in_doubt": True})

        return await self._order(run)

    def _refuse(
        self,
        tx: Connection,
        session: Session,
        known: Known | None,
        room_id: str,
        verdict: DoorVerdict,
        actor: str,
        plausible: bool | None,
    ) -> None:
        assert verdict.refusal is not None
        if known is not None and verdict.becomes is not None:
            store.move_sitting(tx, known[0], verdict.becomes)
        facts: dict[str, str | bool] = {"session": session.session_id, "room": room_id}
        facts |= {"ticket": known_ticket(known), "code": verdict.refusal.code.value}
        if plausible is not None:
            facts["number_plausible"] = plausible
        self._ledger.record(tx, Event.ADMISSION_REFUSED, actor, **facts)

    def _raise(
        self,
        tx: Connection,
        sitting: Sitting,
        kinds: frozenset[DoubtKind],
        doubt: Doubt | None,
        actor: str,
    ) -> None:
        """On the room's list; a doubt that stands there already only grows."""
        if doubt is not None and kinds <= doubt.kinds:
            return
        if doubt is not None:
            door_store.widen_doubt(tx, doubt, kinds)
        else:
            number = door_store.count_doubts(tx, sitting.sitting_id) + 1
            doubt = Doubt(
                doubt_id=f"{sitting.sitting_id}.{number}",
                sitting_id=sitting.sitting_id,
                session_id=sitting.session_id,
                room_id=sitting.room_id,
                ticket_no=sitting.ticket_no,
                kinds=kinds,
                state=DoubtState.RAISED,
                raised_at_ms=self._now_ms(),
                raised_by=actor,
            )
            door_store.insert_doubt(tx, doubt)
        self._ledger.record(
            tx, Event.DOUBT_RAISED, actor, doubt=doubt.doubt_id, kinds=sorted(doubt.kinds | kinds)
        )

    def _let_in(
        self,
        tx: Connection,
        session: Session,
        known: Known,
        actor: str,
        facts: dict[str, str | bool],
    ) -> AdmittedView:
        self._open_doors(tx, session)
        now = self._now_ms()
        sitting = store.move_sitting(tx, known[0], SittingState.ADMITTED, admitted_at_ms=now)
        where = {
            "session": session.session_id,
            "room": sitting.room_id,
            "ticket": known_ticket(known),
        }
        self._ledger.record(tx, Event.ADMITTED, actor, **where, **facts)
        self._admit_linked(tx, session, sitting, now, actor)
        return _admitted_view(sitting, known[1], now)

    def _admit_linked(
        self, tx: Connection, session: Session, sitting: Sitting, now: int, actor: str
    ) -> None:
        """One admission serves the linked sessions that follow (F15, 连考)."""
        for later in self.linked(session.session_id):
            if later.start_ms <= session.planned.start_ms:
                continue
            other = store.load_sitting(tx, store.sitting_id_of(later.session_id, sitting.ticket_no))
            if other is None or other.state is not SittingState.SCHEDULED:
                continue
            store.move_sitting(tx, other, SittingState.ADMITTED, admitted_at_ms=now)
            self._ledger.record(
                tx,
                Event.ADMITTED,
                actor,
                session=later.session_id,
                room=other.room_id,
                ticket=other.ticket_no,
                linked_from=session.session_id,
            )

    def _known(self, tx: Connection, session_id: str, typed_ticket: str) -> Known | None:
        candidate = self._candidates.get((session_id, normalise(typed_ticket)))
        if candidate is None:
            return None
        sitting = store.load_sitting(tx, store.sitting_id_of(session_id, candidate.ticket_no))
        assert sitting is not None, "a plan and its sittings are one transaction"
        return sitting, candidate


def known_ticket(known: Known | None) -> str:
    """What the ledger may say of a ticket: a number that is on no list may be anything a person
    typed by mistake, and is not recorded (O08)."""
    return known[1].ticket_no if known else ""


def _admitted_view(sitting: Sitting, candidate: Candidate, now: int) -> AdmittedView:
    return AdmittedView(
        sitting_id=sitting.sitting_id,
        ticket_no=candidate.ticket_no,
        name=candidate.name,
        room_id=candidate.room_id,
        seat_no=candidate.seat_no,
        id_number_masked=masked(candidate.id_number),
        photo=candidate.photo,
        admitted_at_ms=now,
    )
