"""Passwords: argon2id in a worker thread, so that nobody's sign-in stops the answers."""

import asyncio
import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from venue_server.storage import background

MIN_LENGTH = 12
_AT_ONCE = 2  # each takes the full memory cost


@dataclass(frozen=True)
class HashCost:
    """Cost of argon2id; the defaults are RFC 9106's second choice (64 MiB, three passes)."""

    time: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


class Passwords:
    """Makes and checks password hashes."""

    def __init__(self, cost: HashCost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.time,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._gate = asyncio.Semaphore(_AT_ONCE)
        # Checked for people who do not exist, so that they cost the same work.
        self._nobody = self._hasher.hash("nobody has this password")

    async def hashed(self, password: str) -> str:
        """The argon2id string to store."""
        async with self._gate:
            return await background.quick(self._hasher.hash, _prepared(password))

    async def fits(self, stored: str | None, password: str) -> bool:
        """Does the password fit? ``stored`` None (nobody) takes as long and never fits."""
        async with self._gate:
            fits = await background.quick(self._verify, stored or self._nobody, password)
        return fits and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _prepared(password))
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


def is_too_weak(password: str) -> bool:
    """Fewer than twelve characters?"""
    return len(_prepared(password)) < MIN_LENGTH


def _prepared(password: str) -> str:
    return unicodedata.normalize("NFC", password)  # the same whichever keyboard typed it
