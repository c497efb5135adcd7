"""Where the release is, from the board and the exam clock alone (docs/states/console.md)."""

from dataclasses import dataclass
from enum import StrEnum

from invigilator_app.board.view import BoardView
from venue_server.wire.console_views import SeatView
from venue_server.wire.names import PackageState, SeatLink, SessionState, SittingState


class ReleasePhase(StrEnum):
    NO_SESSION = "NO_SESSION"
    PREPARING = "PREPARING"  # go/no-go, not armed
    ARMED = "ARMED"  # counting down to the release point
    DUE = "DUE"  # the point has come, no key yet: wait, or use the offline code
    RELEASED = "RELEASED"  # keys are out; stations open at the effective start
    OVER = "OVER"


_AFTER = frozenset(
    {
        SessionState.ENDED,
        SessionState.RECONCILED,
        SessionState.SEALED,
        SessionState.UPLOADED,
        SessionState.WIPED,
    }
)


@dataclass(frozen=True)
class Release:
    """``left_ms`` counts to the release point while ARMED. ``opened`` of ``expected`` candidates'
    stations show the paper, ``keyed`` hold the key; ``not_opened`` names the rest."""

    phase: ReleasePhase
    left_ms: int = 0
    expected: int = 0
    keyed: int = 0
    opened: int = 0
    not_opened: tuple[str, ...] = ()


def release(view: BoardView | None, now_ms: int) -> Release:
    """The state of the release now."""
    if view is None or not view.venue.session_id:
        return Release(ReleasePhase.NO_SESSION)
    phase = _phase(view, now_ms)
    left = max(0, view.venue.release_at_ms - now_ms)
    waiting = [(room.name, seat) for room, seat in view.seats() if _expects_paper(seat)]
    opened = [seat for _, seat in waiting if seat.paper == "open"]
    return Release(
        phase,
        left,
        len(waiting),
        sum(1 for _, seat in waiting if seat.paper in ("keyed", "open")),
        len(opened),
        tuple(f"{room} {seat.seat_no}" for room, seat in waiting if seat.paper != "open"),
    )


def _phase(view: BoardView, now_ms: int) -> ReleasePhase:
    venue = view.venue
    if venue.session_state in _AFTER:
        return ReleasePhase.OVER
    if venue.package_state in (PackageState.RELEASED, PackageState.ENDED):
        return ReleasePhase.RELEASED
    if not venue.release_armed:
        return ReleasePhase.PREPARING
    return ReleasePhase.ARMED if now_ms < venue.release_at_ms else ReleasePhase.DUE


def _expects_paper(seat: SeatView) -> bool:
    """Seats whose candidate has logged in, or whose machine is on with someone admitted."""
    logged_in = {
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
        SittingState.IN_PROGRESS,
        SittingState.SUBMITTED,
        SittingState.EXITED,
    }
    admitted = seat.state is SittingState.ADMITTED and seat.link is not SeatLink.ABSENT
    return seat.state in logged_in or admitted
