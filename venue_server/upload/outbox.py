"""What becomes of an attempt: put off with its reason, or counted as home. One transaction each."""

import hashlib
from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.backup.store import data_state, move_data_state
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.pinned import UploadFault
from venue_server.upload.schedule import (
    LONGEST_ANEW_S,
    LONGEST_S,
    Uniform,
    delay_s,
    failures_after,
)
from venue_server.upload.settings import UploadSettings
from venue_server.upload.store import (
    BundleRow,
    Reached,
    read_bundle,
    set_next_attempt,
    set_receipt,
    set_upload_url,
)
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


class Outbox:
    """The rows of one venue's bundles on their way."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        settings: UploadSettings,
        now_ms: Callable[[], int],
        uniform: Uniform,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._settings = settings
        self._now_ms = now_ms
        self._uniform = uniform

    async def put_off(
        self,
        row: BundleRow,
        problem: str,
        reached: Reached,
        anew: bool = False,
        fault: UploadFault | None = None,
        people: bool = False,
    ) -> UploadPending | Uploaded:
        """Put the next attempt off, with how far this one came; ``anew``: it begins from the first
        byte; ``people``: they are told at once, for it is not mended by trying again. Uploaded when
        the receipt came by another way meanwhile: then nothing is changed."""
        attempts = row.attempts + 1
        moved = bool(fault and fault.moved) or reached.confirmed > row.reached.confirmed
        failures = failures_after(row.failures, moved)
        longest = LONGEST_ANEW_S if anew else LONGEST_S
        pause_s = delay_s(failures, self._uniform, fault.asked_s if fault else None, longest)
        delay_ms = int(pause_s * 1000 * self._settings.rate)
        next_ms = self._now_ms() + delay_ms
        kept = Reached(0, reached.moved_at_ms) if anew else reached

        def record(tx: Connection) -> bool:
            if not _is_in(tx, row, DataState.UPLOADING):
                return False
            set_next_attempt(tx, row.session_id, attempts, failures, next_ms, problem, people, kept)
            if anew:
                set_upload_url(tx, row.session_id, None)
            self._ledger.record(
                tx,
                Event.UPLOAD_FAILED,
                session=row.session_id,
                attempt=attempts,
                problem=problem,
            )
            return True

        put_off = await self._store.write(record)
        if put_off or not self._store.read(lambda tx: _is_in(tx, row, DataState.UPLOADED)):
            return UploadPending(row.session_id, attempts, next_ms, problem)
        return uploaded(row)

    async def count(self, row: BundleRow, raw: bytes) -> Uploaded | Refusal:
        """Count a checked receipt. Another way may have brought it meanwhile."""
        try:
            await self._store.write(lambda tx: self._record_uploaded(tx, row, raw))
        except RefusedError as refused:
            home = self._store.read(lambda tx: _is_in(tx, row, DataState.UPLOADED))
            return uploaded(row) if home else refused.refusal
        return uploaded(row)

    def _record_uploaded(self, tx: Connection, row: BundleRow, raw: bytes) -> None:
        if not _is_in(tx, row, DataState.UPLOADING):
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, row.session_id))
        move_data_state(tx, row.session_id, DataState.UPLOADING, DataState.UPLOADED)
        set_receipt(tx, row.session_id, raw.decode(), self._now_ms())
        names = {"session": row.session_id, "bundle": row.bundle.bundle_id}
        self._ledger.record(tx, Event.UPLOADED, **names, sha256=row.bundle.sha256)
        self._ledger.record(
            tx,
            Event.RECEIPT_MATCHED,
            **names,
            receipt=hashlib.sha256(raw).hexdigest(),
            sittings=len(row.bundle.sittings),
        )


def _is_in(tx: Connection, row: BundleRow, state: DataState) -> bool:
    """Is the session in this state, and this very bundle still its own?"""
    now = read_bundle(tx, row.session_id)
    same = now is not None and now.bundle.bundle_id == row.bundle.bundle_id
    return same and data_state(tx, row.session_id) is state


def uploaded(row: BundleRow) -> Uploaded:
    """Every sitting of this bundle is confirmed."""
    return Uploaded(row.session_id, row.bundle.bundle_id, len(row.bundle.sittings))
