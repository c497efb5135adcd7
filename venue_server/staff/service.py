"""Accounts of the venue: adding people, signing in, the second person of a two-person order.

Whether a person exists cannot be learned: unknown and known people get the same codes, cost the
same work, and are locked out alike.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.staff import store
from venue_server.staff.lockout import Attempts
from venue_server.staff.passwords import HashCost, Passwords, is_too_weak
from venue_server.staff.permissions import may_second
from venue_server.staff.person import Person
from venue_server.storage.engine import Store
from venue_server.wire.messages import Second
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode

_STRANGERS_KEPT = 1000


class StaffService:
    """``now_ms`` gives exam time (for records), ``real_ms`` real time in ms (for lock-outs)."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        real_ms: Callable[[], int],
        cost: HashCost | None = None,
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._now_ms = now_ms
        self._real_ms = real_ms
        self._passwords = Passwords(cost or HashCost())
        self._strangers: dict[str, Attempts] = {}

    # ---- the roster ---------------------------------------------------------------------

    async def add(
        self,
        person_id: str,
        name: str,
        roles: Iterable[Role],
        rooms: Iterable[str],
        password: str,
        actor: str = "",
    ) -> Person | Refusal:
        """Add an account. Refused: STF-09 weak password, STF-10 the id is taken, STF-04 no role,
        or a second chief (A01)."""
        person = Person(person_id, name, frozenset(roles), frozenset(rooms))
        if is_too_weak(password):
            return Refusal(RefusalCode.PASSWORD_TOO_WEAK)
        if not person.roles:
            return Refusal(RefusalCode.ROLE_NOT_ALLOWED, person_id)
        hashed = await self._passwords.hashed(password)
        return await self._store.write(lambda tx: self._add(tx, person, hashed, actor))

    def _add(self, tx: Connection, person: Person, hashed: str, actor: str) -> Person | Refusal:
        roster = store.people(tx)
        if any(one.person_id == person.person_id for one in roster):
            return Refusal(RefusalCode.PERSON_EXISTS, person.person_id)
        if Role.CHIEF in person.roles and any(Role.CHIEF in one.roles for one in roster):
            return Refusal(RefusalCode.ROLE_NOT_ALLOWED, Role.CHIEF.value)
        store.insert(tx, person, hashed)
        roles = sorted(role.value for role in person.roles)
        self._ledger.record(
            tx,
            Event.STAFF_ADDED,
            actor,
            person=person.person_id,
            roles=roles,
            rooms=sorted(person.rooms),
        )
        return person

    def people(self) -> list[Person]:
        """Everyone, by id."""
        return self._store.read(store.people)

    def person(self, person_id: str) -> Person | None:
        """One person, or None."""
        found = self._store.read(lambda tx: store.account(tx, person_id))
        return found.person if found else None

    def signed_in(self, since_ms: int) -> list[Person]:
        """Who signed in at or after ``since_ms`` (exam time) and did not sign out (A04)."""
        return [one for one in self.people() if one.signed_in_at_ms >= max(since_ms, 1)]

    # ---- signing in ---------------------------------------------------------------------

    async def sign_in(self, person_id: str, password: str, where: str = "") -> Person | Refusal:
        """Sign a person in at the console ``where``. Refused: STF-01, STF-02 (locked)."""
        return await self._authenticate(person_id, password, where, self._sign_in)

    def _sign_in(self, tx: Connection, person: Person, where: str) -> None:
        store.set_signed_in(tx, person.person_id, self._now_ms())
        self._ledger.record(tx, Event.SIGNED_IN, person.person_id, where=where)

    async def sign_out(self, person_id: str) -> None:
        """Sign a person out; nothing happens to who is not signed in."""

        def run(tx: Connection) -> None:
            found = store.account(tx, person_id)
            if found is None or not found.person.signed_in_at_ms:
                return
            store.set_signed_in(tx, person_id, 0)
            self._ledger.record(tx, Event.SIGNED_OUT, person_id)

        await self._store.write(run)

    async def authenticate_second(
        self, first: Person, second: Second, order_name: str, where: str = ""
    ) -> Person | Refusal:
        """Check the second person of an order: the password, then the rule (D07, N03).

        Refused: STF-01, STF-02, STF-06 (the same person), STF-04 (not a role that may).
        """
        found = await self._authenticate(second.person_id, second.password, where, _not_recorded)
        if isinstance(found, Refusal):
            return found
        return may_second(first, found, order_name) or found

    async def _authenticate(
        self,
        person_id: str,
        password: str,
        where: str,
        then: Callable[[Connection, Person, str], None],
    ) -> Person | Refusal:
        account = self._store.read(lambda tx: store.account(tx, person_id))
        if self._attempts(person_id, account).is_locked(self._real_ms()):
            return await self._store.write(lambda tx: self._locked(tx, account, where))
        stored = account.password_hash if account else None
        fits = await self._passwords.fits(stored, password)
        # Many may have been asked at once: the lock counts as it is when the answer is given.
        return await self._store.write(lambda tx: self._judge(tx, person_id, fits, where, then))

    def _judge(
        self,
        tx: Connection,
        person_id: str,
        fits: bool,
        where: str,
        then: Callable[[Connection, Person, str], None],
    ) -> Person | Refusal:
        account = store.account(tx, person_id)
        attempts = self._attempts(person_id, account)
        if attempts.is_locked(self._real_ms()):
            return self._locked(tx, account, where)
        if not fits or account is None:
            self._remember(tx, person_id, account, attempts.after_failure(self._real_ms()))
            return self._refused(tx, account, where, RefusalCode.SIGN_IN_FAILED)
        self._remember(tx, person_id, account, Attempts())
        then(tx, account.person, where)
        return account.person

    def _attempts(self, person_id: str, account: store.Account | None) -> Attempts:
        return account.attempts if account else self._strangers.get(person_id, Attempts())

    def _remember(
        self, tx: Connection, person_id: str, account: store.Account | None, attempts: Attempts
    ) -> None:
        if account is not None:
            if attempts != account.attempts:
                store.set_attempts(tx, person_id, attempts)
            return
        self._strangers.pop(person_id, None)
        if len(self._strangers) >= _STRANGERS_KEPT:
            del self._strangers[next(iter(self._strangers))]
        self._strangers[person_id] = attempts

    def _locked(self, tx: Connection, account: store.Account | None, where: str) -> Refusal:
        return self._refused(tx, account, where, RefusalCode.SIGN_IN_LOCKED)

    def _refused(
        self, tx: Connection, account: store.Account | None, where: str, code: RefusalCode
    ) -> Refusal:
        # An unknown id may be a password typed into the wrong field: it is never recorded.
        person_id = account.person.person_id if account else ""
        self._ledger.record(tx, Event.SIGN_IN_REFUSED, person_id, where=where, code=code.value)
        return Refusal(code)


def _not_recorded(_tx: Connection, _person: Person, _where: str) -> None:
    """A second person confirms one order; that is not signing in."""
