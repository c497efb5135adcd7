"""The other side: headquarters opens a bundle and checks everything in it.

Lives beside the sealing, so that the format has one home; the venue has no key to call it with.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.ledger.verify import verify_lines
from venue_server.storage.files import READ_SIZE
from venue_server.upload.bundle import (
    BUNDLE_TYPE,
    CONTENT_FORMAT,
    HEADER_LENGTH,
    MAGIC,
    bundle_info,
    member_name,
)
from venue_server.upload.extract import SittingHead, chain_head, last_answers
from venue_server.wire import hpke
from venue_server.wire.canonical import canonical, unb64
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.signed import load_document, verify
from venue_server.wire.stream import StreamError, StreamReader

MAX_HEADER = 64 * 1024
OTHER_KEY = "sealed to another key"
_FIELDS = ("bundle_id", "venue_id", "session_id", "sealed_key", "stream_sha256")
MAX_MEMBER = 512 * 1024 * 1024
# What reading a damaged file, or one with another shape inside, can raise. A venue may have signed
# it: zipfile raises NotImplementedError for versions and methods it does not know and RuntimeError
# for an encrypted member, json RecursionError (a RuntimeError) for deep nesting.
_DAMAGED = (
    NotImplementedError,
    RuntimeError,
    AttributeError,
    StreamError,
    zipfile.BadZipFile,
    zlib.error,
    msgspec.DecodeError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
)
_journal_line = msgspec.json.Decoder(ResponseEntry)


@dataclass(frozen=True)
class OpenedSitting:
    """One sitting as it arrived: its row of sittings.json, its verified head, item id ->
    response id -> values of the last answers, (sequence, hash) of every entry in order, its items
    in time beside the ledger's entries about it (Y05), and its journal, byte for byte."""

    row: dict[str, Any]
    head: SittingHead
    answers: dict[str, dict[str, list[str]]]
    result_xml: bytes
    chain: tuple[tuple[int, str], ...]
    timeline: dict[str, Any]
    journal: bytes


@dataclass(frozen=True)
class OpenedBundle:
    """A bundle in which everything was verified. ``ledger`` is the file, byte for byte."""

    header: dict[str, Any]
    sha256: str
    session: dict[str, Any]
    sittings: list[OpenedSitting]
    records: dict[str, Any]
    ledger: bytes


def open_bundle(
    path: Path, private: hpke.HpkePrivate, venue_keys: Mapping[str, Ed25519PublicKey]
) -> OpenedBundle | Refusal:
    """Verify signature, digest, encryption, every sitting's chain and the ledger.

    ``venue_keys`` maps key ids (wire/signed.py) of venues headquarters knows. DOC-01 damaged,
    DOC-04 not signed by a known venue, SIT-05 a broken chain, LED-01 a broken ledger.
    """
    with path.open("rb") as handle:
        try:
            header = _read_header(handle, venue_keys)
            body = handle.tell()
            _check_digest(handle, header["stream_sha256"])
            key = _bundle_key(header, private)
            stream = StreamReader(key, cast(BinaryIO, _Tail(handle, body)))
            with zipfile.ZipFile(io.BufferedReader(stream)) as archive:
                opened = _read_content(archive, header)
            handle.seek(0)
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        except RefusedError as refused:
            return refused.refusal
        except _DAMAGED as error:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, f"{BUNDLE_TYPE}: {error}")
    return OpenedBundle(header, sha256, *opened)


def read_envelope(
    path: Path, venue_keys: Mapping[str, Ed25519PublicKey]
) -> dict[str, Any] | Refusal:
    """The header of a bundle whose outside is sound: signed by a known venue, every byte as sealed.

    Opens nothing and needs no key of headquarters. DOC-01 damaged, DOC-03 another version, DOC-04
    not signed by a known venue. Raises OSError.
    """
    with path.open("rb") as handle:
        try:
            header = _read_header(handle, venue_keys)
            _check_digest(handle, header["stream_sha256"])
        except RefusedError as refused:
            return refused.refusal
    return header


def _refuse(code: RefusalCode, detail: str) -> RefusedError:
    return RefusedError(Refusal(code, detail))


def _read_raw_header(handle: BinaryIO) -> bytes:
    start = handle.read(len(MAGIC) + HEADER_LENGTH.size)
    if len(start) != len(MAGIC) + HEADER_LENGTH.size or not start.startswith(MAGIC):
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "no bundle")
    (length,) = HEADER_LENGTH.unpack(start[len(MAGIC) :])
    if length > MAX_HEADER:
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "header too long")
    return handle.read(length)


