"""Orders about one candidate's time and exceptions, and what the server answers to them."""

from dataclasses import dataclass

import msgspec

from invigilator_app.actions.permissions import Action, Verdict, WhyNot, in_room, may
from venue_server.wire.console_views import Done, RoomView, SeatView, SignedIn
from venue_server.wire.credit_orders import SEAT_AWAY, Credit, LostTime
from venue_server.wire.names import SessionState, SittingState

_CREDITABLE = (SittingState.IN_PROGRESS, SittingState.SUBMITTED)
_STATES: dict[Action, tuple[SittingState, ...]] = {
    Action.PROPOSE_TIME: _CREDITABLE,
    Action.START_BREAK: (SittingState.IN_PROGRESS,),
    Action.REOPEN: (SittingState.SUBMITTED,),
    Action.EXIT_SPECIALLY: (SittingState.IN_PROGRESS,),
}


@dataclass(frozen=True)
class SeatTime:
    """What the server says about one seat's time: measured gaps, proposals, the own end."""

    gaps: tuple[LostTime, ...] = ()
    credits: tuple[Credit, ...] = ()
    end_ms: int = 0

    @property
    def measured_ms(self) -> int:
        return sum(each.measured_ms for each in self.gaps)


def seat_time(done: Done) -> SeatTime:
    """The answer to GetLostTime."""
    return msgspec.convert(done.result, SeatTime)


def credits_in(done: Done) -> tuple[Credit, ...]:
    """The answer to GetCredits, what is undecided first."""
    found = msgspec.convert(done.result.get("credits", []), tuple[Credit, ...])
    return tuple(sorted(found, key=lambda one: one.approved is not None))


def may_take_back(one: Credit | None, person: SignedIn, online: bool) -> Verdict:
    """May what is left of this credit be proposed for taking back (I07)? The server decides what
    is unconsumed."""
    verdict = may(Action.REVOKE_TIME, person, online)
    if not verdict.allowed:
        return verdict
    if one is None or one.revokes or not one.approved or one.revoked_s >= one.seconds:
        return Verdict(WhyNot.ALREADY)
    return Verdict()


def is_away(seat: SeatView) -> bool:
    """Is this candidate on a break?"""
    return SEAT_AWAY in seat.alerts


def at_seat(
    action: Action, person: SignedIn, room: RoomView, seat: SeatView | None, online: bool
) -> Verdict:
    """Role and room, then the state of the seat's sitting. The server decides."""
    verdict = in_room(action, person, room, online)
    if not verdict.allowed:
        return verdict
    if seat is None or not seat.sitting_id:
        return Verdict(WhyNot.NO_SEAT)
    if action is Action.END_BREAK:
        return Verdict() if is_away(seat) else Verdict(WhyNot.ALREADY)
    if room.session_state is not SessionState.STARTED:
        return Verdict(WhyNot.SESSION_OVER)
    if seat.state not in _STATES[action]:
        return Verdict(WhyNot.NOT_SUBMITTED if action is Action.REOPEN else WhyNot.SESSION_OVER)
    return Verdict()
