"""After a complete upload: open the bundle, verify everything, keep the results, sign a receipt.

venues/<name>.json                 {"venue_id", "public"}: the Ed25519 key a venue signs with;
                                   name is the SHA-256 of the venue id
bundles/<bundle_id>.kdbundle       the bundle as it came
results/<bundle_id>/answers.json   {sitting_id: {"seq", "head", "answers": {item: {response:
                                   [values]}}}}, verified
results/<bundle_id>/results/…xml   QTI Results Reporting of each sitting
results/<bundle_id>/journals/…     its whole chain, for ``venue-server answers verify``
results/<bundle_id>/ledger.jsonl, session.json, sittings.json, records.json
receipts/<bundle_id>.json          the signed receipt; written last, so it says all is kept
refused/<bundle_id>.json           {"code", "detail"}: why a bundle got no receipt
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.headquarters.service_uploads import Upload, UploadShelf
from venue_server.storage.files import sha256_file, sync_directory, write_whole
from venue_server.upload.bundle import member_name
from venue_server.upload.opening import OTHER_KEY, OpenedBundle, named_venue, open_bundle
from venue_server.upload.receipts import receipt_payload
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys, sign


class Venue(msgspec.Struct, frozen=True):
    """A venue headquarters knows; ``public`` is its base64 raw Ed25519 key."""

    venue_id: str
    public: str


def register_venue(data_dir: Path, venue: Venue) -> None:
    """Let a venue's bundles be accepted; durable. A running service sees it at once."""
    public_keys([venue.public])  # refuses what is no key
    folder = data_dir / "venues"
    folder.mkdir(exist_ok=True, mode=0o700)
    write_whole(folder / f"{sha256_hex(venue.venue_id.encode())}.json", msgspec.json.encode(venue))


class ReceiptDesk:
    """Turns complete uploads into receipts. Blocking; ``now_ms`` is exam time."""

    def __init__(
        self, keys: HeadquartersKeys, shelf: UploadShelf, now_ms: Callable[[], int]
    ) -> None:
        self._keys = keys
        self._shelf = shelf
        self._now_ms = now_ms
        for name in ("bundles", "results", "receipts", "refused", "venues"):
            (keys.data_dir / name).mkdir(exist_ok=True, mode=0o700)

    def receipt(self, bundle_id: str) -> bytes | None:
        """The signed receipt, or None."""
        return _bytes(self._receipt_file(bundle_id))

    def refusal(self, bundle_id: str) -> bytes | None:
        """Why the newest upload of a bundle got no receipt, as JSON, or None."""
        return _bytes(self._refusal_file(bundle_id))

    def take(self, upload: Upload) -> None:
        """Judge one complete upload.

        The same bundle sent twice finds its receipt there already (idempotent); another file
        under the same bundle id changes nothing, the first receipt stays. An accepted upload stays
        known, so that a client whose last answer got lost need not send anything again; a refused
        one is forgotten, so that it can be sent anew.
        """
        bundle_id = upload.info.bundle_id
        if self.receipt(bundle_id) is not None:
            return
        opened = self._open(upload)
        if isinstance(opened, Refusal):
            body = msgspec.json.encode({"code": opened.code, "detail": opened.detail})
            write_whole(self._refusal_file(bundle_id), body)
            self._shelf.remove(upload.upload_id)
        else:
            self._accept(upload, opened)

    def forget_refusal(self, bundle_id: str) -> None:
        """A new upload begins: what was wrong with the last one no longer counts."""
        self._refusal_file(bundle_id).unlink(missing_ok=True)

    def _open(self, upload: Upload) -> OpenedBundle | Refusal:
        if sha256_file(upload.data) != upload.info.sha256:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, "sha256 differs from the declared one")
        opened = self._opened(upload.data)
        if isinstance(opened, Refusal):
            return opened
        if opened.header["bundle_id"] != upload.info.bundle_id:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, "declared under another bundle id")
        return opened

    def _opened(self, file: Path) -> OpenedBundle | Refusal:
        """With the present key, else with any earlier one: a plan names one for all its days."""
        opened = open_bundle(file, self._keys.bundle, self.keys_for(file))
        for earlier in self._keys.earlier_bundles:
            if not isinstance(opened, Refusal) or opened.detail != OTHER_KEY:
                break
            opened = open_bundle(file, earlier, self.keys_for(file))
        return opened

    def keys_for(self, bundle: Path) -> Mapping[str, Ed25519PublicKey]:
        """The key of the venue that the bundle names, by key id: another venue's own key counts for
        nothing here. Empty for a venue that was never registered. Raises OSError."""
        named = named_venue(bundle)
        files = sorted((self._keys.data_dir / "venues").glob("*.json"))
        venues = [msgspec.json.decode(file.read_bytes(), type=Venue) for file in files]
        return public_keys([venue.public for venue in venues if venue.venue_id == named])

    def _accept(self, upload: Upload, opened: OpenedBundle) -> None:
        bundle_id = upload.info.bundle_id
        kept = self._keys.data_dir / "bundles" / f"{bundle_id}.kdbundle"
        if not kept.exists():
            os.link(upload.data, kept)
            sync_directory(kept.parent)
        _keep_results(self._keys.data_dir / "results" / bundle_id, opened)
        heads = [sitting.head for sitting in opened.sittings]
        payload = receipt_payload(bundle_id, opened.sha256, heads, self._now_ms())
        write_whole(self._receipt_file(bundle_id), canonical(sign(payload, self._keys.signing)))

    def _receipt_file(self, bundle_id: str) -> Path:
        return self._keys.data_dir / "receipts" / f"{bundle_id}.json"

    def _refusal_file(self, bundle_id: str) -> Path:
        return self._keys.data_dir / "refused" / f"{bundle_id}.json"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _keep_results(folder: Path, opened: OpenedBundle) -> None:
    for name in ("results", "journals"):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    answers: dict[str, Any] = {}
    for sitting in opened.sittings:
        head = sitting.head
        answers[head.sitting_id] = {
            "seq": head.seq,
            "head": head.head,
            "answers": sitting.answers,
        }
        write_whole(folder / member_name("results", head.sitting_id, "xml"), sitting.result_xml)
        write_whole(folder / member_name("journals", head.sitting_id, "jsonl"), sitting.journal)
    rows = [sitting.row for sitting in opened.sittings]
    for name, value in (
        ("answers", answers),
        ("sittings", rows),
        ("session", opened.session),
        ("records", opened.records),
    ):
        write_whole(folder / f"{name}.json", msgspec.json.encode(value))
    write_whole(folder / "ledger.jsonl", opened.ledger)
