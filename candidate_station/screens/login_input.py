"""What a candidate types at log-in, made comparable (F11).

Full-width digits and letters, any kind of space, and a small x are the same number typed by
somebody with an input method on; hyphens inside an admission ticket stay as typed.
"""

import unicodedata


def normalise(typed: str) -> str:
    """Half-width, no spaces, upper case."""
    half = unicodedata.normalize("NFKC", typed)
    return "".join(c for c in half if not c.isspace() and c not in _INVISIBLE).upper()


# Zero-width characters that scanners and input methods leave behind.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
