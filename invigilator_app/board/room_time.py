"""How a room's time stands, from what the server says of it. Nothing is decided here."""

from enum import StrEnum

from venue_server.wire.console_views import RoomView
from venue_server.wire.names import SessionState

_BEFORE = (
    SessionState.PLANNED,
    SessionState.OPEN,
    SessionState.LOGIN_ALLOWED,
    SessionState.ARMED,
)


class RoomTime(StrEnum):
    NONE = "NONE"  # no session
    WAITING = "WAITING"  # before the release
    HELD = "HELD"  # does not open at the common start
    RUNNING = "RUNNING"  # released; started, or about to start
    SUSPENDED = "SUSPENDED"
    RESUMING = "RESUMING"  # stands still, and goes on at a known instant
    OVER = "OVER"


def room_time(room: RoomView, now_ms: int) -> RoomTime:
    """How the room's time stands at ``now_ms``."""
    if room.session_state is None:
        return RoomTime.NONE
    if room.held:
        return RoomTime.HELD
    if room.session_state in _BEFORE:
        return RoomTime.WAITING
    timing = room.timing
    if room.session_state is not SessionState.STARTED or timing is None:
        return RoomTime.OVER
    if timing.stands:
        return RoomTime.SUSPENDED
    if timing.is_suspended(now_ms):
        return RoomTime.RESUMING
    return RoomTime.OVER if now_ms >= timing.end_ms else RoomTime.RUNNING
