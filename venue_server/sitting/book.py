"""The reading side of sittings: plans, sessions, timing, sittings and counts.

Sessions are few and asked for with every heartbeat, so they are kept as a snapshot that every
commit of this stage makes stale. Sittings are read from the store each time.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.sitting import store
from venue_server.sitting.identity import normalise
from venue_server.sitting.plan import Candidate, Plan, PlannedSession
from venue_server.sitting.plan_reading import kept_plan
from venue_server.sitting.policy import admits
from venue_server.sitting.rows import Counts, Session, Sitting, count
from venue_server.sitting.states import AFTER_END
from venue_server.storage.engine import Store
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.messages import Timing
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


class SittingBook:
    """Reads what the store knows. ``now_ms`` gives trusted exam time in milliseconds; ``key`` opens
    the personal part of sealed plans, which is kept in memory only (O08). Raises PlanFault."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        key: HpkePrivate | None = None,
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._now_ms = now_ms
        self._key = key
        self._plans: list[Plan] = []
        self._planned: dict[str, PlannedSession] = {}
        self._candidates: dict[tuple[str, str], Candidate] = {}
        self._version = object()  # another one whenever the snapshot may be stale
        self._touched = False
        self._snapshot: tuple[object, dict[str, Session]] = (None, {})
        for document in store_.read(store.plan_documents):
            self._know(kept_plan(document, key))
        store_.on_commit(self._committed)

    def _know(self, plan: Plan) -> None:
        """Take a plan into memory; it is (or was just) committed."""
        self._plans.append(plan)
        for session in plan.sessions:
            self._planned[session.session_id] = session
            for candidate in session.candidates:
                key = session.session_id, normalise(candidate.ticket_no)
                self._candidates[key] = candidate
        self._version = object()

    def _committed(self) -> None:
        # In the writer thread, after the commit and before any caller goes on.
        if self._touched:
            self._touched = False
            self._version = object()

    def refresh(self) -> None:
        """Another stage moved a session's data state: the snapshot is stale."""
        self._version = object()

    # ---- plans and sessions -------------------------------------------------------------

    @property
    def plan(self) -> Plan | None:
        """The plan imported last."""
        return self._plans[-1] if self._plans else None

    @property
    def plans(self) -> list[Plan]:
        """Every plan, in the order of their import."""
        return list(self._plans)

    def planned(self, session_id: str) -> PlannedSession:
        """What the signed plan says about a session; KeyError when there is none."""
        return self._planned[session_id]

    def linked(self, session_id: str) -> list[PlannedSession]:
        """Every session of the same plan and group (F15), by planned start; the session itself is
        one of them. Only itself where it has no group."""
        own = self._planned[session_id]
        plan = next(each for each in self._plans if own in each.sessions)
        group = [each for each in plan.sessions if own.group and each.group == own.group]
        return sorted(group or [own], key=lambda each: each.start_ms)

    def candidate(self, sitting: Sitting) -> Candidate:
        """The registration that belongs to a sitting."""
        return self._candidates[sitting.session_id, normalise(sitting.ticket_no)]

    def sessions(self) -> list[Session]:
        """Every session, by planned start."""
        return list(self._sessions().values())

    def session(self, session_id: str) -> Session:
        """One session; KeyError when there is none."""
        return self._sessions()[session_id]

    def session_in(self, tx: Connection, session_id: str) -> Session:
        """One session as a transaction sees it.

        Raises:
            RefusedError: SES-01, there is no such session.
        """
        found = store.load_session(tx, self._planned, session_id)
        if found is None:
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session_id))
        return found

    def plan_of(self, session: Session) -> Plan:
        """The plan a session belongs to."""
        return next(plan for plan in self._plans if plan.plan_id == session.plan_id)

    def current_session(self) -> Session | None:
        """The session not yet WIPED whose doors-open-to-end is nearest now."""
        now = self._now_ms()
        open_ones = [one for one in self.sessions() if one.state is not SessionState.WIPED]
        return min(open_ones, key=lambda one: one.distance_ms(now), default=None)

    def login_allowed(self, session_id: str, room_id: str) -> bool:
        """Did an invigilator allow log-in in this room (F11)?"""
        return room_id in self.session(session_id).login_rooms

    def timing(self, session_id: str) -> Timing:
        """A session over all its rooms; from the planned start as long as it has not started."""
        return self.session(session_id).whole

    def room_times(self, session_id: str, room_id: str) -> Timing:
        """A room's instants (closure, admission, the end of those without time of their own)."""
        return self.session(session_id).times_in(room_id)

    def times_of(self, sitting: Sitting) -> Timing:
        """One sitting's own instants. Everything that asks "may they still?" asks this."""
        return self.session(sitting.session_id).times_in(sitting.room_id)

    def _sessions(self) -> dict[str, Session]:
        version, known = self._snapshot
        if version is self._version:
            return known
        # The version is read first: what is loaded is at least that new, never older. Each version
        # is an object of its own, so that no thread can bring an old one back.
        version = self._version
        known = self._store.read(lambda tx: store.load_sessions(tx, self._planned))
        self._snapshot = (version, known)
        return known

    # ---- sittings -----------------------------------------------------------------------

    def sitting(self, sitting_id: str) -> Sitting | None:
        """One sitting, or None."""
        return self._store.read(lambda tx: store.load_sitting(tx, sitting_id))

    def sittings(self, session_id: str) -> list[Sitting]:
        """All sittings of a session, by room and seat."""
        return self._store.read(lambda tx: store.load_sittings(tx, session_id))

    def sitting_of_machine(self, machine_id: str) -> Sitting | None:
        """The sitting of the current session that last logged in at this machine."""
        session = self.current_session()
        if session is None:
            return None
        session_id = session.session_id
        return self._store.read(lambda tx: store.sitting_at(tx, session_id, machine_id))

    def counts(self, session_id: str, room_id: str | None = None) -> Counts:
        """Counts of one room, or of the whole session (K03)."""
        session = self.session(session_id)
        rows = [row for row in self.sittings(session_id) if room_id in (None, row.room_id)]
        times = session.whole if room_id is None else session.times_in(room_id)
        started = session.effective_start_ms is not None
        closed = started and not admits(times, self._now_ms())
        result = count(rows, closed)
        if session.state in AFTER_END:
            assert result.scheduled == result.present + result.absent, "K03"
        return result
