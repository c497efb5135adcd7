"""A day's duties: recusals, the draw of rooms, delegated posts. One transaction an order.

The desk has already judged who may order and that two different people signed; what is refused here
is what the rules of ``rules.py`` do not allow.
"""

import dataclasses
import secrets
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.staff import store as accounts
from venue_server.staff.accounts import disable_in
from venue_server.staff.book import StaffBook, as_registered
from venue_server.staff.draw import (
    DrawDocument,
    DrawInput,
    canonical_document,
    document_hash,
    draw,
)
from venue_server.staff.duty import rules, store
from venue_server.staff.duty.names import AssignedBy, RecusalKind, RecusalScope
from venue_server.staff.duty.rows import Assignment, Decision, Declaration, Delegation, KeptDraw
from venue_server.staff.duty.rules import SessionFacts, Wanted
from venue_server.staff.person import NO_ROOM, Person
from venue_server.staff.roster import Roster
from venue_server.storage.engine import Store
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

T = TypeVar("T")
SEED_BYTES = 32


class Duties:
    """``now_ms`` gives exam time; ``book`` everyone as they may act."""

    def __init__(
        self, store_: Store, ledger: Ledger, book: StaffBook, now_ms: Callable[[], int]
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._book = book
        self._now_ms = now_ms

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal

    # ---- what stands ---------------------------------------------------------------------

    def declarations(self, session_id: str) -> list[Declaration]:
        """A session's declarations, oldest first."""
        return self._store.known_read(store.declarations, session_id)

    def decisions(self, session_id: str) -> list[Decision]:
        """A session's decisions, oldest first."""
        return self._store.known_read(store.decisions, session_id)

    def assignments(self, session_id: str) -> list[Assignment]:
        """A session's assignments, oldest first."""
        return self._store.known_read(store.assignments, session_id)

    def draws(self, session_id: str) -> list[KeptDraw]:
        """A session's draws, oldest first: the last one counts, none is ever removed."""
        return self._store.known_read(store.draws, session_id)

    def delegations(self) -> list[Delegation]:
        """Every delegation, oldest first."""
        return self._store.known_read(store.delegations)

    def staffing(self, session_id: str) -> dict[str, int]:
        """Invigilators last noted in each room; a room that never fell short is not there."""
        rows = self.staffing_rows(session_id)
        return {room_id: count for room_id, count, _at_ms in rows}

    def staffing_rows(self, session_id: str) -> list[tuple[str, int, int]]:
        """(room, invigilators, since) of a session, oldest first."""
        return self._store.known_read(store.staffing, session_id)

    async def note_staffing(self, session_id: str, room_id: str, count: int) -> None:
        """Keep how many are in a room now; nothing when it was so already (A04, F21)."""

        def run(tx: Connection) -> None:
            rows = store.staffing(tx, session_id)
            if {room: last for room, last, _at_ms in rows}.get(room_id) == count:
                return
            store.insert_staffing(tx, session_id, room_id, count, self._now_ms())
            self._ledger.record(
                tx, Event.ROOM_STAFFING, session=session_id, room=room_id, count=count
            )

        await self._store.write(run)

    # ---- recusals (B03) ------------------------------------------------------------------

    async def declare(
        self, person_id: str, kind: str, about: str, reason: str, facts: SessionFacts
    ) -> Refusal | None:
        """One person declares for a session and those linked to it. PPL-09."""
        if problem := rules.declaration_problem(kind, about, reason, facts):
            return problem
        now_ms = self._now_ms()

        def run(tx: Connection) -> None:
            for session_id in facts.session_ids:
                store.insert_declaration(
                    tx,
                    Declaration(
                        session_id, person_id, RecusalKind(kind), about, reason.strip(), now_ms
                    ),
                )
            # The relation itself is between this person and the chief: it is not in the ledger.
            self._ledger.record(
                tx,
                Event.RECUSAL_DECLARED,
                person_id,
                sessions=list(facts.session_ids),
                kind=kind,
            )

        return await self._order(run)

    async def decide(
        self,
        person_id: str,
        scope: str,
        rooms: Sequence[str],
        reason: str,
        by: str,
        facts: SessionFacts,
    ) -> Refusal | None:
        """Decide about somebody's recusal; VENUE ends their account at once (S1 §49). PPL-06 about
        oneself, PPL-09, STF-08."""
        if person_id == by:
            return Refusal(RefusalCode.NOT_YOURSELF, person_id)
        if problem := rules.decision_problem(scope, rooms, reason, facts):
            return problem
        return await self._order(
            lambda tx: self._decide(tx, person_id, RecusalScope(scope), rooms, reason, by, facts)
        )

    def _decide(
        self,
        tx: Connection,
        person_id: str,
        scope: RecusalScope,
        rooms: Sequence[str],
        reason: str,
        by: str,
        facts: SessionFacts,
    ) -> None:
        if accounts.account(tx, person_id) is None:
            raise RefusedError(Refusal(RefusalCode.PERSON_UNKNOWN, person_id))
        now_ms = self._now_ms()
        for session_id in facts.session_ids:
            decision = Decision(
                session_id, person_id, scope, frozenset(rooms), reason.strip(), by, now_ms
            )
            store.insert_decision(tx, decision)
        self._ledger.record(
            tx,
            Event.RECUSAL_DECIDED,
            by,
            person=person_id,
            sessions=list(facts.session_ids),
            scope=scope.value,
            rooms=sorted(rooms),
        )
        if scope is RecusalScope.VENUE:
            disable_in(tx, self._ledger, person_id, "回避 / recused", by, now_ms)

    # ---- the draw (B02) ------------------------------------------------------------------

    async def draw(
        self,
        facts: SessionFacts,
        roster: Roster,
        absent: Collection[str],
        reason: str,
        persons: str,
    ) -> DrawDocument | Refusal:
        """Draw every room of a session, once; again with a reason, the old result kept. PPL-10 not
        yet its day, PPL-11 rooms are in use, PPL-12 and PPL-13 recusals, PPL-14 cannot be done."""
        return await self._order(lambda tx: self._draw(tx, facts, roster, absent, reason, persons))

    def _draw(
        self,
        tx: Connection,
        facts: SessionFacts,
        roster: Roster,
        absent: Collection[str],
        reason: str,
        persons: str,
    ) -> DrawDocument:
        before = store.draw_count(tx, facts.session_id)
        if problem := rules.draw_problem(facts, self._now_ms(), before, reason):
            raise RefusedError(problem)
        people = self._registered(tx)
        decisions = store.decisions(tx, facts.session_id)
        self._all_answered(tx, facts, [one for one in people if one.person_id not in absent])
        wanted = rules.drawables(people, absent, roster, decisions, facts.rooms)
        given = DrawInput(
            session_id=facts.session_id,
            rooms=sorted(facts.rooms),
            people=wanted,
            capable_wanted=any(one.computer_capable for one in roster.values()),
            seed=secrets.token_hex(SEED_BYTES),
            number=before + 1,
        )
        result = draw(given)
        if result is None:
            raise RefusedError(Refusal(RefusalCode.DRAW_IMPOSSIBLE, str(len(wanted))))
        document = DrawDocument(given, result)
        self._keep_draw(tx, facts, document, sorted(absent), reason.strip(), persons)
        return document

    def _registered(self, tx: Connection) -> list[Person]:
        return [as_registered(one, self._now_ms()) for one in accounts.registered(tx)]

    def _all_answered(self, tx: Connection, facts: SessionFacts, people: list[Person]) -> None:
        """Only invigilators are drawn; but whoever may be recused must have said so before."""
        declared = store.declarations(tx, facts.session_id)
        drawn = [one for one in people if rules.is_drawn(one)]
        if missing := rules.unanswered(drawn, declared):
            raise RefusedError(Refusal(RefusalCode.DRAW_UNANSWERED, ", ".join(missing)))
        active = {one.person_id for one in people if one.active}
        open_ones = [
            each.person_id
            for each in rules.undecided(declared, store.decisions(tx, facts.session_id))
            if each.person_id in active
        ]
        if open_ones:
            raise RefusedError(Refusal(RefusalCode.RECUSAL_UNDECIDED, ", ".join(open_ones)))

    def _keep_draw(
        self,
        tx: Connection,
        facts: SessionFacts,
        document: DrawDocument,
        absent: Sequence[str],
        reason: str,
        persons: str,
    ) -> None:
        now_ms, result = self._now_ms(), document.result
        text = canonical_document(document).decode()
        places = [(who, room) for room, members in result.rooms.items() for who in members]
        places += [(who, NO_ROOM) for who in (*result.spares, *absent)]
        for session_id in facts.session_ids:
            number = store.draw_count(tx, session_id) + 1
            kept = KeptDraw(session_id, number, text, persons, reason, now_ms)
            store.insert_draw(tx, kept)
            rows = [
                Assignment(session_id, who, room, AssignedBy.DRAW, reason, persons, now_ms)
                for who, room in places
            ]
            store.insert_assignments(tx, rows)
        self._ledger.record(
            tx,
            Event.ROOMS_DRAWN,
            persons,
            sessions=list(facts.session_ids),
            number=document.input.number,
            seed=document.input.seed,
            document_sha256=document_hash(document),
            rooms=[f"{room}:{who}" for room, ones in result.rooms.items() for who in ones],
            spares=result.spares,
            absent=list(absent),
            reason=reason,
        )

    async def assign(
        self, facts: SessionFacts, person_id: str, to_room: str, reason: str, persons: str
    ) -> Refusal | None:
        """Two people put somebody into a room, or out of any (「原则上」, F21). PPL-16, also where
        they are recused there; REL-13, STF-08."""

        def run(tx: Connection) -> None:
            known = {one.person_id: one for one in self._registered(tx)}
            person = known.get(person_id)
            if problem := rules.assignment_problem(person, to_room, reason, facts):
                raise RefusedError(problem)
            decided = {each.person_id: each for each in store.decisions(tx, facts.session_id)}
            if person_id in decided and to_room in decided[person_id].rooms:
                raise RefusedError(Refusal(RefusalCode.ASSIGNMENT_INVALID, to_room))
            now_ms, room = self._now_ms(), to_room or NO_ROOM
            rows = [
                Assignment(
                    each, person_id, room, AssignedBy.OVERRIDE, reason.strip(), persons, now_ms
                )
                for each in facts.session_ids
            ]
            store.insert_assignments(tx, rows)
            self._ledger.record(
                tx,
                Event.ROOM_ASSIGNED,
                persons,
                person=person_id,
                room=to_room,
                sessions=list(facts.session_ids),
                reason=reason.strip(),
            )

        return await self._order(run)

    # ---- posts (A01, A02, N03) -----------------------------------------------------------

    async def delegate(self, wanted: Wanted) -> Delegation | Refusal:
        """Hand a post over, or delegate it for a time. PPL-07, REL-13, STF-08."""
        return await self._order(lambda tx: self._delegate(tx, wanted))

    def _delegate(self, tx: Connection, wanted: Wanted) -> Delegation:
        now_ms = self._now_ms()
        duty = store.duty(tx, "")
        problem = rules.delegation_problem(wanted, self._registered(tx), duty, now_ms)
        if problem is not None:
            raise RefusedError(problem)
        assert wanted.giver is not None
        assert wanted.taker is not None
        persons = f"{wanted.first.person_id},{wanted.second.person_id}"
        one = Delegation(
            0,
            wanted.role,
            wanted.giver.person_id,
            wanted.taker.person_id,
            now_ms,
            wanted.until_ms,
            wanted.reason.strip(),
            persons,
        )
        kept = dataclasses.replace(one, delegation_id=store.insert_delegation(tx, one))
        self._ledger.record(
            tx,
            Event.POST_DELEGATED,
            persons,
            delegation=kept.delegation_id,
            role=kept.role.value,
            giver=kept.giver,
            taker=kept.taker,
            until_ms=kept.until_ms,
            reason=kept.reason,
        )
        return kept

    async def end_delegation(self, delegation_id: int, person: Person) -> Refusal | None:
        """The post is its holder's again. PPL-08 nothing to end, PPL-07 not theirs to end."""

        def run(tx: Connection) -> None:
            now_ms = self._now_ms()
            found = [
                each
                for each in store.delegations(tx)
                if each.delegation_id == delegation_id and each.runs_at(now_ms)
            ]
            if not found:
                raise RefusedError(Refusal(RefusalCode.DELEGATION_UNKNOWN, str(delegation_id)))
            if not rules.may_end(found[0], person):
                raise RefusedError(Refusal(RefusalCode.DELEGATION_INVALID, str(delegation_id)))
            store.end_delegation(tx, delegation_id, now_ms, person.person_id)
            self._ledger.record(
                tx, Event.DELEGATION_ENDED, person.person_id, delegation=delegation_id
            )

        return await self._order(run)


def read_document(text: str | bytes) -> DrawDocument | Refusal:
    """A kept or exported draw; DOC-01 when it is none."""
    try:
        return msgspec.json.decode(text, type=DrawDocument)
    except msgspec.DecodeError as error:
        return Refusal(RefusalCode.DOCUMENT_MALFORMED, str(error))
