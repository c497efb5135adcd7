"""At the door and at the log-in screen: who may pass (F01-F07, F10-F13). Pure rules.

The order of the questions matters: a latecomer is late whatever their documents say, and nobody
learns a seat before both numbers were right.
"""

from collections.abc import Callable
from dataclasses import dataclass

from venue_server.sitting.identity import same_number
from venue_server.sitting.plan import Candidate
from venue_server.sitting.policy import admits, has_ended
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.states import AFTER_END, AT_SEAT, CLOSED_SITTINGS, DOORS, SITTING_NEXT
from venue_server.wire.messages import Timing
from venue_server.wire.names import IdDocument, SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class AtDoor:
    """What an invigilator entered for one person at the door of ``room_id``."""

    room_id: str
    id_document: IdDocument
    id_number: str
    id_checked: bool
    ticket_checked: bool


@dataclass(frozen=True)
class DoorVerdict:
    """The answer at the door, and the state it puts the sitting in (None: unchanged)."""

    refusal: Refusal | None
    becomes: SittingState | None


def at_door(
    entry: AtDoor,
    session: Session,
    known: tuple[Sitting, Candidate] | None,
    now_ms: int,
) -> DoorVerdict:
    """Decide an admission. ``known`` is what the ticket number leads to on the session's list."""
    if session.state is SessionState.PLANNED and now_ms < session.doors_open_ms:
        return DoorVerdict(Refusal(RefusalCode.ADMISSION_NOT_OPEN), None)
    if known is None:
        return DoorVerdict(Refusal(RefusalCode.TICKET_UNKNOWN), None)
    sitting, candidate = known
    if candidate.room_id != entry.room_id:
        right_place = f"{candidate.room_id} {candidate.seat_no}"
        return DoorVerdict(Refusal(RefusalCode.TICKET_UNKNOWN, right_place), None)
    if sitting.admitted_at_ms is not None:
        return DoorVerdict(Refusal(RefusalCode.ALREADY_ADMITTED, sitting.seat_no), None)
    if is_too_late(session, now_ms):
        return DoorVerdict(Refusal(RefusalCode.ADMISSION_CLOSED), _if_possible(sitting, "late"))
    if not (entry.id_checked and entry.ticket_checked):
        return DoorVerdict(Refusal(RefusalCode.DOCUMENTS_INCOMPLETE), None)
    if not same_number(entry.id_number, candidate.id_number):
        return DoorVerdict(Refusal(RefusalCode.ID_MISMATCH), _if_possible(sitting, "doubt"))
    return DoorVerdict(None, SittingState.ADMITTED)


def is_too_late(session: Session, now_ms: int) -> bool:
    """Is admission over (F05, F06)? Without an effective start nobody is late: a late start shifts
    every offset (REQUIREMENTS §10.5)."""
    if session.state in AFTER_END:
        return True
    return session.effective_start_ms is not None and not admits(session.times, now_ms)


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
) -> Refusal | None:
    """Decide a log-in; None lets it happen. There is no cut-off for people already admitted (F07).

    ``times`` are the sitting's own. ``alive`` tells whether another machine's connection is up
    (F13).
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
    if (sitting.room_id, sitting.seat_no) != (entry.room_id, entry.seat_no):
        return Refusal(RefusalCode.WRONG_SEAT, f"{sitting.room_id} {sitting.seat_no}")
    elsewhere = sitting.machine_id not in ("", entry.machine_id)
    if elsewhere and alive(sitting.machine_id):
        return Refusal(RefusalCode.ALREADY_LIVE)
    return None


def _is_over(session: Session, times: Timing, sitting: Sitting, now_ms: int) -> bool:
    if sitting.present:
        # An opened sitting may log in again after the end: its unsent answers must come home.
        return session.state not in DOORS | {SessionState.ENDED}
    started = session.effective_start_ms is not None
    return session.state not in DOORS or (started and has_ended(times, now_ms))
