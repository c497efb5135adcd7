"""Copies this station's journals for the venue server, when it can no longer send them (F4, F25).

For an administrator: the copy can be read by whoever has it, because the keys go with it. It is for
a registered medium in two people's hands, and the server takes it in by an order of two people.

What lies beside it, last of all, is a statement signed with the station's own key, which does not
go with it (``wire/station_export.py``): whoever carries the medium can alter the copy, but not so
that it passes for what this station wrote. An export without a statement never came to its end.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from candidate_station.answers.durable import make_private_folder, sync_folder, write_private_file
from venue_server.client.identity import IdentityError, MachineIdentity
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.chain import ResponseEntry, entry_hash
from venue_server.wire.journal_format import (
    FILE_NAME,
    KEY_SIZE,
    KEYS_FOLDER,
    SITTINGS_FOLDER,
    chained,
    file_header,
    folder_name,
    read_plain,
    right_key,
    scan,
)
from venue_server.wire.station_export import (
    MAX_STATEMENT,
    STATEMENT_NAMES,
    STATION_FILE,
    ExportedFile,
    ExportedSitting,
    StationExport,
    is_export_name,
    journal_name,
    key_name,
    packed,
    signed_statement,
    unsigned_statement,
)


@dataclass(frozen=True)
class Exported:
    """Where the copy lies, and how many sittings it holds. ``signed_by`` is the machine whose key
    signed it; empty: its identity cannot be loaded, and the copy proves nothing of itself.
    ``unread`` names files that the disk does not give at all."""

    folder: Path
    sittings: int
    signed_by: str
    unread: tuple[str, ...] = ()


def export_journals(data: Path, identity: Path, target: Path, wall_ms: int) -> Exported:
    """Copy every journal of ``data`` with its key into a folder of its own below ``target``.

    Nothing of the station changes; a running station may go on. An earlier export there is left as
    it is. ``wall_ms`` is what this machine's clock says, for the statement. Raises OSError.
    """
    try:
        machine = MachineIdentity.load(identity)
    except IdentityError:
        machine = None
    machine_id = machine.machine_id if machine else ""
    copy = _Copy(_fresh_folder(target, f"kaodian-{machine_id or 'station-unknown'}"))
    make_private_folder(copy.folder / KEYS_FOLDER)
    copy.write(STATION_FILE, json.dumps({"machine_id": machine_id}).encode("utf-8"))
    for key_file in sorted((data / KEYS_FOLDER).glob("*.key")):
        _copy_sitting(data, key_file, copy)
    said = StationExport(machine_id, "", wall_ms, copy.files, copy.sittings)
    signer = _signer(machine) if machine else None
    for name in STATEMENT_NAMES:
        write_private_file(copy.folder / name, _statement(said, signer))
    sync_folder(target)
    return Exported(
        copy.folder, len(copy.sittings), machine_id if signer else "", tuple(copy.unread)
    )


@dataclass
class _Copy:
    """The export as far as it came."""

    folder: Path
    files: list[ExportedFile] = field(default_factory=list)
    sittings: list[ExportedSitting] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def write(self, name: str, data: bytes) -> None:
        """One file, durable on return, and what the statement says of it."""
        write_private_file(self.folder / name, data)
        if is_export_name(name):
            self.files.append(ExportedFile(name, len(data), sha256_hex(data)))

    def take(self, source: Path, name: str) -> bytes:
        """Copy one file as far as the disk gives it; what was copied."""
        try:
            data, _holes = read_plain(source)
        except OSError:
            self.unread.append(name)
            return b""
        self.write(name, data)
        return data


def _fresh_folder(target: Path, name: str) -> Path:
    """A folder that no export was begun in: what one holds is never mixed with another's."""
    number, folder = 1, target / name
    while folder.exists():
        number += 1
        folder = target / f"{name}-{number}"
    return folder


def _copy_sitting(data: Path, key_file: Path, copy: _Copy) -> None:
    """One sitting's key and journal, and the end of its chain as it was copied."""
    name = key_file.stem
    key = copy.take(key_file, key_name(name))
    make_private_folder(copy.folder / SITTINGS_FOLDER / name)
    source = data / SITTINGS_FOLDER / name
    found = [
        copy.take(each, journal_name(name, each.name))
        for each in (sorted(source.glob(f"{FILE_NAME}*")) if source.is_dir() else ())
    ]
    said = key[KEY_SIZE:].decode("utf-8", "replace")
    if folder_name(said) == name:
        copy.sittings.append(_ended(name, said, key[:KEY_SIZE], found))
    elif is_export_name(key_name(name)):
        copy.sittings.append(ExportedSitting(name, "", 0, ""))


def _ended(name: str, sitting_id: str, key: bytes, files: list[bytes]) -> ExportedSitting:
    """Where the chain of these files ends, and every entry the station can read of it."""
    best: tuple[ResponseEntry, ...] = ()
    every: dict[str, ResponseEntry] = {}
    header = file_header(sitting_id)
    for each in files:
        found = scan(each, AESGCM(right_key(each, key, header)), header)
        entries, behind = chained(found, sitting_id)
        whole = [entry for entry in behind if entry.sitting_id == sitting_id]
        every |= {entry.hash: entry for entry in (*entries, *whole) if _is_whole(entry)}
        best = max(best, entries, key=len)
    if not best:
        return ExportedSitting(name, sitting_id, 0, "", others=packed(sorted(every)))
    chain = [entry.hash for entry in best]
    others = packed(sorted(every.keys() - set(chain)))
    end = best[-1]
    return ExportedSitting(name, sitting_id, end.seq, end.hash, end.at_ms, packed(chain), others)


def _is_whole(entry: ResponseEntry) -> bool:
    return entry.hash == entry_hash(entry)


_Signer = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def _signer(machine: MachineIdentity) -> _Signer | None:
    """The station's key with its certificate; None when they cannot be loaded or do not fit."""
    try:
        key = load_pem_private_key(machine.private_pem.encode(), None)
        certificate = x509.load_pem_x509_certificate(machine.cert_pem.encode())
        fits = key.public_key() == certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None
    return (key, certificate) if fits and isinstance(key, ec.EllipticCurvePrivateKey) else None


def _statement(said: StationExport, signer: _Signer | None) -> bytes:
    """The file. Without the list of hashes when that would be longer than any reader takes: the
    heads then prove the chains, as long as no entry of one rots."""
    made = _made(said, signer)
    if len(made) <= MAX_STATEMENT:
        return made
    heads = [msgspec.structs.replace(each, hashes="", others="") for each in said.sittings]
    return _made(msgspec.structs.replace(said, sittings=heads), signer)


def _made(said: StationExport, signer: _Signer | None) -> bytes:
    return signed_statement(said, *signer) if signer else unsigned_statement(said)
