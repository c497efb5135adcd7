"""What staff remembers: accounts with their hashes and failed attempts. All SQL of this stage."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from venue_server.staff.lockout import Attempts
from venue_server.staff.person import Person
from venue_server.storage.schema import staff
from venue_server.wire.names import Role


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what signing in needs."""

    person: Person
    password_hash: str
    attempts: Attempts


def insert(tx: Connection, person: Person, password_hash: str) -> None:
    """Keep a new account."""
    tx.execute(
        staff.insert().values(
            person_id=person.person_id,
            name=person.name,
            roles=",".join(sorted(person.roles)),
            rooms=",".join(sorted(person.rooms)),
            password_hash=password_hash,
        )
    )


def account(tx: Connection, person_id: str) -> Account | None:
    """One account, or None."""
    row = tx.execute(select(staff).where(staff.c.person_id == person_id)).first()
    if row is None:
        return None
    return Account(_person(row), row.password_hash, Attempts(row.failures, row.locked_until_ms))


def people(tx: Connection) -> list[Person]:
    """Everyone, by id."""
    return [_person(row) for row in tx.execute(select(staff).order_by(staff.c.person_id))]


def _person(row: Row[Any]) -> Person:
    return Person(
        person_id=row.person_id,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles.split(",")),
        rooms=frozenset(row.rooms.split(",")) if row.rooms else frozenset(),
        signed_in_at_ms=row.signed_in_at_ms,
    )


def set_attempts(tx: Connection, person_id: str, attempts: Attempts) -> None:
    """Remember failures and lock; they survive a restart."""
    tx.execute(
        update(staff)
        .where(staff.c.person_id == person_id)
        .values(failures=attempts.failures, locked_until_ms=attempts.locked_until_ms)
    )


def set_signed_in(tx: Connection, person_id: str, at_ms: int) -> None:
    """Signed in since ``at_ms``; 0 for signed out."""
    tx.execute(update(staff).where(staff.c.person_id == person_id).values(signed_in_at_ms=at_ms))
