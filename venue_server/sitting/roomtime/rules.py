"""May a room be held, started, suspended, resumed, extended (G08, I02, I06)? Pure rules."""

import dataclasses
from collections.abc import Iterable, Mapping

from venue_server.sitting.policy import Adjustment, AdjustmentKind, has_ended
from venue_server.sitting.rows import ON_TIME, Session
from venue_server.sitting.states import BEFORE_START
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.roomtime_orders import Approval

MINUTE_MS = 60_000
LONGEST_EXTENSION_MIN = 24 * 60


def rooms_of(session: Session, room_id: str) -> list[str]:
    """The rooms an order is about: the one named, or every one in which somebody sits."""
    if not room_id:
        return list(session.rooms)
    return [room_id] if room_id in session.rooms else []


def may_hold(session: Session, room_id: str) -> Refusal | None:
    """A room is held back only while no station can have been told a start: before the release.
    Afterwards a suspension does the same."""
    if room_id not in session.rooms:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, room_id)
    if session.state not in BEFORE_START:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
    return None


def room_start(
    session: Session, room_id: str, at_ms: int, now_ms: int, lead_ms: int
) -> int | Refusal | None:
    """When a held room starts; None: at the common start.

    Never before the session's effective start, nor before its stations can have been told. The
    latter is no reason to refuse when nobody named an instant."""
    if session.stopped:
        return Refusal(RefusalCode.SESSION_STOPPED, session.session_id)
    if not session.is_held(room_id):
        return Refusal(RefusalCode.ROOM_NOT_HELD, room_id)
    released = session.state is SessionState.STARTED
    if not released and session.state not in BEFORE_START:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
    if not released and at_ms == 0:
        return None
    common = (
        session.planned.start_ms
        if session.effective_start_ms is None
        else (session.effective_start_ms)
    )
    soonest = max(common, now_ms + lead_ms)
    if at_ms and at_ms < soonest:
        return Refusal(RefusalCode.ROOM_START_TOO_SOON, room_id)
    return at_ms or soonest


def to_suspend(session: Session, room_id: str, now_ms: int) -> list[str] | Refusal:
    """The rooms that this suspension stops: those that have a start, are not over, and do not stand
    still for good already. Rooms still held back need no stopping."""
    stopped = [
        each for each in _running(session, room_id, now_ms) if not session.times_in(each).stands
    ]
    return stopped or Refusal(RefusalCode.ROOM_TIME_NOT_RUNNING, room_id or session.session_id)


def to_resume(session: Session, room_id: str) -> list[str] | Refusal:
    """The rooms that stand still without a resumption ordered. ORD-08: headquarters stopped them
    for good."""
    if session.stopped:
        return Refusal(RefusalCode.SESSION_STOPPED, session.session_id)
    standing = [each for each in rooms_of(session, room_id) if session.times_in(each).stands]
    return standing or Refusal(RefusalCode.ROOM_NOT_SUSPENDED, room_id or session.session_id)


def is_resuming(session: Session, room_id: str, now_ms: int) -> bool:
    """Does the room still stand, with its resumption ordered?"""
    times = session.times_in(room_id)
    return times.is_suspended(now_ms) and not times.stands


def to_extend(
    session: Session, room_id: str, minutes: int, now_ms: int
) -> dict[str, int] | Refusal:
    """The rooms that this extension reaches, each with its own clock now. A room whose time is over
    gets none: what has ended stays ended."""
    if session.stopped:
        return Refusal(RefusalCode.SESSION_STOPPED, session.session_id)
    if not 0 < minutes <= LONGEST_EXTENSION_MIN:
        return Refusal(RefusalCode.EXTENSION_LENGTH, str(minutes))
    running = {
        each: session.times_in(each).room_clock_ms(now_ms)
        for each in _running(session, room_id, now_ms)
    }
    return running or Refusal(RefusalCode.ROOM_TIME_NOT_RUNNING, room_id or session.session_id)


def _running(session: Session, room_id: str, now_ms: int) -> list[str]:
    if session.state is not SessionState.STARTED:
        return []
    return [
        each
        for each in rooms_of(session, room_id)
        if session.start_in(each) is not None and not has_ended(session.times_in(each), now_ms)
    ]


def check_approval(approval: Approval, now_ms: int) -> Refusal | None:
    """Headquarters' consent names authority, number, person and a time that has passed (I02)."""
    said = (approval.authority, approval.ref_no, approval.approver)
    when = 0 < approval.approved_at_ms <= now_ms + MINUTE_MS  # their clock, typed to the minute
    if not when or not all(each.strip() for each in said):
        return Refusal(RefusalCode.APPROVAL_INCOMPLETE)
    return None


def conflict(
    session: Session, others: Iterable[Session], ends: Mapping[str, int]
) -> Refusal | None:
    """Does a later session need one of these rooms before its new end (``ends``, by room)?

    The room is needed from when its doors open; in a linked session (连考), whose candidates stay,
    from its start. A later session whose room is held back waits, so it is no conflict."""
    for other in others:
        later = (other.planned.start_ms, other.session_id) > (
            session.planned.start_ms,
            session.session_id,
        )
        if not later or other.state not in BEFORE_START:
            continue
        linked = bool(session.planned.group) and other.planned.group == session.planned.group
        needed_ms = other.planned.start_ms if linked else other.doors_open_ms
        for room_id, end_ms in ends.items():
            if room_id in other.rooms and end_ms > needed_ms and not other.is_held(room_id):
                return Refusal(RefusalCode.NEXT_SESSION, f"{other.session_id} {room_id}")
    return None


def extended_ends(session: Session, clocks: Mapping[str, int], length_ms: int) -> dict[str, int]:
    """When each room would end with this extension as well."""
    return {
        room_id: _with(session, room_id, Adjustment(AdjustmentKind.EXTENSION, at_ms, length_ms))
        for room_id, at_ms in clocks.items()
    }


def _with(session: Session, room_id: str, more: Adjustment) -> int:
    own = session.room_time.get(room_id, ON_TIME)
    own = dataclasses.replace(own, adjustments=(*own.adjustments, more))
    after = dataclasses.replace(session, room_time={**session.room_time, room_id: own})
    return after.times_in(room_id).end_ms


def standing_minutes(session: Session, room_id: str, now_ms: int) -> int:
    """Whole minutes for which the room has stood still by now; 0 when it goes on."""
    times = session.times_in(room_id)
    if not times.is_suspended(now_ms):
        return 0
    return (now_ms - times.suspended_at_ms) // MINUTE_MS
