"""考场分布示意图 as HTML: the rooms in order, each room's seats where they stand (C02)."""

from html import escape

from invigilator_app.printing.sheets import STYLE
from venue_server.wire.people_views import OrganisationBook, OrganisationRoom

_FURTHEST = 60  # grid places; stranger figures are shown in their order, without gaps
_BREAK = "<p style='page-break-before:always'></p>"


def venue_map(book: OrganisationBook) -> str:
    """An overview of the venue's rooms, then a page for each room with its seats."""
    return f"{STYLE}{_overview(book)}" + "".join(
        f"{_BREAK}{_room(book.printed_name, room)}" for room in book.rooms
    )


def grid(room: OrganisationRoom) -> list[list[str]]:
    """Seat numbers by row from the front and place from the left; "" where no seat stands, so that
    an aisle or a missing row stays visible and neighbours stand beside each other."""
    there = {(one.x, one.y): one.seat_no for one in room.layout}
    columns, rows = _places({x for x, _ in there}), _places({y for _, y in there})
    return [[there.get((x, y), "") for x in columns] for y in rows]


def _places(taken: set[int]) -> list[int]:
    """From the first to the last place, gaps included."""
    if not taken or max(taken) - min(taken) > _FURTHEST:
        return sorted(taken)
    return list(range(min(taken), max(taken) + 1))


def _overview(book: OrganisationBook) -> str:
    rows = "".join(
        f"<tr><td>{escape(room.building or '无')}</td><td>{escape(room.floor or '无')}</td>"
        f"<td><b>{escape(room.name)}</b></td><td>{room.seats}</td>"
        f"<td>{escape(room.way or '无')}</td></tr>"
        for room in book.rooms
    )
    return (
        f"<h1>考场分布示意图</h1><p align='center'>{escape(book.printed_name)}　"
        f"{escape(book.exam_title)}</p>"
        "<table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        "<tr><th align='left'>楼</th><th align='left'>层</th><th align='left'>考场</th>"
        f"<th align='left'>机位数</th><th align='left'>入场路线</th></tr>{rows}</table>"
    )


def _room(venue_name: str, room: OrganisationRoom) -> str:
    places = grid(room)
    width = 100 // max(len(places[0]) if places else 1, 1)
    body = "".join(
        "<tr>"
        + "".join(f"<td width='{width}%' align='center'>{escape(seat)}</td>" for seat in row)
        + "</tr>"
        for row in places
    )
    where = "　".join(part for part in (room.building, room.floor, room.way) if part)
    return (
        f"<h1>{escape(venue_name)}</h1><p align='center' class='big'>{escape(room.name)}</p>"
        f"<p align='center'>{escape(where)}</p><p align='center'>▲ 讲台（前）</p>"
        f"<table border='1' cellspacing='0' cellpadding='6' width='100%'>{body}</table>"
        f"<p>机位数：{room.seats}。空格处没有机位。</p>"
    )
