"""Bundles that came by hand: taken in and looked at from outside, opened only when told (F18, L09).

by-hand/<bundle_id>.kdbundle   a bundle as it came on a medium, its outside verified
by-hand/<bundle_id>.json       the hand-over record that lay beside it, its signature verified

Taking in needs no key that opens anything. Opening gives the very receipt that an upload gets, and
a bundle that also came over the line has its receipt already: the same one is given again.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.headquarters.service_receipts import ReceiptDesk
from venue_server.headquarters.service_uploads import BUNDLE_ID, Upload, UploadInfo
from venue_server.storage.files import replacing, sha256_file, sync_directory, write_whole
from venue_server.upload.handing_over.medium_io import BUNDLE, FOLDER, RECEIPT, RECORD
from venue_server.upload.handing_over.rules import HAND_OVER_TYPE
from venue_server.upload.opening import read_envelope
from venue_server.wire.canonical import canonical
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import signed_payload


@dataclass(frozen=True)
class Brought:
    """One bundle of a medium: where it lay, and its header, or why it was not taken. ``record`` is
    the payload of the hand-over record beside it, None without one."""

    place: Path
    header: dict[str, Any] | Refusal
    sha256: str = ""
    record: dict[str, Any] | None = None


class MediaDesk:
    """Headquarters' table for media. Blocking."""

    def __init__(self, data_dir: Path, receipts: ReceiptDesk) -> None:
        self._folder = data_dir / "by-hand"
        self._folder.mkdir(exist_ok=True, mode=0o700)
        self._receipts = receipts

    def take_in(self, medium: Path) -> list[Brought]:
        """Copy every bundle of a medium in and verify its outside; opens nothing.

        Refused: DOC-01 damaged, another bundle id than its folder's, or not what the hand-over
        record says; DOC-03, DOC-04. What is refused is not kept. Raises OSError.
        """
        places = sorted((medium / FOLDER).glob(f"*/{BUNDLE}"))
        return [self._take(file.parent) for file in places if not file.is_symlink()]

    def _take(self, place: Path) -> Brought:
        name = place.name
        if not BUNDLE_ID.fullmatch(name):
            return Brought(place, Refusal(RefusalCode.DOCUMENT_MALFORMED, "folder name"))
        # Judged under a name of its own: a bad copy must not take a good one's place.
        came = self._folder / f"{name}.incoming"
        with (place / BUNDLE).open("rb") as source, replacing(came) as target:
            shutil.copyfileobj(source, target)
        keys = self._receipts.keys_for(came)
        header = read_envelope(came, keys)
        sha256 = sha256_file(came)
        record = self._record(place / RECORD, keys)
        if not isinstance(header, Refusal):
            header = _fitting(header, name, sha256, record)
        if isinstance(header, Refusal):
            came.unlink()
            return Brought(place, header)
        kept = self._folder / f"{name}.kdbundle"
        came.replace(kept)
        sync_directory(self._folder)
        if isinstance(record, dict):
            write_whole(kept.with_suffix(".json"), canonical(record))
        return Brought(place, header, sha256, record if isinstance(record, dict) else None)

    def _record(
        self, file: Path, keys: Mapping[str, Ed25519PublicKey]
    ) -> dict[str, Any] | Refusal | None:
        if not file.is_file():
            return None
        return signed_payload(file.read_bytes(), HAND_OVER_TYPE, keys, 1)

    def open(self, brought: Brought) -> bytes | Refusal:
        """Open one bundle that was taken in, verify everything, keep the results and answer with
        the signed receipt, put beside the bundle on the medium as well. Raises OSError."""
        assert isinstance(brought.header, dict), "only what was taken in is opened"
        bundle_id: str = brought.header["bundle_id"]
        kept = self._folder / f"{bundle_id}.kdbundle"
        size = kept.stat().st_size
        info = UploadInfo(size, bundle_id, brought.sha256)
        self._receipts.forget_refusal(bundle_id)
        self._receipts.take(Upload(bundle_id, info, size, kept))
        receipt = self._receipts.receipt(bundle_id)
        if receipt is None:
            return _why(self._receipts.refusal(bundle_id))
        if json.loads(receipt)["payload"]["bundle_sha256"] != brought.sha256:
            # Another file under a known id: the first one's receipt stands, and is not for this.
            return Refusal(RefusalCode.RECEIPT_MISMATCH, bundle_id)
        write_whole(brought.place / RECEIPT, receipt)
        return receipt


def _fitting(
    header: dict[str, Any], name: str, sha256: str, record: dict[str, Any] | Refusal | None
) -> dict[str, Any] | Refusal:
    if header["bundle_id"] != name:
        return Refusal(RefusalCode.DOCUMENT_MALFORMED, "another bundle than its folder says")
    if isinstance(record, Refusal):
        return record
    if record is not None:
        named = [(one.get("bundle_id"), one.get("sha256")) for one in record.get("bundles", [])]
        if record.get("venue_id") != header["venue_id"] or (name, sha256) not in named:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, "not the bundle that was handed over")
    return header


def _why(refused: bytes | None) -> Refusal:
    found = json.loads(refused) if refused else {}
    code = found.get("code", RefusalCode.DOCUMENT_MALFORMED)
    return Refusal(RefusalCode(code), str(found.get("detail", "")))
