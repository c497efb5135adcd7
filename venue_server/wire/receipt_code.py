"""The hand-in receipt in a form that a person can copy, and one that a machine reads (G11, L02).

The code is made of the head of the candidate's own chain and of nothing else, so whoever holds the
chain can compute it: the station, the venue, headquarters, a court. 20 digits in groups of four:
the first 59 bits of the head as 18 decimal digits, then two check digits by ISO/IEC 7064 MOD 97-10
(as in an IBAN), which find every wrong digit and every swap of two neighbours.
"""

import re
from urllib.parse import quote, unquote

_BODY_BITS, _BODY_DIGITS = 59, 18
_GROUP = 4
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\uff0d·]")  # blanks and hyphens of any width
QR_PREFIX = "KAODIAN-RECEIPT/1"
_QR = re.compile(rf"{re.escape(QR_PREFIX)} (\S+) ([0-9a-f]{{64}})")


def receipt_code(head: str) -> str:
    """The code of a chain's head (64 hex digits): ``1234-5678-9012-3456-7890``."""
    body = int(head[:16], 16) >> (64 - _BODY_BITS)
    digits = f"{body:0{_BODY_DIGITS}d}"
    check = 98 - body * 100 % 97
    whole = f"{digits}{check:02d}"
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def normal_code(text: str) -> str | None:
    """The code somebody typed, in its one form; None when a digit is wrong, missing or too many.

    Blanks, hyphens and full-width digits are taken as they are meant.
    """
    meant = _BETWEEN.sub("", text)
    if len(meant) != _BODY_DIGITS + 2 or not meant.isdecimal() or int(meant) % 97 != 1:
        return None
    digits = "".join(str(int(each)) for each in meant)
    return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def receipt_qr(sitting_id: str, head: str) -> str:
    """What the QR code beside the digits says: the sitting and the whole head."""
    return f"{QR_PREFIX} {quote(sitting_id, safe='')} {head}"


def read_qr(text: str) -> tuple[str, str] | None:
    """Sitting id and whole head out of a QR code's text; None when it is no receipt's."""
    found = _QR.fullmatch(text.strip())
    return None if found is None else (unquote(found[1]), found[2])
