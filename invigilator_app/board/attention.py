"""The "needs attention" list of a room: what a person has to look at now, most urgent first."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from invigilator_app.board.seat_state import LIVE, answers_at_risk
from invigilator_app.board.view import RoomBoard, seat_order
from venue_server.wire.console_views import RoomView, SeatView
from venue_server.wire.names import SeatAlert, SeatLink, SessionState, SittingState

REQUIRED_INVIGILATORS = 2  # A04


class Urgency(IntEnum):
    """Order of the list."""

    NOW = 0
    SOON = 1
    NOTE = 2


class AttentionKind(StrEnum):
    DUPLICATE_LOGIN = "DUPLICATE_LOGIN"  # F24
    OFFLINE = "OFFLINE"  # offline while a sitting is live (F1)
    ANSWERS_AT_RISK = "ANSWERS_AT_RISK"
    HAND_RAISED = "HAND_RAISED"
    DETAILS_REJECTED = "DETAILS_REJECTED"
    IDENTITY_DOUBT = "IDENTITY_DOUBT"  # F02, F14
    PAPER_MISSING = "PAPER_MISSING"  # E05: no verified paper at the station
    NOT_LOGGED_IN = "NOT_LOGGED_IN"  # after the start
    FEW_INVIGILATORS = "FEW_INVIGILATORS"  # A04
    OTHER = "OTHER"  # an alert in the station's own words


URGENCY: dict[AttentionKind, Urgency] = {
    AttentionKind.DUPLICATE_LOGIN: Urgency.NOW,
    AttentionKind.OFFLINE: Urgency.NOW,
    AttentionKind.ANSWERS_AT_RISK: Urgency.NOW,
    AttentionKind.HAND_RAISED: Urgency.NOW,
    AttentionKind.DETAILS_REJECTED: Urgency.SOON,
    AttentionKind.IDENTITY_DOUBT: Urgency.SOON,
    AttentionKind.FEW_INVIGILATORS: Urgency.SOON,
    AttentionKind.PAPER_MISSING: Urgency.SOON,
    AttentionKind.NOT_LOGGED_IN: Urgency.SOON,
    AttentionKind.OTHER: Urgency.NOTE,
}

_ALERTS = {
    SeatAlert.HAND_RAISED: AttentionKind.HAND_RAISED,
    SeatAlert.DETAILS_REJECTED: AttentionKind.DETAILS_REJECTED,
    SeatAlert.DUPLICATE_LOGIN: AttentionKind.DUPLICATE_LOGIN,
}
_PAPER_MATTERS = frozenset({SessionState.LOGIN_ALLOWED, SessionState.ARMED, SessionState.STARTED})
_INSIDE = LIVE | {SittingState.ADMITTED, SittingState.IDENTITY_DOUBT}


@dataclass(frozen=True)
class Attention:
    """One matter. ``count`` is a number of answers or people, ``since_ms`` when it began as far
    as the server knows (0 = not known), ``detail`` the alert's own words."""

    kind: AttentionKind
    room_id: str
    seat_no: str = ""
    name: str = ""
    count: int = 0
    since_ms: int = 0
    detail: str = ""

    @property
    def urgency(self) -> Urgency:
        return URGENCY[self.kind]


def attention(board: RoomBoard, now_ms: int) -> tuple[Attention, ...]:
    """Everything in the room that needs a person, sorted by urgency, kind and seat."""
    found = _room_matters(board.room)
    for seat in board.seats.values():
        found += _seat_matters(seat, board.room, now_ms)
    order = list(AttentionKind)
    found.sort(key=lambda item: (item.urgency, order.index(item.kind), seat_order(item.seat_no)))
    return tuple(found)


def _room_matters(room: RoomView) -> list[Attention]:
    present = room.invigilators_present
    running = room.session_state in _PAPER_MATTERS | {SessionState.OPEN}
    if present is None or not running or present >= REQUIRED_INVIGILATORS:
        return []
    return [Attention(AttentionKind.FEW_INVIGILATORS, room.room_id, count=present)]


def _seat_matters(seat: SeatView, room: RoomView, now_ms: int) -> list[Attention]:
    def matter(
        kind: AttentionKind, count: int = 0, since_ms: int = 0, detail: str = ""
    ) -> Attention:
        return Attention(kind, room.room_id, seat.seat_no, seat.name, count, since_ms, detail)

    found = [matter(*_alert(alert)) for alert in seat.alerts]
    risk = answers_at_risk(seat)
    if seat.state in LIVE and seat.link is not SeatLink.ONLINE:
        found.append(matter(AttentionKind.OFFLINE, risk, seat.last_seen_ms))
    elif risk:
        since_ms = seat.at_risk.station_since_ms or seat.last_seen_ms
        found.append(matter(AttentionKind.ANSWERS_AT_RISK, risk, since_ms))
    if seat.state is SittingState.IDENTITY_DOUBT:
        found.append(matter(AttentionKind.IDENTITY_DOUBT))
    if _lacks_paper(seat, room):
        found.append(matter(AttentionKind.PAPER_MISSING))
    if seat.state is SittingState.ADMITTED and _started(room, now_ms):
        found.append(matter(AttentionKind.NOT_LOGGED_IN))
    return found


def _alert(alert: str) -> tuple[AttentionKind, int, int, str]:
    """An alert word, perhaps with ``:`` and a detail, as the fields of a matter."""
    word, _, detail = alert.partition(":")
    try:
        return _ALERTS[SeatAlert(word)], 0, 0, detail
    except ValueError:
        return AttentionKind.OTHER, 0, 0, alert


def _lacks_paper(seat: SeatView, room: RoomView) -> bool:
    return room.session_state in _PAPER_MATTERS and seat.paper == "none" and seat.state in _INSIDE


def _started(room: RoomView, now_ms: int) -> bool:
    return (
        room.session_state is SessionState.STARTED
        and room.timing is not None
        and now_ms >= room.timing.effective_start_ms
    )
