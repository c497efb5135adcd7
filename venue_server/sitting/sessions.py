"""Orders that move a whole session: its plan, log-in permission, start, end, and the steps after.

Every order is one transaction with its ledger entry. ``also`` is work of the caller's own stage
that must be durable together with it; what it refuses undoes the whole order.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.ledger.catalogue import Event
from venue_server.sitting import store
from venue_server.sitting.book import SittingBook
from venue_server.sitting.plan import Plan
from venue_server.sitting.plan_destination import destination_problems
from venue_server.sitting.plan_reading import checked_plan
from venue_server.sitting.rows import Session
from venue_server.sitting.start_codes import make_start_codes
from venue_server.sitting.states import DOORS
from venue_server.wire.names import DataState, Mode, SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

T = TypeVar("T")
Also = Callable[[Connection], None]


def nothing(_tx: Connection) -> None:
    """No further work in the transaction."""


class SessionOrders(SittingBook):
    """See the module's text. A refusal is returned, never raised."""

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal

    # ---- the plan -----------------------------------------------------------------------

    async def import_plan(
        self,
        document: bytes,
        headquarters_keys: Mapping[str, Ed25519PublicKey],
        threshold: int,
        venue_id: str,
        allowed_mode: Mode,
        actor: str = "",
    ) -> Plan | Refusal:
        """Accept headquarters' signed plan (C06). The same document again is harmless; another one
        under a known plan or session id is refused."""
        plan = self.read_document(document, headquarters_keys, threshold, venue_id, allowed_mode)
        if isinstance(plan, Refusal):
            return plan
        text = document.decode()
        fresh = await self._order(lambda tx: self._keep_plan(tx, plan, text, actor))
        if isinstance(fresh, Refusal):
            return fresh
        if fresh:
            self._know(plan)
        return plan

    def read_document(
        self,
        document: bytes,
        headquarters_keys: Mapping[str, Ed25519PublicKey],
        threshold: int,
        venue_id: str,
        allowed_mode: Mode,
    ) -> Plan | Refusal:
        """A document as :meth:`import_plan` would take it, its personal part opened with the
        venue's key; nothing is kept."""
        plan = checked_plan(
            document, headquarters_keys, threshold, venue_id, allowed_mode, self._key
        )
        problems = [] if isinstance(plan, Refusal) else destination_problems(plan)
        return Refusal(RefusalCode.PLAN_INVALID, problems[0]) if problems else plan

    def _keep_plan(self, tx: Connection, plan: Plan, document: str, actor: str) -> bool:
        known = store.plan_document(tx, plan.plan_id)
        if known == document:
            return False
        if known is not None:
            raise RefusedError(Refusal(RefusalCode.PLAN_INVALID, f"plan_id {plan.plan_id}"))
        for session in plan.sessions:
            if store.session_exists(tx, session.session_id):
                refusal = Refusal(RefusalCode.PLAN_INVALID, f"session_id {session.session_id}")
                raise RefusedError(refusal)
        store.insert_plan(tx, plan, document, self._now_ms())
        self._touched = True
        ids = [session.session_id for session in plan.sessions]
        self._ledger.record(
            tx, Event.PLAN_IMPORTED, actor, plan_id=plan.plan_id, mode=plan.mode.value, sessions=ids
        )
        return True

    # ---- before the start ---------------------------------------------------------------

    async def allow_login(self, session_id: str, room_id: str, actor: str) -> Refusal | None:
        """The invigilator's log-in command for one room (F11); again is harmless."""
        return await self._order(lambda tx: self._allow_login(tx, session_id, room_id, actor))

    def _allow_login(self, tx: Connection, session_id: str, room_id: str, actor: str) -> None:
        session = self._open_doors(tx, self.session_in(tx, session_id))
        if session.state not in DOORS or not store.room_exists(tx, session_id, room_id):
            detail = f"{session_id} {room_id} {session.state.value}"
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, detail))
        if not store.allow_login(tx, session_id, room_id, self._now_ms()):
            return
        self._touched = True
        if session.state is SessionState.OPEN:
            store.move_session(tx, session_id, SessionState.LOGIN_ALLOWED)
        self._ledger.record(tx, Event.LOGIN_ALLOWED, actor, session=session_id, room=room_id)

    async def witness_seal(
        self, session_id: str, room_id: str, ticket_no: str, persons: str, seals: list[str]
    ) -> Refusal | None:
        """Two invigilators showed the intact seals in their room before the start, and a candidate
        of that room witnessed it (D17). The first showing is kept."""

        def run(tx: Connection) -> None:
            session = self.session_in(tx, session_id)
            if session.effective_start_ms is not None:
                raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value))
            sitting = store.load_sitting(tx, store.sitting_id_of(session_id, ticket_no.strip()))
            if sitting is None or sitting.room_id != room_id or sitting.admitted_at_ms is None:
                raise RefusedError(Refusal(RefusalCode.NOT_ADMITTED))
            if store.witness_seal(tx, session_id, room_id, f"{persons},{sitting.ticket_no}"):
                self._touched = True
                self._ledger.record(
                    tx,
                    Event.SEAL_WITNESSED,
                    persons,
                    session=session_id,
                    room=room_id,
                    witness=sitting.ticket_no,
                    seals=seals,
                )

        return await self._order(run)

    def _open_doors(self, tx: Connection, session: Session) -> Session:
        """Doors open by the clock (F10), noticed by the first order after that instant."""
        if session.state is not SessionState.PLANNED:
            return session
        if self._now_ms() < session.doors_open_ms:
            raise RefusedError(Refusal(RefusalCode.ADMISSION_NOT_OPEN))
        store.move_session(tx, session.session_id, SessionState.OPEN)
        self._touched = True
        return self.session_in(tx, session.session_id)

    async def arm_session(self, session_id: str, also: Also = nothing) -> Refusal | None:
        """Two people armed the release (E01). ``also`` keeps who they were and tells the ledger."""

        def run(tx: Connection) -> None:
            self._not_stopped(tx, session_id)
            self._open_doors(tx, self.session_in(tx, session_id))
            self._move(tx, session_id, SessionState.ARMED)
            also(tx)

        return await self._order(run)

    async def start_session(
        self, session_id: str, effective_start_ms: int, also: Also = nothing
    ) -> Refusal | None:
        """The paper is released and opens at ``effective_start_ms``; never before the planned
        start, because every other instant follows from it (G08)."""

        def run(tx: Connection) -> None:
            self._not_stopped(tx, session_id)
            session = self.session_in(tx, session_id)
            if effective_start_ms < session.planned.start_ms:
                raise RefusedError(Refusal(RefusalCode.RELEASE_TOO_EARLY, session_id))
            values = {"effective_start_ms": effective_start_ms, "released_at_ms": self._now_ms()}
            self._move(tx, session_id, SessionState.STARTED, **values)
            self._ledger.record(
                tx, Event.SESSION_STARTED, session=session_id, effective_start_ms=effective_start_ms
            )
            if session.planned.start_code:
                told = [each for each in session.rooms if not session.is_held(each)]
                make_start_codes(tx, self._ledger, session_id, told)
            also(tx)

        return await self._order(run)

    def _not_stopped(self, tx: Connection, session_id: str) -> None:
        """Headquarters' order to stop a session also keeps its papers shut (I03)."""
        if self.session_in(tx, session_id).stopped:
            raise RefusedError(Refusal(RefusalCode.SESSION_STOPPED, session_id))

    # ---- the end and after --------------------------------------------------------------

    async def end_session(self, session_id: str, also: Also = nothing) -> Refusal | None:
        """End a session whose time is over, and name everyone who was absent (K04).

        Sittings still IN_PROGRESS stay so: their stations hand in as soon as they can.
        """
        return await self._order(lambda tx: self._end(tx, session_id, also))

    def _end(self, tx: Connection, session_id: str, also: Also) -> None:
        session = self.session_in(tx, session_id)
        started = session.effective_start_ms is not None
        if not started or not self.is_over(session, self._now_ms()):
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value))
        self._move(tx, session_id, SessionState.ENDED)
        sittings = store.load_sittings(tx, session_id)
        absent = store.mark_absent(tx, sittings)
        self._ledger.record(
            tx,
            Event.SESSION_ENDED,
            session=session_id,
            scheduled=len(sittings),
            present=len(sittings) - len(absent),
            absent=[one.ticket_no for one in absent],
        )
        also(tx)

    async def end_unheld(self, session_id: str, also: Also = nothing) -> Refusal | None:
        """End a session that headquarters ordered to stop before it began, once its planned start
        has come (I03): nobody is absent, nothing was answered. SES-01 otherwise."""

        def run(tx: Connection) -> None:
            session = self.session_in(tx, session_id)
            if not (session.stopped and session.never_began(self._now_ms())):
                raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value))
            self._move(tx, session_id, SessionState.ENDED)
            sittings = store.load_sittings(tx, session_id)
            left = store.mark_not_held(tx, sittings)
            self._ledger.record(
                tx,
                Event.SESSION_ENDED,
                session=session_id,
                scheduled=len(sittings),
                present=0,
                absent=[],
                not_held=len(left),
            )
            also(tx)

        return await self._order(run)

    async def advance_session(
        self, session_id: str, to: SessionState, also: Also = nothing
    ) -> Refusal | None:
        """One step after the end: RECONCILED, SEALED, UPLOADED or WIPED. ``also`` tells the
        ledger."""
        assert to not in DOORS and to is not SessionState.ENDED, "these have orders of their own"

        def run(tx: Connection) -> None:
            self.session_in(tx, session_id)
            self._move(tx, session_id, to)
            also(tx)

        return await self._order(run)

    async def reopen_sealed(self, session_id: str, also: Also) -> Refusal | None:
        """Back from UPLOADED to ENDED, because something was found after the sealing (L03).
        ``also`` keeps who ordered it and what was sealed before."""

        def run(tx: Connection) -> None:
            session = self.session_in(tx, session_id)
            if session.state is not SessionState.UPLOADED:
                raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value))
            self._move(tx, session_id, SessionState.ENDED)
            also(tx)

        return await self._order(run)

    async def set_data_state(
        self, session_id: str, start: DataState, to: DataState, also: Also = nothing
    ) -> Refusal | None:
        """Move the answers' state from ``start`` to ``to`` (L01); SES-01 when it is another."""

        def run(tx: Connection) -> None:
            store.move_data(tx, session_id, start, to)
            self._touched = True
            also(tx)

        return await self._order(run)

    def _move(self, tx: Connection, session_id: str, to: SessionState, **values: int) -> None:
        store.move_session(tx, session_id, to, **values)
        self._touched = True
