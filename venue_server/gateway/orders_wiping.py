"""Orders about where answers are, wiping, keeping and destruction (H07, L10, L11, M01-M07)."""

import asyncio
from collections.abc import Callable
from typing import Any

from venue_server.gateway.answer_facts import AnswerFacts
from venue_server.gateway.answer_view import answers_view
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.orders_closing import of_record
from venue_server.gateway.wipe_view import certificate_view, check_view
from venue_server.wire.messages import ConsoleMessage
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.wiping_orders import GetAnswers, GetWipeCertificate, GetWipeCheck

Sign = Callable[[dict[str, Any]], dict[str, Any]]
"""Puts the venue's own signature under a document."""


class WipingOrders:
    """Thin: permission was checked at the desk, the rules are in ``records`` and ``upload``."""

    def __init__(self, closing: Closing, answers: AnswerFacts, sign: Sign) -> None:
        self._closing = closing
        self._sign = sign
        self._answers = answers

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetAnswers": self._where,
            "GetWipeCheck": self._check,
            "GetWipeCertificate": self._certificate,
        }

    async def _where(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetAnswers)
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        found = await self._answers.of_session(session, message.room_id)
        lost = await asyncio.to_thread(self._answers.lost_media, session.session_id)
        return answers_view(session, found, lost)

    async def _check(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetWipeCheck)
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        session_id, wiping = session.session_id, self._closing.session_wiping
        found = await asyncio.to_thread(wiping.leftovers, session_id)
        machines = self._closing.parts.enrolment.machines("station")
        seats = {each.machine_id: f"{each.room_id}-{each.seat_no}" for each in machines}
        return check_view(
            session_id,
            self._closing.certificate(session_id),
            found,
            wiping.stations(session_id),
            seats,
        )

    async def _certificate(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetWipeCertificate)
        certificate = self._closing.certificate(message.session_id)
        if certificate is None:
            return Refusal(RefusalCode.NOT_WIPED_YET, message.session_id)
        people = self._closing.parts.staff.people()
        names = {each.person_id: each.name for each in people}
        return certificate_view(certificate, self._sign(certificate), names)
