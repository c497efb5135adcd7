"""Wiping: once headquarters has everything, the venue destroys its keys and proves it (L10, L11).

Crypto-shredding: what is destroyed are keys; the ciphertext that remains (store, backups, bundle)
can then be opened by nobody at the venue. A wiping that was interrupted goes on when it is called
again: it is begun, and so recorded, before anything is destroyed.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from venue_server.backup.store import data_state, move_data_state
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.files import sha256_file, shred, sync_directory
from venue_server.upload.receipts import check_receipt
from venue_server.upload.service import UploadSettings
from venue_server.upload.store import (
    insert_certificate,
    read_bundle,
    read_certificate,
    set_certificate,
)
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

CERTIFICATE_TYPE = "kaodian.wipe-certificate"
Certificate = dict[str, Any]


@dataclass(frozen=True)
class WipeOrder:
    """What a wiping destroys, by the names the certificate will use.

    ``shred``: key files, overwritten and unlinked. ``remove``: files only unlinked (sealed papers,
    working files). ``destroy``: what other stages destroy themselves (keys in memory or at
    stations); each is called in a thread and must be repeatable.
    """

    shred: Mapping[str, Path]
    remove: Mapping[str, Path]
    destroy: Mapping[str, Callable[[], None]]


class Wiping:
    """Wiping of sessions whose receipt matched."""

    def __init__(
        self, store: Store, ledger: Ledger, settings: UploadSettings, now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._settings = settings
        self._now_ms = now_ms
        self._busy = asyncio.Lock()

    async def wipe(
        self, session_id: str, persons: tuple[str, str], order: WipeOrder
    ) -> Certificate | Refusal:
        """Destroy and certify; UPLOADED to WIPED, durable on return.

        SES-09 without a matching receipt, STF-06 unless two different people order it. A session
        already wiped gives its certificate again. Raises OSError when a file cannot be destroyed:
        the session then stays UPLOADED, and the next call goes on.
        """
        if persons[0] == persons[1]:
            return Refusal(RefusalCode.SAME_PERSON, persons[0])
        async with self._busy:
            finished = self.certificate(session_id)
            if finished:
                return finished
            items = await asyncio.to_thread(_inventory, order)
            try:
                draft = await self._store.write(
                    lambda tx: self._begin(tx, session_id, persons, items)
                )
            except RefusedError as refused:
                return refused.refusal
            await asyncio.to_thread(_destroy, order)
            return await self._store.write(lambda tx: self._finish(tx, session_id, draft))

    def certificate(self, session_id: str) -> Certificate | None:
        """The certificate of a finished wiping, or None."""
        row = self._store.read(lambda tx: read_certificate(tx, session_id))
        document: Certificate | None = json.loads(row.document) if row else None
        return document if document and document["finished_at_ms"] is not None else None

    def _begin(
        self,
        tx: Connection,
        session_id: str,
        persons: tuple[str, str],
        items: Sequence[Mapping[str, Any]],
    ) -> Certificate:
        refusal = self._refuse(tx, session_id)
        if refusal:
            raise RefusedError(refusal)
        begun = read_certificate(tx, session_id)
        if begun:
            # What was there when the wiping began is what the certificate must tell of.
            draft: Certificate = json.loads(begun.document)
            return draft
        bundle = read_bundle(tx, session_id)
        assert bundle is not None and bundle.receipt is not None
        draft = {
            "type": CERTIFICATE_TYPE,
            "version": "1.0",
            "session_id": session_id,
            "bundle_id": bundle.bundle.bundle_id,
            "bundle_sha256": bundle.bundle.sha256,
            "receipt_sha256": sha256_hex(bundle.receipt.encode()),
            "persons": list(persons),
            "begun_at_ms": self._now_ms(),
            "finished_at_ms": None,
            "items": list(items),
        }
        insert_certificate(tx, session_id, draft["begun_at_ms"], persons, json.dumps(draft))
        self._ledger.record(
            tx,
            Event.WIPE_BEGUN,
            ",".join(persons),
            session=session_id,
            items=[f"{item['how']} {item['name']} {item['sha256']}" for item in items],
        )
        return draft

    def _refuse(self, tx: Connection, session_id: str) -> Refusal | None:
        row = read_bundle(tx, session_id)
        missing = Refusal(RefusalCode.NOT_UPLOADED, session_id)
        if row is None or row.receipt is None:
            return missing
        if data_state(tx, session_id) is not DataState.UPLOADED:
            return missing
        keys, threshold = self._settings.headquarters_keys, self._settings.headquarters_threshold
        bundle = row.bundle
        # Once more, from the stored bytes: nothing is destroyed on the word of a state column.
        checked = check_receipt(
            row.receipt.encode(),
            keys,
            threshold,
            bundle.bundle_id,
            bundle.sha256,
            bundle.sittings,
        )
        return missing if isinstance(checked, Refusal) else None

    def _finish(self, tx: Connection, session_id: str, draft: Certificate) -> Certificate:
        finished = {**draft, "finished_at_ms": self._now_ms()}
        move_data_state(tx, session_id, DataState.UPLOADED, DataState.WIPED)
        set_certificate(tx, session_id, json.dumps(finished))
        self._ledger.record(
            tx,
            Event.WIPED,
            ",".join(draft["persons"]),
            session=session_id,
            certificate=sha256_hex(canonical(finished)),
        )
        return finished


def _inventory(order: WipeOrder) -> list[dict[str, Any]]:
    """What is there before anything is destroyed: name, how, size and SHA-256."""
    files = [("shred", name, path) for name, path in order.shred.items()]
    files += [("remove", name, path) for name, path in order.remove.items()]
    found: list[dict[str, Any]] = [
        {
            "how": how,
            "name": name,
            "size": path.stat().st_size,
            "sha256": sha256_file(path),
        }
        for how, name, path in files
        if path.exists()
    ]
    found += [{"how": "destroy", "name": name, "size": 0, "sha256": ""} for name in order.destroy]
    return found


def _destroy(order: WipeOrder) -> None:
    for path in order.shred.values():
        shred(path)
    for path in order.remove.values():
        if path.exists():
            path.unlink()
            sync_directory(path.parent)
    for action in order.destroy.values():
        action()
