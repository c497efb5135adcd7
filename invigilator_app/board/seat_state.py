"""What is written on a seat: one display state from the sitting, the machine and the room."""

from enum import StrEnum

from venue_server.wire.console_views import RoomView, SeatView
from venue_server.wire.names import SeatLink, SittingState

_ONLINE_BACKLOG = 10


class SeatDisplay(StrEnum):
    """The states of REQUIREMENTS §11, in the words of the field."""

    EMPTY = "EMPTY"  # 空机位: nobody is seated here by the plan
    NOT_ARRIVED = "NOT_ARRIVED"  # 未到
    ADMITTED = "ADMITTED"  # 已入场
    NOT_LOGGED_IN = "NOT_LOGGED_IN"  # 未登录: may log in, has not
    LOGGED_IN = "LOGGED_IN"  # 已登录
    WAITING = "WAITING"  # 等待: rules read, waiting for the start
    ANSWERING = "ANSWERING"  # 答题中
    OFFLINE = "OFFLINE"  # 断线: live sitting, machine not connected
    SUBMITTED = "SUBMITTED"  # 已交卷
    EXITED = "EXITED"  # 已离场
    ABSENT = "ABSENT"  # 缺考
    NOT_HELD = "NOT_HELD"  # 未开考: stopped by headquarters before it began
    TROUBLE = "TROUBLE"  # 异常


LIVE = frozenset(
    {
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
        SittingState.IN_PROGRESS,
    }
)

_PLAIN: dict[SittingState | None, SeatDisplay] = {
    None: SeatDisplay.NOT_ARRIVED,
    SittingState.SCHEDULED: SeatDisplay.NOT_ARRIVED,
    SittingState.ADMITTED: SeatDisplay.ADMITTED,
    SittingState.LATE_REFUSED: SeatDisplay.ABSENT,
    SittingState.IDENTITY_DOUBT: SeatDisplay.TROUBLE,
    SittingState.LOGGED_IN: SeatDisplay.LOGGED_IN,
    SittingState.CONFIRMED: SeatDisplay.LOGGED_IN,
    SittingState.RULES_ACK: SeatDisplay.WAITING,
    SittingState.IN_PROGRESS: SeatDisplay.ANSWERING,
    SittingState.SUBMITTED: SeatDisplay.SUBMITTED,
    SittingState.EXITED: SeatDisplay.EXITED,
    SittingState.TERMINATED: SeatDisplay.TROUBLE,
    SittingState.ABSENT: SeatDisplay.ABSENT,
    SittingState.NOT_HELD: SeatDisplay.NOT_HELD,
}


def seat_display(seat: SeatView, room: RoomView) -> SeatDisplay:
    """The state shown on the seat. A machine lost during a live sitting hides nothing less
    important, so 断线 wins over the live states only."""
    if not seat.ticket_no:
        return SeatDisplay.EMPTY
    if seat.state in LIVE and seat.link is not SeatLink.ONLINE:
        return SeatDisplay.OFFLINE
    if seat.state is SittingState.ADMITTED and room.login_allowed:
        return SeatDisplay.NOT_LOGGED_IN
    return _PLAIN[seat.state]


def answers_at_risk(seat: SeatView) -> int:
    """Answers known to exist on the station only: entries it had not got acknowledged by its last
    heartbeat, when it is gone or lags behind. A few in flight on a live line are not at risk."""
    if seat.link is SeatLink.ONLINE and seat.unsynced < _ONLINE_BACKLOG:
        return 0
    return seat.unsynced
