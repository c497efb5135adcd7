"""At the door and at the log-in screen: who may pass (F01-F07, F10-F14). Pure rules.

The order of the questions matters: a latecomer is late whatever their documents say, and nobody
learns a seat before both numbers were right.
"""

from collections.abc import Callable
from dataclasses import dataclass

from venue_server.sitting.identity import has_valid_checksum, same_number
from venue_server.sitting.plan import Candidate
from venue_server.sitting.policy import admits, has_ended
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.states import AFTER_END, AT_SEAT, CLOSED_SITTINGS, DOORS, SITTING_NEXT
from venue_server.wire.messages import Timing
from venue_server.wire.names import (
    DoubtKind,
    IdDocument,
    NameCheck,
    PersonCheck,
    SessionState,
    SittingState,
)
from venue_server.wire.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class AtDoor:
    """What an invigilator entered for one person at the door of ``room_id``."""

    room_id: str
    id_document: IdDocument
    id_number: str
    id_checked: bool
    ticket_checked: bool
    name: NameCheck = NameCheck.SAME
    person: PersonCheck = PersonCheck.SAME


@dataclass(frozen=True)
class DoorVerdict:
    """The answer at the door, and the state it puts the sitting in (None: unchanged). ``doubts``
    is what does not match; ``rare``: a rare character was noted, which is no doubt (F03)."""

    refusal: Refusal | None
    becomes: SittingState | None
    doubts: frozenset[DoubtKind] = frozenset()
    rare: bool = False


def at_door(
    entry: AtDoor,
    session: Session,
    known: tuple[Sitting, Candidate] | None,
    now_ms: int,
    doubted: frozenset[DoubtKind] = frozenset(),
) -> DoorVerdict:
    """Decide an admission by one person. ``known`` is what the ticket number leads to on the
    session's list; ``doubted`` what was found at an earlier check and is open still."""
    barred = _barred(entry.room_id, session, known, now_ms)
    if barred is not None:
        return barred
    assert known is not None, "who is not barred is on the list"
    sitting, candidate = known
    if not (entry.id_checked and entry.ticket_checked):
        return DoorVerdict(Refusal(RefusalCode.DOCUMENTS_INCOMPLETE), None)
    if doubted - {DoubtKind.NUMBER}:
        return DoorVerdict(Refusal(RefusalCode.DOUBT_OPEN), None)
    if _is_mistyped(entry, candidate):
        return DoorVerdict(Refusal(RefusalCode.ID_IMPLAUSIBLE), None)
    doubts = _doubts(entry, candidate)
    if doubts:
        wrong_number = DoubtKind.NUMBER in doubts
        code = RefusalCode.ID_MISMATCH if wrong_number else RefusalCode.IDENTITY_DOUBTED
        return DoorVerdict(Refusal(code), _if_possible(sitting, "doubt"), doubts)
    rare = entry.name is NameCheck.RARE_CHARACTER
    return DoorVerdict(None, SittingState.ADMITTED, rare=rare)


def in_doubt_at_door(
    room_id: str,
    session: Session,
    known: tuple[Sitting, Candidate] | None,
    now_ms: int,
    doubted: frozenset[DoubtKind],
) -> DoorVerdict:
    """Decide a provisional admission by two invigilators (F14); it knows no other cut-off."""
    barred = _barred(room_id, session, known, now_ms)
    if barred is not None:
        return barred
    if not doubted:
        return DoorVerdict(Refusal(RefusalCode.DOUBT_UNKNOWN), None)
    return DoorVerdict(None, SittingState.ADMITTED, doubted)


def _barred(
    room_id: str, session: Session, known: tuple[Sitting, Candidate] | None, now_ms: int
) -> DoorVerdict | None:
    """What no document and nobody's decision can change: the door's times, the right room."""
    if session.state is SessionState.PLANNED and now_ms < session.doors_open_ms:
        return DoorVerdict(Refusal(RefusalCode.ADMISSION_NOT_OPEN), None)
    if known is None:
        return DoorVerdict(Refusal(RefusalCode.TICKET_UNKNOWN), None)
    sitting, candidate = known
    if candidate.room_id != room_id:
        right_place = f"{candidate.room_id} {candidate.seat_no}"
        return DoorVerdict(Refusal(RefusalCode.WRONG_ROOM, right_place), None)
    if sitting.admitted_at_ms is not None:
        return DoorVerdict(Refusal(RefusalCode.ALREADY_ADMITTED, sitting.seat_no), None)
    if is_too_late(session, room_id, now_ms):
        return DoorVerdict(Refusal(RefusalCode.ADMISSION_CLOSED), _if_possible(sitting, "late"))
    return None


