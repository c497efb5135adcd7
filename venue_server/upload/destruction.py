"""Destruction of what was kept long enough: real deletion by two people, with a certificate (M07).

Begun and done are two entries of an append-only table: what is to go is written down before any of
it goes, and a destruction that a power cut interrupted goes on from that list. The ledger keeps the
digests of everything for ever. Whether it may be destroyed at all is ``records/retention.py``.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.files import sha256_file, sync_directory
from venue_server.storage.media_lanes import on_medium
from venue_server.upload.store import keep_destruction, read_destruction
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

CERTIFICATE_TYPE = "kaodian.destruction-certificate"
BEGUN, DONE = "BEGUN", "DONE"
Document = dict[str, Any]


@dataclass(frozen=True)
class DestructionOrder:
    """What two people order. ``files`` by the names the certificate will use; ``by_hand``: what
    this program cannot reach (media in a safe), which they state to have destroyed themselves;
    ``kept``: what stays, each with its reason; ``why``: class and dates, as they were judged;
    ``still`` says in the transaction that begins it why it may not any more."""

    session_id: str
    what: str
    persons: tuple[str, str]
    method: str
    reference: str
    files: Mapping[str, Path]
    by_hand: Sequence[str]
    kept: Sequence[Mapping[str, str]]
    why: Mapping[str, Any]
    still: Callable[[Connection], Refusal | None] = lambda _tx: None


class Destruction:
    """One for the venue."""

    def __init__(self, store: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms
        self._busy = asyncio.Lock()

    async def destroy(self, order: DestructionOrder) -> Document | Refusal:
        """Delete and certify; durable on return. Done before, it gives its certificate again.

        REC-04 without a method or a reference, WIP-07 when there is nothing. Raises OSError when a
        file cannot be deleted: begun it stays, and the next call goes on.
        """
        async with self._busy:
            done = self.certificate(order.session_id, order.what)
            if done is not None:
                return done
            begun = self._store.read(
                lambda tx: read_destruction(tx, order.session_id, order.what, BEGUN)
            )
            if begun is None:
                if not order.method.strip() or not order.reference.strip():
                    return Refusal(RefusalCode.RECORD_TEXT_MISSING, order.session_id)
                items = await on_medium("destruction", _inventory, order.files)
                if not items and not order.by_hand:
                    return Refusal(RefusalCode.NOTHING_TO_DESTROY, order.what)
                try:
                    begun = await self._store.write(lambda tx: self._begin(tx, order, items))
                except RefusedError as no:
                    return no.refusal
            gone = begun
            await on_medium("destruction", _delete, [Path(each["file"]) for each in gone["items"]])
            return await self._store.write(lambda tx: self._finish(tx, order, gone))

    def certificate(self, session_id: str, what: str) -> Document | None:
        """The certificate of a finished destruction, or None."""
        return self._store.read(lambda tx: read_destruction(tx, session_id, what, DONE))

    def begun(self, session_id: str, what: str) -> bool:
        """Was one begun, and not finished?"""
        known = self._store.read(lambda tx: read_destruction(tx, session_id, what, BEGUN))
        return known is not None and self.certificate(session_id, what) is None

    def _begin(
        self, tx: Connection, order: DestructionOrder, items: list[dict[str, Any]]
    ) -> Document:
        refusal = order.still(tx)
        if refusal is not None:
            raise RefusedError(refusal)
        document = {
            "type": CERTIFICATE_TYPE,
            "version": "1.0",
            "session_id": order.session_id,
            "what": order.what,
            "why": dict(order.why),
            "persons": list(order.persons),
            "method": order.method,
            "reference": order.reference,
            "begun_at_ms": self._now_ms(),
            "finished_at_ms": None,
            "items": items,
            "by_hand": list(order.by_hand),
            "kept": list(order.kept),
        }
        self._keep(tx, order, BEGUN, document)
        self._ledger.record(
            tx,
            Event.DESTRUCTION_BEGUN,
            ",".join(order.persons),
            session=order.session_id,
            what=order.what,
            items=[f"{each['name']} {each['sha256']}" for each in items],
            by_hand=list(order.by_hand),
        )
        return document

    def _finish(self, tx: Connection, order: DestructionOrder, begun: Document) -> Document:
        document = {**begun, "finished_at_ms": self._now_ms()}
        self._keep(tx, order, DONE, document)
        self._ledger.record(
            tx,
            Event.DESTROYED,
            ",".join(begun["persons"]),
            session=order.session_id,
            what=order.what,
            certificate=sha256_hex(canonical(document)),
        )
        return document

    def _keep(self, tx: Connection, order: DestructionOrder, step: str, document: Document) -> None:
        keep_destruction(tx, order.session_id, order.what, step, self._now_ms(), document)


def _inventory(files: Mapping[str, Path]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "file": str(path),
            "size": path.stat().st_size,
            "sha256": sha256_file(path),
        }
        for name, path in files.items()
        if path.exists()
    ]


def _delete(files: Sequence[Path]) -> None:
    for path in files:
        if path.exists():
            path.unlink()
            sync_directory(path.parent)
        if path.exists():
            raise OSError(f"still there: {path}")
