"""Find a seat by seat number, ticket number or name, as people type them."""

import unicodedata

from invigilator_app.board.view import BoardView

_DOTS = str.maketrans("", "", "·•・‧∙⋅.．。 　-")


def find_seats(view: BoardView, text: str, limit: int = 20) -> tuple[tuple[str, str], ...]:
    """(room id, seat number) of the best matches: exact seat, then ticket ending, then name part.

    Name separators of any kind (``·•.・``) and full-width digits do not matter (§11).
    """
    wanted = _plain(text)
    if not wanted:
        return ()
    ranked: list[tuple[int, int, str, str]] = []
    for order, (room, seat) in enumerate(view.seats()):
        rank = _rank(wanted, seat.seat_no, seat.ticket_no, seat.name)
        if rank is not None:
            ranked.append((rank, order, room.room_id, seat.seat_no))
    return tuple((room_id, seat_no) for _, _, room_id, seat_no in sorted(ranked)[:limit])


def _rank(wanted: str, seat_no: str, ticket_no: str, name: str) -> int | None:
    ticket, plain_name = _plain(ticket_no), _plain(name)
    if wanted in (_plain(seat_no), _plain(seat_no).lstrip("0")) or wanted == ticket:
        return 0
    if plain_name and wanted == plain_name:
        return 1
    if len(wanted) >= 3 and ticket.endswith(wanted):
        return 2
    if wanted in plain_name:
        return 3
    if len(wanted) >= 4 and wanted in ticket:
        return 4
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DOTS).casefold()
