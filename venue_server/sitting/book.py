"""The reading side of sittings: plans, sessions, timing, sittings and counts.

Sessions are few and asked for with every heartbeat, so they are kept as a snapshot that every
commit of this stage makes stale. Sittings are read from the store again after each change of one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.sitting import store
from venue_server.sitting.credit import store as credit_store
from venue_server.sitting.identity import normalise
from venue_server.sitting.personal_time import personal_times
from venue_server.sitting.plan import Candidate, Plan, PlannedSession
from venue_server.sitting.plan_reading import kept_plan
from venue_server.sitting.policy import admits
from venue_server.sitting.rows import Counts, Session, Sitting, count
from venue_server.sitting.states import AFTER_END, AT_SEAT
from venue_server.storage.engine import Store
from venue_server.storage.plain import Row
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.messages import Timing
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


@dataclass(frozen=True, slots=True)
class _Committed:
    """Sessions by id, 补时 in force and taken back in seconds by sitting, as last committed, and
    what they give: each answer asks for its sitting's instants (P3)."""

    version: object
    sessions: dict[str, Session]
    not_wiped: list[Session]
    credited_s: dict[str, int]
    revoked_s: dict[str, int]
    times: dict[tuple[str, str], Timing] = field(default_factory=dict)  # by sitting and room


