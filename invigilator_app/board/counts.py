"""应考 = 实考 + 缺考 (K03): the counts of a room or the venue, checked against the seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from invigilator_app.board.seat_state import LIVE, answers_at_risk
from invigilator_app.board.view import RoomBoard
from venue_server.wire.console_views import SeatView
from venue_server.wire.names import SessionState, SittingState

_OVER = frozenset(
    {
        SessionState.ENDED,
        SessionState.RECONCILED,
        SessionState.SEALED,
        SessionState.UPLOADED,
        SessionState.WIPED,
    }
)
HANDED_IN = frozenset({SittingState.SUBMITTED, SittingState.EXITED})


class CountProblem(StrEnum):
    SUM = "SUM"  # scheduled is not present + absent after the end
    SEATS = "SEATS"  # the seats shown do not add up to scheduled
    PRESENT_MORE = "PRESENT_MORE"  # more present than scheduled, at any time


@dataclass(frozen=True)
class Counts:
    """Head counts; ``final`` once the session is over, then the sum must hold."""

    scheduled: int
    admitted: int
    present: int
    absent: int
    submitted: int
    at_risk: int
    one_disk: int  # answers of which the venue has one copy only (H07)
    one_disk_since_ms: int
    final: bool
    problems: tuple[CountProblem, ...]

    @property
    def not_submitted(self) -> int:
        """Present but not handed in."""
        return max(0, self.present - self.submitted)

    @property
    def consistent(self) -> bool:
        return not self.problems


def room_counts(board: RoomBoard) -> Counts:
    """The server's counts of one room with the console's own check of them."""
    room = board.room
    final = room.session_state in _OVER
    seated = sum(1 for seat in board.seats.values() if seat.ticket_no)
    problems = _problems(room.scheduled, room.present, room.absent, seated, final)
    return Counts(
        room.scheduled,
        room.admitted,
        room.present,
        room.absent,
        room.submitted,
        room.answers_at_risk,
        sum(seat.at_risk.one_disk for seat in board.seats.values()),
        _earliest(seat.at_risk.disk_since_ms for seat in board.seats.values()),
        final,
        problems,
    )


def venue_counts(rooms: Iterable[RoomBoard]) -> Counts:
    """The sums over rooms; a problem in one room is a problem of the whole."""
    each = [room_counts(board) for board in rooms]
    problems = tuple(kind for kind in CountProblem if any(kind in one.problems for one in each))
    return Counts(
        sum(one.scheduled for one in each),
        sum(one.admitted for one in each),
        sum(one.present for one in each),
        sum(one.absent for one in each),
        sum(one.submitted for one in each),
        sum(one.at_risk for one in each),
        sum(one.one_disk for one in each),
        _earliest(one.one_disk_since_ms for one in each),
        bool(each) and all(one.final for one in each),
        problems,
    )


def _earliest(instants: Iterable[int]) -> int:
    return min((each for each in instants if each), default=0)


def _problems(
    scheduled: int, present: int, absent: int, seated: int, final: bool
) -> tuple[CountProblem, ...]:
    found = []
    if final and scheduled != present + absent:
        found.append(CountProblem.SUM)
    if seated != scheduled:
        found.append(CountProblem.SEATS)
    if present > scheduled:
        found.append(CountProblem.PRESENT_MORE)
    return tuple(found)


@dataclass(frozen=True)
class HandIn:
    """The end-of-sitting lists of a room, in seat order."""

    handed_in: tuple[SeatView, ...]
    not_handed_in: tuple[SeatView, ...]  # in the room with a live sitting
    at_risk: tuple[SeatView, ...]
    absent: tuple[SeatView, ...]


def hand_in_lists(board: RoomBoard) -> HandIn:
    """Who has handed in, who has not, whose answers are not all at the server."""
    seats = [seat for seat in board.seats.values() if seat.ticket_no]
    gone = {SittingState.ABSENT, SittingState.LATE_REFUSED}
    return HandIn(
        tuple(seat for seat in seats if seat.state in HANDED_IN),
        tuple(seat for seat in seats if seat.state in LIVE),
        tuple(seat for seat in seats if answers_at_risk(seat)),
        tuple(seat for seat in seats if seat.state in gone),
    )
