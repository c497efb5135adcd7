"""What must be true of a plan beyond its shape: every rule, with the place that breaks it.

The authority's tool shows the whole list before it signs; a venue refuses the plan for the first
one. No text repeats personal data: a place is named by ticket number or account (O08).
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from venue_server.sitting.person_names import name_problem
from venue_server.sitting.plan import (
    Candidate,
    Plan,
    PlannedSession,
    PlannedStaff,
    Thresholds,
)
from venue_server.sitting.policy import LATE_ENTRY_S
from venue_server.wire.names import MediaClass

MIN_DURATION_S = 16 * 60
MAX_DURATION_S = 24 * 3600
TOOLS = frozenset({"CALCULATOR", "HIGHLIGHT"})
ARRANGEMENTS = frozenset(
    {"LARGE_FONT", "HIGH_CONTRAST", "KEYBOARD_ONLY", "SPECIAL_SEAT", "ASSISTANT"}
)
_ID = re.compile(r"\w[\w.-]{0,63}")  # ids become parts of file names and of other ids
LONGEST_ZONE, LONGEST_POSTED = 60, 20_000  # characters
KEPT = ("answers", "records")
"""What a local rule may keep longer (M06)."""
LONGEST_MONTHS = 600
_RANGES: dict[str, tuple[int, int]] = {
    "compensation_cap_s": (0, MAX_DURATION_S),
    "stations_lost_percent": (1, 100),
    "violation_share_percent": (1, 100),
    "min_sysadmin": (1, 100),
    "spare_percent": (0, 100),
    "min_servers": (1, 100),
    "disk_reserve_bytes": (0, 10**15),
    "clock_offset_ms": (1, 60_000),
}

Places = set[tuple[str, str]]


def plan_problems(plan: Plan) -> list[str]:
    """Every rule the plan breaks, as ``place: what``; empty: it may be used."""
    return list(_problems(plan))


def _posted_problems(plan: Plan) -> Iterator[str]:
    """What is printed stays printable (C02)."""
    if len(plan.zone) > LONGEST_ZONE or "\n" in plan.zone:
        yield f"zone: one line of at most {LONGEST_ZONE} characters"
    for name in ("room_rules", "violation_rules"):
        if len(getattr(plan.posted, name)) > LONGEST_POSTED:
            yield f"posted.{name}: at most {LONGEST_POSTED} characters"


def _problems(plan: Plan) -> Iterator[str]:
    for name in _ids(plan):
        if not _ID.fullmatch(name):
            yield f"not an identifier: {name!r}"
    seats = {(seat.room_id, seat.seat_no) for seat in plan.seats}
    rooms = {room.room_id for room in plan.rooms}
    yield from _posted_problems(plan)
    if len(rooms) != len(plan.rooms):
        yield "rooms: a room stands twice"
    if len(seats) != len(plan.seats) or any(room not in rooms for room, _ in seats):
        yield "seats: a seat stands twice, or in a room that does not exist"
    if len({session.session_id for session in plan.sessions}) != len(plan.sessions):
        yield "sessions: a session stands twice"
    for session in plan.sessions:
        for problem in _session_problems(session, seats):
            yield f"{session.session_id}: {problem}"
    yield from _linked_problems(plan.sessions)
    yield from _same_people(plan.sessions)
    yield from _staff_problems(plan.staff, rooms)
    yield from _threshold_problems(plan.thresholds)
    for session in plan.sessions:
        yield from _keeping_problems(session)


def _ids(plan: Plan) -> Iterator[str]:
    yield plan.plan_id
    yield from (room.room_id for room in plan.rooms)
    yield from (seat.seat_no for seat in plan.seats)
    yield from (one.person_id for one in plan.staff)
    for session in plan.sessions:
        yield session.session_id
        if session.group:
            yield session.group
        for paper in session.papers:
            yield paper.paper_id
            yield paper.form_id
        yield from (candidate.ticket_no for candidate in session.candidates)


# ---- sessions and candidates -----------------------------------------------------------------


def _session_problems(session: PlannedSession, seats: Places) -> Iterator[str]:
    if session.relaxed and session.duration_s < MIN_DURATION_S:
        yield "a relaxed session lasts 16 minutes at least (G03)"
    if not 0 < session.duration_s <= MAX_DURATION_S:
        yield "duration"
    if session.admission_open_s < 0:
        yield "doors cannot open after the start (F10)"
    if session.receipt_open_ms > session.receipt_close_ms:
        yield "the window for receiving the paper is reversed (D02)"
    if session.continues == session.session_id:
        yield "a session cannot continue itself (I11)"
    yield from _login_problems(session)
    for tool in session.tools:
        if tool not in TOOLS:
            yield f"unknown tool {tool!r}"
    tickets = [candidate.ticket_no for candidate in session.candidates]
    if len(set(tickets)) != len(tickets):
        yield "a ticket number stands twice"
    places = [(candidate.room_id, candidate.seat_no) for candidate in session.candidates]
    if len(set(places)) != len(places) or not set(places) <= seats:
        yield "a seat is used twice or does not exist"
    for candidate in session.candidates:
        for problem in _candidate_problems(candidate, session):
            yield f"{candidate.ticket_no}: {problem}"
    yield from _paper_problems(session)


def _login_problems(session: PlannedSession) -> Iterator[str]:
    """Whoever may still enter the room must be able to log in (F07)."""
    cutoff = session.login_cutoff_s
    least = LATE_ENTRY_S if session.media_class is MediaClass.NORMAL else 0
    if cutoff is not None and not least <= cutoff <= session.duration_s:
        yield f"login_cutoff_s must be from {least} to the duration (F07)"


def _candidate_problems(candidate: Candidate, session: PlannedSession) -> Iterator[str]:
    if candidate.ticket_no[-2:] != candidate.seat_no[-2:]:
        yield "a seat number differs from the ticket's last two digits (F12)"
    names = [candidate.name]
    names += [candidate.name_on_document] if candidate.name_on_document else []
    yield from filter(None, map(name_problem, names))
    if not candidate.id_number.strip():
        yield "no identity number (F02)"
    if not 0 <= candidate.extra_time_s <= session.duration_s:
        yield "extra_time_s must be from 0 to the duration"
    for one in candidate.arrangements:
        if one not in ARRANGEMENTS:
            yield f"unknown arrangement {one!r}"


def _paper_problems(session: PlannedSession) -> Iterator[str]:
    """Every form once, at least one main one, and a main form for every candidate (C05, D10)."""
    mains = [paper.form_id for paper in session.papers if not paper.reserve]
    if session.papers and not mains:
        yield "only reserve papers"
    pairs = {(paper.paper_id, paper.form_id) for paper in session.papers}
    if len(set(mains)) != len(mains) or len(pairs) != len(session.papers):
        yield "a form stands twice"
    for one in session.candidates:
        if one.form_id not in (*mains, ""):
            yield f"{one.ticket_no}: {one.form_id!r} is no main form of this session"
        if not one.form_id and len(mains) > 1:
            yield f"{one.ticket_no}: which of the main forms?"


# ---- linked sessions (F15) -------------------------------------------------------------------


def _linked_problems(sessions: list[PlannedSession]) -> Iterator[str]:
    groups: dict[str, list[PlannedSession]] = {}
    for session in sessions:
        if session.group:
            groups.setdefault(session.group, []).append(session)
    for name, linked in groups.items():
        linked.sort(key=lambda one: one.start_ms)
        for earlier, later in pairwise(linked):
            if _last_end_ms(earlier) > later.start_ms:
                yield f"{name}: linked sessions overlap (F15)"
        yield from _moved(name, linked)


def _last_end_ms(session: PlannedSession) -> int:
    extra = max((one.extra_time_s for one in session.candidates), default=0)
    return session.start_ms + 1000 * (session.duration_s + extra)


def _moved(name: str, linked: list[PlannedSession]) -> Iterator[str]:
    """Whoever stays in the room stays at the seat."""
    seats: dict[str, tuple[str, str]] = {}
    for session in linked:
        for one in session.candidates:
            place = one.room_id, one.seat_no
            if seats.setdefault(one.ticket_no, place) != place:
                yield f"{name}: {one.ticket_no}: another seat in a linked session (F15)"


def _same_people(sessions: list[PlannedSession]) -> Iterator[str]:
    """A ticket number is one person's, in every session of the plan."""
    known: dict[str, tuple[str, ...]] = {}
    for session in sessions:
        for one in session.candidates:
            document = one.id_document.value, one.id_number, one.name_on_document
            person = (one.name, *document, one.rare_char_note, one.photo)
            if known.setdefault(one.ticket_no, person) != person:
                yield f"{session.session_id}: {one.ticket_no}: another person in another session"


