"""Orders of the staff's day: who is here, recusals, the draw of rooms, delegated posts."""

from collections.abc import Callable
from typing import cast

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.people_view import draws_view, organisation_book, people_view
from venue_server.ledger.catalogue import Event
from venue_server.staff.draw import document_hash
from venue_server.staff.duty.rules import SessionFacts, Wanted
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.people_orders import (
    AssignRoom,
    DecideRecusal,
    DeclareRecusal,
    Delegate,
    DrawRooms,
    EndDelegation,
    GetDraw,
    GetPeople,
)
from venue_server.wire.refusals import Refusal, RefusalCode

Answer = Result | Refusal


class PeopleOrders:
    """``changed`` tells the desk that people may act otherwise than before."""

    def __init__(self, parts: DeskParts, changed: Callable[[], None]) -> None:
        self._parts = parts
        self._duties = parts.people.duties
        self._changed = changed

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetPeople": self._people,
            "GetOrganisation": self._organisation,
            "DeclareRecusal": self._declare,
            "DecideRecusal": self._decide,
            "DrawRooms": self._draw,
            "GetDraw": self._get_draw,
            "AssignRoom": self._assign,
            "Delegate": self._delegate,
            "EndDelegation": self._end_delegation,
        }

    def _facts(self, session_id: str) -> SessionFacts | Refusal:
        facts = self._parts.people.facts(session_id or self._current())
        return facts or Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)

    def _current(self) -> str:
        """The current session; after the last one was wiped, that one: people stay to be seen."""
        sittings = self._parts.sittings
        session = sittings.current_session() or next(reversed(sittings.sessions()), None)
        return session.session_id if session else ""

    # ---- looking -------------------------------------------------------------------------

    async def _people(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        facts = self._facts(cast(GetPeople, message).session_id)
        if isinstance(facts, Refusal):
            return facts
        session = self._parts.sittings.session(facts.session_id)
        view = people_view(self._parts, session, ordered.person, self._parts.staff.real_ms())
        return cast(Result, msgspec.to_builtins(view))

    async def _organisation(self, ordered: Ordered, _message: ConsoleMessage) -> Answer:
        await self._parts.ledger.note(
            Event.ORGANISATION_SHOWN, ordered.person.person_id, where=ordered.where
        )
        return cast(Result, msgspec.to_builtins(organisation_book(self._parts)))

    async def _get_draw(self, _ordered: Ordered, message: ConsoleMessage) -> Answer:
        facts = self._facts(cast(GetDraw, message).session_id)
        if isinstance(facts, Refusal):
            return facts
        view = draws_view(self._parts.people, facts.session_id)
        if not view.draws:
            return Refusal(RefusalCode.DRAW_MISSING, facts.session_id)
        return cast(Result, msgspec.to_builtins(view))

    # ---- recusals ------------------------------------------------------------------------

    async def _declare(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(DeclareRecusal, message)
        facts = self._facts(asked.session_id)
        if isinstance(facts, Refusal):
            return facts
        about = asked.about.strip()
        done = await self._duties.declare(
            ordered.person.person_id, asked.kind, about, asked.reason, facts
        )
        return done or {"sessions": list(facts.session_ids)}

    async def _decide(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(DecideRecusal, message)
        facts = self._facts(asked.session_id)
        if isinstance(facts, Refusal):
            return facts
        done = await self._duties.decide(
            asked.person_id,
            asked.scope,
            asked.rooms,
            asked.reason,
            ordered.person.person_id,
            facts,
        )
        self._changed()
        return done or {"person_id": asked.person_id}

    # ---- rooms ---------------------------------------------------------------------------

    async def _draw(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(DrawRooms, message)
        facts = self._facts(asked.session_id)
        if isinstance(facts, Refusal):
            return facts
        people = self._parts.people
        roster, absent = people.roster(), frozenset(asked.absent) | people.not_here()
        persons = ordered.both
        done = await self._duties.draw(facts, roster, absent, asked.reason, persons)
        if isinstance(done, Refusal):
            return done
        self._changed()
        result = cast(Result, msgspec.to_builtins(done.result))
        return {"number": done.input.number, "sha256": document_hash(done), **result}

    async def _assign(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(AssignRoom, message)
        facts = self._facts(asked.session_id)
        if isinstance(facts, Refusal):
            return facts
        if asked.to_room and asked.person_id in self._parts.people.not_here():
            return Refusal(RefusalCode.NOT_SIGNED_IN_BY_BADGE, asked.person_id)
        done = await self._duties.assign(
            facts, asked.person_id, asked.to_room, asked.reason, ordered.both
        )
        self._changed()
        return done or {"person_id": asked.person_id, "room_id": asked.to_room}

    # ---- posts ---------------------------------------------------------------------------

    async def _delegate(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(Delegate, message)
        assert ordered.second is not None
        person = self._parts.staff.person
        done = await self._duties.delegate(
            Wanted(
                asked.role,
                person(asked.giver),
                person(asked.taker),
                asked.until_ms,
                asked.reason,
                ordered.person,
                ordered.second,
            )
        )
        self._changed()
        return done if isinstance(done, Refusal) else {"delegation_id": done.delegation_id}

    async def _end_delegation(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(EndDelegation, message)
        done = await self._duties.end_delegation(asked.delegation_id, ordered.person)
        self._changed()
        return done or {"delegation_id": asked.delegation_id}
