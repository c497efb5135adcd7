"""The release of a session's paper: armed by two people, opened by headquarters' secret, in time.

States of one release: nothing -> armed -> released, with the secret arriving on its own way (token
or code) at any time after the release point. The content key exists in memory only, from the
release until the session is wiped; after a restart it is derived again from the same inputs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.clock import VenueClock
from venue_server.intake.papers import HeldPaper
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release import store as rows
from venue_server.release.schedule import ReleaseFacts, effective_start, may_release
from venue_server.sitting.rows import Session
from venue_server.sitting.service import SittingService
from venue_server.stations.delivery import ReleasedForm
from venue_server.storage.engine import Store
from venue_server.trusted_time.states import Use
from venue_server.vault import slip39
from venue_server.vault.keys import check_release_secret, derive_content_key
from venue_server.vault.offline_code import check_code_share, combine_code
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import recover_secret
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.process_memory import overwrite
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

TOKEN, CODE = "token", "code"  # names of the two ways


@dataclass(frozen=True)
class ReleaseKeys:
    """What opens a paper here: the venue's own key, and whom to believe."""

    venue_id: str
    venue_private: HpkePrivate
    headquarters: dict[str, Ed25519PublicKey]
    threshold: int


class Releases:
    """The releases of the venue's sessions."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        clock: VenueClock,
        sittings: SittingService,
        keys: ReleaseKeys,
        lead_s: float,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._sittings = sittings
        self._keys = keys
        self._lead_s = lead_s
        self._changed = changed
        self._code_shares: dict[str, dict[str, str]] = {}
        self._recovered: dict[str, bytes] = {}
        self._recorded: dict[str, tuple[RefusalCode, bytes]] = {}
        self._contradicted: dict[str, bytes] = {}

    def state(self, session_id: str) -> rows.Release:
        """What happened so far."""
        return self._store.read(lambda tx: rows.release_of(tx, session_id))

    # ---- arming --------------------------------------------------------------------------

    async def arm(self, session_id: str, first: str, second: str) -> Refusal | None:
        """Two people arm the release (E01, D07)."""

        def also(tx: Connection) -> None:
            persons = f"{first},{second}"
            if not rows.arm(tx, session_id, persons, self._clock.now_ms()):
                raise RefusedError(Refusal(RefusalCode.RELEASE_DONE))
            self._ledger.record(tx, Event.RELEASE_ARMED, first, session=session_id, second=second)

        refusal = await self._sittings.arm_session(session_id, also)
        if refusal is None:
            self._changed()
        return refusal

    # ---- the secret ----------------------------------------------------------------------

    async def take_token(self, session: Session, paper: HeldPaper, data: bytes) -> Refusal | None:
        """Headquarters' token arrived. Foreign or wrong ones are refused and recorded. One that
        headquarters published early is held; it opens nothing before the release point."""
        secret = read_release_token(
            data, paper.manifest, self._keys.headquarters, self._keys.threshold
        )
        if isinstance(secret, Refusal):
            await self._refused_once(session.session_id, secret, data)
            return secret
        return await self._hold(session.session_id, paper, secret, TOKEN)

    async def enter_code_share(
        self, session: Session, paper: HeldPaper, person_id: str, words: str
    ) -> bool | Refusal:
        """One custodian's words; True when the code is complete. Two different people with two
        different shares, and only after the release point by trusted time (E03)."""
        shares = self._code_shares.setdefault(session.session_id, {})
        refusal = self._may_enter(session.session_id, paper, shares, person_id, words)
        if refusal is not None:
            await self._refused(session.session_id, refusal)
            return refusal
        shares[person_id] = slip39.tidy(words)
        await self._ledger.note(
            Event.RELEASE_CODE_ENTERED, person_id, session=session.session_id, shares=len(shares)
        )
        if len(shares) < 2:
            return False
        secret = combine_code(shares.values(), paper.manifest)
        if isinstance(secret, Refusal):
            shares.clear()
            await self._refused(session.session_id, secret)
            return secret
        shares.clear()
        return await self._hold(session.session_id, paper, secret, CODE) or True

    def _may_enter(
        self,
        session_id: str,
        paper: HeldPaper,
        shares: dict[str, str],
        person_id: str,
        words: str,
    ) -> Refusal | None:
        if self.state(session_id).released_at_ms is not None:
            return Refusal(RefusalCode.RELEASE_DONE)
        refusal = self._too_early(paper) or check_code_share(words)
        if refusal is None and (person_id in shares or slip39.tidy(words) in shares.values()):
            return Refusal(RefusalCode.CODE_SAME_PERSON)
        return refusal

    async def _hold(
        self, session_id: str, paper: HeldPaper, secret: bytes, way: str
    ) -> Refusal | None:
        held = json.dumps({"release_secret": b64(secret)})

        def run(tx: Connection) -> None:
            if rows.hold_token(tx, session_id, held, way):
                self._ledger.record(tx, Event.RELEASE_TOKEN_HELD, session=session_id, way=way)

        await self._store.write(run)
        self._changed()
        return None

    def _too_early(self, paper: HeldPaper) -> Refusal | None:
        """Time is the code's only lock: it must be strong, and surely past the release point."""
        if not self._clock.allows(Use.CODE):
            return Refusal(RefusalCode.CLOCK_UNTRUSTED)
        if self._clock.certain() < paper.manifest.release_at_ms:
            return Refusal(RefusalCode.RELEASE_TOO_EARLY)
        return None

    async def _refused(self, session_id: str, refusal: Refusal) -> None:
        await self._ledger.note(Event.RELEASE_REFUSED, session=session_id, code=refusal.code.value)

    async def _refused_once(self, session_id: str, refusal: Refusal, cause: bytes = b"") -> None:
        """What the clockwork tries again and again is recorded once for each cause."""
        found = (refusal.code, cause)
        if self._recorded.get(session_id) != found:
            self._recorded[session_id] = found
            await self._refused(session_id, refusal)

    # ---- confirmation of a release by code (F5) --------------------------------------------

    def unconfirmed(self, session_id: str) -> bool:
        """Released by the sealed code, and headquarters' token has not confirmed it yet."""
        held = self.state(session_id)
        done = held.released_at_ms is not None and held.way == CODE
        return done and held.confirmed_at_ms is None

    async def confirm(self, session: Session, paper: HeldPaper, data: bytes) -> Refusal | None:
        """Headquarters' token arrived after the code had opened the paper: the same secret closes
        the matter, anything else is an alarm and goes into the ledger once."""
        session_id = session.session_id
        secret = read_release_token(
            data, paper.manifest, self._keys.headquarters, self._keys.threshold
        )
        if isinstance(secret, Refusal):
            if self._contradicted.get(session_id) != data:
                self._contradicted[session_id] = data
                await self._ledger.note(
                    Event.RELEASE_CONTRADICTED, session=session_id, code=secret.code.value
                )
            return secret
        self._contradicted.pop(session_id, None)

        def run(tx: Connection) -> None:
            if rows.confirm(tx, session_id, self._clock.now_ms()):
                self._ledger.record(tx, Event.RELEASE_CONFIRMED, session=session_id)

        await self._store.write(run)
        return None

    def contradicted(self, session_id: str) -> bool:
        """Headquarters' token did not fit what the code opened."""
        return session_id in self._contradicted

    # ---- the release ---------------------------------------------------------------------

    def prepare(self, session_id: str, paper: HeldPaper) -> Refusal | None:
        """Combine the fragments' shares shortly before the release point, so that at the instant
        only one key derivation is left. S alone opens nothing (D11)."""
        if session_id not in self._recovered:
            secret = recover_secret(
                paper.sealed_shares(),
                paper.manifest,
                self._keys.venue_id,
                self._keys.venue_private,
            )
            if isinstance(secret, Refusal):
                return secret
            self._recovered[session_id] = secret
        return None

    async def release(self, session: Session, paper: HeldPaper) -> ReleasedForm | Refusal:
        """Release if the rule allows it now; durable before the key leaves this function."""
        held = self.state(session.session_id)
        facts = ReleaseFacts(
            now_ms=self._clock.certain(),
            clock_trusted=self._clock.allows(Use.CODE if held.way == CODE else Use.TOKEN),
            release_at_ms=paper.manifest.release_at_ms,
            package_complete=True,
            armed=held.armed_at_ms is not None,
            secret_present=held.token is not None,
            released=held.released_at_ms is not None,
        )
        refusal = may_release(facts)
        if refusal is not None:
            return refusal
        key = self._content_key(session.session_id, paper, held)
        if isinstance(key, Refusal):
            await self._refused_once(session.session_id, key)
            return key
        start = effective_start(
            self._clock.now(),
            session.planned.start_ms,
            self._lead_s,
            self._clock.rate,
            self._clock.ahead_ms(),
        )

        def also(tx: Connection) -> None:
            at_ms = self._clock.now_ms()
            if not rows.released(tx, session.session_id, at_ms):
                raise RefusedError(Refusal(RefusalCode.RELEASE_DONE))
            paper.mark_released(tx)
            self._ledger.record(
                tx,
                Event.RELEASED,
                session=session.session_id,
                package=paper.manifest.package_id,
                way=held.way or "",
                effective_start_ms=start,
            )
            if held.way == CODE:
                self._ledger.record(tx, Event.RELEASED_BY_CODE, session=session.session_id)

        refused = await self._sittings.start_session(session.session_id, start, also)
        return refused or ReleasedForm(key, start)

    def reopen(self, session: Session, paper: HeldPaper) -> ReleasedForm | None:
        """After a restart: the form of a session that was already released."""
        held = self.state(session.session_id)
        if held.released_at_ms is None or session.effective_start_ms is None:
            return None
        if isinstance(self.prepare(session.session_id, paper), Refusal):
            return None
        key = self._content_key(session.session_id, paper, held)
        return None if isinstance(key, Refusal) else ReleasedForm(key, session.effective_start_ms)

    def _content_key(
        self, session_id: str, paper: HeldPaper, held: rows.Release
    ) -> bytes | Refusal:
        if held.token is None:
            return Refusal(RefusalCode.RELEASE_NOT_READY)
        secret = unb64(json.loads(held.token)["release_secret"])
        refusal = check_release_secret(secret, paper.manifest)
        refusal = refusal or self.prepare(session_id, paper)
        if refusal is not None:
            return refusal
        manifest = paper.manifest
        return derive_content_key(
            self._recovered[session_id], secret, manifest.paper_id, manifest.form_id
        )

    def forget(self, session_id: str) -> None:
        """Drop what opens the paper from memory, at wiping (L10)."""
        overwrite(self._recovered.pop(session_id, b""))
        self._code_shares.pop(session_id, None)
