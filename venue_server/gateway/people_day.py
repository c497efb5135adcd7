"""People on the exam day, with what the plan and the sessions say about them.

The stage ``staff`` knows nothing of plans and sessions; here their facts meet.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from venue_server.ledger.book import Ledger
from venue_server.sitting.plan import Plan
from venue_server.sitting.rows import Session
from venue_server.sitting.service import SittingService
from venue_server.sitting.states import AFTER_END
from venue_server.staff.accounts import Accounts
from venue_server.staff.duty.effective import running_delegations
from venue_server.staff.duty.hours import duty_hours
from venue_server.staff.duty.rows import Delegation
from venue_server.staff.duty.rules import SessionFacts, is_drawn, unanswered, undecided
from venue_server.staff.duty.service import Duties
from venue_server.staff.duty.sheet import assignment_lines, staffing_lines
from venue_server.staff.dutybook.rules import missing
from venue_server.staff.dutybook.service import DutyBook
from venue_server.staff.person import NO_ROOM
from venue_server.staff.readiness import Finding, PeopleFacts, staff_findings
from venue_server.staff.roster import RosterEntry, merged
from venue_server.staff.service import StaffService
from venue_server.storage.engine import Store
from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.names import Role, SessionState
from venue_server.wire.remarks import RemarkCode, remark

_BEIJING = timezone(timedelta(hours=8))


class PeopleDay:
    """Accounts and duties of one running venue."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        staff: StaffService,
        sittings: SittingService,
        now_ms: Callable[[], int],
        totp_key: bytes,
        venue_name: str,
    ) -> None:
        self.staff = staff
        self.accounts = Accounts(store, ledger, staff.passwords, totp_key, venue_name)
        self.duties = Duties(store, ledger, staff, now_ms)
        self.book = DutyBook(store, ledger, now_ms)
        self._sittings = sittings
        self._now_ms = now_ms

    # ---- the plan ------------------------------------------------------------------------

    def roster(self) -> dict[str, RosterEntry]:
        """What headquarters signed about each person; where two plans do, the later one counts."""
        return merged(roster_entries(plan) for plan in self._sittings.plans)

    def hours(self) -> list[tuple[int, int]]:
        """Duty hours of every session that is planned (A14)."""
        sessions = self._sittings.sessions()
        return duty_hours([(one.planned.start_ms, one.whole.end_ms) for one in sessions])

    def badges(self) -> dict[str, str]:
        """The badge number of everybody who may act; empty where the roster names none (A10)."""
        roster = self.roster()
        return {
            one.person_id: roster[one.person_id].badge_no if one.person_id in roster else ""
            for one in self.staff.people()
            if one.active
        }

    def not_here(self) -> frozenset[str]:
        """Who would be drawn and has not signed in by badge today, or left again; nobody while no
        badge was shown today (A10)."""
        drawn = [one.person_id for one in self.staff.people() if is_drawn(one)]
        return missing(drawn, self.book.stays())

    async def level(self) -> None:
        """Make and complete the accounts of the signed rosters. It follows from the plans alone, so
        a crash between a plan and its accounts is made good at the next start."""
        hours = self.hours()
        inspectors = (hours[0][0], hours[-1][1]) if hours else (0, 0)
        await self.accounts.level(list(self.roster().values()), inspectors)

    # ---- a session -----------------------------------------------------------------------

    def facts(self, session_id: str) -> SessionFacts | None:
        """A session with those linked to it (F15); None when there is none."""
        known = {one.session_id: one for one in self._sittings.sessions()}
        asked = known.get(session_id)
        if asked is None:
            return None
        linked = [asked, *(one for one in known.values() if _linked(asked, one))]
        candidates = [one for each in linked for one in each.planned.candidates]
        return SessionFacts(
            session_ids=tuple(one.session_id for one in linked),
            start_ms=min(one.planned.start_ms for one in linked),
            rooms=tuple(sorted({one.room_id for one in candidates})),
            room_of={one.ticket_no: one.room_id for one in candidates},
            doors_shut=all(
                one.state is SessionState.PLANNED and not one.login_rooms for one in linked
            ),
            over=all(one.state in AFTER_END for one in linked),
        )

    def findings(self, session: Session, since_ms: int) -> list[Finding]:
        """Everything about people that READY says (A01-A06, B01-B05)."""
        plan = self._sittings.plan_of(session)
        people = self.staff.people()
        declared = self.duties.declarations(session.session_id)
        decisions = self.duties.decisions(session.session_id)
        facts = PeopleFacts(
            min_sysadmin=plan.thresholds.min_sysadmin,
            roster=self.roster(),
            drawn=bool(self.duties.draws(session.session_id)),
            unanswered=unanswered(people, declared),
            undecided=[each.person_id for each in undecided(declared, decisions)],
            agreed=frozenset(
                one.person.person_id for one in self.staff.registered() if one.agreement
            ),
            kind=session.planned.media_class,
            day=exam_day(session),
            untrained_block=plan.thresholds.untrained_block,
        )
        rooms = [room.room_id for room in plan.rooms]
        return staff_findings(people, rooms, since_ms, facts)

    def running(self) -> list[Delegation]:
        """Delegations in force."""
        able = {one.person_id for one in self.staff.people() if one.active}
        return running_delegations(self.duties.delegations(), able, self._now_ms())

    # ---- for the day's records -----------------------------------------------------------

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """Who was put into a room, or out of it, against the draw, and when fewer than two were
        there (A04, F21)."""
        names = {one.person_id: one.name for one in self.staff.people()}
        lines = assignment_lines(self.duties.assignments(session_id), names, room_id)
        return lines + staffing_lines(self.duties.staffing_rows(session_id), room_id)

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """Posts that are still away from their holders, and recusals nobody decided."""
        points = [
            OpenPoint(
                "A02" if each.role is Role.CHIEF else "N03",
                remark(RemarkCode.DELEGATION_OPEN, giver=each.giver, taker=each.taker),
                [Role.CHIEF, Role.DEPUTY],
            )
            for each in self.running()
        ]
        declared = self.duties.declarations(session_id)
        open_ones = undecided(declared, self.duties.decisions(session_id))
        if open_ones:
            names = ", ".join(each.person_id for each in open_ones)
            points.append(
                OpenPoint("B03", remark(RemarkCode.RECUSAL_OPEN, names=names), [Role.CHIEF])
            )
        if self.duties.draws(session_id):
            silent = self._silent(session_id)
            if silent:
                missing = remark(RemarkCode.NOT_DECLARED, names=", ".join(silent))
                points.append(OpenPoint("B03", missing, [Role.CHIEF]))
        return points

    def _silent(self, session_id: str) -> list[str]:
        """Who supervises a room without having declared."""
        placed = {each.person_id: each.room_id for each in self.duties.assignments(session_id)}
        people = [
            one for one in self.staff.people() if placed.get(one.person_id, NO_ROOM) != NO_ROOM
        ]
        return unanswered(people, self.duties.declarations(session_id))


def exam_day(session: Session) -> str:
    """The date of a session where it is held, ISO."""
    return datetime.fromtimestamp(session.planned.start_ms / 1000, _BEIJING).date().isoformat()


def roster_entries(plan: Plan) -> list[RosterEntry]:
    """A plan's roster in the words of the stage ``staff``."""
    return [
        RosterEntry(
            one.person_id,
            one.name,
            frozenset(one.roles),
            frozenset(one.rooms),
            one.gender,
            one.computer_capable,
            one.trained,
            one.badge_no,
            one.phone,
            one.source_unit,
            one.duties,
            dict(one.trained_on),
        )
        for one in plan.staff
    ]


def _linked(asked: Session, other: Session) -> bool:
    return (
        bool(asked.planned.group)
        and other.session_id != asked.session_id
        and (other.plan_id, other.planned.group) == (asked.plan_id, asked.planned.group)
    )
