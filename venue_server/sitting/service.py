"""Orders about one candidate: admission, log-in, confirmation, opening, hand-in, leaving.

Refusals that the rules want recorded (late arrivals, doubts, early hand-ins) are committed with
their ledger entry and then returned.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting import store
from venue_server.sitting.admission import AtDoor, AtScreen, at_door, at_screen
from venue_server.sitting.credit import store as credit_store
from venue_server.sitting.handin import at_hand_in, is_repeated
from venue_server.sitting.identity import has_valid_checksum, masked, normalise
from venue_server.sitting.plan import Candidate
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.sessions import Also, SessionOrders, nothing
from venue_server.sitting.states import AFTER_END
from venue_server.storage.engine import Store
from venue_server.wire.names import IdDocument, SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

AUTO_TOLERANCE_MS = 2_000


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


class SittingService(SessionOrders):
    """All of a venue's sittings. ``auto_tolerance_ms``: see :func:`handin.at_hand_in`."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        auto_tolerance_ms: int = AUTO_TOLERANCE_MS,
    ) -> None:
        super().__init__(store_, ledger, now_ms)
        self._auto_tolerance_ms = auto_tolerance_ms

    # ---- at the door --------------------------------------------------------------------

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
    ) -> AdmittedView | Refusal:
        """Admit a candidate into a room (F01-F06, F10), by the server's time at the commit."""
        entry = AtDoor(room_id, id_document, id_number, id_checked, ticket_checked)
        return await self._order(lambda tx: self._admit(tx, session_id, ticket_no, entry, actor))

    def _admit(
        self, tx: Connection, session_id: str, ticket_no: str, entry: AtDoor, actor: str
    ) -> AdmittedView | Refusal:
        now = self._now_ms()
        session = self.session_in(tx, session_id)
        known = self._known(tx, session_id, ticket_no)
        verdict = at_door(entry, session, known, now)
        facts = {"session": session_id, "room": entry.room_id, "ticket": _known_ticket(known)}
        if verdict.refusal is not None:
            if known is not None and verdict.becomes is not None:
                store.move_sitting(tx, known[0], verdict.becomes)
            code = verdict.refusal.code.value
            plausible = has_valid_checksum(entry.id_number)
            self._ledger.record(
                tx, Event.ADMISSION_REFUSED, actor, **facts, code=code, number_plausible=plausible
            )
            return verdict.refusal
        assert known is not None, "admitted people are on the list"
        self._open_doors(tx, session)
        sitting = store.move_sitting(tx, known[0], SittingState.ADMITTED, admitted_at_ms=now)
        self._ledger.record(tx, Event.ADMITTED, actor, **facts, document=entry.id_document.value)
        return _admitted_view(sitting, known[1], now)

    def _known(
        self, tx: Connection, session_id: str, typed_ticket: str
    ) -> tuple[Sitting, Candidate] | None:
        candidate = self._candidates.get((session_id, normalise(typed_ticket)))
        if candidate is None:
            return None
        sitting = store.load_sitting(tx, store.sitting_id_of(session_id, candidate.ticket_no))
        assert sitting is not None, "a plan and its sittings are one transaction"
        return sitting, candidate

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
        times = self.times_inside(tx, session, known[0]) if known else session.times
        refusal = at_screen(entry, session, times, known, alive, now)
        facts = {"session": session_id, "room": entry.room_id, "seat": entry.seat_no}
        facts["ticket"] = _known_ticket(known)
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


def _known_ticket(known: tuple[Sitting, Candidate] | None) -> str:
    # A number that is on no list may be anything a person typed by mistake: it is not recorded.
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
