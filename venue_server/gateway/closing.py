"""Closing a session: what goes into the bundle, sealing, uploading, wiping, in the one order.

Gathers the stages after the exam (records, backup, upload) behind one object, because they exist
only once a plan named the designated server.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.backup.store import read_copies
from venue_server.gateway.day_export import DayExport
from venue_server.gateway.day_extract import DayExtract
from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.records.filling import Filling
from venue_server.records.reconciliation import ChainEnd
from venue_server.records.room_record import beside
from venue_server.records.service import RecordsService
from venue_server.release.store import forget_secrets
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.sitting.forms import main_forms
from venue_server.sitting.rows import Session
from venue_server.sitting.sessions import Also, nothing
from venue_server.storage.engine import Store
from venue_server.upload.bundle import Sealer
from venue_server.upload.service import (
    Uploaded,
    UploadPending,
    UploadService,
    UploadSettings,
)
from venue_server.upload.store import read_bundle
from venue_server.upload.wiping import Certificate, WipeOrder, Wiping
from venue_server.wire.canonical import sha256_hex, unb64
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.messages import WipePaper
from venue_server.wire.names import DataState, PackageState, SessionState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode

FOLLOW_S = 0.5
ANSWER_KEY = "answer key"

_log = logging.getLogger(__name__)


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
    ) -> None:
        self.parts = parts
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

    def close(self) -> None:
        """Let a running upload end between two pieces."""
        if self._outgoing is not None:
            self._outgoing.uploads.close()

    def _ready(self) -> _Outgoing:
        if self._outgoing is None:
            plan = self.parts.sittings.plan
            assert plan is not None, "sessions come from a plan"
            settings = UploadSettings(
                folder=self._outbox,
                sealer=Sealer(self._keys.signing, unb64(plan.bundle_public)),
                server=plan.designated_server,
                headquarters_keys=self._keys.headquarters,
                headquarters_threshold=self._keys.threshold,
                rate=self.parts.clock.rate,
            )
            ledger, now_ms = self.parts.ledger, self.parts.clock.now_ms
            self._outgoing = _Outgoing(
                UploadService(self._store, ledger, settings, now_ms),
                Wiping(self._store, ledger, settings, now_ms),
            )
        return self._outgoing

    async def _follow(self) -> None:
        """Uploads also end by themselves, by the outbox: the session's state follows."""
        while True:
            for session in self.parts.sittings.sessions():
                await self._follow_one(session)
            await asyncio.sleep(FOLLOW_S)

    async def _follow_one(self, session: Session) -> None:
        if _sealed_but_not_said(session):
            # Killed between the bundle's transaction and the session's: finish the step.
            await self._advance(session.session_id, SessionState.SEALED)
        elif session.state is SessionState.SEALED:
            row = self._ready().uploads.bundle(session.session_id)
            if row is not None and row.receipt is not None:
                await self._advance(session.session_id, SessionState.UPLOADED)

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
        # Both read the whole ledger: not on the loop, where stations may wait for an answer.
        extract = await asyncio.to_thread(self.extract.of_session, session)
        records = await asyncio.to_thread(self.extract.records, session, sealed_by)
        done = await self._ready().uploads.seal(session.session_id, extract, records, sealed_by)
        if isinstance(done, Refusal):
            return done
        await self._advance(session.session_id, SessionState.SEALED)
        return done.sha256

    async def upload(self, session_id: str) -> Uploaded | UploadPending | Refusal:
        """One attempt now; later ones follow by themselves."""
        done = await self._ready().uploads.upload(session_id)
        self.parts.sittings.refresh()
        if isinstance(done, Uploaded):
            session = self.parts.sittings.session(session_id)
            if session.state is SessionState.SEALED:
                await self._advance(session_id, SessionState.UPLOADED)
            self.parts.responses.forget(session_id)
        return done

    async def wipe(self, session: Session, persons: tuple[str, str]) -> Certificate | Refusal:
        """Destroy the answers' key, the release secret and the paper, here and at the stations."""
        if session.state is not SessionState.UPLOADED:
            return Refusal(RefusalCode.NOT_UPLOADED, session.session_id)
        session_id = session.session_id
        paper_ids = self._paper_ids_at_stations(session)
        remove = self.destroyed_by_wiping(session_id)
        order = WipeOrder(
            shred={ANSWER_KEY: remove.pop(ANSWER_KEY)},
            remove=remove,
            destroy={"release secret": lambda: self._forget_release(session.session_id)},
        )
        done = await self._ready().wiping.wipe(session.session_id, persons, order)
        if isinstance(done, Refusal):
            return done
        self._tell_stations(session, paper_ids)
        self.answer_keys.forget(session.session_id)
        self.parts.responses.forget(session.session_id)
        self.parts.releases.forget(session.session_id)
        await self._advance(
            session_id,
            SessionState.WIPED,
            lambda tx: self.parts.papers.mark_wiped(tx, session_id),
        )
        self._papers_changed()
        return done

    def destroyed_by_wiping(self, session_id: str) -> dict[str, Path]:
        """Keys and files that are gone once the session was wiped, by their certificate's names."""
        return {
            ANSWER_KEY: self.answer_keys.file(session_id),
            "escrowed answer key": self.answer_keys.escrow_file(session_id),
            **self._paper_files(session_id),
        }

    def _paper_ids_at_stations(self, session: Session) -> list[str]:
        """Which papers stations may hold: the main ones, also those replaced later, and reserves
        that were used."""
        needed = self.parts.forms.assignment(session).needed
        forms = (*needed, *main_forms(session.planned))
        return list(dict.fromkeys(form.paper_id for form in forms))

    def _paper_files(self, session_id: str) -> dict[str, Path]:
        """The files of every package of the session. A reserve that was never opened goes as it
        came, sealed, and the certificate names it so (O01)."""
        found: dict[str, Path] = {}
        for package in self.parts.papers.of_session(session_id):
            folder = self.parts.papers.folder(package.package_id)
            sealed = "unused sealed " if package.state is PackageState.UNUSED else ""
            name = f"{sealed}paper {package.paper_id}/{package.form_id}"
            for file in sorted(folder.iterdir()) if folder.is_dir() else ():
                found[f"{name} {file.name}"] = file
        return found

    def _forget_release(self, session_id: str) -> None:
        def run(tx: Connection) -> None:
            forget_secrets(tx, session_id)

        self._store.submit(run).result()
        # The log keeps old pages until it is written anew: a secret wiped from the table is still
        # there. Somebody reading at this very moment keeps it; wiping goes on without.
        if not self._store.empty_log():
            _log.warning("the store's log could not be emptied while wiping %s", session_id)

    def _tell_stations(self, session: Session, paper_ids: Sequence[str]) -> None:
        sittings = {
            each.machine_id: each.sitting_id
            for each in self.parts.sittings.sittings(session.session_id)
        }
        for machine in self.parts.enrolment.machines("station"):
            sitting_id = sittings.get(machine.machine_id, "")
            for number, paper_id in enumerate(paper_ids or [""]):
                order = WipePaper(paper_id, sitting_id if number == 0 else "")
                self.parts.hub.to_station(machine.machine_id, order)


def _sealed_but_not_said(session: Session) -> bool:
    sealed = (DataState.SEALED, DataState.UPLOADING, DataState.UPLOADED)
    return session.state is SessionState.RECONCILED and session.data_state in sealed


def _answered(entries: list[ResponseEntry]) -> int:
    """How many items have an answer that is not empty."""
    last = {each.item_id: each for each in entries if each.kind == "response"}
    return sum(any(values for values in each.values.values()) for each in last.values())
