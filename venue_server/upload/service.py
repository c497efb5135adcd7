"""Sealing and uploading a session, in the one order there is (L01, L08, L09).

    BACKED_UP --seal--> SEALED --upload--> UPLOADING --matching receipt--> UPLOADED

Each arrow is one transaction with its ledger entry. A failed attempt is a row in the outbox, so
after a restart :meth:`UploadService.run` goes on where it was (docs/answer-bundle.md).
"""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event as Stop
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from venue_server.backup.store import data_state, move_data_state
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.upload.bundle import SealedBundle, Sealer, seal_bundle
from venue_server.upload.delivery import RejectedError, deliver
from venue_server.upload.extract import SessionExtract
from venue_server.upload.outbox import Outbox, uploaded
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.pinned import UploadFault, WrongServerError
from venue_server.upload.receipts import check_receipt
from venue_server.upload.schedule import LONGEST_ANEW_S, Uniform
from venue_server.upload.settings import UploadSettings
from venue_server.upload.standing import uploads_now
from venue_server.upload.store import (
    BundleRow,
    earlier_versions,
    insert_bundle,
    next_due,
    outgoing,
    read_bundle,
    sealers,
    set_upload_url,
)
from venue_server.upload.tus import CHUNK_SIZE, UploadGoneError
from venue_server.upload.twin import NotAsSealedError, Twins
from venue_server.upload.under_way import UnderWay
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.upload_orders import Uploads

_BEFORE_BACKUP = (DataState.COLLECTING, DataState.COLLECTED)
SUFFIX = ".kdbundle"


