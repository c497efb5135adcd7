"""Canonical JSON (RFC 8785) and SHA-256, the base of every signature and hash chain."""

import base64
import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON-like value.

    Raises:
        rfc8785.CanonicalizationError: the value is not JSON (floats NaN, integers over 2**53 …).
    """
    return rfc8785.dumps(value)


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Inverse of :func:`b64`; raises ValueError on anything else."""
    return base64.b64decode(text, validate=True)
