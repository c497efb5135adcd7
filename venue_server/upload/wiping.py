"""Wiping: once headquarters has everything, the venue destroys its keys and proves it (L10, L11).

Crypto-shredding: what is destroyed are keys; the ciphertext that remains (store, backups, bundle)
can then be opened by nobody at the venue. A wiping that was interrupted goes on when it is called
again: it is begun, and so recorded, before anything is destroyed. Every file is searched for the
keys twice: before, because a copy elsewhere would make it worthless, and afterwards, as the proof.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from venue_server.backup.store import data_state, move_data_state, read_copies
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.files import sha256_file, shred, sync_directory
from venue_server.storage.media_lanes import on_medium
from venue_server.upload.delivered import Delivered, Trusted, delivered
from venue_server.upload.key_search_io import Searched, search
from venue_server.upload.settings import UploadSettings
from venue_server.upload.store import (
    certificate_of,
    earlier_versions,
    insert_certificate,
    read_bundle,
    read_certificate,
    set_certificate,
)
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.names import DataState
from venue_server.wire.process_memory import overwrite
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

CERTIFICATE_TYPE = "kaodian.wipe-certificate"
Certificate = dict[str, Any]


@dataclass(frozen=True)
class WipeOrder:
    """What a wiping destroys, by the names the certificate will use.

    ``shred``: key files, overwritten and unlinked. ``remove``: files only unlinked (sealed papers,
    working files). ``destroy``: what other stages destroy themselves (keys in memory or in the
    store); each is called in a thread and must be repeatable. ``begun`` runs in the transaction
    that begins it. ``kept``: what stays, each with its reason. ``secrets`` gives the keys that are
    still here; no file of ``folders`` may hold one but the key files themselves and ``own``.
    """

    shred: Mapping[str, Path]
    remove: Mapping[str, Path]
    destroy: Mapping[str, Callable[[], None]]
    begun: Callable[[Connection], None] = lambda _tx: None
    kept: Sequence[Mapping[str, str]] = ()
    secrets: Callable[[], Sequence[bytes]] = tuple
    folders: Sequence[Path] = ()
    own: Sequence[Path] = ()


class Wiping:
    """Wiping of sessions whose receipt matched."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        settings: UploadSettings,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._settings = settings
        self._now_ms = now_ms
        self._busy = asyncio.Lock()
        self._sought: dict[str, list[bytearray]] = {}

    async def wipe(
        self, session_id: str, persons: tuple[str, str], order: WipeOrder
    ) -> Certificate | Refusal:
        """Destroy and certify; to WIPED, durable on return.

        SES-09 unless it came home, WIP-01 without a verified backup, WIP-02 when the stored receipt
        does not hold, WIP-03 when a key lies elsewhere as well (nothing was destroyed then), STF-06
        unless two different people order it. A session already wiped gives its certificate again.
        Raises OSError when a file cannot be destroyed: the session stays as it was, and the next
        call goes on.
        """
        if persons[0] == persons[1]:
            return Refusal(RefusalCode.SAME_PERSON, persons[0])
        async with self._busy:
            finished = self.certificate(session_id)
            if finished:
                return finished
            refusal = self._store.read(lambda tx: self._refuse(tx, session_id))
            if refusal is not None:
                return refusal
            # Kept until it is done: what is destroyed must still be looked for by another try.
            secrets = self._sought.setdefault(session_id, [])
            secrets += [bytearray(each) for each in order.secrets() if each not in secrets]
            before = await on_medium("wiping", _search, order, secrets, begun=False)
            if before is not None and before.found:
                return Refusal(RefusalCode.KEY_ELSEWHERE, ", ".join(before.found))
            items = await on_medium("wiping", _inventory, order)
            try:
                draft = await self._store.write(
                    lambda tx: self._begin(tx, session_id, persons, items, order, before)
                )
            except RefusedError as refused:
                return refused.refusal
            await on_medium("wiping", _destroy, order)
            after = await on_medium("wiping", _search, order, secrets, begun=True)
            if after is not None and after.found:
                return Refusal(RefusalCode.KEY_ELSEWHERE, ", ".join(after.found))
            done = await self._store.write(lambda tx: self._finish(tx, session_id, draft, after))
            for secret in self._sought.pop(session_id):
                overwrite(secret)
            return done

    def ordered_by(self, session_id: str) -> tuple[str, str] | None:
        """Who ordered a wiping that began, finished or not; None when none did."""
        row = certificate_of(self._store.ask, session_id)
        return row.persons if row else None

    def begun(self, session_id: str) -> tuple[str, str] | None:
        """Who ordered a wiping that is not finished; None when there is none."""
        row = certificate_of(self._store.ask, session_id)
        return row.persons if row and row.finished is None else None

    def certificate(self, session_id: str) -> Certificate | None:
        """The certificate of a finished wiping, or None."""
        row = certificate_of(self._store.ask, session_id)
        return row.finished if row else None

    def _begin(
        self,
        tx: Connection,
        session_id: str,
        persons: tuple[str, str],
        items: Sequence[Mapping[str, Any]],
        order: WipeOrder,
        before: Searched | None,
    ) -> Certificate:
        refusal = self._refuse(tx, session_id)
        if refusal:
            raise RefusedError(refusal)
        begun = read_certificate(tx, session_id)
        if begun:
            # What was there when the wiping began is what the certificate must tell of.
            draft: Certificate = json.loads(begun.document)
            self._ledger.record(tx, Event.WIPE_RESUMED, ",".join(persons), session=session_id)
            return draft
        order.begun(tx)
        bundle = read_bundle(tx, session_id)
        home = self._home(tx, session_id)
        assert bundle is not None and isinstance(home, Delivered)
        draft = {
            "type": CERTIFICATE_TYPE,
            "version": "1.0",
            "session_id": session_id,
            "bundle_id": bundle.bundle.bundle_id,
            "bundle_sha256": bundle.bundle.sha256,
            "earlier_versions": [
                {"version": each.version, "bundle_id": each.bundle_id, "sha256": each.sha256}
                for each in earlier_versions(tx, session_id)
            ],
            "delivered_by": "receipt",
            "receipt_sha256": home.proof_sha256,
            "backups": [
                {"target": each.target, "sha256": each.sha256}
                for each in read_copies(tx, session_id)
            ],
            "persons": list(persons),
            "begun_at_ms": self._now_ms(),
            "finished_at_ms": None,
            "items": list(items),
            "kept": list(order.kept),
            "searched_before": _told(before),
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

    def _home(self, tx: Connection, session_id: str) -> Delivered | Refusal | None:
        settings = self._settings
        trusted = Trusted(settings.headquarters_keys, settings.headquarters_threshold)
        return delivered(tx, session_id, trusted)

    def _refuse(self, tx: Connection, session_id: str) -> Refusal | None:
        # From the stored bytes: nothing is destroyed on the word of a state column.
        home = self._home(tx, session_id)
        if isinstance(home, Refusal):
            return Refusal(RefusalCode.RECEIPT_NO_LONGER_VALID, home.text("en"))
        if home is None or data_state(tx, session_id) is not DataState.UPLOADED:
            return Refusal(RefusalCode.NOT_UPLOADED, session_id)
        if not read_copies(tx, session_id):
            return Refusal(RefusalCode.WIPE_WITHOUT_BACKUP, session_id)
        return None

    def _finish(
        self, tx: Connection, session_id: str, draft: Certificate, after: Searched | None
    ) -> Certificate:
        # None after a power cut that left no key to look for: said as it is.
        finished = {
            **draft,
            "finished_at_ms": self._now_ms(),
            "searched_after": _told(after),
        }
        state = data_state(tx, session_id)
        assert state is not None, "it was found before"
        move_data_state(tx, session_id, state, DataState.WIPED)
        set_certificate(tx, session_id, json.dumps(finished))
        self._ledger.record(
            tx,
            Event.WIPED,
            ",".join(draft["persons"]),
            session=session_id,
            certificate=sha256_hex(canonical(finished)),
        )
        return finished


def _search(order: WipeOrder, secrets: Sequence[bytearray], begun: bool) -> Searched | None:
    """Look for the keys; None when none is here any more to look for (an interrupted wiping).
    Before anything is destroyed they rightly lie in their own files."""
    if not secrets or not order.folders:
        return None
    own = () if begun else (*order.shred.values(), *order.own)
    return search(order.folders, secrets, own)


def _told(found: Searched | None) -> dict[str, int] | None:
    return None if found is None else {"files": found.files, "bytes": found.size}


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
        path.unlink(missing_ok=True)
    # Also where nothing was left to unlink: a try that ended between the two may not have synced.
    for folder in dict.fromkeys(path.parent for path in order.remove.values()):
        if folder.is_dir():
            sync_directory(folder)
    for action in order.destroy.values():
        action()
