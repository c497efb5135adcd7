"""The sheets that a venue posts, written as PDF by command (C02): ``--print-sheets``."""

import sys
from pathlib import Path

import msgspec

from invigilator_app.printing.conduct_sheets import room_rules, violation_rules
from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.printing.venue_sheets import venue_map
from venue_server.wire.people_views import OrganisationBook

_NO_BOOK = OrganisationBook("", "", "", [], [], [])


def print_sheets(folder: Path, book_file: Path | None) -> int:
    """Write them; the exit status: 2 for a book that cannot be read, 3 where nothing is written."""
    book = _NO_BOOK
    if book_file is not None:
        try:
            book = msgspec.json.decode(book_file.read_bytes(), type=OrganisationBook)
        except (OSError, msgspec.MsgspecError) as error:
            sys.stderr.write(f"{book_file}: {error}\n")
            return 2
    sheets = {"考场规则": room_rules(book), "违纪违规行为处理规定": violation_rules(book)}
    if book.rooms:
        sheets["考场分布示意图"] = venue_map(book)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, html in sheets.items():
            path = folder / f"{name}.pdf"
            write_pdf(path, html, "")
            sys.stdout.write(f"{path}\n")
    except (OSError, PrintError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0