@dataclass(frozen=True, slots=True)
class _Seats:
    """All sittings of one session, made from ``rows``; at a machine who logged in last."""

    rows: list[Row]
    by_id: dict[str, Sitting]
    by_machine: dict[str, Sitting]


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
        self._snapshot = _Committed(object(), {}, [], {}, {})
        self._seats: dict[str, _Seats] = {}
        self._moved: set[str] = set()  # sittings that people changed beside their station
        self.held: set[str] = set()
        """Sittings that people are closing at this moment: nothing new is taken into them."""
        for document in store_.read(store.plan_documents):
            self._know(kept_plan(document, key))
        store_.on_commit(self._committed)

    def _know(self, plan: Plan) -> None:
        """Take a plan into memory; it is (or was just) committed."""
        self._plans.append(plan)
        for session in plan.sessions:
            self._planned[session.session_id] = session
            for candidate in session.candidates:
                for number in (normalise(candidate.ticket_no), candidate.ticket_no):
                    self._candidates[session.session_id, number] = candidate
        self._version = object()

    def _committed(self) -> None:
        # In the writer thread, after the commit and before any caller goes on.
        if self._touched:
            self._touched = False
            self._version = object()

    def touched(self) -> None:
        """Called inside a transaction of another part that the snapshot must follow."""
        self._touched = True

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
        return self._candidates[sitting.session_id, sitting.ticket_no]

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
        open_ones = self._as_committed().not_wiped
        if len(open_ones) == 1:
            return open_ones[0]
        now = self._now_ms()
        return min(open_ones, key=lambda one: _distance_ms(one, now), default=None)

    def asked_session(self, session_id: str = "") -> Session | Refusal:
        """The session an order names, the current one when it names none; SES-01 without it."""
        found = self._sessions().get(session_id) if session_id else self.current_session()
        return found or Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)

    def login_allowed(self, session_id: str, room_id: str) -> bool:
        """Did an invigilator allow log-in in this room (F11)?"""
        return room_id in self.session(session_id).login_rooms

    def times_of(self, sitting: Sitting) -> Timing:
        """One sitting's own instants. Everything that asks "may they still?" asks this."""
        return self._times_seen(self._as_committed(), sitting)

    def personal(self, sitting: Sitting) -> tuple[Timing, int, int]:
        """Its instants with the 补时 in force and taken back, in seconds: one snapshot, so that a
        station never meets the new end with the old sums."""
        seen, which = self._as_committed(), sitting.sitting_id
        credited_s, revoked_s = seen.credited_s.get(which, 0), seen.revoked_s.get(which, 0)
        return self._times_seen(seen, sitting), credited_s, revoked_s

    def answers_count_until_ms(self, sitting: Sitting) -> int:
        """The last end that a station may rightly have gone by: one that was cut off when 补时 was
        taken back never heard of it, and what it took counts (I07)."""
        seen, which = self._as_committed(), sitting.sitting_id
        end_ms = self._times_seen(seen, sitting).end_ms
        revoked_s = seen.revoked_s.get(which, 0)
        if not revoked_s:
            return end_ms
        told_s = seen.credited_s.get(which, 0) + revoked_s
        session = seen.sessions[sitting.session_id]
        return max(end_ms, self.times_with(session, sitting, told_s).end_ms)

    def times_with(self, session: Session, sitting: Sitting, credited_s: int) -> Timing:
        """Its instants if it had ``credited_s`` seconds of 补时."""
        return personal_times(session, sitting.room_id, self._arranged_s(sitting) + credited_s)

    def _times_seen(self, seen: _Committed, sitting: Sitting) -> Timing:
        mine = sitting.sitting_id, sitting.room_id
        times = seen.times.get(mine)
        if times is None:
            extra_s = self._arranged_s(sitting) + seen.credited_s.get(sitting.sitting_id, 0)
            session = seen.sessions[sitting.session_id]
            times = seen.times[mine] = personal_times(session, sitting.room_id, extra_s)
        return times

    def times_inside(self, tx: Connection, session: Session, sitting: Sitting) -> Timing:
        """The same as a transaction sees it."""
        extra_s = self._arranged_s(sitting) + credit_store.granted(tx).get(sitting.sitting_id, 0)
        return personal_times(session, sitting.room_id, extra_s)

    def credited_s(self, sitting_id: str) -> int:
        """补时 in force for a sitting, in seconds."""
        return self._as_committed().credited_s.get(sitting_id, 0)

    def revoked_s(self, sitting_id: str) -> int:
        """补时 that was taken back of a sitting, in seconds."""
        return self._as_committed().revoked_s.get(sitting_id, 0)

    def _arranged_s(self, sitting: Sitting) -> int:
        """The access arrangement that headquarters signed counts from the beginning."""
        return max(0, self.candidate(sitting).extra_time_s)  # nothing shortens time

    def last_end_ms(self, session: Session) -> int:
        """When the last candidate's time is over who may still answer: until then it goes on."""
        credited = self._as_committed().credited_s
        mine = [one for one in session.planned.candidates if one.extra_time_s]
        if not mine and not credited:
            return session.whole.end_ms
        at_seat = [one for one in self.sittings(session.session_id) if one.state in AT_SEAT]
        if session.stopped:  # a room that was held back then never starts
            at_seat = [one for one in at_seat if not session.is_held(one.room_id)]
        return max([session.whole.end_ms, *(self.times_of(one).end_ms for one in at_seat)])

    def is_over(self, session: Session, now_ms: int) -> bool:
        """Has everybody's time ended? A room that stands still, or was never started, has not."""
        return session.is_over(now_ms) and now_ms >= self.last_end_ms(session)

    def moved(self, sitting_id: str) -> None:
        """People changed a sitting beside its station: what a desk remembers of it is old."""
        self._moved.add(sitting_id)

    def was_moved(self, sitting_id: str) -> bool:
        """Must the store be asked about this sitting?"""
        return sitting_id in self._moved

    def undone_and_out(self, sitting_id: str) -> tuple[int, bool]:
        """Hand-ins up to this sequence were undone (I10); is the candidate on a break (H06)?"""
        if not credit_store.any_undone_or_out(self._store.known):
            return 0, False
        return credit_store.undone_and_out(self._store.ask, sitting_id)

    def committed(self) -> object:
        """What is known now of sessions and times: another object after every change of it."""
        return self._as_committed()

    def _sessions(self) -> dict[str, Session]:
        return self._as_committed().sessions

    def _as_committed(self) -> "_Committed":
        seen = self._snapshot
        if seen.version is self._version:
            return seen
        # The version is read first: what is loaded is at least that new, never older. Each version
        # is an object of its own, so that no thread can bring an old one back.
        version = self._version
        sessions = self._store.read(lambda tx: store.load_sessions(tx, self._planned))
        credited_s, revoked_s = self._store.read(
            lambda tx: (credit_store.granted(tx), credit_store.taken(tx))
        )
        not_wiped = [one for one in sessions.values() if one.state is not SessionState.WIPED]
        seen = _Committed(version, sessions, not_wiped, credited_s, revoked_s)
        self._snapshot = seen
        return seen

    # ---- sittings -----------------------------------------------------------------------

    def sitting(self, sitting_id: str) -> Sitting | None:
        """One sitting, or None."""
        for session_id, seats in list(self._seats.items()):
            if sitting_id in seats.by_id and self._are_as_committed(session_id, seats):
                return seats.by_id[sitting_id]
        return store.sitting_of(self._store.ask, sitting_id)

    def sittings(self, session_id: str) -> list[Sitting]:
        """All sittings of a session, by room and seat."""
        return list(self._read_seats(session_id).by_id.values())

    def machines_at_work(self, session_id: str) -> list[str]:
        """The machines whose candidates are answering."""
        return [
            each.machine_id
            for each in self._read_seats(session_id).by_id.values()
            if each.state is SittingState.IN_PROGRESS and each.machine_id
        ]

    def sitting_of_machine(self, machine_id: str) -> Sitting | None:
        """The sitting of the current session that last logged in at this machine."""
        session = self.current_session()
        if session is None:
            return None
        seats = self._seats.get(session.session_id)
        if seats is not None and self._are_as_committed(session.session_id, seats):
            return seats.by_machine.get(machine_id)
        return store.sitting_at(self._store.ask, session.session_id, machine_id)

    def _read_seats(self, session_id: str) -> "_Seats":
        """Read anew only after a change: every second's looks want them all."""
        rows = self._store.known(store.OF_SESSION, session=session_id)
        seats = self._seats.get(session_id)
        if seats is None or seats.rows is not rows:
            seats = self._seats[session_id] = _seats(rows)
        return seats

    def _are_as_committed(self, session_id: str, seats: "_Seats") -> bool:
        """One sitting is not worth reading all of them."""
        return self._store.known_now(store.OF_SESSION, session=session_id) is seats.rows

    def counts(self, session_id: str, room_id: str | None = None) -> Counts:
        """Counts of one room, or of the whole session (K03)."""
        session = self.session(session_id)
        rows = [row for row in self.sittings(session_id) if room_id in (None, row.room_id)]
        times = session.whole if room_id is None else session.times_in(room_id)
        started = session.effective_start_ms is not None
        closed = started and not admits(times, self._now_ms())
        result = count(rows, closed)
        if session.state in AFTER_END:
            assert result.whole, "K03"
        return result


def _seats(rows: list[Row]) -> _Seats:
    sittings = store.sittings_from(rows)
    seated = [each for each in sittings if each.machine_id]
    seated.sort(key=lambda each: each.logged_in_at_ms or 0)
    by_id = {each.sitting_id: each for each in sittings}
    return _Seats(rows, by_id, {each.machine_id: each for each in seated})


def _distance_ms(session: Session, now_ms: int) -> int:
    """A session that runs is now, however long the last candidate's own time is."""
    running = session.state is SessionState.STARTED and now_ms >= session.doors_open_ms
    return 0 if running else session.distance_ms(now_ms)
