"""Folds Board, VenueChanged, RoomChanged, SeatChanged and UploadsChanged into one immutable view.

The server is the authority; the console keeps nothing of its own. A change that arrives before
the first whole board, or for a room the board does not hold, leaves the view as it is: the server
only sends rooms of the signed-in person's area (A08).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from venue_server.wire.console_views import (
    Board,
    RoomChanged,
    RoomView,
    SeatChanged,
    SeatView,
    VenueChanged,
    VenueView,
)
from venue_server.wire.upload_orders import Uploads, UploadsChanged

BoardMessage = Board | VenueChanged | RoomChanged | SeatChanged | UploadsChanged


@dataclass(frozen=True)
class RoomBoard:
    """One room: its head line and its seats by seat number, in seat order."""

    room: RoomView
    seats: Mapping[str, SeatView]


@dataclass(frozen=True)
class BoardView:
    """The venue's head line and the rooms by id, in the server's order. ``uploads``: None for whom
    they are not, and before any is known."""

    venue: VenueView
    rooms: Mapping[str, RoomBoard]
    uploads: Uploads | None = None

    def seats(self) -> Iterator[tuple[RoomView, SeatView]]:
        """Every seat with its room."""
        for board in self.rooms.values():
            for seat in board.seats.values():
                yield board.room, seat


def fold(view: BoardView | None, message: BoardMessage) -> BoardView | None:
    """The view after ``message``; None as long as no whole board has come."""
    if isinstance(message, Board):
        return _whole(message)
    if view is None:
        return None
    match message:
        case VenueChanged(venue=venue):
            return replace(view, venue=venue)
        case RoomChanged(room=room):
            return _with_room(view, room)
        case SeatChanged(room_id=room_id, seat=seat):
            return _with_seat(view, room_id, seat)
        case UploadsChanged(uploads=uploads):
            return replace(view, uploads=uploads)


def _whole(message: Board) -> BoardView:
    rooms = {
        room.room_id: RoomBoard(room, _in_order(message.seats.get(room.room_id, [])))
        for room in message.rooms
    }
    return BoardView(message.venue, MappingProxyType(rooms), message.uploads)


def _with_room(view: BoardView, room: RoomView) -> BoardView:
    old = view.rooms.get(room.room_id)
    if old is None:
        return view
    return _replaced(view, replace(old, room=room))


def _with_seat(view: BoardView, room_id: str, seat: SeatView) -> BoardView:
    old = view.rooms.get(room_id)
    if old is None:
        return view
    seats = {**old.seats, seat.seat_no: seat}
    if seat.seat_no not in old.seats:
        return _replaced(view, replace(old, seats=_in_order(list(seats.values()))))
    return _replaced(view, replace(old, seats=MappingProxyType(seats)))


def _replaced(view: BoardView, board: RoomBoard) -> BoardView:
    rooms = {**view.rooms, board.room.room_id: board}
    return replace(view, rooms=MappingProxyType(rooms))


def _in_order(seats: list[SeatView]) -> Mapping[str, SeatView]:
    ordered = sorted(seats, key=lambda seat: seat_order(seat.seat_no))
    return MappingProxyType({seat.seat_no: seat for seat in ordered})


def seat_order(seat_no: str) -> tuple[tuple[int, str], ...]:
    """Sort key that puts seat 2 before seat 10, and A9 before A10."""
    parts: list[str] = re.findall(r"\d+|\D+", seat_no)
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)
