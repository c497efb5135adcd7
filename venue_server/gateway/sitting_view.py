"""One session and one sitting as stations need them, and until when answers count."""

from collections.abc import Collection

from venue_server.gateway.desk_parts import DeskParts
from venue_server.sitting.identity import masked
from venue_server.sitting.policy import NEVER_MS
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.messages import HISTORY_BYTES, SessionBrief
from venue_server.wire.names import SittingState
from venue_server.wire.start_code import StartCodeSeal
from venue_server.wire.station_messages import CandidateBrief, SittingView, TimingChanged

CLOCK_TOLERANCE_REAL_MS = 250
START_TOLERANCE_REAL_MS = 2000
"""More than at the end: a refused first entry strands the whole chain, so only a stamp that no
honest station's clock estimate explains is refused."""


def session_brief(parts: DeskParts, session: Session) -> SessionBrief:
    """What any screen may show of a session."""
    plan = parts.sittings.plan
    assert plan is not None, "a session comes from a plan"
    return SessionBrief(
        session_id=session.session_id,
        exam_title=plan.exam_title,
        subject_code=session.planned.subject_code,
        subject_title=session.planned.subject_title,
        scheduled_start_ms=session.planned.start_ms,
        duration_s=session.planned.duration_s,
        media_class=session.planned.media_class,
        mode=plan.mode,
        tools=list(session.planned.tools),
    )


def sitting_view(parts: DeskParts, sitting: Sitting, after: int | None) -> SittingView:
    """The view; ``after`` is the last sequence the station has, None to send no history.

    A long history does not fit into one message: the view has its beginning, the station asks for
    the rest.
    """
    candidate = parts.sittings.candidate(sitting)
    session = parts.sittings.session(sitting.session_id)
    begun = session.start_in(sitting.room_id) is not None
    head = parts.responses.head(sitting.session_id, sitting.sitting_id)
    history = (
        parts.responses.part(sitting.session_id, sitting.sitting_id, after, HISTORY_BYTES, least=0)
        if after is not None and after < head.seq
        else []
    )
    times, credited_s, revoked_s = parts.sittings.personal(sitting)
    reopened_seq, away = parts.sittings.undone_and_out(sitting.sitting_id)
    return SittingView(
        sitting_id=sitting.sitting_id,
        state=sitting.state,
        candidate=CandidateBrief(
            name=candidate.name,
            ticket_no=candidate.ticket_no,
            id_number_masked=masked(candidate.id_number),
            room_id=candidate.room_id,
            seat_no=candidate.seat_no,
            photo=candidate.photo,
            arrangements=list(candidate.arrangements),
        ),
        timing=times if begun else None,
        seq=head.seq,
        head=head.hash,
        history=history,
        credited_s=credited_s,
        revoked_s=revoked_s,
        reopened_seq=reopened_seq,
        away=away,
        start_code=_start_code(session, sitting),
    )


def _start_code(session: Session, sitting: Sitting) -> StartCodeSeal | None:
    """What this sitting's station asks for before it opens the paper (E04); nothing once the paper
    was open, so that no restart and no spare station asks again."""
    made = session.start_code_in(sitting.room_id)
    return made.seal if made is not None and sitting.opened_at_ms is None else None


def timing_changed(parts: DeskParts, sitting: Sitting) -> TimingChanged:
    """The instants of a sitting whose room has its start."""
    asked = _start_code(parts.sittings.session(sitting.session_id), sitting)
    return TimingChanged(sitting.sitting_id, *parts.sittings.personal(sitting), start_code=asked)


def tell_times(parts: DeskParts, session_id: str, rooms: Collection[str] | None = None) -> None:
    """Tell every station of these rooms (None: of all) its sitting's instants. A station that is
    not connected learns them at its next hello; one whose room is held back has none yet."""
    session = parts.sittings.session(session_id)
    for sitting in parts.sittings.sittings(session_id):
        here = rooms is None or sitting.room_id in rooms
        if here and sitting.machine_id and session.start_in(sitting.room_id) is not None:
            parts.hub.to_station(sitting.machine_id, timing_changed(parts, sitting))


def answers_from_ms(parts: DeskParts, sitting: Sitting) -> int:
    """The earliest exam time an answer of this sitting may carry (G12): nobody answers between the
    release and the effective start of their room, whatever a station that has the key may do.

    A suspension that was ordered before that start moves it, but a station that was cut off by then
    never learnt of it and rightly opened at the start it was told: what it took counts (I06)."""
    session = parts.sittings.session(sitting.session_id)
    told = session.start_in(sitting.room_id)
    start_ms = session.times_in(sitting.room_id).effective_start_ms if told is None else told
    return start_ms - int(START_TOLERANCE_REAL_MS * parts.clock.rate)


def answer_deadline_ms(parts: DeskParts, sitting: Sitting, machine_id: str) -> int | None:
    """The latest exam time an answer of this sitting from this machine may carry (G09, F13).

    None before the start, after the hand-in and from a machine that is not the sitting's own: what
    comes then is kept aside, not accepted. While the room stands still nothing ends.
    """
    session = parts.sittings.session(sitting.session_id)
    own = sitting.machine_id == machine_id and sitting.sitting_id not in parts.sittings.held
    if not own or session.effective_start_ms is None or sitting.state is not IN_PROGRESS:
        return None
    times = parts.sittings.times_of(sitting)
    if times.stands:
        return NEVER_MS
    end_ms = parts.sittings.answers_count_until_ms(sitting)
    return end_ms + int(CLOCK_TOLERANCE_REAL_MS * parts.clock.rate)


IN_PROGRESS = SittingState.IN_PROGRESS
