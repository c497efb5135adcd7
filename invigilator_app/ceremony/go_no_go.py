"""The go/no-go board before the release is armed (TIMELINE T-5; E01, E05, A04).

Three verdicts. NO_GO keeps the arm button shut. OVERRIDE opens it only after the chief has ticked
the list of what is not ready. UNKNOWN and WAIT are shown and never block: the server decides, and
the release key normally arrives only at the release point.
"""

from dataclasses import dataclass
from enum import StrEnum

from invigilator_app.board.attention import REQUIRED_INVIGILATORS
from invigilator_app.board.view import BoardView
from venue_server.wire.messages import SeatView
from venue_server.wire.names import PackageState, SeatLink, SittingState

_GONE = frozenset(
    {
        SittingState.ABSENT,
        SittingState.LATE_REFUSED,
        SittingState.TERMINATED,
        SittingState.EXITED,
    }
)
_NOT_HERE = _GONE | {None, SittingState.SCHEDULED}


class CheckKind(StrEnum):
    PACKAGE = "PACKAGE"
    SEAL = "SEAL"
    CLOCK = "CLOCK"
    STATIONS = "STATIONS"
    INVIGILATORS = "INVIGILATORS"
    BACKUP = "BACKUP"
    RELEASE_KEY = "RELEASE_KEY"


class Verdict(StrEnum):
    GO = "GO"
    WAIT = "WAIT"
    UNKNOWN = "UNKNOWN"
    OVERRIDE = "OVERRIDE"
    NO_GO = "NO_GO"


@dataclass(frozen=True)
class Check:
    """One line of the board: ``have`` of ``need`` where that makes sense, and the names of what
    is missing (rooms, seats, or the clock's source)."""

    kind: CheckKind
    verdict: Verdict
    have: int = 0
    need: int = 0
    names: tuple[str, ...] = ()


def checks(view: BoardView) -> tuple[Check, ...]:
    """All checks in the order they are read out."""
    venue = view.venue
    package = venue.package_state in (PackageState.COMPLETE, PackageState.RELEASED)
    seal = venue.seal is not None and venue.seal.verified
    return (
        Check(CheckKind.PACKAGE, Verdict.GO if package else Verdict.NO_GO),
        Check(CheckKind.SEAL, Verdict.GO if seal else Verdict.NO_GO),
        Check(
            CheckKind.CLOCK,
            Verdict.GO if venue.clock_trusted else Verdict.NO_GO,
            names=(venue.clock_source,) if venue.clock_source else (),
        ),
        _stations(view),
        _invigilators(view),
        Check(CheckKind.BACKUP, _known(venue.backup_ready)),
        Check(CheckKind.RELEASE_KEY, Verdict.GO if venue.release_key_present else Verdict.WAIT),
    )


def may_arm(found: tuple[Check, ...], overridden: bool) -> bool:
    """True when nothing is NO_GO and every OVERRIDE has been ticked."""
    verdicts = {check.verdict for check in found}
    if Verdict.NO_GO in verdicts:
        return False
    return overridden or Verdict.OVERRIDE not in verdicts


def unready_seats(view: BoardView) -> tuple[tuple[str, str], ...]:
    """(room name, seat) of every candidate in the room whose station lacks the verified paper."""
    return tuple(
        (room.name, seat.seat_no) for room, seat in view.seats() if _here_without_paper(seat)
    )


def seats_to_start_without(view: BoardView) -> tuple[str, ...]:
    """The same seats as the order names them ("room-seat"), for both people to agree to (E05)."""
    return tuple(
        f"{room.room_id}-{seat.seat_no}" for room, seat in view.seats() if _here_without_paper(seat)
    )


def _here_without_paper(seat: SeatView) -> bool:
    here = bool(seat.ticket_no) and seat.state not in _NOT_HERE
    return here and (seat.paper == "none" or seat.link is not SeatLink.ONLINE)


def _stations(view: BoardView) -> Check:
    venue = view.venue
    unready = tuple(f"{room} {seat}" for room, seat in unready_seats(view))
    if unready:
        verdict = Verdict.OVERRIDE
    elif venue.stations_total and venue.stations_ready < venue.stations_total:
        verdict = Verdict.WAIT
    else:
        verdict = Verdict.GO if venue.stations_total else Verdict.NO_GO
    return Check(CheckKind.STATIONS, verdict, venue.stations_ready, venue.stations_total, unready)


def _invigilators(view: BoardView) -> Check:
    counts = {
        board.room.name: board.room.invigilators_present
        for board in view.rooms.values()
        if board.room.session is not None
    }
    short = tuple(
        name
        for name, present in counts.items()
        if present is not None and present < REQUIRED_INVIGILATORS
    )
    if short:
        verdict = Verdict.OVERRIDE
    else:
        verdict = Verdict.UNKNOWN if None in counts.values() or not counts else Verdict.GO
    return Check(
        CheckKind.INVIGILATORS, verdict, len(counts) - len(short), len(counts), names=short
    )


def _known(value: bool | None) -> Verdict:
    if value is None:
        return Verdict.UNKNOWN
    return Verdict.GO if value else Verdict.OVERRIDE
