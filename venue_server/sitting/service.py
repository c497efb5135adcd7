"""Orders about one candidate at a seat: log-in, confirmation, opening, hand-in, leaving.

Refusals that the rules want recorded (early hand-ins) are committed with their ledger entry and
then returned.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting import store
from venue_server.sitting.admission import AtScreen, at_screen
from venue_server.sitting.credit import store as credit_store
from venue_server.sitting.door_orders import AdmittedView as AdmittedView
from venue_server.sitting.door_orders import DoorOrders, known_ticket
from venue_server.sitting.handin import at_hand_in, is_repeated
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.sessions import Also, nothing
from venue_server.sitting.states import AFTER_END, DOORS
from venue_server.sitting.swapping import store as swap_store
from venue_server.storage.engine import Store
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

AUTO_TOLERANCE_MS = 2_000


class SittingService(DoorOrders):
    """All of a venue's sittings. ``auto_tolerance_ms``: see :func:`handin.at_hand_in`."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        auto_tolerance_ms: int = AUTO_TOLERANCE_MS,
        key: HpkePrivate | None = None,
    ) -> None:
        super().__init__(store_, ledger, now_ms, key)
        self._auto_tolerance_ms = auto_tolerance_ms

    # ---- at the station -----------------------------------------------------------------

    async def log_in(
        self,
        session_id: str,
        machine_id: str,
        room_id: str,
        seat_no: str,
        ticket_no: str,
        id_number: str,
        alive: Callable[[str], bool],
    ) -> Sitting | Refusal:
        """Log a candidate in, or again after a restart (F07, F11-F13).

        ``alive`` is called in the writer thread: is that other machine connected now?
        """
        entry = AtScreen(machine_id, room_id, seat_no, id_number)
        return await self._order(lambda tx: self._log_in(tx, session_id, ticket_no, entry, alive))

    def _log_in(
        self,
        tx: Connection,
        session_id: str,
        ticket_no: str,
        entry: AtScreen,
        alive: Callable[[str], bool],
    ) -> Sitting | Refusal:
        now = self._now_ms()
        session = self.session_in(tx, session_id)
        known = self._known(tx, session_id, ticket_no)
        moved_to = swap_store.seat_of(tx, known[0].sitting_id) if known else None
        times = self.times_inside(tx, session, known[0]) if known else session.whole
        refusal = at_screen(
            entry,
            session,
            times,
            known,
            alive,
            now,
            moved_to,
        )
        facts = {"session": session_id, "room": entry.room_id, "seat": entry.seat_no}
        facts["ticket"] = known_ticket(known)
        if refusal is not None:
            code = refusal.code.value
            self._ledger.record(tx, Event.LOGIN_REFUSED, entry.machine_id, **facts, code=code)
            return refusal
        assert known is not None, "who logs in is on the list"
        again = known[0].state is not SittingState.ADMITTED
        sitting = self._seated(tx, known[0], entry.machine_id, now)
        self._ledger.record(tx, Event.LOGGED_IN, entry.machine_id, **facts, again=again)
        return sitting

    def _seated(self, tx: Connection, sitting: Sitting, machine_id: str, now: int) -> Sitting:
        if sitting.state is not SittingState.ADMITTED:
            return store.mark_machine(tx, sitting, machine_id)
        to = SittingState.LOGGED_IN
        return store.move_sitting(tx, sitting, to, machine_id=machine_id, logged_in_at_ms=now)

    async def confirm(self, sitting_id: str) -> Sitting | Refusal:
        """The candidate confirmed the details shown; again is harmless."""

        def run(tx: Connection) -> Sitting:
            sitting, _session = self._live(tx, sitting_id)
            if sitting.confirmed_at_ms is not None:
                return sitting
            now = self._now_ms()
            moved = store.move_sitting(tx, sitting, SittingState.CONFIRMED, confirmed_at_ms=now)
            self._tell(tx, Event.IDENTITY_CONFIRMED, moved)
            return moved

        return await self._order(run)

    async def acknowledge_rules(self, sitting_id: str, text_version: str) -> Sitting | Refusal:
        """「我已阅读」 of one version of the rules (H01); again is harmless."""

        def run(tx: Connection) -> Sitting:
            sitting, _session = self._live(tx, sitting_id)
            if sitting.rules_ack_at_ms is not None:
                return sitting
            now = self._now_ms()
            moved = store.move_sitting(tx, sitting, SittingState.RULES_ACK, rules_ack_at_ms=now)
            self._tell(tx, Event.RULES_ACKNOWLEDGED, moved, text_version=text_version)
            return moved

        return await self._order(run)

    async def opened(self, sitting_id: str, at_ms: int) -> Sitting | Refusal:
        """The paper opened at ``at_ms`` (the station's estimate); from here on the candidate is
        present. Again is harmless. It may come after the end, from a station that was cut off."""

        def run(tx: Connection) -> Sitting:
            sitting, session = self._live(tx, sitting_id)
            if sitting.opened_at_ms is not None:
                return sitting
            if session.effective_start_ms is None or sitting.rules_ack_at_ms is None:
                refusal = Refusal(RefusalCode.SITTING_WRONG_STATE, sitting.state.value)
                raise RefusedError(refusal)
            moved = store.move_sitting(tx, sitting, SittingState.IN_PROGRESS, opened_at_ms=at_ms)
            self._tell(tx, Event.PAPER_OPENED, moved, opened_at_ms=at_ms)
            return moved

        return await self._order(run)

    # ---- handing in and leaving ---------------------------------------------------------

    async def submit(
        self, sitting_id: str, kind: SubmitKind, seq: int, head: str, also: Also = nothing
    ) -> int | Refusal:
        """Accept a hand-in (G01, G09, G11) and return its instant, in ms of exam time.

        ``seq`` and ``head`` are the end of the answer chain; the caller checks in ``also``, inside
        the same transaction, that the server durably holds it. The same hand-in sent again gets
        the same instant.
        """
        return await self._order(lambda tx: self._submit(tx, sitting_id, kind, seq, head, also))

    def _submit(
        self, tx: Connection, sitting_id: str, kind: SubmitKind, seq: int, head: str, also: Also
    ) -> int | Refusal:
        sitting, session = self._found(tx, sitting_id)
        if is_repeated(sitting, seq, head):
            assert sitting.submitted_at_ms is not None
            return sitting.submitted_at_ms
        now = self._now_ms()
        times = self.times_inside(tx, session, sitting)
        refusal = at_hand_in(sitting, session, times, kind, now, self._auto_tolerance_ms)
        if refusal is not None:
            code = refusal.code.value
            self._tell(tx, Event.SUBMIT_REFUSED, sitting, kind=kind.value, code=code)
            return refusal
        also(tx)
        moved = store.move_sitting(
            tx,
            sitting,
            SittingState.SUBMITTED,
            submitted_at_ms=now,
            submit_kind=kind,
            final_seq=seq,
            final_head=head,
        )
        self._tell(tx, Event.SUBMITTED, moved, kind=kind.value, seq=seq, head=head)
        return now

    async def confirm_exit(self, sitting_id: str, room_id: str, actor: str) -> Sitting | Refusal:
        """The invigilator lets a candidate leave whose hand-in is durable (G06) and whose time is
        settled: CRD-04 while a proposal of 补时 is undecided (I07)."""

        def run(tx: Connection) -> Sitting:
            sitting, _session = self._found(tx, sitting_id)
            if sitting.room_id != room_id:
                raise RefusedError(Refusal(RefusalCode.ROOM_NOT_YOURS, sitting.room_id))
            if (number := credit_store.undecided(tx, sitting_id)) is not None:
                raise RefusedError(Refusal(RefusalCode.CREDIT_OPEN, str(number)))
            now = self._now_ms()
            moved = store.move_sitting(tx, sitting, SittingState.EXITED, exited_at_ms=now)
            self._ledger.record(tx, Event.EXITED, actor, sitting=sitting_id, room=room_id)
            return moved

        return await self._order(run)

    def terminate_in(
        self, tx: Connection, sitting_id: str, end: tuple[int, str], actor: str
    ) -> Sitting:
        """End a sitting for disorder (V05), inside the transaction that says why. ``end`` is the
        last sequence and head durably here: what is handed in of somebody who was at work.

        Raises:
            RefusedError: SIT-03 unknown; SIT-04 not at a seat any more; SES-01 the session is over
                (what is not handed in then is closed by a forced hand-in).
        """
        sitting, session = self._found(tx, sitting_id)
        if session.state not in DOORS:
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value))
        to = SittingState.TERMINATED
        if sitting.present:
            moved = store.move_sitting(
                tx,
                sitting,
                to,
                submitted_at_ms=self._now_ms(),
                submit_kind=SubmitKind.TERMINATED,
                final_seq=end[0],
                final_head=end[1],
            )
        else:
            moved = store.move_sitting(tx, sitting, to)
        where = {"sitting": sitting_id, "room": sitting.room_id, "state": sitting.state.value}
        self._ledger.record(tx, Event.TERMINATED, actor, **where, seq=end[0], head=end[1])
        return moved

    # ---- inside the transactions --------------------------------------------------------

    def _found(self, tx: Connection, sitting_id: str) -> tuple[Sitting, Session]:
        sitting = store.load_sitting(tx, sitting_id)
        if sitting is None:
            raise RefusedError(Refusal(RefusalCode.SITTING_UNKNOWN))
        return sitting, self.session_in(tx, sitting.session_id)

    def _live(self, tx: Connection, sitting_id: str) -> tuple[Sitting, Session]:
        """A sitting whose records are still open: its session is not reconciled yet."""
        sitting, session = self._found(tx, sitting_id)
        if session.state in AFTER_END - {SessionState.ENDED}:
            raise RefusedError(Refusal(RefusalCode.SITTING_ENDED))
        return sitting, session

    def _tell(
        self, tx: Connection, event: Event, sitting: Sitting, **data: str | int | bool
    ) -> None:
        where = {"sitting": sitting.sitting_id, "room": sitting.room_id}
        self._ledger.record(tx, event, sitting.machine_id, **where, **data)
