"""The board: the venue, its rooms and seats as consoles see them. Values read, nothing decided.

No item content and no identity numbers ever go into a view (O02, O08).
"""

import math
from dataclasses import dataclass

import msgspec

from venue_server.gateway.answer_facts import seat_risk
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.notice_desk import NoticeDesk
from venue_server.gateway.ready_board import holds_paper, ready_lines
from venue_server.gateway.sitting_view import session_brief
from venue_server.intake.papers import HeldPaper
from venue_server.release.store import Freeze
from venue_server.sitting.policy import admits
from venue_server.sitting.rows import Counts, Session, Sitting, count
from venue_server.sitting.states import BEFORE_START
from venue_server.staff.permissions import may, sees
from venue_server.staff.person import Person
from venue_server.staff.readiness import invigilators_here
from venue_server.stations.presence import PaperAt
from venue_server.stations.store import Machine
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.console_views import Board, ReadyLine, RoomView, SeatView, VenueView
from venue_server.wire.messages import PaperSeal, Timing
from venue_server.wire.names import PackageState, SeatAlert, SeatLink, SessionState
from venue_server.wire.wiping_orders import AtRisk


def _timing(session: Session | None, room_id: str) -> Timing | None:
    """A room's own instants; a room that is held back after the release has none."""
    if session is None:
        return None
    begun = session.effective_start_ms is not None
    return None if begun and session.start_in(room_id) is None else session.times_in(room_id)


def _start_code(session: Session | None, room_id: str) -> str:
    """What the room's invigilators tell their candidates, as long as the session runs (E04)."""
    made = session.start_code_in(room_id) if session is not None else None
    running = session is not None and session.state is SessionState.STARTED
    return made.code if made is not None and running else ""


def _freeze_alarm(frozen: Freeze | None) -> list[Alarm]:
    """Every console shows it, on every page."""
    return [Alarm(AlarmCode.RELEASE_FROZEN)] if frozen else []


@dataclass(frozen=True)
class _Now:
    """One consistent reading for one drawing of the board."""

    session: Session | None
    sittings: list[Sitting]
    here: list[Person]
    machines: dict[tuple[str, str], Machine]
    placed: dict[tuple[str, str], str]  # a spare's place to the seat of the candidate moved there
    alerts: dict[str, list[str]]  # of time and breaks, by sitting

    def place_of(self, sitting: Sitting) -> tuple[str, str]:
        """Where a candidate sits now."""
        home = sitting.room_id, sitting.seat_no
        found = (p for p, seat in self.placed.items() if (p[0], seat) == home)
        return next(found, home)


def for_eyes_of(person: Person, room: RoomView) -> RoomView:
    """A room as this person may see it: its start code is for its own invigilators, the chief and
    the deputies (E04)."""
    if not room.start_code or may(person, "GetStartCode", room.room_id) is None:
        return room
    return msgspec.structs.replace(room, start_code="")


