"""What a station says of the journals it exported, signed with its own key (F4, F25, [P-29]).

An exported journal carries its key with it, so whoever carries the medium can write records into
it that open. What they cannot make is the signature of the station's identity key, which stays on
the station. The statement is a document of the form of :mod:`.signed`, but under ECDSA P-256 with
SHA-256 by the key of one client certificate, which is part of the payload; ``key`` is the
certificate's SHA-256. It lies twice beside the journals (:data:`STATEMENT_NAMES`), written last.

It names every file, and of every sitting the head of its chain and the hashes of its entries. What
that proves is decided in ``responses/branching/journal_proof.py``. Names of files are compared
with, never opened.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from venue_server.wire.canonical import SAFE, b64, canonical, sha256_hex, unb64
from venue_server.wire.journal_format import KEYS_FOLDER, SITTINGS_FOLDER
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import MAJOR_VERSION, load_document, signed_bytes

EXPORT_TYPE = "kaodian.station-export"
VERSION = "1.0"
STATEMENT_NAMES = ("export.json", "export.second.json")
"""Two copies: one rotten place must not cost the proof of everything."""
STATION_FILE = "station.json"
"""The first file of an export. A station's own data folder has none."""
MAX_STATEMENT = 8 * 1024 * 1024
MAX_FILES = 4096
MAX_SITTINGS = 1024
MAX_CERTIFICATE = 4096
HASH_SIZE = 32
_FILE = re.compile(
    r"station\.json|identity/journal-keys/[0-9a-f]{32}\.key"
    r"|sittings/[0-9a-f]{32}/answers\.journal(\.damaged-[0-9]{1,6})?"
)
_HASH = re.compile(r"[0-9a-f]{64}")
_FOLDER = re.compile(r"[0-9a-f]{32}")
_ECDSA = ec.ECDSA(hashes.SHA256())

_Count = Annotated[int, msgspec.Meta(ge=0, lt=SAFE)]
_Name = Annotated[str, msgspec.Meta(max_length=256)]


class ExportedFile(msgspec.Struct, frozen=True):
    """One file as it was written; ``name`` is relative to the export's folder, with slashes."""

    name: _Name
    size: _Count
    sha256: _Name


class ExportedSitting(msgspec.Struct, frozen=True):
    """One sitting. ``seq`` and ``head`` are the end of its unbroken chain (0 and empty: nothing of
    it could be read), ``last_at_ms`` that entry's exam time. ``hashes`` are those of all its
    entries in order, ``others`` those of entries that the station could read behind damage, as
    base64 of 32 bytes each. An empty ``hashes``: the head alone is said, which proves the rest by
    the chain. An empty ``sitting_id``: its key file no longer says whose it is."""

    folder: _Name
    sitting_id: _Name
    seq: _Count
    head: _Name
    last_at_ms: Annotated[int, msgspec.Meta(gt=-SAFE, lt=SAFE)] = 0
    hashes: str = ""
    others: str = ""

    def signed_hashes(self) -> set[str]:
        """Every entry hash that the station vouches for by name."""
        raw = unb64(self.hashes) + unb64(self.others)
        found = {raw[at : at + HASH_SIZE].hex() for at in range(0, len(raw), HASH_SIZE)}
        return found | {self.head} if self.seq else found


class StationExport(msgspec.Struct, frozen=True):
    """The payload. ``wall_ms`` is what the station's wall clock said: told, never judged by.
    ``certificate`` is base64 of the DER; empty: no identity could be loaded, and nobody signed."""

    machine_id: _Name
    certificate: str
    wall_ms: Annotated[int, msgspec.Meta(gt=-SAFE, lt=SAFE)]
    files: Annotated[list[ExportedFile], msgspec.Meta(max_length=MAX_FILES)]
    sittings: Annotated[list[ExportedSitting], msgspec.Meta(max_length=MAX_SITTINGS)]
    type: str = EXPORT_TYPE
    version: str = VERSION


@dataclass(frozen=True)
class ReadExport:
    """A statement whose signature fits its certificate. Whether that certificate is anybody's, its
    reader asks the roster; an empty ``cert_sha256``: it says itself that nobody signed it."""

    said: StationExport
    cert_sha256: str

    def sitting(self, folder: str) -> ExportedSitting | None:
        """What is said of the sitting of that folder name."""
        return next((each for each in self.said.sittings if each.folder == folder), None)

    def file(self, name: str) -> ExportedFile | None:
        """What is said of that file."""
        return next((each for each in self.said.files if each.name == name), None)


def key_name(folder: str) -> str:
    """The key file of the sitting of that folder name, as a statement names it."""
    return f"{KEYS_FOLDER}/{folder}.key"


