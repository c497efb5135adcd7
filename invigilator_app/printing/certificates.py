"""清除证书、销毁证书: the server's facts as a sheet to be signed by hand (L11, M07).

An official form, in Chinese whatever language the console speaks.
"""

from html import escape

from invigilator_app.actions.results import StatusSection
from invigilator_app.printing.sheets import STYLE, table


def certificate_sheet(venue_name: str, section: StatusSection) -> str:
    """One certificate: its title, its facts in the server's order, its lines to sign on."""
    rows = [(_chinese(name), _chinese(value)) for name, value, _verdict in section.rows]
    return (
        f"{STYLE}<h1>{escape(_chinese(section.title))}</h1>"
        f"<p align='center'>{escape(venue_name)}</p>{table(rows)}"
    )


def _chinese(text: str) -> str:
    """The Chinese half of a server text that says it twice."""
    chinese, separator, english = text.rpartition(" / ")
    return chinese if separator and english.isascii() and not chinese.isascii() else text
