"""When a room's start code stands on its page (考场启动码, E04)."""

from invigilator_app.board.view import RoomBoard
from venue_server.wire.names import SittingState

_STILL_ASKED = frozenset(
    {
        SittingState.ADMITTED,
        SittingState.IDENTITY_DOUBT,
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
    }
)


def start_code_shown(board: RoomBoard) -> str:
    """The code in two groups, as long as somebody here has not opened the paper; else empty. Who is
    admitted later brings it back."""
    code = board.room.start_code
    asked = any(seat.state in _STILL_ASKED for seat in board.seats.values())
    return f"{code[:3]} {code[3:]}" if code and asked else ""