def _is_mistyped(entry: AtDoor, candidate: Candidate) -> bool:
    """A resident identity number that fails its check digit was typed wrongly: no doubt is made of
    it, unless it stands so in the registration (F02)."""
    if entry.id_document is not IdDocument.RESIDENT_ID:
        return False
    same = same_number(entry.id_number, candidate.id_number)
    return not same and not has_valid_checksum(entry.id_number)


def _doubts(entry: AtDoor, candidate: Candidate) -> frozenset[DoubtKind]:
    noted = bool(candidate.name_on_document or candidate.rare_char_note)
    found = {
        DoubtKind.NUMBER: not same_number(entry.id_number, candidate.id_number),
        DoubtKind.NAME: entry.name is NameCheck.DIFFERENT
        or (entry.name is NameCheck.RARE_CHARACTER and not noted),
        DoubtKind.PERSON: entry.person is PersonCheck.DOUBT,
    }
    return frozenset(kind for kind, true in found.items() if true)


def is_too_late(session: Session, room_id: str, now_ms: int) -> bool:
    """Is admission to a room over (F05, F06)? Without an effective start nobody is late: a late
    start shifts every offset (REQUIREMENTS §10.5)."""
    if session.state in AFTER_END:
        return True
    times = session.times_in(room_id)
    return session.effective_start_ms is not None and not admits(times, now_ms)


def _if_possible(sitting: Sitting, why: str) -> SittingState | None:
    to = SittingState.LATE_REFUSED if why == "late" else SittingState.IDENTITY_DOUBT
    return to if to in SITTING_NEXT[sitting.state] else None


@dataclass(frozen=True)
class AtScreen:
    """A log-in as it reaches the server: where the machine stands and what was typed."""

    machine_id: str
    room_id: str
    seat_no: str
    id_number: str


def at_screen(
    entry: AtScreen,
    session: Session,
    times: Timing,
    known: tuple[Sitting, Candidate] | None,
    alive: Callable[[str], bool],
    now_ms: int,
    moved_to: str | None = None,
) -> Refusal | None:
    """Decide a log-in; None lets it happen. Whoever logged in once is never refused for the time,
    and whoever was admitted only where the plan has a cut-off of its own for log-ins (F07).

    ``alive`` tells whether another machine's connection is up (F13); ``moved_to`` is the seat of
    the spare to which the candidate was moved (F12).
    ``times`` are the sitting's own.
    """
    if entry.room_id not in session.login_rooms:
        return Refusal(RefusalCode.LOGIN_NOT_ALLOWED)
    if known is None:
        return Refusal(RefusalCode.TICKET_UNKNOWN)
    sitting, candidate = known
    if not same_number(entry.id_number, candidate.id_number):
        return Refusal(RefusalCode.ID_MISMATCH)
    if sitting.state in CLOSED_SITTINGS or _is_over(session, times, sitting, now_ms):
        return Refusal(RefusalCode.SITTING_ENDED)
    if sitting.state not in AT_SEAT:
        return Refusal(RefusalCode.NOT_ADMITTED)
    seat_no = moved_to or sitting.seat_no
    if (sitting.room_id, seat_no) != (entry.room_id, entry.seat_no):
        return Refusal(RefusalCode.WRONG_SEAT, f"{sitting.room_id} {seat_no}")
    if sitting.logged_in_at_ms is None and login_is_closed(session, sitting.room_id, now_ms):
        return Refusal(RefusalCode.LOGIN_CLOSED)
    elsewhere = sitting.machine_id not in ("", entry.machine_id)
    if elsewhere and alive(sitting.machine_id):
        return Refusal(RefusalCode.ALREADY_LIVE)
    return None


def login_is_closed(session: Session, room_id: str, now_ms: int) -> bool:
    """Is it too late to log in for the first time, where the plan says so (F07)?"""
    cutoff_s = session.planned.login_cutoff_s
    if cutoff_s is None or session.effective_start_ms is None:
        return False
    return now_ms >= session.times_in(room_id).effective_start_ms + 1000 * cutoff_s


def _is_over(session: Session, times: Timing, sitting: Sitting, now_ms: int) -> bool:
    if sitting.present:
        # An opened sitting may log in again after the end: its unsent answers must come home.
        return session.state not in DOORS | {SessionState.ENDED}
    started = session.effective_start_ms is not None
    return session.state not in DOORS or (started and has_ended(times, now_ms))
