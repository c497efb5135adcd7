"""May this be proposed, approved, reopened, left for a moment? Pure rules (I07, I10, G01, H06)."""

from venue_server.sitting.credit.lost_time import whole_minutes
from venue_server.sitting.policy import has_ended
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.messages import Timing
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode

CREDITABLE = frozenset({SittingState.IN_PROGRESS, SittingState.SUBMITTED})


def may_credit(sitting: Sitting, session: Session) -> Refusal | None:
    """Can more time still reach this candidate? Somebody who handed in may be reopened."""
    if session.state is not SessionState.STARTED or sitting.state not in CREDITABLE:
        return Refusal(RefusalCode.CREDIT_TOO_LATE, sitting.state.value)
    return None


def wanted(asked_s: int, measured_ms: int, before_s: int) -> int:
    """Seconds in whole minutes: what was asked for, or what was measured and not proposed yet."""
    if asked_s:
        return whole_minutes(1000 * asked_s)
    return max(0, whole_minutes(measured_ms) - before_s)


def may_propose(wanted_s: int, measured_ms: int, before_s: int, note: str) -> Refusal | None:
    """Nothing is proposed for nothing; more than the evidence shows needs words."""
    if wanted_s <= 0:
        return Refusal(RefusalCode.NOTHING_MEASURED)
    if before_s + wanted_s > whole_minutes(measured_ms) and not note.strip():
        return Refusal(RefusalCode.REASON_MISSING)
    return None


def within_cap(granted_s: int, seconds: int, cap_s: int, reference: str) -> Refusal | None:
    """The venue's own limit for one candidate; above it only headquarters (with a reference)."""
    if granted_s + seconds > cap_s and not reference.strip():
        return Refusal(RefusalCode.CREDIT_ABOVE_CAP, str(cap_s // 60))
    return None


def may_reopen(sitting: Sitting, session: Session, times: Timing, now_ms: int) -> Refusal | None:
    """A hand-in is undone only while the candidate's own time runs (I10, F15)."""
    if sitting.state is not SittingState.SUBMITTED:
        return Refusal(RefusalCode.SITTING_WRONG_STATE, sitting.state.value)
    if session.state is not SessionState.STARTED or has_ended(times, now_ms):
        return Refusal(RefusalCode.REOPEN_TOO_LATE)
    return None


def may_go_out(sitting: Sitting, session: Session, seat_out: str) -> Refusal | None:
    """At most one candidate of a room is out; ``seat_out`` is where somebody is missing now."""
    if session.state is not SessionState.STARTED or sitting.state is not SittingState.IN_PROGRESS:
        return Refusal(RefusalCode.SITTING_WRONG_STATE, sitting.state.value)
    if seat_out:
        return Refusal(RefusalCode.SOMEBODY_OUT, seat_out)
    return None
