"""A member of staff as the rules see them; no secret in it."""

from dataclasses import dataclass

from venue_server.wire.names import Role


@dataclass(frozen=True, slots=True)
class Person:
    """``rooms`` empty means all rooms; ``signed_in_at_ms`` is exam time, 0 when signed out."""

    person_id: str
    name: str
    roles: frozenset[Role]
    rooms: frozenset[str]
    signed_in_at_ms: int = 0
