"""Reads the journals that somebody copied from a station's disk, or exported there (F4, F25).

The folder is a station's data folder, an export of it, or holds several of them one level below.
Nothing is written to it. It comes from outside: whatever lies there costs no more than its own
journal, be it a disk that fails while it is read or a file that is none.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_export import (
    MAX_STATEMENT,
    STATEMENT_NAMES,
    STATION_FILE,
    ExportedFile,
    ReadExport,
    journal_name,
    key_name,
    read_statement,
)

_IDENTITY = "identity/identity.json"
MAX_JOURNAL = 256 * 1024 * 1024
MAX_SMALL = 64 * 1024
MAX_NAME = 64


@dataclass(frozen=True)
class CopiedJournal:
    """One sitting's journal. ``entries`` is the unbroken chain, ``rest`` what is readable behind
    damage; ``torn`` counts bytes of a write that never finished, ``unreadable`` that the file or
    its key is gone or does not open. An empty ``sitting_id``: nobody here knows whose it is.

    ``statement`` is what the station signed beside it (:mod:`.journal_proof`), a refusal when that
    is none; ``unfinished``: an export that never got one, or lost it. ``folder`` is the sitting's
    name on the disk, ``files`` what was read, as it is now."""

    sitting_id: str
    machine_id: str
    entries: tuple[ResponseEntry, ...]
    rest: tuple[ResponseEntry, ...] = ()
    torn: int = 0
    damaged: bool = False
    unreadable: bool = False
    statement: ReadExport | Refusal | None = None
    unfinished: bool = False
    folder: str = ""
    files: tuple[ExportedFile, ...] = ()


def copied_journals(folder: Path, sittings: Mapping[str, str]) -> list[CopiedJournal]:
    """Every journal found. ``sittings`` maps the folder name of each sitting that is known here to
    its id, so that a journal is told apart whose key is gone or rotted. Raises OSError when the
    folder itself cannot be read."""
    below = sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    roots = [root for root in (folder, *below) if _is_station(root)]
    return [found for root in roots for found in _of_station(root, sittings)]


def _is_station(root: Path) -> bool:
    """A folder with keys, with journals, or with the word of a station that there were some."""
    if (root / KEYS_FOLDER).is_dir() or _listed(root / SITTINGS_FOLDER, f"*/{FILE_NAME}"):
        return True
    return any((root / name).is_file() for name in STATEMENT_NAMES)


def _listed(folder: Path, pattern: str) -> list[Path]:
    """What of a folder can be listed, sorted."""
    found: list[Path] = []
    with suppress(OSError):
        found.extend(folder.glob(pattern))
    return sorted(found)


def _of_station(root: Path, sittings: Mapping[str, str]) -> Iterator[CopiedJournal]:
    machine_id = _machine_id(root)
    statement = _statement(root)
    unfinished = statement is None and os.path.lexists(root / STATION_FILE)
    keys = {each.stem: each for each in _listed(root / KEYS_FOLDER, "*.key")}
    folders = {each.parent.name for each in _listed(root / SITTINGS_FOLDER, f"*/{FILE_NAME}*")}
    said_of = {}
    if isinstance(statement, ReadExport):
        said_of = {each.folder: each.sitting_id for each in statement.said.sittings}
    for name in sorted(keys.keys() | folders | said_of.keys()):
        raw = _small(keys[name]) if name in keys else b""
        key, said = raw[:KEY_SIZE], raw[KEY_SIZE:].decode("utf-8", "replace")
        names = (said, sittings.get(name, ""), said_of.get(name, ""))
        known = next((each for each in names if folder_name(each) == name), said)
        files = _listed(root / SITTINGS_FOLDER / name, f"{FILE_NAME}*")
        found = _read(files, key, known, machine_id)
        own = (_as_is(key_name(name), raw),) if name in keys else ()
        yield replace(
            found,
            statement=statement,
            unfinished=unfinished,
            folder=name,
            files=(*own, *found.files),
        )


def _as_is(name: str, data: bytes) -> ExportedFile:
    return ExportedFile(name, len(data), sha256_hex(data))


def _statement(root: Path) -> ReadExport | Refusal | None:
    """What the station signed: of the two copies one that is whole, rather a signed one; None when
    there is none at all."""
    there = [root / name for name in STATEMENT_NAMES if os.path.lexists(root / name)]
    found = [read_statement(_small(each, MAX_STATEMENT)) for each in there]
    whole = [each for each in found if isinstance(each, ReadExport)]
    signed = [each for each in whole if each.cert_sha256]
    return next(iter((*signed, *whole, *found)), None)


def _read(files: list[Path], key: bytes, sitting_id: str, machine_id: str) -> CopiedJournal:
    """The journal and what was set aside of it when it was damaged: the longest chain counts."""
    best: tuple[ResponseEntry, ...] = ()
    rest: dict[tuple[int, str, str], ResponseEntry] = {}
    read: list[ExportedFile] = []
    torn, damaged = 0, False
    if len(key) != KEY_SIZE or not files:
        return CopiedJournal(sitting_id, machine_id, (), unreadable=True)
    header = file_header(sitting_id)
    for file in files:
        try:
            data, holes = read_plain(file, MAX_JOURNAL)
        except OSError:
            damaged = True
            continue
        read.append(_as_is(journal_name(file.parent.name, file.name), data))
        found = scan(data, AESGCM(right_key(data, key, header)), header, holes)
        entries, behind = chained(found, sitting_id)
        torn, damaged = max(torn, found.torn), damaged or found.damaged
        mine = [each for each in (*entries, *behind) if each.sitting_id == sitting_id]
        # By the hash it has and by the one it really has: one that lies replaces no other.
        rest |= {(each.seq, each.hash, entry_hash(each)): each for each in mine}
        best = max(best, entries, key=len)
    for each in best:
        rest.pop((each.seq, each.hash, each.hash), None)
    ordered = tuple(rest[name] for name in sorted(rest))
    empty = damaged and not best and not ordered
    return CopiedJournal(
        sitting_id, machine_id, best, ordered, torn, damaged, empty, files=tuple(read)
    )


def _small(path: Path, most: int = MAX_SMALL) -> bytes:
    """A key, a name or a statement; empty when it cannot be read."""
    with suppress(OSError):
        return read_plain(path, most)[0]
    return b""


def _machine_id(root: Path) -> str:
    """Which machine it was, as the folder says; empty when it does not."""
    for name in (STATION_FILE, _IDENTITY):
        try:
            said = json.loads(_small(root / name))["machine_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(said, str) and len(said) <= MAX_NAME and said.isprintable():
            return said
    return ""
