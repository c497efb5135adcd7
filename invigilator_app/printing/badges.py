"""工作证章 as HTML: a badge for everybody to whom the signed roster gives a number (A10)."""

from collections.abc import Iterable
from html import escape

import segno

from invigilator_app.printing.people_sheets import post_text
from invigilator_app.printing.sheets import STYLE
from venue_server.wire.people_views import OrganisationBook, OrganisationEntry

_A_ROW = 2
_QR_PIXELS = 3  # a module


def badge_sheet(book: OrganisationBook) -> str:
    """Badges to be cut apart. The QR code holds the badge number and nothing else."""
    cells = [_badge(book.printed_name, one) for one in with_badge(book.people)]
    rows = [cells[at : at + _A_ROW] for at in range(0, len(cells), _A_ROW)]
    body = "".join(
        "<tr>" + "".join(f"<td width='50%'>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    nothing = "" if rows else "<p>签名名册未给出证章号。</p>"
    table = "<table border='1' cellspacing='0' cellpadding='10' width='100%'>"
    return f"{STYLE}{table}{body}</table>{nothing}"


def with_badge(people: Iterable[OrganisationEntry]) -> list[OrganisationEntry]:
    """Who gets a badge, by number."""
    return sorted((one for one in people if one.badge_no), key=lambda one: one.badge_no)


def _badge(venue_name: str, one: OrganisationEntry) -> str:
    code = segno.make(one.badge_no, micro=False).png_data_uri(scale=_QR_PIXELS, border=4)
    return (
        f"<p align='center'>{escape(venue_name)}　工作证</p>"
        f"<p align='center' class='big'>{escape(one.name)}</p>"
        f"<p align='center'>{escape(post_text(one.roles, one.duties))}</p>"
        f"<p align='center'><img src='{code}'></p>"
        f"<p align='center'><b>{escape(one.badge_no)}</b></p>"
    )
