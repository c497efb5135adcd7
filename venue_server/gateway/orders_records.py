"""Orders about the records of the day: points, written fields and prints of a room record."""

from venue_server.gateway.board import BoardDrawer
from venue_server.gateway.close_screen import close_screen
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.day_facts import DayFactsSource
from venue_server.gateway.feed import feed
from venue_server.gateway.orders_closing import of_record
from venue_server.sitting.rows import Session
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.record_orders import (
    AnswerRecordPoint,
    EditRoomRecord,
    GetCloseCheck,
    PrintRoomRecord,
)
from venue_server.wire.refusals import Refusal


class RecordOrders:
    """Thin: permission was checked at the desk, the rules are in ``venue_server/records``."""

    def __init__(self, closing: Closing, facts: DayFactsSource) -> None:
        self._closing = closing
        self._facts = facts

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "AnswerRecordPoint": self._answer,
            "EditRoomRecord": self._edit,
            "PrintRoomRecord": self._print,
            "GetCloseCheck": self._close_check,
            "GetFeed": self._feed,
        }

    def _session(self, session_id: str) -> Session | Refusal:
        return of_record(self._closing.parts.sittings, session_id)

    async def _answer(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, AnswerRecordPoint)
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.filling.answer(session.session_id, ordered.person, message)
        return done if isinstance(done, Refusal) else done.as_result()

    async def _edit(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, EditRoomRecord)
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.filling.edit(session.session_id, ordered.person, message)
        return done if isinstance(done, Refusal) else done.as_result()

    async def _print(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, PrintRoomRecord)
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.filling.print(
            session.session_id, message.room_id, message.content_hash, ordered.person
        )
        return done if isinstance(done, Refusal) else done.as_result()

    async def _close_check(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetCloseCheck)
        sessions = self._to_check(message.session_id)
        if isinstance(sessions, Refusal):
            return sessions
        checked = {each.session_id: await self._facts.check(each) for each in sessions}
        entries, head = self._closing.parts.ledger.head()
        keeping = self._closing.exports.keeping
        kept = {session_id: keeping.of_session(session_id) for session_id in checked}
        return close_screen(checked, kept, entries, head)

    def _to_check(self, session_id: str) -> list[Session] | Refusal:
        """The named session, or every one whose day has begun."""
        sittings = self._closing.parts.sittings
        if session_id:
            session = of_record(sittings, session_id)
            return session if isinstance(session, Refusal) else [session]
        now = self._closing.parts.clock.now_ms()
        return [each for each in sittings.sessions() if each.doors_open_ms <= now]

    async def _feed(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        return feed(self._closing.parts, *BoardDrawer(self._closing.parts).heads())
