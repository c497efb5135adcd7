"""One sitting as its own station needs it, and until when its answers count."""

from venue_server.gateway.desk_parts import DeskParts
from venue_server.sitting.identity import masked
from venue_server.sitting.rows import Sitting
from venue_server.wire.messages import HISTORY_BYTES, CandidateBrief, SittingView
from venue_server.wire.names import SittingState

CLOCK_TOLERANCE_REAL_MS = 250
START_TOLERANCE_REAL_MS = 2000
"""More than at the end: a refused first entry strands the whole chain, so only a stamp that no
honest station's clock estimate explains is refused."""


def sitting_view(parts: DeskParts, sitting: Sitting, after: int | None) -> SittingView:
    """The view; ``after`` is the last sequence the station has, None to send no history.

    A long history does not fit into one message: the view has its beginning, the station asks for
    the rest.
    """
    candidate = parts.sittings.candidate(sitting)
    session = parts.sittings.session(sitting.session_id)
    head = parts.responses.head(sitting.session_id, sitting.sitting_id)
    history = (
        parts.responses.part(sitting.session_id, sitting.sitting_id, after, HISTORY_BYTES, least=0)
        if after is not None and after < head.seq
        else []
    )
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
        ),
        timing=(
            parts.sittings.times_of(sitting) if session.effective_start_ms is not None else None
        ),
        seq=head.seq,
        head=head.hash,
        history=history,
        credited_s=parts.sittings.credited_s(sitting.sitting_id),
        reopened_seq=parts.sittings.reopened_seq(sitting.sitting_id),
        away=parts.sittings.is_out(sitting.sitting_id),
    )


def answers_from_ms(parts: DeskParts, sitting: Sitting) -> int:
    """The earliest exam time an answer of this sitting may carry (G12): nobody answers between the
    release and the effective start, whatever a station that has the key may do."""
    start_ms = parts.sittings.times_of(sitting).effective_start_ms
    return start_ms - int(START_TOLERANCE_REAL_MS * parts.clock.rate)


def answer_deadline_ms(parts: DeskParts, sitting: Sitting, machine_id: str) -> int | None:
    """The latest exam time an answer of this sitting from this machine may carry (G09, F13).

    None before the start, after the hand-in and from a machine that is not the sitting's own: what
    comes then is kept aside, not accepted.
    """
    session = parts.sittings.session(sitting.session_id)
    own = sitting.machine_id == machine_id and sitting.sitting_id not in parts.sittings.held
    if not own or session.effective_start_ms is None or sitting.state is not IN_PROGRESS:
        return None
    return parts.sittings.times_of(sitting).end_ms + int(CLOCK_TOLERANCE_REAL_MS * parts.clock.rate)


IN_PROGRESS = SittingState.IN_PROGRESS
