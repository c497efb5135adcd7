"""Orders about where answers are, wiping, keeping and destruction (H07, L10, L11, M01-M07)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from venue_server.gateway.answer_facts import AnswerFacts
from venue_server.gateway.answer_view import answers_view
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.keeping_view import (
    ANSWERS,
    RECORDS,
    KeptThings,
    destruction_view,
    kept_reasons,
    list_view,
)
from venue_server.gateway.orders_closing import of_record
from venue_server.gateway.wipe_view import certificate_view, check_view, stations_of
from venue_server.records.store import hold
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.storage.media_lanes import on_medium
from venue_server.upload.destruction import Destruction, DestructionOrder
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.wiping_orders import (
    DestroyKept,
    GetAnswers,
    GetDestructionCertificate,
    GetRetention,
    GetWipeCertificate,
    GetWipeCheck,
    SealAnew,
)

Sign = Callable[[dict[str, Any]], dict[str, Any]]
"""Puts the venue's own signature under a document."""


class WipingOrders:
    """Thin: permission was checked at the desk, the rules are in ``records`` and ``upload``."""

    def __init__(
        self, closing: Closing, answers: AnswerFacts, kept: KeptThings, store: Store, sign: Sign
    ) -> None:
        parts = closing.parts
        self._kept = kept
        self._destruction = Destruction(store, parts.ledger, parts.clock.now_ms)
        self._closing = closing
        self._sign = sign
        self._answers = answers

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetAnswers": self._where,
            "GetWipeCheck": self._check,
            "GetWipeCertificate": self._certificate,
            "GetRetention": self._retention,
            "DestroyKept": self._destroy,
            "GetDestructionCertificate": self._destroyed,
            "SealAnew": self._seal_anew,
        }

    async def _where(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetAnswers)
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        found = await self._answers.of_session(session, message.room_id)
        lost = await background.quick(self._answers.lost_media, session.session_id)
        return answers_view(session, found, lost)

    async def _check(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetWipeCheck)
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        session_id, wiping = session.session_id, self._closing.session_wiping
        await wiping.memory.clean()
        found = await on_medium("leftovers", wiping.leftovers, session_id)
        return check_view(
            session_id,
            self._closing.certificate(session_id),
            found,
            wiping.stations(session_id),
            self._seats(),
            wiping.memory.row(session_id),
        )

    def _seats(self) -> dict[str, str]:
        """Room and seat of every station that is enrolled now."""
        machines = self._closing.parts.enrolment.machines("station")
        return {each.machine_id: f"{each.room_id}-{each.seat_no}" for each in machines}

    async def _certificate(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetWipeCertificate)
        certificate = self._closing.certificate(message.session_id)
        if certificate is None:
            return Refusal(RefusalCode.NOT_WIPED_YET, message.session_id)
        wipes = self._closing.session_wiping.stations(message.session_id)
        stations, now = stations_of(wipes, self._seats()), self._closing.parts.clock.now_ms()
        signed = self._sign({**certificate, "stations": stations, "stations_at_ms": now})
        return certificate_view(certificate, stations, signed, self._names())

    def _names(self) -> dict[str, str]:
        people = self._closing.parts.staff.people()
        return {each.person_id: each.name for each in people}

    async def _seal_anew(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SealAnew)
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.seal_anew(session, message.reason, ordered.both)
        return done if isinstance(done, Refusal) else {"version": done}

    # ---- keeping and destruction (M01-M07) -----------------------------------------------

    async def _retention(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetRetention)
        sittings = self._closing.parts.sittings
        if message.session_id:
            named = of_record(sittings, message.session_id)
            if isinstance(named, Refusal):
                return named
            sessions = [named]
        else:
            sessions = [each for each in sittings.sessions() if each.state in AFTER_END]
        return list_view([line for each in sessions for line in self.kept_lines(each)])

    def kept_lines(self, session: Session) -> list[dict[str, Any]]:
        """Every kind of a session as one line: class, from, until, held, due, destroyed."""
        now = self._closing.parts.clock.now_ms()
        return self._kept.listed(session, self._destruction, now)

    async def _destroyed(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetDestructionCertificate)
        done = self._destruction.certificate(message.session_id, message.what)
        if done is None:
            return Refusal(RefusalCode.NOTHING_TO_DESTROY, message.what)
        return destruction_view(done, self._sign(done), self._names())

    async def _destroy(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, DestroyKept)
        assert ordered.second is not None
        session = of_record(self._closing.parts.sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        if message.what not in (ANSWERS, RECORDS):
            return Refusal(RefusalCode.NOTHING_TO_DESTROY, message.what)
        session_id, now = session.session_id, self._closing.parts.clock.now_ms()
        if session.state is not SessionState.WIPED:
            return Refusal(RefusalCode.NOT_WIPED_YET, session.state.value)
        refusal = self._kept.judged(session, message.what, now)
        if refusal is not None:
            return refusal
        there = await on_medium("backups", self._kept.files, session_id, message.what)
        done = await self._destruction.destroy(
            DestructionOrder(
                session_id,
                message.what,
                (ordered.person.person_id, ordered.second.person_id),
                message.method,
                message.reference,
                there.files,
                there.by_hand,
                kept_reasons(message.what),
                self._kept.why(session_id, message.what, now),
                still=lambda tx: _held_now(tx, session_id),
            )
        )
        if isinstance(done, Refusal):
            return done
        return destruction_view(done, self._sign(done), self._names())


def _held_now(tx: Connection, session_id: str) -> Refusal | None:
    """A legal hold that was set since it was judged (V07)."""
    held = hold(tx, session_id)
    return Refusal(RefusalCode.KEPT_BY_HOLD, held) if held else None
