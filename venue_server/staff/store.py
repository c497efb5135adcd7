"""What staff remembers: accounts with their hashes and failed attempts. All SQL of this stage."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from venue_server.staff.lockout import Attempts
from venue_server.staff.person import Person
from venue_server.storage.schema import staff
from venue_server.wire.names import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A person as registered, and when they may act."""

    person: Person
    valid_from_ms: int = 0
    valid_until_ms: int = 0
    disabled_at_ms: int = 0
    disabled_reason: str = ""
    agreement: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.person.person_id!r})"

    def active_at(self, now_ms: int) -> bool:
        """May this person act at all at that instant?"""
        ended = 0 < self.valid_until_ms <= now_ms
        return not self.disabled_at_ms and not ended and self.valid_from_ms <= now_ms


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Account(Registered):
    """A person with what signing in needs. ``totp_sealed`` is empty without a second factor."""

    password_hash: str
    attempts: Attempts
    code_hash: str = ""
    code_until_ms: int = 0
    totp_sealed: str = ""
    totp_on: bool = False
    totp_step: int = 0


def insert(
    tx: Connection,
    person: Person,
    password_hash: str,
    valid_from_ms: int = 0,
    valid_until_ms: int = 0,
) -> None:
    """Keep a new account; an empty hash fits no password."""
    tx.execute(
        staff.insert().values(
            person_id=person.person_id,
            password_hash=password_hash,
            valid_from_ms=valid_from_ms,
            valid_until_ms=valid_until_ms,
            **_columns(person),
        )
    )


def complete(tx: Connection, person: Person) -> None:
    """The name, roles and rooms of an account are now these."""
    _set(tx, person.person_id, **_columns(person))


def _columns(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "roles": ",".join(sorted(person.roles)),
        "rooms": ",".join(sorted(person.rooms)),
        "planned": int(person.planned),
    }


def account(tx: Connection, person_id: str) -> Account | None:
    """One account, or None."""
    row = tx.execute(select(staff).where(staff.c.person_id == person_id)).first()
    return _account(row) if row is not None else None


def accounts(tx: Connection) -> list[Account]:
    """Every account, by id."""
    return [_account(row) for row in tx.execute(select(staff).order_by(staff.c.person_id))]


_REGISTERED = (
    *(staff.c.person_id, staff.c.name, staff.c.roles, staff.c.rooms, staff.c.planned),
    *(staff.c.signed_in_at_ms, staff.c.valid_from_ms, staff.c.valid_until_ms),
    *(staff.c.disabled_at_ms, staff.c.disabled_reason, staff.c.agreement),
)


def registered(tx: Connection) -> list[Registered]:
    """Everyone as they were registered, by id, without what opens their accounts."""
    query = select(*_REGISTERED).order_by(staff.c.person_id)
    return [Registered(**_registration(row)) for row in tx.execute(query)]


def people(tx: Connection) -> list[Person]:
    """Everyone as they were registered, by id."""
    return [one.person for one in registered(tx)]


def _account(row: Row[Any]) -> Account:
    return Account(
        **_registration(row),
        password_hash=row.password_hash,
        attempts=Attempts(row.failures, row.locked_until_ms),
        code_hash=row.code_hash,
        code_until_ms=row.code_until_ms,
        totp_sealed=row.totp_sealed,
        totp_on=bool(row.totp_on),
        totp_step=row.totp_step,
    )


def _registration(row: Any) -> dict[str, Any]:
    return {
        "person": _person(row),
        "valid_from_ms": row.valid_from_ms,
        "valid_until_ms": row.valid_until_ms,
        "disabled_at_ms": row.disabled_at_ms,
        "disabled_reason": row.disabled_reason,
        "agreement": row.agreement,
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        person_id=row.person_id,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles.split(",") if role),
        rooms=frozenset(row.rooms.split(",")) if row.rooms else frozenset(),
        signed_in_at_ms=row.signed_in_at_ms,
        planned=bool(row.planned),
    )


def _set(tx: Connection, person_id: str, **values: object) -> None:
    tx.execute(update(staff).where(staff.c.person_id == person_id).values(**values))


def set_attempts(tx: Connection, person_id: str, attempts: Attempts) -> None:
    """Remember failures and lock; they survive a restart."""
    _set(tx, person_id, failures=attempts.failures, locked_until_ms=attempts.locked_until_ms)


def set_signed_in(tx: Connection, person_id: str, at_ms: int) -> None:
    """Signed in since ``at_ms``; 0 for signed out."""
    _set(tx, person_id, signed_in_at_ms=at_ms)


def set_code(tx: Connection, person_id: str, code_hash: str, until_ms: int) -> None:
    """A one-time code in place of any earlier one."""
    _set(tx, person_id, code_hash=code_hash, code_until_ms=until_ms)


def set_password(tx: Connection, person_id: str, password_hash: str) -> None:
    """The person's own password; a code that led here is used up."""
    _set(tx, person_id, password_hash=password_hash, code_hash="", code_until_ms=0)


def set_disabled(tx: Connection, person_id: str, at_ms: int, reason: str) -> None:
    """Disabled since ``at_ms``, and signed out; 0 for enabled again."""
    values: dict[str, object] = {"disabled_at_ms": at_ms, "disabled_reason": reason}
    _set(tx, person_id, **values, **({"signed_in_at_ms": 0} if at_ms else {}))


def set_totp(tx: Connection, person_id: str, sealed: str, on: bool) -> None:
    """A second factor, confirmed or not yet; an empty one for none."""
    _set(tx, person_id, totp_sealed=sealed, totp_on=int(on), totp_step=0)


def use_totp(tx: Connection, person_id: str, step: int) -> bool:
    """Use up a time step; False when it, or a later one, was used before."""
    done = tx.execute(
        update(staff)
        .where(staff.c.person_id == person_id, staff.c.totp_step < step)
        .values(totp_step=step, totp_on=1)
    )
    return done.rowcount == 1


def set_agreement(tx: Connection, person_id: str, reference: str) -> None:
    """Where the signed undertakings of this person are kept (B05)."""
    _set(tx, person_id, agreement=reference)
