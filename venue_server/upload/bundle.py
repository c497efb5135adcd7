"""Sealing: one session into one file that only headquarters can open (L03, O06).

docs/answer-bundle.md gives every byte. Nothing of the content touches the disk in the clear: the
ZIP is encrypted while it is made, one sitting in memory at a time.
"""

import hashlib
import os
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.storage.files import READ_SIZE, replacing
from venue_server.upload.extract import (
    SessionExtract,
    SittingExtract,
    SittingHead,
    chain_head,
)
from venue_server.upload.results import assessment_result
from venue_server.upload.timeline import timeline
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, canonical
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.signed import sign
from venue_server.wire.stream import seal_stream

MAGIC = b"KDBNDL01"
HEADER_LENGTH = struct.Struct(">I")
BUNDLE_TYPE = "kaodian.bundle"
CONTENT_FORMAT = "kaodian-bundle/1"
_NO_DIGEST = "0" * 64
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class SealedBundle:
    """What a sealed file is: its name, size in bytes, SHA-256 and the heads inside."""

    bundle_id: str
    file: Path
    sha256: str
    size: int
    sittings: tuple[SittingHead, ...]


@dataclass(frozen=True)
class Sealer:
    """Who seals for whom: the venue's signing key and headquarters' raw HPKE public key."""

    signing: Ed25519PrivateKey
    bundle_public: bytes


def bundle_info(venue_id: str, session_id: str, bundle_id: str) -> bytes:
    """HPKE info of the bundle key."""
    return b"kaodian-bundle/1\0" + "\0".join((venue_id, session_id, bundle_id)).encode()


def member_name(folder: str, name: str, suffix: str) -> str:
    """A member's name; the id is percent-encoded, so no id can leave its folder."""
    return f"{folder}/{quote(name, safe='')}.{suffix}"


def seal_bundle(
    target: Path,
    sealer: Sealer,
    session: SessionExtract,
    records: Mapping[str, Any],
    sealed_at_ms: int,
) -> SealedBundle:
    """Write the bundle to ``target`` durably, or not at all; blocking, for a worker thread.

    Raises RefusedError(CHAIN_BROKEN) when a sitting's answers do not form its chain or end
    elsewhere than the candidate's receipt says; OSError when the disk fails.
    """
    bundle_id = os.urandom(16).hex()
    key = os.urandom(32)
    info = bundle_info(session.venue_id, session.session_id, bundle_id)
    payload = {
        "type": BUNDLE_TYPE,
        "version": "1.0",
        "bundle_id": bundle_id,
        "venue_id": session.venue_id,
        "plan_id": session.plan_id,
        "session_id": session.session_id,
        "mode": session.mode,
        "sealed_at_ms": sealed_at_ms,
        "sealed_key": b64(hpke.seal(sealer.bundle_public, key, info)),
        "stream_sha256": _NO_DIGEST,
    }
    heads: list[SittingHead] = []
    with replacing(target) as handle:
        # The header names the stream's digest, so its place is kept and filled at the end: every
        # field has a fixed width.
        handle.write(_head(payload, sealer.signing))
        digest = hashlib.sha256()
        for piece in seal_stream(key, _zip_pieces(session, records, heads)):
            digest.update(piece)
            handle.write(piece)
        handle.seek(0)
        handle.write(_head({**payload, "stream_sha256": digest.hexdigest()}, sealer.signing))
    with target.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return SealedBundle(bundle_id, target, sha256, target.stat().st_size, tuple(heads))


def _head(payload: Mapping[str, Any], signing: Ed25519PrivateKey) -> bytes:
    header = canonical(sign(payload, [signing]))
    return MAGIC + HEADER_LENGTH.pack(len(header)) + header


class _Sink:
    """Takes what ZipFile writes and gives it away in pieces; cannot seek, and says so by having
    neither ``tell`` nor ``seek``."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to close."""

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def _zip_pieces(
    session: SessionExtract, records: Mapping[str, Any], heads: list[SittingHead]
) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _members(session, records, heads):
            with archive.open(zipfile.ZipInfo(name, _ZIP_DATE), "w") as member:
                for piece in pieces:
                    member.write(piece)
                    yield sink.take()
    yield sink.take()


def _members(
    session: SessionExtract, records: Mapping[str, Any], heads: list[SittingHead]
) -> Iterator[tuple[str, Iterable[bytes]]]:
    rows = []
    for sitting in session.sittings:
        entries = list(sitting.entries())
        head = _checked_head(sitting, entries)
        heads.append(head)
        rows.append(_sitting_row(sitting, head))
        result = assessment_result(session, sitting, entries)
        yield member_name("results", sitting.sitting_id, "xml"), [result]
        lines = (msgspec.json.encode(entry) + b"\n" for entry in entries)
        yield member_name("journals", sitting.sitting_id, "jsonl"), lines
        timed = msgspec.json.encode(_timeline(session, sitting, entries))
        yield member_name("timelines", sitting.sitting_id, "json"), [timed]
    yield "sittings.json", [msgspec.json.encode(rows)]
    yield "session.json", [msgspec.json.encode(_session_row(session))]
    for name, record in records.items():
        yield member_name("records", name, "json"), [msgspec.json.encode(record)]
    yield "ledger.jsonl", _whole_lines(session.ledger_file)


def _timeline(
    session: SessionExtract, sitting: SittingExtract, entries: list[ResponseEntry]
) -> dict[str, Any]:
    """Items in time, beside what the ledger tells of this candidate and their machines (Y05)."""
    return {
        "sitting_id": sitting.sitting_id,
        "seat_no": sitting.seat_no,
        "form_id": sitting.form_id,
        "package_id": sitting.package_id,
        "neighbours": list(sitting.neighbours),
        "section_orders": {
            section: order
            for entry in entries
            if entry.kind == "open"
            for section, order in entry.displayed.items()
        },
        "items": timeline(entries),
        "events": list(session.events_of(sitting)),
    }


def _checked_head(sitting: SittingExtract, entries: list[ResponseEntry]) -> SittingHead:
    head = chain_head(sitting.sitting_id, entries)
    if isinstance(head, Refusal):
        raise RefusedError(head)
    promised = (sitting.final_seq, sitting.final_head)
    if promised != (None, None) and promised != (head.seq, head.head):
        raise RefusedError(Refusal(RefusalCode.CHAIN_BROKEN, f"{sitting.sitting_id} receipt"))
    return head


def _sitting_row(sitting: SittingExtract, head: SittingHead) -> dict[str, Any]:
    plain = {
        field.name: getattr(sitting, field.name)
        for field in fields(sitting)
        if field.name not in ("entries", "final_seq", "final_head", "neighbours")
    }
    return {**plain, "neighbours": list(sitting.neighbours), **asdict(head)}


def _session_row(session: SessionExtract) -> dict[str, Any]:
    names = ("venue_id", "plan_id", "session_id", "mode", "paper_id", "subject_code")
    more = ("subject_title", "effective_start_ms", "ended_at_ms")
    plain = {name: getattr(session, name) for name in names + more}
    return {"format": CONTENT_FORMAT, **plain, "extra": dict(session.extra)}


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The ledger as it is now, to its last whole line: it goes on growing meanwhile."""
    with path.open("rb") as handle:
        left = _last_line_end(handle)
        handle.seek(0)
        while left > 0 and (piece := handle.read(min(left, READ_SIZE))):
            left -= len(piece)
            yield piece


def _last_line_end(handle: BinaryIO) -> int:
    end = handle.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - READ_SIZE)
        handle.seek(start)
        found = handle.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