def _read_header(handle: BinaryIO, venue_keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    raw = _read_raw_header(handle)
    document = load_document(raw, BUNDLE_TYPE)
    payload = verify(document, BUNDLE_TYPE, venue_keys, 1)
    if isinstance(payload, Refusal) or isinstance(document, Refusal):
        raise RefusedError(payload if isinstance(payload, Refusal) else document)
    # One document has one form: a space added outside the signature is a change too.
    if canonical(document) != raw or len(document["signatures"]) != 1:
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "header is not canonical")
    if not all(isinstance(payload.get(field), str) for field in _FIELDS):
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "header lacks a field")
    return payload


def _check_digest(handle: BinaryIO, promised: str) -> None:
    digest = hashlib.sha256()
    while piece := handle.read(READ_SIZE):
        digest.update(piece)
    if digest.hexdigest() != promised:
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "content differs from its signed digest")


def _bundle_key(header: dict[str, Any], private: hpke.HpkePrivate) -> bytes:
    info = bundle_info(header["venue_id"], header["session_id"], header["bundle_id"])
    try:
        return private.open(unb64(header["sealed_key"]), info)
    except hpke.HpkeError as error:
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, OTHER_KEY) from error


class _Tail(io.RawIOBase):
    """The file from ``start`` on, as a file of its own."""

    def __init__(self, handle: BinaryIO, start: int) -> None:
        super().__init__()
        self._handle = handle
        self._start = start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        shift = self._start if whence == io.SEEK_SET else 0
        return self._handle.seek(offset + shift, whence) - self._start

    def tell(self) -> int:
        return self._handle.tell() - self._start

    def read(self, size: int = -1) -> bytes:
        return self._handle.read(size)


def named_venue(path: Path) -> str:
    """The venue that a bundle says it is of, before anything of it is trusted; empty when it says
    none. Whoever checks it then takes that venue's key and no other's. Raises OSError."""
    with path.open("rb") as handle:
        try:
            raw = _read_raw_header(handle)
        except RefusedError:
            return ""
    match load_document(raw, BUNDLE_TYPE):
        case {"payload": {"venue_id": str(venue_id)}}:
            return venue_id
        case _:
            return ""


def _check_names(archive: zipfile.ZipFile) -> None:
    """Before anything is read: every name once, and nothing larger than a venue can mean."""
    names = archive.namelist()
    if any(each.file_size > MAX_MEMBER for each in archive.infolist()):
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "a member is too large")
    if len(set(names)) != len(names):
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "a member stands twice")


def _check_journals(archive: zipfile.ZipFile, rows: list[dict[str, Any]]) -> None:
    """No answers of a sitting that is not listed, and none listed without."""
    listed = {member_name("journals", row["sitting_id"], "jsonl") for row in rows}
    found = {name for name in archive.namelist() if name.startswith("journals/")}
    if found != listed:
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "journals and sittings differ")


def _read_content(
    archive: zipfile.ZipFile, header: dict[str, Any]
) -> tuple[dict[str, Any], list[OpenedSitting], dict[str, Any], bytes]:
    _check_names(archive)
    session = json.loads(archive.read("session.json"))
    if session["format"] != CONTENT_FORMAT:
        raise _refuse(RefusalCode.VERSION_UNKNOWN, session["format"])
    if any(session[name] != header[name] for name in ("venue_id", "session_id")):
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "content of another session")
    rows = json.loads(archive.read("sittings.json"))
    if len({row["sitting_id"] for row in rows}) != len(rows):
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, "a sitting stands twice")
    _check_journals(archive, rows)
    sittings = [_read_sitting(archive, row) for row in rows]
    names = [name for name in archive.namelist() if name.startswith("records/")]
    records = {unquote(name[8:-5]): json.loads(archive.read(name)) for name in names}
    ledger = archive.read("ledger.jsonl")
    verdict = verify_lines(ledger.split(b"\n")[:-1])
    if not verdict.ok:
        raise _refuse(RefusalCode.LEDGER_BROKEN, verdict.problem)
    return session, sittings, records, ledger


def _read_sitting(archive: zipfile.ZipFile, row: dict[str, Any]) -> OpenedSitting:
    sitting_id = row["sitting_id"]
    journal = archive.read(member_name("journals", sitting_id, "jsonl"))
    entries = [_journal_line.decode(line) for line in journal.splitlines()]
    head = chain_head(sitting_id, entries)
    if isinstance(head, Refusal):
        raise RefusedError(head)
    if (head.seq, head.head) != (row["seq"], row["head"]):
        raise _refuse(RefusalCode.CHAIN_BROKEN, f"{sitting_id} head")
    answers = {item: entry.values for item, entry in last_answers(entries).items()}
    result = archive.read(member_name("results", sitting_id, "xml"))
    chain = tuple((entry.seq, entry.hash) for entry in entries)
    timed = json.loads(archive.read(member_name("timelines", sitting_id, "json")))
    return OpenedSitting(row, head, answers, result, chain, timed, journal)