# ---- people and figures ----------------------------------------------------------------------


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _staff_problems(staff: list[PlannedStaff], rooms: set[str]) -> Iterator[str]:
    if len({one.person_id for one in staff}) != len(staff):
        yield "staff: an account stands twice"
    for one in staff:
        where = f"staff {one.person_id}"
        problem = name_problem(one.name)
        if problem:
            yield f"{where}: {problem}"
        if not one.roles and not one.duties:
            yield f"{where}: neither a role nor duties"
        if len(set(one.roles)) != len(one.roles):
            yield f"{where}: a role stands twice"
        if not set(one.rooms) <= rooms:
            yield f"{where}: a room that does not exist"
        if one.gender not in ("F", "M", ""):
            yield f"{where}: gender is F, M or empty"
        for kind, day in one.trained_on.items():
            if kind not in MediaClass.__members__ or not _is_date(day):
                yield f"{where}: trained_on is a kind of session and a date YYYY-MM-DD"


def _keeping_problems(session: PlannedSession) -> Iterator[str]:
    for what, months in session.keep_months.items():
        if what not in KEPT or not 1 <= months <= LONGEST_MONTHS:
            yield f"session {session.session_id}: keep_months.{what}: {months}"


def _threshold_problems(figures: Thresholds) -> Iterator[str]:
    for name, (least, most) in _RANGES.items():
        if not least <= getattr(figures, name) <= most:
            yield f"thresholds.{name} must be from {least} to {most}"
    steps = figures.interruption_escalate_min
    if any(step < 1 for step in steps) or list(steps) != sorted(set(steps)):
        yield "thresholds.interruption_escalate_min must be growing minutes"
