"""The room start code (考场启动码, E04): six digits told in the room once its papers are released.

Stations get a salted SHA-256 of the code, so that they check it when the server is gone. Six digits
can be tried out in no time: the code keeps a candidate from opening early by hand, and is nothing
against whoever controls the station.
"""

import hashlib
import hmac
import unicodedata

from venue_server.wire.frames import Part

LENGTH = 6


class StartCodeSeal(Part, frozen=True):
    """``digest`` is SHA-256 of salt, ``:`` and the code (ASCII), in lower-case hexadecimal; the
    salt is random for each room and session."""

    salt: str
    digest: str


def seal_start_code(code: str, salt: str) -> StartCodeSeal:
    """What a station is told instead of the code."""
    return StartCodeSeal(salt, _digest(code, salt))


def is_start_code(seal: StartCodeSeal, typed: str) -> bool:
    """Is what was typed the room's code? Full-width digits and spaces are no difference."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    return hmac.compare_digest(_digest(plain, seal.salt), seal.digest)


def _digest(code: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
