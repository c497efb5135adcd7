"""Orders about the time of rooms, and when a button for one is open (G08, I02, I06)."""

from datetime import UTC, datetime, timedelta, timezone

from invigilator_app.actions.permissions import Action, Verdict, WhyNot, may
from invigilator_app.board.room_time import RoomTime
from venue_server.wire.console_views import SignedIn
from venue_server.wire.frames import Second
from venue_server.wire.roomtime_orders import (
    Approval,
    ConfirmExtension,
    ExtendTime,
    ExtendTimeOffline,
    HoldRoom,
    ResumeTime,
    StartRoom,
    SuspendTime,
)

_BEIJING = timezone(timedelta(hours=8))
_STOPPED = (RoomTime.SUSPENDED,)
_GOES_ON = (RoomTime.RUNNING, RoomTime.RESUMING)
_FITS: dict[Action, tuple[RoomTime, ...]] = {
    Action.HOLD_ROOM: (RoomTime.WAITING,),
    Action.START_ROOM: (RoomTime.HELD,),
    Action.SUSPEND_TIME: _GOES_ON,
    Action.RESUME_TIME: _STOPPED,
    Action.EXTEND_TIME: _GOES_ON + _STOPPED,
    Action.EXTEND_TIME_OFFLINE: _GOES_ON + _STOPPED,
}


def on_room_time(action: Action, person: SignedIn, rooms: list[RoomTime], online: bool) -> Verdict:
    """Is there one among these rooms that the order could be about?"""
    verdict = may(action, person, online)
    if not verdict.allowed:
        return verdict
    fits = _FITS.get(action)
    if fits is None or any(each in fits for each in rooms):
        return verdict
    return Verdict(WhyNot.ROOM_TIME)


def hold_room(room_id: str, reason: str) -> HoldRoom:
    return HoldRoom(0, room_id, reason.strip())


def start_room(room_id: str, reason: str) -> StartRoom:
    """As soon as every station of the room can have been told."""
    return StartRoom(0, room_id, reason.strip())


def suspend_time(room_id: str, reason: str) -> SuspendTime:
    """``room_id`` empty: every room."""
    return SuspendTime(0, reason.strip(), room_id)


def resume_time(room_id: str, reason: str) -> ResumeTime:
    """``room_id`` empty: every suspended room."""
    return ResumeTime(0, reason.strip(), room_id)


def extend_time(room_id: str, minutes: int, reason: str, approval: Approval) -> ExtendTime:
    return ExtendTime(0, minutes, reason.strip(), approval, room_id)


def extend_offline(room_id: str, minutes: int, reason: str, second: Second) -> ExtendTimeOffline:
    return ExtendTimeOffline(0, minutes, reason.strip(), second, room_id)


def confirm_extension(number: int, approval: Approval) -> ConfirmExtension:
    return ConfirmExtension(0, number, approval)


def last_time_of_day(hour: int, minute: int, now_ms: int) -> int:
    """The last instant at or before ``now_ms`` at which a clock in Beijing showed this."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(_BEIJING)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    then = then if then <= now else then - timedelta(days=1)
    return int(then.timestamp() * 1000)
