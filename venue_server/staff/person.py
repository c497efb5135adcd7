"""A member of staff as the rules see them; no secret in it."""

import re
from dataclasses import dataclass

from venue_server.wire.names import Role

_ID = re.compile(r"\w[\w.-]{0,63}")

NO_ROOM = "-"
"""Stands in ``rooms`` of who is bound to rooms and has none yet: no plan can name a room so."""


@dataclass(frozen=True, slots=True)
class Person:
    """``rooms`` empty means all rooms; ``signed_in_at_ms`` is exam time, 0 when signed out.

    ``active`` is False for who may not act now: disabled, or outside their account's time.
    ``planned`` is True for who stands on headquarters' signed roster (A15).
    """

    person_id: str
    name: str
    roles: frozenset[Role]
    rooms: frozenset[str]
    signed_in_at_ms: int = 0
    active: bool = True
    planned: bool = False


def is_id(text: str) -> bool:
    """An id as the plan's ids are: it may stand in a list with commas, and in a file name."""
    return _ID.fullmatch(text) is not None
