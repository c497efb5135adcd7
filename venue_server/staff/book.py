"""The reading side of staff: everyone as they may act now.

Whoever asks for a person gets the effective one: their roles and rooms at this instant, with what
was delegated, drawn and decided (``duty/effective.py``).
"""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.staff import store
from venue_server.staff.duty import store as duty_store
from venue_server.staff.duty.effective import effective
from venue_server.staff.duty.rows import Duty
from venue_server.staff.person import Person
from venue_server.storage.engine import Store


def no_session() -> str:
    """For a service outside of any session (setting up a stopped venue)."""
    return ""


class StaffBook:
    """``now_ms`` gives exam time; ``session_id`` the session whose rooms count now."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        session_id: Callable[[], str] = no_session,
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._now_ms = now_ms
        self._session_id = session_id

    def people(self) -> list[Person]:
        """Everyone as they may act now, by id."""
        return self._now(*self._known())

    def people_in(self, tx: Connection, session_id: str) -> list[Person]:
        """Everyone as a transaction sees them."""
        return self._now(*_everyone(tx, session_id))

    def _now(self, registered: list[store.Registered], duty: Duty) -> list[Person]:
        now_ms = self._now_ms()
        return effective([as_registered(one, now_ms) for one in registered], duty, now_ms)

    def person(self, person_id: str) -> Person | None:
        """One person as they may act now, or None."""
        return next((one for one in self.people() if one.person_id == person_id), None)

    def registered(self) -> list[store.Registered]:
        """Everyone as they are registered."""
        registered, _duty = self._known()
        return registered

    def _known(self) -> tuple[list[store.Registered], Duty]:
        return self._store.known_read(_everyone, self._session_id())

    def accounts(self) -> list[store.Account]:
        """Everyone's account as it is registered."""
        return self._store.read(store.accounts)

    def signed_in(self, since_ms: int) -> list[Person]:
        """Who signed in at or after ``since_ms`` (exam time) and did not sign out (A04)."""
        since_ms = max(since_ms, 1)
        return [one for one in self.people() if one.active and one.signed_in_at_ms >= since_ms]


def _everyone(tx: Connection, session_id: str) -> tuple[list[store.Registered], Duty]:
    """In one look: no duty of somebody who is not registered yet."""
    return store.registered(tx), duty_store.duty(tx, session_id)


def as_registered(registered: store.Registered, now_ms: int) -> Person:
    """The person, active or not at that instant."""
    one = registered.person
    return Person(
        one.person_id,
        one.name,
        one.roles,
        one.rooms,
        one.signed_in_at_ms,
        registered.active_at(now_ms),
        one.planned,
    )