class UploadService:
    """The sealed bundles of one venue on their way to the designated server."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        settings: UploadSettings,
        now_ms: Callable[[], int],
        uniform: Uniform = random.uniform,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._settings = settings
        self._now_ms = now_ms
        self._uniform = uniform
        self._steady_s = steady_s
        self._outbox = Outbox(store, ledger, settings, now_ms, uniform)
        self._under_way = UnderWay(now_ms, steady_s)
        self._pieces: dict[str, int] = {}  # by session: what its line bore when it broke
        self._busy: dict[str, asyncio.Lock] = {}
        self._twins = Twins(settings.twins)
        self._wake = asyncio.Event()
        self._stop = Stop()

    def _alone(self, session_id: str) -> asyncio.Lock:
        """One at a time for a session; a line that drips holds up no other one's sealing."""
        return self._busy.setdefault(session_id, asyncio.Lock())

    def bundle(self, session_id: str) -> BundleRow | None:
        """The bundle of a session with its outbox row, or None before it is sealed."""
        return self._store.read(lambda tx: read_bundle(tx, session_id))

    def progress(self) -> Uploads:
        """How far every sealed bundle is, as headquarters confirmed it."""
        rows = self._store.read(outgoing)
        return uploads_now(rows, self._under_way.attempts, self._steady_s(), self._now_ms())

    async def seal(
        self,
        session_id: str,
        extract: SessionExtract,
        records: Mapping[str, Any],
        sealed_by: str,
        gathered_ms: int | None = None,
    ) -> SealedBundle | Refusal:
        """Make the bundle; durable, with the session SEALED, on return. ``gathered_ms``: when the
        gathering of ``records`` began, for what comes at that moment or later may not be in it.

        SES-05 without a verified backup, SES-01 when already sealed, SIT-05 when answers do not
        form their chain. Raises OSError when the disk fails; then nothing has changed.
        """
        async with self._alone(session_id):
            refusal = self._refuse_sealing(session_id)
            if refusal:
                return refusal
            target = self._settings.folder / self._file_name(session_id)
            at_ms = self._now_ms() if gathered_ms is None else gathered_ms
            public = self._settings.destination_of(session_id).bundle_public
            sealer = Sealer(self._settings.signing, public)
            try:
                sealed = await background.computing(
                    seal_bundle, target, sealer, extract, records, at_ms
                )
                await self._store.write(
                    lambda tx: self._record_sealed(tx, session_id, sealed, at_ms, sealed_by)
                )
            except RefusedError as refused:
                return refused.refusal
        self._twins.keep(sealed)
        return sealed

    def _file_name(self, session_id: str) -> str:
        """An earlier version keeps its file: every later one gets a name of its own (L03), which is
        no other session's either: no id may hold a tilde."""
        version = len(self._store.read(lambda tx: earlier_versions(tx, session_id))) + 1
        later = "" if version == 1 else f"~v{version}"
        # The first version of a session "am.v2" is not the second one of "am".
        name = quote(session_id, safe="").replace(".", "%2E")
        return f"{name}{later}{SUFFIX}"

    def cleared_by(self, session_id: str) -> tuple[str, str] | Refusal:
        """The two who sealed the session and thereby cleared it for upload (N03). SES-05 before a
        verified backup, SES-01 before sealing."""
        found = self._store.read(lambda tx: sealers(tx, session_id))
        state = self._store.read(lambda tx: data_state(tx, session_id))
        if state in _BEFORE_BACKUP:
            return Refusal(RefusalCode.BACKUP_MISSING, session_id)
        if found is None:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        first, second = found.split(",")
        return first, second

    async def upload(
        self, session_id: str, persons: str = ""
    ) -> Uploaded | UploadPending | Refusal:
        """Make one attempt now; a later one follows by itself when this one fails. ``persons``: who
        ordered it and who checked, comma-separated; nobody when it goes on by itself.

        SES-05 before a verified backup, SES-01 before sealing or after wiping, SES-07 when another
        server answers, SES-08 when the receipt is not for exactly what was sealed.
        """
        async with self._alone(session_id):
            return await self._upload(session_id, persons)

    async def _upload(self, session_id: str, persons: str) -> Uploaded | UploadPending | Refusal:
        state = self._store.read(lambda tx: data_state(tx, session_id))
        row = self.bundle(session_id)
        if state in _BEFORE_BACKUP:
            return Refusal(RefusalCode.BACKUP_MISSING, session_id)
        if row is None or state in (None, DataState.BACKED_UP, DataState.WIPED):
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        if state is DataState.UPLOADED:
            return uploaded(row)
        if state is DataState.SEALED:
            await self._store.write(lambda tx: self._begin(tx, row, persons))
        return await self._attempt(row)

    async def take_receipt(self, session_id: str, raw: bytes) -> Uploaded | Refusal:
        """Take a receipt that came by another way than the line (F18); UPLOADED on return.

        Checked as one that came over the line: SES-08, DOC-01 to DOC-04. SES-01 before an upload
        was begun. One that was counted already is checked again and changes nothing. Waits for no
        attempt that is under way: the line is what does not work.
        """
        state = self._store.read(lambda tx: data_state(tx, session_id))
        row = self.bundle(session_id)
        if row is None or state in (DataState.BACKED_UP, DataState.SEALED):
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        checked = self._check(raw, row)
        if isinstance(checked, Refusal):
            return checked
        return await self._outbox.count(row, raw) if state is DataState.UPLOADING else uploaded(row)

    async def run(self) -> None:
        """Go on with every begun upload when it is due, for ever; a task for the node."""
        while True:
            due = self._store.read(next_due)
            wait_s = None
            if due is not None:
                wait_s = self._wait_s(due[1])
                if wait_s <= 0:
                    await self._go_on(due[0])
                    continue
            self._wake.clear()
            # Not wait_for: in Python 3.11 it swallows a cancelling that comes with the waking.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()

    def _wait_s(self, due_ms: int) -> float:
        """Real seconds until then; none when it is farther away than any pause: then exam time was
        set back meanwhile, and the answers may not wait for what was wrong."""
        wait_s = (due_ms - self._now_ms()) / 1000 / self._settings.rate
        return wait_s if wait_s <= LONGEST_ANEW_S else 0.0

    async def _go_on(self, session_id: str) -> None:
        """An attempt, unless one that was under way when it was due put it off."""
        async with self._alone(session_id):
            row = self.bundle(session_id)
            if row is not None and self._wait_s(row.next_attempt_ms) <= 0:
                await self._upload(session_id, "")

    def close(self) -> None:
        """Let a running attempt end between two pieces; the outbox keeps its place."""
        self._stop.set()

    def _refuse_sealing(self, session_id: str) -> Refusal | None:
        state = self._store.read(lambda tx: data_state(tx, session_id))
        if state in _BEFORE_BACKUP:
            return Refusal(RefusalCode.BACKUP_MISSING, session_id)
        if state is not DataState.BACKED_UP:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        return None

    def _record_sealed(
        self, tx: Connection, session_id: str, sealed: SealedBundle, at_ms: int, sealed_by: str
    ) -> None:
        move_data_state(tx, session_id, DataState.BACKED_UP, DataState.SEALED)
        insert_bundle(tx, session_id, sealed, at_ms, sealed_by)
        self._ledger.record(
            tx,
            Event.SEALED,
            sealed_by,
            session=session_id,
            bundle=sealed.bundle_id,
            sha256=sealed.sha256,
            sittings=len(sealed.sittings),
        )
        self._ledger.record(
            tx,
            Event.UPLOAD_CLEARED,
            sealed_by,
            session=session_id,
            bundle=sealed.bundle_id,
            server=self._settings.destination_of(session_id).server.base_url,
        )

    def _begin(self, tx: Connection, row: BundleRow, persons: str) -> None:
        move_data_state(tx, row.session_id, DataState.SEALED, DataState.UPLOADING)
        bundle = row.bundle
        self._ledger.record(
            tx,
            Event.UPLOAD_BEGUN,
            persons,
            session=row.session_id,
            bundle=bundle.bundle_id,
            server=self._settings.destination_of(row.session_id).server.base_url,
        )

    async def _attempt(self, row: BundleRow) -> Uploaded | UploadPending | Refusal:
        self._under_way.begin(row)
        try:
            return await self._try(row)
        finally:
            self._under_way.end(row.session_id)

    async def _try(self, row: BundleRow) -> Uploaded | UploadPending | Refusal:
        self._twins.keep(row.bundle)  # the second device may have been away when it was sealed
        try:
            raw = await background.upload(self._deliver, row)
        except WrongServerError as error:
            why = f"{RefusalCode.UPLOAD_WRONG_SERVER}: {error}"
            done = await self._fail(row, why, people=True)
            no = Refusal(RefusalCode.UPLOAD_WRONG_SERVER, str(error))
            return done if isinstance(done, Uploaded) else no
        except UploadGoneError as error:
            return await self._fail(row, str(error), anew=True)
        except RejectedError as error:
            return await self._fail(row, str(error), anew=True, people=True)
        except NotAsSealedError as error:
            return await self._fail(row, str(error), people=True)
        except UploadFault as fault:
            return await self._fail(row, str(fault), fault=fault)
        except OSError as error:
            return await self._fail(row, str(error))
        checked = self._check(raw, row)
        if isinstance(checked, Refusal):
            done = await self._fail(row, checked.text("en"), anew=True, people=True)
            return done if isinstance(done, Uploaded) else checked
        return await self._outbox.count(row, raw)

    def _deliver(self, row: BundleRow) -> bytes:
        def remember(url: str) -> None:
            self._store.submit(lambda tx: set_upload_url(tx, row.session_id, url)).result()

        return deliver(
            self._settings.destination_of(row.session_id).server,
            row.bundle,
            self._sound(row),
            row.upload_url,
            remember,
            self._settings.delivery,
            self._stop,
            self._uniform,
            lambda offset: self._under_way.confirmed(row.session_id, offset),
            self._pieces.get(row.session_id, CHUNK_SIZE),
        )

    def _sound(self, row: BundleRow) -> Path:
        """The bundle's file as it was sealed; mended from its twin where it is not."""
        file, mended = self._twins.sound(row.bundle)
        if file is None:
            raise NotAsSealedError("the bundle on this disk differs from what was sealed")
        if mended:
            event, names = Event.BUNDLE_MENDED, {"session": row.session_id}
            self._store.submit(lambda tx: self._ledger.record(tx, event, **names)).result()
        return file

    def _check(self, raw: bytes, row: BundleRow) -> dict[str, Any] | Refusal:
        return check_receipt(
            raw,
            self._settings.headquarters_keys,
            self._settings.headquarters_threshold,
            row.bundle.bundle_id,
            row.bundle.sha256,
            row.bundle.sittings,
        )

    async def _fail(
        self,
        row: BundleRow,
        problem: str,
        anew: bool = False,
        fault: UploadFault | None = None,
        people: bool = False,
    ) -> UploadPending | Uploaded:
        """As :meth:`Outbox.put_off`, and the run looks again when the next one is due."""
        reached = self._under_way.reached(row)
        if fault is not None and fault.piece:
            self._pieces[row.session_id] = fault.piece
        done = await self._outbox.put_off(row, problem, reached, anew, fault, people)
        self._wake.set()
        return done
