"""Accounts of the venue: adding people, signing in, the second person of a two-person order.

Whether a person exists cannot be learned: unknown and known people get the same codes, cost the
same work, and are locked out alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.staff import store, totp
from venue_server.staff.accounts import add_account, code_as_issued
from venue_server.staff.book import StaffBook, no_session
from venue_server.staff.lockout import Attempts
from venue_server.staff.passwords import HashCost, Passwords, is_too_weak
from venue_server.staff.permissions import may_second
from venue_server.staff.person import Person
from venue_server.storage.engine import Store
from venue_server.wire.frames import Second
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode

_STRANGERS_KEPT = 1000
Then = Callable[[Connection, Person, str], None]


@dataclass(frozen=True)
class Proof:
    """What somebody typed to show who they are; ``setting`` when they came to set a password."""

    password: str
    totp: str = ""
    setting: bool = False

    def __repr__(self) -> str:
        return "Proof()"


class StaffService(StaffBook):
    """``now_ms`` gives exam time (for records), ``real_ms`` real time in ms (for lock-outs);
    ``totp_key`` opens the secrets of second factors."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        real_ms: Callable[[], int],
        cost: HashCost | None = None,
        session_id: Callable[[], str] = no_session,
        totp_key: bytes = b"",
    ) -> None:
        super().__init__(store_, ledger, now_ms, session_id)
        self.real_ms = real_ms
        self._totp_key = totp_key
        self.passwords = Passwords(cost or HashCost())
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
        """Add an account with a password, while a venue is set up. Refused: STF-09 weak password,
        STF-10 the id is taken, STF-04 no role, or a second chief (A01)."""
        person = Person(person_id, name, frozenset(roles), frozenset(rooms))
        if is_too_weak(password):
            return Refusal(RefusalCode.PASSWORD_TOO_WEAK)
        hashed = await self.passwords.hashed(password)
        return await self._store.write(
            lambda tx: add_account(tx, self._ledger, person, hashed, actor)
        )

    # ---- signing in ---------------------------------------------------------------------

    async def sign_in(
        self, person_id: str, password: str, where: str = "", totp: str = ""
    ) -> Person | Refusal:
        """Sign a person in at the console ``where``. Refused: STF-01, STF-02 (locked), PPL-01 (a
        one-time code: a password must be set first), PPL-02 and PPL-03 (second factor), PPL-04 and
        PPL-05 (not active)."""
        return await self._authenticate(person_id, Proof(password, totp), where, self._sign_in)

    def _sign_in(self, tx: Connection, person: Person, where: str) -> None:
        store.set_signed_in(tx, person.person_id, self._now_ms())
        self._ledger.record(tx, Event.SIGNED_IN, person.person_id, where=where)

    async def change_password(
        self, person_id: str, present: str, password: str, where: str = "", totp: str = ""
    ) -> Person | Refusal:
        """Set one's own password, with the present one or a one-time code. Refused: STF-09, or as
        a sign-in is."""
        if is_too_weak(password) or password == present:
            return Refusal(RefusalCode.PASSWORD_TOO_WEAK)
        # The same work whether or not there is such a person.
        hashed = await self.passwords.hashed(password)

        def keep(tx: Connection, person: Person, where: str) -> None:
            store.set_password(tx, person.person_id, hashed)
            self._ledger.record(tx, Event.PASSWORD_SET, person.person_id, where=where)

        proof = Proof(present, totp, setting=True)
        return await self._authenticate(person_id, proof, where, keep)

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
        self,
        first: Person,
        second: Second,
        order_name: str,
        where: str = "",
        room_id: str | None = None,
    ) -> Person | Refusal:
        """Check the second person of an order: the password, then the rule (D07, N03, A08).

        Refused: STF-01, STF-02, STF-06 (the same person), STF-04 (not a role that may), STF-05
        (not their room).
        """
        proof = Proof(second.password, second.totp)
        found = await self._authenticate(second.person_id, proof, where, _not_recorded)
        if isinstance(found, Refusal):
            return found
        return may_second(first, found, order_name, room_id) or found

    async def _authenticate(
        self, person_id: str, proof: Proof, where: str, then: Then
    ) -> Person | Refusal:
        account = self._store.read(lambda tx: store.account(tx, person_id))
        if self._attempts(person_id, account).is_locked(self.real_ms()):
            return await self._store.write(lambda tx: self._locked(tx, person_id, account, where))
        stored, typed = self._credential(account), proof.password
        if account is not None and not account.password_hash:
            typed = code_as_issued(typed)
        if not await self.passwords.fits(stored, typed):
            stored = None
        # Many may have been asked at once: the lock counts as it is when the answer is given.
        return await self._store.write(
            lambda tx: self._judge(tx, person_id, stored, proof, where, then)
        )

    def _credential(self, account: store.Account | None) -> str | None:
        """The hash that must fit: of the password, before there is one of a valid one-time code."""
        if account is None:
            return None
        valid = self._now_ms() < account.code_until_ms
        return account.password_hash or (account.code_hash if valid else "") or None

    def _judge(
        self,
        tx: Connection,
        person_id: str,
        fitting: str | None,
        proof: Proof,
        where: str,
        then: Then,
    ) -> Person | Refusal:
        account = store.account(tx, person_id)
        attempts = self._attempts(person_id, account)
        if attempts.is_locked(self.real_ms()):
            return self._locked(tx, person_id, account, where)
        # Another password may have been set while this one was looked at.
        if account is None or fitting is None or fitting != self._credential(account):
            self._remember(tx, person_id, account, attempts.after_failure(self.real_ms()))
            return self._refused(tx, account, where, RefusalCode.SIGN_IN_FAILED)
        code = self._second_factor(tx, account, proof.totp)
        if code is RefusalCode.TOTP_WRONG:
            self._remember(tx, person_id, account, attempts.after_failure(self.real_ms()))
        code = code or self._not_now(account, proof)
        if code is not None:
            return self._refused(tx, account, where, code)
        self._remember(tx, person_id, account, Attempts())
        then(tx, account.person, where)
        everyone = self.people_in(tx, self._session_id())
        return next(one for one in everyone if one.person_id == person_id)

    def _second_factor(
        self, tx: Connection, account: store.Account, code: str
    ) -> RefusalCode | None:
        """Use up a code of the second factor, where there is one (RFC 6238: each once)."""
        if not account.totp_on:
            return None
        if not code.strip():
            return RefusalCode.TOTP_NEEDED
        person_id = account.person.person_id
        secret = totp.opened(self._totp_key, person_id, account.totp_sealed)
        step = (
            totp.matching_step(secret, code, self._now_ms(), account.totp_step) if secret else None
        )
        used = step is not None and store.use_totp(tx, person_id, step)
        return None if used else RefusalCode.TOTP_WRONG

    def _not_now(self, account: store.Account, proof: Proof) -> RefusalCode | None:
        """Told only to whoever has shown who they are."""
        if account.disabled_at_ms:
            return RefusalCode.ACCOUNT_DISABLED
        if not account.active_at(self._now_ms()):
            return RefusalCode.ACCOUNT_NOT_VALID
        if not account.password_hash and not proof.setting:
            return RefusalCode.PASSWORD_TO_SET
        return None

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

    def _locked(
        self, tx: Connection, person_id: str, account: store.Account | None, where: str
    ) -> Refusal:
        """Says how long: nobody has to guess while a room waits."""
        refused = self._refused(tx, account, where, RefusalCode.SIGN_IN_LOCKED)
        left = self._attempts(person_id, account).left_s(self.real_ms())
        return Refusal(refused.code, f"{left // 60:02}:{left % 60:02}")

    def _refused(
        self, tx: Connection, account: store.Account | None, where: str, code: RefusalCode
    ) -> Refusal:
        # An unknown id may be a password typed into the wrong field: it is never recorded.
        person_id = account.person.person_id if account else ""
        self._ledger.record(tx, Event.SIGN_IN_REFUSED, person_id, where=where, code=code.value)
        return Refusal(code)


def _not_recorded(_tx: Connection, _person: Person, _where: str) -> None:
    """A second person confirms one order; that is not signing in."""