def journal_name(folder: str, file: str) -> str:
    """A journal file of that sitting, as a statement names it."""
    return f"{SITTINGS_FOLDER}/{folder}/{file}"


def packed(entry_hashes: Iterable[str]) -> str:
    """Hashes of entries as ``hashes`` and ``others`` carry them."""
    return b64(b"".join(map(bytes.fromhex, entry_hashes)))


def is_export_name(name: str) -> bool:
    """May a statement name this file? Nothing else of a folder is part of an export."""
    return _FILE.fullmatch(name) is not None


# ---- the station ---------------------------------------------------------------------------------


def unsigned_statement(said: StationExport) -> bytes:
    """The file of a station whose identity cannot be loaded; it says so by having no signature."""
    return canonical({"payload": msgspec.to_builtins(said), "signatures": []})


def signed_statement(
    said: StationExport, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> bytes:
    """The file: ``said`` with this certificate in it, signed by ``key``."""
    der = certificate.public_bytes(Encoding.DER)
    said = msgspec.structs.replace(said, certificate=b64(der))
    payload = msgspec.to_builtins(said)
    signature = key.sign(signed_bytes(payload), _ECDSA)
    return canonical(
        {"payload": payload, "signatures": [{"key": sha256_hex(der), "sig": b64(signature)}]}
    )


# ---- the reader ----------------------------------------------------------------------------------


def read_statement(data: bytes) -> ReadExport | Refusal:
    """The statement, when it is one and its signature fits the certificate it names. Refusals:
    DOC-01 to DOC-04."""
    malformed = Refusal(RefusalCode.DOCUMENT_MALFORMED, EXPORT_TYPE)
    if len(data) > MAX_STATEMENT:
        return malformed
    match load_document(data, EXPORT_TYPE):
        case Refusal() as refusal:
            return refusal
        case {
            "payload": {"type": str(kind), "version": str(version)} as payload,
            "signatures": list(signatures),
        }:
            pass
        case _:
            return malformed
    if kind != EXPORT_TYPE:
        return Refusal(RefusalCode.DOCUMENT_WRONG_TYPE, kind[:64])
    if version.split(".")[0] != str(MAJOR_VERSION):
        return Refusal(RefusalCode.VERSION_UNKNOWN, version[:64])
    try:
        said = msgspec.convert(payload, StationExport)
        sound = _is_sound(said)
    except ValueError:  # msgspec's own are
        return malformed
    if not sound:
        return malformed
    if not signatures and not said.certificate:
        return ReadExport(said, "")
    return _verified(said, payload, signatures)


def _is_sound(said: StationExport) -> bool:
    """Bounds and rules between the fields. Raises ValueError on what is no base64."""
    names = [each.name for each in said.files]
    folders = [each.folder for each in said.sittings]
    return (
        len(set(names)) == len(names)
        and len(set(folders)) == len(folders)
        and all(is_export_name(each.name) and _HASH.fullmatch(each.sha256) for each in said.files)
        and all(map(_is_sound_sitting, said.sittings))
        and bool(said.machine_id or not said.certificate)
    )


def _is_sound_sitting(sitting: ExportedSitting) -> bool:
    listed, others = unb64(sitting.hashes), unb64(sitting.others)
    if not _FOLDER.fullmatch(sitting.folder) or len(others) % HASH_SIZE:
        return False
    if sitting.seq == 0:
        return not sitting.head and not listed
    if not _HASH.fullmatch(sitting.head):
        return False
    whole = len(listed) == sitting.seq * HASH_SIZE
    return not listed or (whole and listed[-HASH_SIZE:].hex() == sitting.head)


def _verified(
    said: StationExport, payload: dict[str, Any], signatures: list[Any]
) -> ReadExport | Refusal:
    bad = Refusal(RefusalCode.SIGNATURE_INVALID, EXPORT_TYPE)
    try:
        der = unb64(said.certificate)
        public = _public_key(der)
        message = signed_bytes(payload)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return bad
    match signatures:
        case [{"key": str(key), "sig": str(signature)}] if key == sha256_hex(der):
            pass
        case _:
            return bad
    try:
        public.verify(unb64(signature), message, _ECDSA)
    except (InvalidSignature, ValueError):
        return bad
    return ReadExport(said, sha256_hex(der))


def _public_key(der: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError, UnsupportedAlgorithm or x509.InvalidVersion: no certificate, or not of a
    P-256 key."""
    if len(der) > MAX_CERTIFICATE:
        raise ValueError("too long for a station's certificate")
    public = x509.load_der_x509_certificate(der).public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise ValueError("not a P-256 key")
    return public
