"""People's names as the field wants them kept (REQUIREMENTS §11; 民委发〔2016〕33号).

The separator of a transliterated name is U+00B7, a name may have 50 characters, and every character
of GB 18030 may stand in it: that is all of Unicode but for lone surrogates, which cannot be seen.
What only looks like the separator is refused where the plan is made, so that a name is the same
string everywhere; people searching for it may type any of the dots.
"""

import unicodedata

MAX_NAME = 50
SEPARATOR = "\u00b7"
LOOK_ALIKES = frozenset(map(chr, (0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65)))
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def name_problem(name: str) -> str:
    """What is wrong with a name, without repeating it (O08); empty: nothing."""
    if not 0 < len(name) <= MAX_NAME:
        return f"a name is empty or longer than {MAX_NAME} characters"
    if name != name.strip():
        return "a name begins or ends with a space"
    if any(unicodedata.category(character) in _UNSEEN for character in name):
        return "a name holds a character that cannot be seen"
    if not unicodedata.is_normalized("NFC", name):
        return "a name is not in Unicode form NFC"
    if LOOK_ALIKES & frozenset(name):
        return "the separator in a name must be U+00B7"
    return ""
