"""Orders about where answers are, wiping, keeping and destruction (H07, L10, L11, M01-M07)."""

import asyncio

from venue_server.gateway.answer_facts import AnswerFacts
from venue_server.gateway.answer_view import answers_view
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.orders_closing import of_record
from venue_server.wire.messages import ConsoleMessage
from venue_server.wire.refusals import Refusal
from venue_server.wire.wiping_orders import GetAnswers


class WipingOrders:
    """Thin: permission was checked at the desk, the rules are in ``records`` and ``upload``."""

    def __init__(self, closing: Closing, answers: AnswerFacts) -> None:
        self._closing = closing
        self._answers = answers

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {"GetAnswers": self._where}

    async def _where(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetAnswers)
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        found = await self._answers.of_session(session, message.room_id)
        lost = await asyncio.to_thread(self._answers.lost_media, session.session_id)
        return answers_view(session, found, lost)
