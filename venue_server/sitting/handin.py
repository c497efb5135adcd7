"""May this hand-in be accepted now (G01, G06, G09)? Pure rules."""

from venue_server.sitting.policy import has_ended, may_submit
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.states import CLOSED_SITTINGS
from venue_server.wire.messages import Timing
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode


def is_repeated(sitting: Sitting, seq: int, head: str) -> bool:
    """Is this the hand-in we already have, sent again because its receipt got lost?"""
    return sitting.submitted_at_ms is not None and (sitting.final_seq, sitting.final_head) == (
        seq,
        head,
    )


def at_hand_in(
    sitting: Sitting,
    session: Session,
    times: Timing,
    kind: SubmitKind,
    now_ms: int,
    tolerance_ms: int,
) -> Refusal | None:
    """Decide a hand-in; None accepts it. ``times`` are the sitting's own.

    ``tolerance_ms`` is how much earlier than the server a station's clock may see its end.
    """
    if sitting.state in CLOSED_SITTINGS:
        return Refusal(RefusalCode.SITTING_ENDED)
    if sitting.state is not SittingState.IN_PROGRESS:
        return Refusal(RefusalCode.SITTING_WRONG_STATE, sitting.state.value)
    if session.state is SessionState.ENDED:
        return None
    if session.state is not SessionState.STARTED:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
    if kind is SubmitKind.TERMINATED:  # never handed in: two people end it (service.terminate)
        return Refusal(RefusalCode.SITTING_WRONG_STATE, kind.value)
    allowed = {
        SubmitKind.EARLY: may_submit(times, now_ms),
        SubmitKind.AUTO: has_ended(times, now_ms + tolerance_ms),
        SubmitKind.FORCED: has_ended(times, now_ms),
        SubmitKind.EXCEPTIONAL: True,  # two people let them leave (G01)
    }
    if allowed[kind]:
        return None
    if not may_submit(times, now_ms):
        return Refusal(RefusalCode.ROOM_CLOSED)
    return Refusal(RefusalCode.SITTING_WRONG_STATE, kind.value)
