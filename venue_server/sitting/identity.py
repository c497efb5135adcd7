"""Identity numbers and ticket numbers as people type them (F02, F11) and may show them (O08)."""

import unicodedata

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK = "10X98765432"
_WIDE_ENOUGH = 12  # shorter numbers show two characters at each end instead of four


def normalise(typed: str) -> str:
    """Full width to half width, letters upper case, every space and invisible character out."""
    if typed.isascii() and typed.isalnum():
        return typed.upper()  # as nearly all of them are
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")


def same_number(typed: str, registered: str) -> bool:
    """Do two numbers name the same document, whatever way they were typed?"""
    return bool(normalise(typed)) and normalise(typed) == normalise(registered)


def has_valid_checksum(number: str) -> bool:
    """Is ``number`` an 18-character identity number with the right ISO 7064 MOD 11-2 check?"""
    text = normalise(number)
    body = text[:17]
    if len(text) != 18 or not (body.isascii() and body.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return text[17] == _CHECK[total % 11]


def masked(number: str) -> str:
    """``3601**********123X``: enough to recognise one's own number, not enough to use it."""
    text = normalise(number)
    shown = 4 if len(text) >= _WIDE_ENOUGH else 2
    if len(text) <= 2 * shown:
        return "*" * len(text)
    return f"{text[:shown]}{'*' * (len(text) - 2 * shown)}{text[-shown:]}"
