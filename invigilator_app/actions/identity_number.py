"""Identity numbers at the door: a hint about typing errors, and masking (O08).

The hint never decides anything: the server compares with the registration (F02).
"""

from enum import StrEnum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_LENGTH = 18


class IdHint(StrEnum):
    """What can be said of a resident identity number by itself (GB 11643, ISO 7064 MOD 11-2)."""

    EMPTY = "EMPTY"
    INCOMPLETE = "INCOMPLETE"
    MALFORMED = "MALFORMED"
    CHECKSUM_WRONG = "CHECKSUM_WRONG"
    PLAUSIBLE = "PLAUSIBLE"


def normalised(text: str) -> str:
    """As compared everywhere: no spaces, full-width digits made plain, ``x`` as ``X``."""
    wide = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")
    return "".join(text.split()).translate(wide).upper()


def checksum(first17: str) -> str:
    """The 18th character of a number: ISO 7064 MOD 11-2 over the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def hint(text: str) -> IdHint:
    """Judge the form of a resident identity number as typed so far."""
    number = normalised(text)
    if not number:
        return IdHint.EMPTY
    body, last = number[: _LENGTH - 1], number[_LENGTH - 1 : _LENGTH]
    if len(number) > _LENGTH or not (body.isascii() and body.isdigit()):
        return IdHint.MALFORMED
    if len(number) < _LENGTH:
        return IdHint.INCOMPLETE
    if not (last.isascii() and (last.isdigit() or last == "X")):
        return IdHint.MALFORMED
    return IdHint.PLAUSIBLE if checksum(body) == last else IdHint.CHECKSUM_WRONG


def masked(text: str) -> str:
    """``3601**********123X``: four characters at each end of an 18-character number; a shorter
    one keeps two at each end, one of up to four none."""
    number = normalised(text)
    keep = 4 if len(number) >= _LENGTH else 2 if len(number) > 4 else 0
    if not keep:
        return "*" * len(number)
    return number[:keep] + "*" * (len(number) - 2 * keep) + number[-keep:]
