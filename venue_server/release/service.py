"""The release of a session's papers: armed by two people, opened by headquarters' secrets, in time.

States of one release: nothing -> armed -> released. Each form's secret arrives on its own way
(token or code) at any time after the release point; the session starts when all of them are here.
Content keys exist in memory only, from the release until the session is wiped; after a restart they
are derived again from the same inputs. While a freeze holds nothing opens by any way (I05).
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.clock import VenueClock
from venue_server.intake.papers import HeldPaper
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release import store as rows
from venue_server.release.code_shares import CodeShares
from venue_server.release.schedule import ReleaseFacts, effective_start, may_release
from venue_server.release.store import CODE, TOKEN
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Session
from venue_server.sitting.service import SittingService
from venue_server.stations.delivery import ReleasedForms
from venue_server.storage.engine import Store
from venue_server.trusted_time.states import Use
from venue_server.vault.keys import check_release_secret, derive_content_key
from venue_server.vault.offline_code import check_code_share, combine_code
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import recover_secret
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.process_memory import overwrite
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


@dataclass(frozen=True)
class ReleaseKeys:
    """What opens a paper here: the venue's own key, and whom to believe. ``opened`` are packages
    that were opened at this venue before, whatever the store says of them (E07)."""

    venue_id: str
    venue_private: HpkePrivate
    headquarters: dict[str, Ed25519PublicKey]
    threshold: int
    opened: Collection[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class CodeEntered:
    """What one share of a sealed code did: ``form`` is the form whose code became complete with it
    (None: not yet), ``complete`` says that no form of the session waits for its secret."""

    form: Form | None
    complete: bool


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
        self._code_shares: dict[str, CodeShares] = {}
        self._recovered: dict[str, dict[Form, bytes]] = {}
        self._recorded: dict[tuple[str, Form | None], tuple[RefusalCode, bytes]] = {}

    def state(self, session_id: str) -> rows.Release:
        """What happened so far."""
        return self._store.known_read(rows.release_of, session_id)

    def held(self, session_id: str) -> dict[Form, str]:
        """The forms whose secret is here, and the way it came."""
        return self._store.known_read(rows.ways_of, session_id)

    def _secrets(self, session_id: str) -> dict[Form, rows.HeldSecret]:
        # Read each time: nothing of a secret is kept that the wiping would have to find (L10).
        return self._store.read(lambda tx: rows.secrets_of(tx, session_id))

    def used_before(self, papers: Sequence[HeldPaper]) -> list[str]:
        """Packages among these that were opened here before, although the store does not know it:
        an old copy of the store was put back (E07)."""
        return [
            paper.manifest.package_id
            for paper in papers
            if paper.unopened and paper.manifest.package_id in self._keys.opened
        ]

    # ---- arming --------------------------------------------------------------------------

    async def arm(
        self, session_id: str, first: str, second: str, without: Sequence[str] = ()
    ) -> Refusal | None:
        """Two people arm the release (E01, D07); ``without`` is what both agreed to go without."""

        def also(tx: Connection) -> None:
            persons = f"{first},{second}"
            if rows.freeze_now(tx) is not None:
                raise RefusedError(Refusal(RefusalCode.RELEASE_FROZEN))
            if not rows.arm(tx, session_id, persons, self._clock.now_ms()):
                raise RefusedError(Refusal(RefusalCode.RELEASE_DONE))
            self._ledger.record(
                tx,
                Event.RELEASE_ARMED,
                first,
                session=session_id,
                second=second,
                without=list(without),
            )

        refusal = await self._sittings.arm_session(session_id, also)
        if refusal is None:
            self._changed()
        return refusal

    # ---- the secrets ---------------------------------------------------------------------

    async def take_token(self, session: Session, paper: HeldPaper, data: bytes) -> Refusal | None:
        """Headquarters' token for one form arrived. Foreign or wrong ones are refused and recorded.
        One that headquarters published early is held; it opens nothing before the point."""
        secret = read_release_token(
            data, paper.manifest, self._keys.headquarters, self._keys.threshold
        )
        if isinstance(secret, Refusal):
            await self._refused_once(session.session_id, paper.form, secret, data)
            return secret
        return await self._hold(session.session_id, paper, secret, TOKEN)

    async def enter_code_share(
        self, session: Session, papers: Sequence[HeldPaper], person_id: str, words: str
    ) -> CodeEntered | Refusal:
        """One custodian's words. Two different people with two different shares for each form, and
        only after the release point by trusted time (E03)."""
        session_id = session.session_id
        done = await self._enter(session_id, papers, person_id, words)
        if isinstance(done, Refusal):
            await self._refused(session_id, done)
            return done
        waiting = self._awaiting(session_id, papers)
        return CodeEntered(done.form if done else None, not waiting)

    async def _enter(
        self, session_id: str, papers: Sequence[HeldPaper], person_id: str, words: str
    ) -> HeldPaper | Refusal | None:
        """The paper whose code is complete now, None while it is not, or why not."""
        awaiting = self._awaiting(session_id, papers)
        refusal = self._may_enter(session_id, awaiting, words)
        if refusal is not None:
            return refusal
        entered = self._code_shares.setdefault(session_id, CodeShares())
        shares = entered.enter(person_id, words, len(awaiting))
        if isinstance(shares, Refusal):
            return shares
        await self._ledger.note(
            Event.RELEASE_CODE_ENTERED, person_id, session=session_id, shares=len(shares)
        )
        if len(shares) < 2:
            return None
        entered.forget(words)
        found = _opened_by(shares, awaiting)
        if isinstance(found, Refusal):
            return found
        paper, secret = found
        return await self._hold(session_id, paper, secret, CODE) or paper

    def _awaiting(self, session_id: str, papers: Sequence[HeldPaper]) -> list[HeldPaper]:
        held = self.held(session_id)
        return [paper for paper in papers if paper.form not in held]

    def _may_enter(
        self, session_id: str, awaiting: Sequence[HeldPaper], words: str
    ) -> Refusal | None:
        if not awaiting or self.state(session_id).released_at_ms is not None:
            return Refusal(RefusalCode.RELEASE_DONE)
        if self._store.read(rows.freeze_now) is not None:
            return Refusal(RefusalCode.RELEASE_FROZEN)
        early = next((no for paper in awaiting if (no := self._too_early(paper))), None)
        return early or check_code_share(words)

    async def _hold(
        self, session_id: str, paper: HeldPaper, secret: bytes, way: str
    ) -> Refusal | None:
        held = json.dumps({"release_secret": b64(secret)})

        def run(tx: Connection) -> None:
            if rows.hold_secret(tx, session_id, paper.form, held, way):
                self._ledger.record(
                    tx,
                    Event.RELEASE_TOKEN_HELD,
                    session=session_id,
                    form=paper.form.form_id,
                    way=way,
                )

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

    async def _refused_once(
        self, session_id: str, form: Form | None, refusal: Refusal, cause: bytes = b""
    ) -> None:
        """What the clockwork tries again and again is recorded once for each cause."""
        found = (refusal.code, cause)
        if self._recorded.get((session_id, form)) != found:
            self._recorded[session_id, form] = found
            await self._refused(session_id, refusal)

    # ---- the release ---------------------------------------------------------------------

    def prepare(self, session_id: str, papers: Sequence[HeldPaper]) -> Refusal | None:
        """Combine the fragments' shares shortly before the release point, so that at the instant
        only one key derivation a form is left. S alone opens nothing (D11)."""
        recovered = self._recovered.setdefault(session_id, {})
        for paper in papers:
            if paper.form in recovered:
                continue
            secret = recover_secret(
                paper.sealed_shares(),
                paper.manifest,
                self._keys.venue_id,
                self._keys.venue_private,
            )
            if isinstance(secret, Refusal):
                return secret
            recovered[paper.form] = secret
        return None

    async def release(
        self, session: Session, papers: Sequence[HeldPaper]
    ) -> ReleasedForms | Refusal:
        """Release all forms of the session (``papers``) if the rule allows it now; durable before
        any key leaves this function."""
        refusal = may_release(self._facts(session.session_id, papers))
        if refusal is not None:
            if refusal.code in (RefusalCode.RELEASE_FROZEN, RefusalCode.PAPER_REPLAYED):
                await self._refused_once(session.session_id, None, refusal)
            return refusal
        keys = self._content_keys(session.session_id, papers)
        if isinstance(keys, Refusal):
            await self._refused_once(session.session_id, None, keys)
            return keys
        start = effective_start(
            self._clock.now(),
            session.planned.start_ms,
            self._lead_s,
            self._clock.rate,
            self._clock.ahead_ms(),
        )

        def also(tx: Connection) -> None:
            self._keep_release(tx, session.session_id, papers, start)

        refused = await self._sittings.start_session(session.session_id, start, also)
        return refused or ReleasedForms(keys, start)

    def _facts(self, session_id: str, papers: Sequence[HeldPaper]) -> ReleaseFacts:
        state, held = self.state(session_id), self.held(session_id)
        by_code = CODE in held.values()
        return ReleaseFacts(
            now_ms=self._clock.certain(),
            clock_trusted=self._clock.allows(Use.CODE if by_code else Use.TOKEN),
            release_at_ms=max((each.manifest.release_at_ms for each in papers), default=0),
            package_complete=bool(papers),
            armed=state.armed_at_ms is not None,
            secret_present=all(paper.form in held for paper in papers),
            released=state.released_at_ms is not None,
            frozen=self._store.read(rows.freeze_now) is not None,
            used_before=bool(self.used_before(papers)),
        )

    def _keep_release(
        self, tx: Connection, session_id: str, papers: Sequence[HeldPaper], start: int
    ) -> None:
        if rows.freeze_now(tx) is not None:  # frozen since the rule was asked
            raise RefusedError(Refusal(RefusalCode.RELEASE_FROZEN))
        if not rows.released(tx, session_id, self._clock.now_ms()):
            raise RefusedError(Refusal(RefusalCode.RELEASE_DONE))
        held = rows.ways_of(tx, session_id)
        for paper in papers:
            paper.mark_released(tx)
            self._ledger.record(
                tx,
                Event.RELEASED,
                session=session_id,
                package=paper.manifest.package_id,
                form=paper.form.form_id,
                way=held[paper.form],
                effective_start_ms=start,
            )
        if any(held[paper.form] == CODE for paper in papers):
            self._ledger.record(tx, Event.RELEASED_BY_CODE, session=session_id)

    def reopen(self, session: Session, papers: Sequence[HeldPaper]) -> ReleasedForms | None:
        """After a restart: the forms of a session that was already released. A freeze does not take
        them back: candidates are at work, and what becomes of them is headquarters' to say."""
        state = self.state(session.session_id)
        if state.released_at_ms is None or session.effective_start_ms is None:
            return None
        keys = self._content_keys(session.session_id, papers)
        return (
            None if isinstance(keys, Refusal) else ReleasedForms(keys, session.effective_start_ms)
        )

    def _content_keys(
        self, session_id: str, papers: Sequence[HeldPaper]
    ) -> dict[Form, bytes] | Refusal:
        refusal = self.prepare(session_id, papers)
        if refusal is not None:
            return refusal
        held = self._secrets(session_id)
        keys: dict[Form, bytes] = {}
        for paper in papers:
            if paper.form not in held:
                return Refusal(RefusalCode.RELEASE_NOT_READY, str(paper.form))
            secret = unb64(json.loads(held[paper.form].secret)["release_secret"])
            refusal = check_release_secret(secret, paper.manifest)
            if refusal is not None:
                return refusal
            shared = self._recovered[session_id][paper.form]
            keys[paper.form] = derive_content_key(shared, secret, *paper.form)
        return keys

    def secret_of(self, session_id: str, form: Form) -> bytes | None:
        """A form's release secret once the session is released and until it is wiped; else None."""
        held = self._secrets(session_id).get(form)
        if held is None or self.state(session_id).released_at_ms is None:
            return None
        return unb64(json.loads(held.secret)["release_secret"])

    def forget(self, session_id: str) -> None:
        """Drop what opens the papers from memory, at wiping (L10)."""
        for shared in self.shared_of(session_id):
            overwrite(shared)
        self._recovered.pop(session_id, None)
        self._code_shares.pop(session_id, None)

    def shared_of(self, session_id: str) -> list[bytes]:
        """The shared secrets that were combined for a session and are still in memory."""
        return list(self._recovered.get(session_id, {}).values())


def _opened_by(
    shares: Sequence[str], awaiting: Sequence[HeldPaper]
) -> tuple[HeldPaper, bytes] | Refusal:
    """Which paper's secret these shares give; the refusal of the last one tried when none."""
    refusal = Refusal(RefusalCode.CODE_SHARE_INVALID)
    for paper in awaiting:
        found = combine_code(shares, paper.manifest)
        if not isinstance(found, Refusal):
            return paper, found
        refusal = found
    return refusal