class BoardDrawer:
    """Draws views from the services of ``parts``."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._notices = NoticeDesk(parts)

    def _read(self) -> _Now:
        session = self._parts.sittings.current_session()
        sittings = self._parts.sittings.sittings(session.session_id) if session else []
        stations = self._parts.enrolment.machines("station")
        places = {(each.room_id, each.seat_no): each for each in stations}
        here = self._parts.staff.signed_in(self._parts.day_began_ms())
        placed = self._parts.swaps.placed(session.session_id) if session else {}
        alerts = self._parts.credits.seat_alerts(session.session_id) if session else {}
        return _Now(
            session,
            sittings,
            here,
            places,
            {
                place: self._parts.swaps.of(swap.sitting_id)[0].from_seat
                for place, swap in placed.items()
            },
            alerts,
        )

    def board(self, person: Person) -> Board:
        """Everything this person may see."""
        now = self._read()
        rooms = [room_id for room_id in self._room_ids() if sees(person, room_id)]
        return Board(
            venue=self._venue(now),
            rooms=[for_eyes_of(person, self._room(now, room_id)) for room_id in rooms],
            seats={room_id: self._seats(now, room_id) for room_id in rooms},
            uploads=self._parts.hub.uploads if may(person, "GetUploads") is None else None,
        )

    def heads(self) -> tuple[VenueView, list[RoomView]]:
        """The venue's and all rooms' head lines; a room is still to be told by `for_eyes_of`."""
        now = self._read()
        return self._venue(now), [self._room(now, room_id) for room_id in self._room_ids()]

    def seats(self, places: set[tuple[str, str]]) -> list[tuple[str, SeatView]]:
        """(room, view) of some seats, given as (room, seat number); what is no seat is left out,
        because a number typed at a door may be anything."""
        now = self._read()
        by_seat = {(each.room_id, each.seat_no): each for each in now.sittings}
        known = by_seat.keys() | now.machines.keys()
        places = places | {(p[0], now.placed[p]) for p in places if p in now.placed}
        return [
            (place[0], self._seat(now, *place, by_seat.get(place)))
            for place in sorted(places & known)
        ]

    def _room_ids(self) -> list[str]:
        plan = self._parts.sittings.plan
        return [room.room_id for room in plan.rooms] if plan else []

    # ---- the venue -----------------------------------------------------------------------

    def _venue(self, now: _Now) -> VenueView:
        parts = self._parts
        papers = parts.forms.papers(now.session)
        state = parts.releases.state(now.session.session_id) if now.session else None
        keys = parts.releases.held(now.session.session_id) if now.session else {}
        frozen = parts.freezing.now()
        ready = [each for each in now.machines.values() if holds_paper(parts, each)]
        clock = parts.clock.reading()
        return VenueView(
            venue_id=parts.venue_id,
            venue_name=parts.venue_name,
            mode=parts.mode,
            clock_source=parts.clock.source,
            clock_trusted=parts.clock.trusted,
            clock_state=clock.state.value,
            clock_uncertainty_ms=_whole(clock.uncertainty_ms, 10) * 10,
            clock_age_s=_whole(clock.age_ms, 60_000) * 60,
            session_id=now.session.session_id if now.session else "",
            session_state=now.session.state if now.session else None,
            package_state=self._package_state(now.session, papers),
            data_state=now.session.data_state if now.session else None,
            seals=[paper.seal for paper in papers],
            release_at_ms=max((paper.manifest.release_at_ms for paper in papers), default=0),
            release_armed=bool(state and state.armed_at_ms is not None),
            release_key_present=bool(papers) and all(paper.form in keys for paper in papers),
            stations_ready=len(ready),
            stations_total=len(now.machines),
            alarms=[*_freeze_alarm(frozen), *parts.alarms.current()],
            backup_ready=parts.alarms.backup_ready(),
            reserves=self._reserves(now.session),
            frozen=frozen.reason if frozen else "",
            ready=self._ready(now.session),
            seal_state=parts.inspection.seal_now.state.value,
            seal_reasons=list(parts.inspection.seal_now.remarks),
            zone=self._zone(now.session),
        )

    def _zone(self, session: Session | None) -> str:
        sittings = self._parts.sittings
        plan = sittings.plan_of(session) if session is not None else sittings.plan
        return plan.zone if plan is not None else ""

    def _package_state(
        self, session: Session | None, papers: list[HeldPaper]
    ) -> PackageState | None:
        """The state of all forms together: complete only when none is missing."""
        if session is None or not papers:
            return None
        if self._parts.forms.missing(session):
            return PackageState.RECEIVING
        return min((paper.package.state for paper in papers), key=list(PackageState).index)

    def _reserves(self, session: Session | None) -> list[PaperSeal]:
        return [paper.seal for paper in self._parts.forms.reserves(session)] if session else []

    def _ready(self, session: Session | None) -> list[ReadyLine]:
        """The go/no-go board, while there is something to decide."""
        before = session is not None and session.state in BEFORE_START
        return ready_lines(self._parts, session) if session is not None and before else []

    # ---- rooms ---------------------------------------------------------------------------

    def _room(self, now: _Now, room_id: str) -> RoomView:
        parts, session = self._parts, now.session
        plan = parts.sittings.plan
        assert plan is not None, "rooms come from a plan"
        name = next(room.name for room in plan.rooms if room.room_id == room_id)
        counts = self._counts(now, session, room_id) if session else None
        return RoomView(
            room_id=room_id,
            name=name,
            session=session_brief(parts, session) if session else None,
            session_state=session.state if session else None,
            login_allowed=session is not None and room_id in session.login_rooms,
            timing=_timing(session, room_id),
            held=session is not None and session.is_held(room_id),
            scheduled=counts.scheduled if counts else 0,
            admitted=counts.admitted if counts else 0,
            present=counts.present if counts else 0,
            absent=counts.absent if counts else 0,
            submitted=counts.submitted if counts else 0,
            answers_at_risk=self._at_risk(now, room_id),
            invigilators_present=invigilators_here(now.here, room_id),
            seal_witnessed=session is not None and room_id in session.witnessed_rooms,
            start_code=_start_code(session, room_id),
        )

    def _counts(self, now: _Now, session: Session, room_id: str) -> Counts:
        started = session.effective_start_ms is not None
        closed = started and not admits(session.times_in(room_id), self._parts.clock.now_ms())
        return count((each for each in now.sittings if each.room_id == room_id), closed)

    def _at_risk(self, now: _Now, room_id: str) -> int:
        """Answers that lie on a station only; a silent station counts with what it last said."""
        return sum(
            self._parts.presence.of(machine.machine_id).unsynced
            for (room, _seat), machine in now.machines.items()
            if room == room_id
        )

    # ---- seats ---------------------------------------------------------------------------

    def _seats(self, now: _Now, room_id: str) -> list[SeatView]:
        by_seat = {each.seat_no: each for each in now.sittings if each.room_id == room_id}
        numbers = set(by_seat) | {seat for room, seat in now.machines if room == room_id}
        return [self._seat(now, room_id, number, by_seat.get(number)) for number in sorted(numbers)]

    def _seat(self, now: _Now, room_id: str, seat_no: str, sitting: Sitting | None) -> SeatView:
        place = now.place_of(sitting) if sitting else (room_id, seat_no)
        machine = now.machines.get(place)
        station = self._parts.presence.of(machine.machine_id) if machine else None
        return SeatView(
            seat_no=seat_no,
            station_id=machine.machine_id if machine else "",
            link=station.link if station else SeatLink.ABSENT,
            paper=self._paper(machine, station.paper) if machine and station else "none",
            ticket_no=sitting.ticket_no if sitting else "",
            name=self._parts.sittings.candidate(sitting).name if sitting else "",
            sitting_id=sitting.sitting_id if sitting else "",
            state=sitting.state if sitting else None,
            answered=station.answered if station else 0,
            unsynced=station.unsynced if station else 0,
            submit_kind=sitting.submit_kind if sitting else None,
            last_seen_ms=station.last_seen_ms if station else 0,
            alerts=[
                *(station.alerts if station else ()),
                *self._claimed(sitting),
                *(now.alerts.get(sitting.sitting_id, ()) if sitting else ()),
                *self._notices.alerts(sitting),
            ],
            moved_to=place[1] if place[1] != seat_no else "",
            guest_of=now.placed.get((room_id, seat_no), ""),
            at_risk=seat_risk(self._parts, now.session, sitting)
            if now.session is not None and sitting is not None
            else AtRisk(),
        )

    def _claimed(self, sitting: Sitting | None) -> list[str]:
        """Another machine at which somebody just tried to log in as this candidate (F24)."""
        claims = self._parts.swaps.claims() if sitting else []
        mine = [each for each in claims if sitting and each.ticket_no == sitting.ticket_no]
        return [f"{SeatAlert.DUPLICATE_LOGIN.value}:{each.second}" for each in mine]

    def _paper(self, machine: Machine, paper: PaperAt) -> str:
        if paper is PaperAt.VERIFIED and self._parts.delivery.keyed(machine.machine_id):
            return PaperAt.KEYED.value
        return paper.value


def _whole(value: float | None, unit: float) -> int:
    """In whole units, rounded up; 0 when it is not known."""
    return math.ceil(value / unit) if value is not None else 0
