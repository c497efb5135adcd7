"""Canonical JSON (RFC 8785) and SHA-256, the base of every signature and hash chain."""

import base64
import hashlib
from typing import Any

import msgspec
import rfc8785

SAFE = 2**53
"""Whole numbers of this size and beyond are not exact everywhere (RFC 8785, 3.2.2.3)."""
_sorted_keys = msgspec.json.Encoder(order="deterministic")


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON-like value.

    Every answer saved is hashed in this form, so what is plain goes through an encoder in C that
    gives the same bytes in a tenth of the time (tests/wire/test_canonical.py).

    Raises:
        rfc8785.CanonicalizationError: the value is not JSON (floats NaN, integers over 2**53 …).
    """
    return plainly(value) or rfc8785.dumps(value)


def plainly(value: Any) -> bytes | None:
    """The RFC 8785 bytes of what is plain, by an encoder in C; None for anything else."""
    if _is_plain(value):
        try:
            return _sorted_keys.encode(value)
        except UnicodeEncodeError:
            pass  # half a character: slower ones say so in their own words
    return None


def _is_plain(value: Any) -> bool:
    """No number whose text is a matter of rules, no key that UTF-16 would sort elsewhere, and
    nothing but JSON's own types."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -SAFE < int(value) < SAFE
    # Strings are most of what there is: looked at here, not in a call each.
    if kind is dict:
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(inner) is not str and not _is_plain(inner):
                return False
        return True
    if kind is list:
        return all(type(inner) is str or _is_plain(inner) for inner in value)
    return False


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Inverse of :func:`b64`; raises ValueError on anything else, unused bits that are set too:
    one value has one text, so that no bit of a signed file can be turned unnoticed."""
    data = base64.b64decode(text, validate=True)
    if len(data) % 3 and b64(data)[-4:] != text[-4:]:
        raise ValueError("not canonical base64")
    return data
