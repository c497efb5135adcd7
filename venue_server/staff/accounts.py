"""What administrators do with accounts: codes, ends, second factors; and the signed roster.

Every order names the two people (or the one) who gave it; who may is decided at the desk.
"""

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.staff import store, totp
from venue_server.staff.lockout import Attempts
from venue_server.staff.passwords import Passwords
from venue_server.staff.person import NO_ROOM, Person, is_id
from venue_server.staff.roster import RosterEntry, changes
from venue_server.storage.engine import Store
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

CODE_VALID_MS = 72 * 3600 * 1000
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is mistaken on paper
_CODE_LETTERS = 12  # 60 bits, behind the same lock-out as a password
_MISREAD = str.maketrans("ILO", "110")


def new_code() -> str:
    """A one-time code as it is printed: three groups of four."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_LETTERS, 4))


def code_as_issued(typed: str) -> str:
    """A code however it was typed: without its hyphens, small, a letter misread."""
    plain = "".join(each for each in typed.upper() if each.isalnum())
    return plain.translate(_MISREAD)


def add_account(
    tx: Connection,
    ledger: Ledger,
    person: Person,
    password_hash: str,
    actor: str,
    **more: int,
) -> Person | Refusal:
    """Add one account. STF-10 the id is taken, STF-04 no role or a second chief (A01)."""
    if not person.roles:
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, person.person_id)
    known = store.people(tx)
    if any(one.person_id == person.person_id for one in known):
        return Refusal(RefusalCode.PERSON_EXISTS, person.person_id)
    if Role.CHIEF in person.roles and any(Role.CHIEF in one.roles for one in known):
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, Role.CHIEF.value)
    store.insert(tx, person, password_hash, **more)
    record_person(tx, ledger, Event.STAFF_ADDED, person, actor)
    return person


def record_person(tx: Connection, ledger: Ledger, event: Event, person: Person, actor: str) -> None:
    """Tell the ledger who somebody is now."""
    ledger.record(
        tx,
        event,
        actor,
        person=person.person_id,
        roles=sorted(role.value for role in person.roles),
        rooms=sorted(person.rooms),
    )


def disable_in(
    tx: Connection, ledger: Ledger, person_id: str, reason: str, by: str, at_ms: int
) -> None:
    """Disable an account inside a transaction: nothing is ordered or signed with it from now on."""
    store.set_disabled(tx, person_id, at_ms, reason)
    ledger.record(tx, Event.STAFF_DISABLED, by, person=person_id, reason=reason)


class Accounts:
    """``key`` seals second factors; ``venue`` names them in somebody's authenticator."""

    def __init__(
        self, store_: Store, ledger: Ledger, passwords: Passwords, key: bytes, venue: str
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._passwords = passwords
        self._key = key
        self._venue = venue

    # ---- the signed roster ---------------------------------------------------------------

    async def level(self, entries: Sequence[RosterEntry], inspectors_ms: tuple[int, int]) -> int:
        """Make and complete the accounts of a signed roster (A15); how many changed. Again is
        harmless. ``inspectors_ms``: from and until when a roster's inspector may look (A12)."""
        return await self._store.write(lambda tx: self._level(tx, entries, inspectors_ms))

    def _level(
        self, tx: Connection, entries: Sequence[RosterEntry], inspectors_ms: tuple[int, int]
    ) -> int:
        found = changes(store.people(tx), entries)
        for each in found:
            if each.before is None:
                looks_only = each.after.roles == {Role.INSPECTOR}
                store.insert(tx, each.after, "", *(inspectors_ms if looks_only else (0, 0)))
                record_person(tx, self._ledger, Event.STAFF_ADDED, each.after, "")
            else:
                store.complete(tx, each.after)
                record_person(tx, self._ledger, Event.STAFF_COMPLETED, each.after, "")
        return len(found)

    async def add(self, person: Person, until_ms: int, reason: str, by: str) -> Person | Refusal:
        """A local addition, without a password. REL-13 no reason; PPL-05 an inspector without an
        end (A12); PPL-16 no id, name or room; STF-04, STF-10."""
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        ids = [person.person_id, *(person.rooms - {NO_ROOM})]
        if not person.name or not all(map(is_id, ids)):
            return Refusal(RefusalCode.ASSIGNMENT_INVALID, person.person_id)
        if Role.INSPECTOR in person.roles and not until_ms:
            return Refusal(RefusalCode.ACCOUNT_NOT_VALID, person.person_id)
        return await self._store.write(
            lambda tx: add_account(tx, self._ledger, person, "", by, valid_until_ms=until_ms)
        )

    # ---- codes and locks -----------------------------------------------------------------

    async def issue_code(
        self, person_id: str, by: Sequence[str], now_ms: int, head_agrees: bool
    ) -> str | Refusal:
        """A one-time code for somebody else; their password ends now. STF-08, PPL-04, PPL-06.

        In place of a password that was set, only where the chief or a deputy agrees (PPL-17): two
        administrators alone never get into an account that somebody uses.
        """
        if person_id in by:
            return Refusal(RefusalCode.NOT_YOURSELF, person_id)
        code = new_code()
        hashed = await self._passwords.hashed(code_as_issued(code))

        def run(tx: Connection) -> None:
            account = self._account(tx, person_id)
            if account.disabled_at_ms:
                raise RefusedError(Refusal(RefusalCode.ACCOUNT_DISABLED, person_id))
            if account.password_hash and not head_agrees:
                raise RefusedError(Refusal(RefusalCode.HEAD_MUST_AGREE, person_id))
            store.set_password(tx, person_id, "")
            store.set_code(tx, person_id, hashed, now_ms + CODE_VALID_MS)
            store.set_signed_in(tx, person_id, 0)
            self._ledger.record(tx, Event.CODE_ISSUED, ",".join(by), person=person_id)

        return await self._order(run) or code

    async def unlock(self, person_id: str, by: str) -> Refusal | None:
        """Lift a lock-out. STF-08, PPL-06."""
        if person_id == by:
            return Refusal(RefusalCode.NOT_YOURSELF, person_id)

        def run(tx: Connection) -> None:
            self._account(tx, person_id)
            store.set_attempts(tx, person_id, Attempts())
            self._ledger.record(tx, Event.STAFF_UNLOCKED, by, person=person_id)

        return await self._order(run)

    async def disable(
        self, person_id: str, reason: str, by: Sequence[str], now_ms: int
    ) -> Refusal | None:
        """Nothing is done with this account from now on. STF-08, PPL-06, REL-13."""
        if person_id in by:
            return Refusal(RefusalCode.NOT_YOURSELF, person_id)
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> None:
            self._account(tx, person_id)
            disable_in(tx, self._ledger, person_id, reason, ",".join(by), now_ms)

        return await self._order(run)

    async def enable(self, person_id: str, reason: str, by: Sequence[str]) -> Refusal | None:
        """The account may be used again. STF-08, PPL-06, REL-13."""
        if person_id in by:
            return Refusal(RefusalCode.NOT_YOURSELF, person_id)
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> None:
            self._account(tx, person_id)
            store.set_disabled(tx, person_id, 0, "")
            self._ledger.record(
                tx, Event.STAFF_ENABLED, ",".join(by), person=person_id, reason=reason
            )

        return await self._order(run)

    async def record_agreement(self, person_id: str, reference: str, by: str) -> Refusal | None:
        """Where a person's undertakings are kept; empty takes the tick back (B05). STF-08."""

        def run(tx: Connection) -> None:
            self._account(tx, person_id)
            store.set_agreement(tx, person_id, reference.strip())
            self._ledger.record(
                tx, Event.AGREEMENT_RECORDED, by, person=person_id, reference=reference.strip()
            )

        return await self._order(run)

    # ---- the second factor ---------------------------------------------------------------

    async def begin_totp(self, person_id: str) -> str | Refusal:
        """A new second factor that waits for its first code; its ``otpauth://`` address, told this
        once. PPL-06 where one is in force: that takes two other people to remove."""
        secret = totp.new_secret()
        sealed = totp.sealed(self._key, person_id, secret)

        def run(tx: Connection) -> None:
            if self._account(tx, person_id).totp_on:
                raise RefusedError(Refusal(RefusalCode.NOT_YOURSELF, person_id))
            store.set_totp(tx, person_id, sealed, on=False)

        return await self._order(run) or totp.uri(secret, person_id, self._venue)

    async def confirm_totp(self, person_id: str, code: str, now_ms: int) -> Refusal | None:
        """From now on a code is needed. PPL-03."""

        def run(tx: Connection) -> None:
            account = self._account(tx, person_id)
            secret = totp.opened(self._key, person_id, account.totp_sealed)
            step = totp.matching_step(secret, code, now_ms, account.totp_step) if secret else None
            if step is None or account.totp_on or not store.use_totp(tx, person_id, step):
                raise RefusedError(Refusal(RefusalCode.TOTP_WRONG, person_id))
            self._ledger.record(tx, Event.TOTP_SET, person_id)

        return await self._order(run)

    async def reset_totp(self, person_id: str, by: Sequence[str]) -> Refusal | None:
        """The password alone is enough again. STF-08, PPL-06."""
        if person_id in by:
            return Refusal(RefusalCode.NOT_YOURSELF, person_id)

        def run(tx: Connection) -> None:
            self._account(tx, person_id)
            store.set_totp(tx, person_id, "", on=False)
            self._ledger.record(tx, Event.TOTP_REMOVED, ",".join(by), person=person_id)

        return await self._order(run)

    # ---- one way to refuse ---------------------------------------------------------------

    def _account(self, tx: Connection, person_id: str) -> store.Account:
        found = store.account(tx, person_id)
        if found is None:
            raise RefusedError(Refusal(RefusalCode.PERSON_UNKNOWN, person_id))
        return found

    async def _order(self, run: Callable[[Connection], None]) -> Refusal | None:
        try:
            await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        return None
