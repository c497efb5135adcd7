"""Closing a session: what goes into the bundle, sealing, uploading, wiping, in the one order.

Gathers the stages after the exam (records, backup, upload) behind one object, because they exist
only once a plan named the designated server.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.backup.store import forget_copies, move_data_state, read_copies
from venue_server.gateway.day_export import DayExport
from venue_server.gateway.day_extract import DayExtract
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.session_wiping import SessionWiping
from venue_server.ledger.catalogue import Event
from venue_server.records.filling import Filling
from venue_server.records.reconciliation import ChainEnd
from venue_server.records.room_record import beside
from venue_server.records.service import RecordsService
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.sitting.rows import Session
from venue_server.sitting.sessions import Also, nothing
from venue_server.staff.two_people import Pair
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.storage.media_lanes import MediumStalledError, on_medium
from venue_server.storage.medium import MediumRule
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.service import UploadService
from venue_server.upload.settings import Destination, UploadSettings
from venue_server.upload.store import (
    earlier_versions,
    read_bundle,
    read_certificate,
    supersede,
)
from venue_server.upload.wiping import Certificate, Wiping
from venue_server.wire.canonical import sha256_hex, unb64
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.console_orders import ConsoleMessage, UploadSession
from venue_server.wire.names import DataState, SessionState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode

FOLLOW_S = 0.5


@dataclass(frozen=True)
class ClosingKeys:
    """The venue's signing key, and headquarters' keys with their threshold."""

    signing: Ed25519PrivateKey
    headquarters: dict[str, Ed25519PublicKey]
    threshold: int


@dataclass(frozen=True)
class _Outgoing:
    uploads: UploadService
    wiping: Wiping


class Closing:
    """The end of a session, from reconciliation to the certificate."""

    def __init__(
        self,
        parts: DeskParts,
        store: Store,
        records: RecordsService,
        answer_keys: AnswerKeys,
        keys: ClosingKeys,
        outbox: Path,
        papers_changed: Callable[[], None],
        session_wiping: SessionWiping,
        second: MediumRule,
    ) -> None:
        self.parts = parts
        self._second = second
        self.records = records
        self.filling = Filling(store, parts.ledger, parts.sittings, records, parts.clock.now_ms)
        self.exports = DayExport(parts, store, records, keys.signing, outbox.parent)
        self.extract = DayExtract(parts, store, records, self.exports)
        self._store = store
        self.answer_keys = answer_keys
        self._keys = keys
        self._outbox = outbox
        self._papers_changed = papers_changed
        self._outgoing: _Outgoing | None = None
        self._present = ""
        self._wiping_now: set[str] = set()  # sessions of which something is being destroyed
        self.session_wiping = session_wiping

    # ---- the clockwork's side ------------------------------------------------------------

    async def run(self) -> None:
        """Keep uploads going and session states level with them, until cancelled."""
        while True:
            if self.parts.sittings.plan is None:
                await asyncio.sleep(FOLLOW_S)
                continue
            async with asyncio.TaskGroup() as group:
                group.create_task(self._ready().uploads.run())
                group.create_task(self._follow())

    @property
    def uploads(self) -> UploadService:
        """The uploads of this venue, once a plan named the designated server."""
        return self._ready().uploads

    def close(self) -> None:
        """Let a running upload end between two pieces."""
        if self._outgoing is not None:
            self._outgoing.uploads.close()

    def _ready(self) -> _Outgoing:
        if self._outgoing is None:
            settings = UploadSettings(
                folder=self._outbox,
                signing=self._keys.signing,
                destination_of=self._destination_of,
                headquarters_keys=self._keys.headquarters,
                headquarters_threshold=self._keys.threshold,
                rate=self.parts.clock.rate,
                twins=self.twins,
            )
            ledger, now_ms = self.parts.ledger, self.parts.clock.now_ms
            self._outgoing = _Outgoing(
                UploadService(self._store, ledger, settings, now_ms),
                Wiping(self._store, ledger, settings, now_ms),
            )
        return self._outgoing

    def twins(self) -> Path | None:
        """Where sealed bundles lie a second time; None while the second device is away."""
        away = self._second.problem() is not None
        return None if away else self._second.folder / self._outbox.name

    def _destination_of(self, session_id: str) -> Destination:
        """Of the session's own plan: a later one may name another server and another key (L01)."""
        plan = self.parts.sittings.plan_of(self.parts.sittings.session(session_id))
        return Destination(plan.designated_server, unb64(plan.bundle_public))

    async def _follow(self) -> None:
        """Uploads also end by themselves, by the outbox: the session's state follows."""
        while True:
            for session in self.parts.sittings.sessions():
                await self._follow_one(session)
            self._follow_the_clock()
            await asyncio.sleep(FOLLOW_S)

    def _follow_the_clock(self) -> None:
        """The present session becomes another by the clock alone: its papers are to be offered and
        its answers' key made, whether anybody orders anything or not."""
        present = self.parts.sittings.current_session()
        session_id = present.session_id if present else ""
        if session_id != self._present:
            self._present = session_id
            self._papers_changed()

    async def _follow_one(self, session: Session) -> None:
        if _sealed_but_not_said(session):
            # Killed between the bundle's transaction and the session's: finish the step.
            await self._advance(session.session_id, SessionState.SEALED)
        elif session.state is SessionState.SEALED:
            row = self._ready().uploads.bundle(session.session_id)
            if row is not None and row.receipt is not None:
                await self._advance(session.session_id, SessionState.UPLOADED)

    def unfinished_wiping(self, session: Session) -> tuple[str, str] | None:
        """Who ordered a wiping that a power cut or a fault interrupted; None when there is none,
        or when it goes on at this moment."""
        if session.state is SessionState.WIPED or session.session_id in self._wiping_now:
            return None
        return self._ready().wiping.ordered_by(session.session_id)

    async def _advance(
        self, session_id: str, to: SessionState, also: Also = nothing
    ) -> Refusal | None:
        refusal = await self.parts.sittings.advance_session(session_id, to, also)
        self.parts.sittings.refresh()
        self.parts.hub.venue_changed()
        return refusal

    # ---- reading answers -----------------------------------------------------------------

    def chains(self, session_id: str) -> dict[str, ChainEnd]:
        """What the server durably holds of every sitting of a session."""
        ends: dict[str, ChainEnd] = {}
        for sitting in self.parts.sittings.sittings(session_id):
            head = self.parts.responses.head(session_id, sitting.sitting_id)
            if head.seq:
                entries = self.parts.responses.entries(session_id, sitting.sitting_id)
                ends[sitting.sitting_id] = ChainEnd(head.seq, head.hash, _answered(entries))
        return ends

    # ---- the orders ----------------------------------------------------------------------

    async def force_submit(self, sitting_id: str, persons: str) -> int | Refusal:
        """Close a sitting after the end with what is durably here; the last sequence handed in."""
        parts = self.parts
        sitting = parts.sittings.sitting(sitting_id)
        if sitting is None:
            return Refusal(RefusalCode.SITTING_UNKNOWN, sitting_id)
        head = parts.responses.head(sitting.session_id, sitting_id)
        done = await parts.sittings.submit(sitting_id, SubmitKind.FORCED, head.seq, head.hash)
        if isinstance(done, Refusal):
            return done
        await parts.ledger.note(
            Event.FORCED_SUBMIT, persons, sitting=sitting_id, seq=head.seq, head=head.hash
        )
        parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        return head.seq

    def beside_record(self, session_id: str) -> dict[str, object]:
        """What is printed beside a record and cannot void its signatures: it comes after them."""
        copies = self._store.read(lambda tx: read_copies(tx, session_id))
        bundle = self._store.read(lambda tx: read_bundle(tx, session_id))
        receipt = bundle.receipt if bundle else None
        return beside(
            [f"{each.target} {each.sha256[:16]}" for each in copies],
            sha256_hex(receipt.encode())[:16] if receipt else "",
        )

    async def seal(self, session: Session, sealed_by: str) -> str | Refusal:
        """Seal the session; the SHA-256 of the bundle."""
        self.records.sealing.add(session.session_id)
        try:
            # Frozen first: every change before is in it, and none comes after; then looked at.
            await self.records.freeze(session.session_id)
            refusal = self._undecided(session) or self.records.may_seal(session.session_id)
            return refusal or await self._seal(session, sealed_by)
        finally:
            self.records.sealing.discard(session.session_id)

    def _undecided(self, session: Session) -> Refusal | None:
        """Branches of answers that wait keep the session from being sealed (F24)."""
        branches = self.parts.branches.in_session(session.session_id)
        seats = {f"{one.sitting.room_id}-{one.sitting.seat_no}" for one in branches if one.open}
        return Refusal(RefusalCode.BRANCHES_OPEN, ", ".join(sorted(seats))) if seats else None

    async def _seal(self, session: Session, sealed_by: str) -> str | Refusal:
        gathered_ms = self.parts.clock.now_ms()
        # Both read the whole ledger: not on the loop, where stations may wait for an answer.
        extract = await background.computing(self.extract.of_session, session)
        records = await background.computing(self.extract.records, session, sealed_by)
        records |= self._versions(session.session_id)
        done = await self._ready().uploads.seal(
            session.session_id, extract, records, sealed_by, gathered_ms
        )
        if isinstance(done, Refusal):
            return done
        await self._advance(session.session_id, SessionState.SEALED)
        return done.sha256

    def _versions(self, session_id: str) -> dict[str, object]:
        """What a later version says about those before it; nothing in a first one."""
        earlier = self._store.read(lambda tx: earlier_versions(tx, session_id))
        if not earlier:
            return {}
        told = [
            {
                "version": each.version,
                "bundle_id": each.bundle_id,
                "sha256": each.sha256,
                "sealed_at_ms": each.sealed_at_ms,
                "sealed_by": each.sealed_by,
                "superseded_at_ms": each.superseded_at_ms,
                "superseded_by": each.persons,
                "reason": each.reason,
            }
            for each in earlier
        ]
        return {"versions": {"version": len(earlier) + 1, "earlier": told}}

    async def seal_anew(self, session: Session, reason: str, persons: str) -> int | Refusal:
        """Let the session be sealed again, as a later version (L03); the number of the version to
        come. Back to ENDED: what was found is taken in as after any end, backed up, reconciled and
        signed. WIP-09 while the earlier version is not at headquarters, SES-01 otherwise, REC-04
        without a reason."""
        session_id = session.session_id
        if not reason.strip():
            return Refusal(RefusalCode.RECORD_TEXT_MISSING, session_id)
        if session.state is SessionState.SEALED:
            return Refusal(RefusalCode.EARLIER_VERSION_AWAY, session_id)
        if self._ready().wiping.begun(session_id) is not None:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, "wiping")
        versions: list[int] = []

        def also(tx: Connection) -> None:
            move_data_state(tx, session_id, DataState.UPLOADED, DataState.COLLECTED)
            forget_copies(tx, session_id)
            now_ms = self.parts.clock.now_ms()
            versions.append(supersede(tx, session_id, now_ms, persons, reason.strip()))
            self.parts.ledger.record(
                tx,
                Event.SEAL_ANEW,
                persons,
                session=session_id,
                reason=reason.strip(),
                earlier=versions[0],
                sha256=earlier_versions(tx, session_id)[-1].sha256,
            )

        refusal = await self.parts.sittings.reopen_sealed(session_id, also)
        self.parts.sittings.refresh()
        self.parts.hub.venue_changed()
        return refusal or versions[0] + 1

    def pair(self, order: ConsoleMessage) -> Pair | Refusal:
        """The two who cleared a session for upload, under its sealing (N03)."""
        assert isinstance(order, UploadSession), "nothing else is cleared there"
        if self.parts.sittings.plan is None:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, order.session_id)
        return self.uploads.cleared_by(order.session_id)

    async def upload(self, session_id: str, persons: str) -> Uploaded | UploadPending | Refusal:
        """One attempt now, ordered by two; later ones follow by themselves."""
        done = await self._ready().uploads.upload(session_id, persons)
        self.parts.sittings.refresh()
        if isinstance(done, Uploaded):
            session = self.parts.sittings.session(session_id)
            if session.state is SessionState.SEALED:
                await self._advance(session_id, SessionState.UPLOADED)
            self.parts.responses.forget(session_id)
        return done

    async def wipe(self, session: Session, persons: tuple[str, str]) -> Certificate | Refusal:
        """Destroy the answers' key, the release secret and the paper, here and at the stations."""
        session_id = session.session_id
        # What was begun ends, whatever is held meanwhile: keys that are half gone keep nothing, and
        # a hold keeps what is left (bundle, backups, records). Nor can anything be asked any more
        # that needs the answers' key.
        wiping, begun = self._ready().wiping, self.keyless(session_id)
        refusal = None if begun else self._kept(session) or await self._unproved(session)
        if refusal is not None:
            return refusal
        self._wiping_now.add(session_id)
        try:
            done = await self.session_wiping.wipe(wiping, session, persons)
            if isinstance(done, Refusal):
                return done
            await self._advance(
                session_id,
                SessionState.WIPED,
                lambda tx: self.parts.papers.mark_wiped(tx, session_id),
            )
        finally:
            self._wiping_now.discard(session_id)
        self._papers_changed()
        return done

    def keyless(self, session_id: str) -> bool:
        """Was the wiping begun? From then on the answers cannot be counted upon to open."""
        return self._store.read(lambda tx: read_certificate(tx, session_id)) is not None

    def _kept(self, session: Session) -> Refusal | None:
        """Why the wiping of a session may not begin: evidence, a legal hold (V07), or branches that
        wait for people; these were never sealed, their key must not go."""
        session_id = session.session_id
        if self.parts.sources.held(session_id):
            return Refusal(RefusalCode.EVIDENCE_HELD, session_id)
        if hold := self.exports.keeping.hold(session_id):
            return Refusal(RefusalCode.KEPT_BY_HOLD, hold)
        return Refusal(RefusalCode.BRANCHES_OPEN, session_id) if self._undecided(session) else None

    async def _unproved(self, session: Session) -> Refusal | None:
        """WIP-01 when no backup is any more what it was when it was verified. What has not come
        home is refused for that reason, by the wiping itself."""
        if session.state is not SessionState.UPLOADED:
            return None
        with suppress(MediumStalledError):  # one that hangs proves nothing
            if await on_medium("backups", self.parts.sources.backup_proved, session.session_id):
                return None
        return Refusal(RefusalCode.WIPE_WITHOUT_BACKUP, session.session_id)

    def certificate(self, session_id: str) -> Certificate | None:
        """The certificate of a finished wiping, or None."""
        return self._ready().wiping.certificate(session_id) if self.parts.sittings.plan else None


def _sealed_but_not_said(session: Session) -> bool:
    sealed = (DataState.SEALED, DataState.UPLOADING, DataState.UPLOADED)
    return session.state is SessionState.RECONCILED and session.data_state in sealed


def _answered(entries: list[ResponseEntry]) -> int:
    """How many items have an answer that is not empty."""
    last = {each.item_id: each for each in entries if each.kind == "response"}
    return sum(any(values for values in each.values.values()) for each in last.values())
