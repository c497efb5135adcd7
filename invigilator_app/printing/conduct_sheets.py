"""考场规则 and 违纪违规行为处理规定 as HTML, for the door and the wall (C02).

The text is the signed plan's own where it carries one, else the project's standard text.
"""

from html import escape

from invigilator_app.printing.sheets import STYLE
from venue_server.wire.conduct_rules import standard_room_rules, standard_violation_rules
from venue_server.wire.people_views import OrganisationBook

_LARGE = "font-size: 13pt; margin: 5pt 0 5pt 0"  # read from a step away
_CLOSE = "margin: 5pt 0 5pt 0"  # four articles on one page
_BY_PLAN = "文本来源：本次考试经签名的考试计划。"
_STANDARD = "文本来源：系统标准文本；本次考试计划未另附文本。"


def room_rules(book: OrganisationBook) -> str:
    """考场规则, one posted at each room."""
    text = book.room_rules.strip()
    return _sheet(book, "考场规则", text or standard_room_rules(), bool(text), _LARGE)


def violation_rules(book: OrganisationBook) -> str:
    """违纪违规行为处理规定."""
    text = book.violation_rules.strip()
    title = "违纪违规行为处理规定"
    return _sheet(book, title, text or standard_violation_rules(), bool(text), _CLOSE)


def _sheet(book: OrganisationBook, title: str, text: str, signed: bool, style: str) -> str:
    where = "　".join(part for part in (book.printed_name, book.exam_title) if part)
    body = "".join(_line(line.strip(), style) for line in text.splitlines() if line.strip())
    source = _BY_PLAN if signed else _STANDARD
    return (
        f"{STYLE}<h1>{escape(title)}</h1><p align='center'>{escape(where)}</p>{body}"
        f"<p align='right'>{source}</p>"
    )


def _line(text: str, style: str) -> str:
    said = escape(text)
    is_heading = text.endswith("：") or (text.startswith("第") and "条" in text[:8])
    said = f"<b>{said}</b>" if is_heading else said
    return f"<p style='{style}'>{said}</p>"
