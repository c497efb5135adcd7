"""Reads the journals that somebody copied from a station's disk, or exported there (F4, F25).

The folder is a station's data folder, an export of it, or holds several of them one level below.
Nothing is written to it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import FILE_NAME, KEY_SIZE, chained, file_header, scan

_KEYS = Path("identity") / "journal-keys"
_NAMES = ("station.json", "identity/identity.json")
MAX_JOURNAL = 256 * 1024 * 1024


@dataclass(frozen=True)
class CopiedJournal:
    """One sitting's journal. ``entries`` is the unbroken chain, ``rest`` what is readable behind
    damage; ``torn`` counts bytes of a write that never finished, ``unreadable`` that the file or
    its key is gone or does not open."""

    sitting_id: str
    machine_id: str
    entries: tuple[ResponseEntry, ...]
    rest: tuple[ResponseEntry, ...] = ()
    torn: int = 0
    damaged: bool = False
    unreadable: bool = False


def copied_journals(folder: Path) -> list[CopiedJournal]:
    """Every journal found. Raises OSError when the folder itself cannot be read."""
    roots = [folder, *sorted(each for each in folder.iterdir() if each.is_dir())]
    return [found for root in roots if (root / _KEYS).is_dir() for found in _of_station(root)]


def _of_station(root: Path) -> Iterator[CopiedJournal]:
    machine_id = _machine_id(root)
    for key_file in sorted((root / _KEYS).glob("*.key")):
        raw = key_file.read_bytes()
        key, sitting_id = raw[:KEY_SIZE], raw[KEY_SIZE:].decode("utf-8", "replace")
        folder = root / "sittings" / key_file.stem
        files = sorted(folder.glob(f"{FILE_NAME}*")) if folder.is_dir() else []
        yield _read(files, key, sitting_id, machine_id)


def _read(files: list[Path], key: bytes, sitting_id: str, machine_id: str) -> CopiedJournal:
    """The journal and what was set aside of it when it was damaged: the longest chain counts."""
    best: tuple[ResponseEntry, ...] = ()
    rest: dict[tuple[int, str], ResponseEntry] = {}
    torn, damaged = 0, False
    if len(key) != KEY_SIZE or not files:
        return CopiedJournal(sitting_id, machine_id, (), unreadable=True)
    for file in files:
        if file.stat().st_size > MAX_JOURNAL:
            damaged = True
            continue
        found = scan(file.read_bytes(), AESGCM(key), file_header(sitting_id))
        entries, behind = chained(found, sitting_id)
        torn, damaged = max(torn, found.torn), damaged or found.damaged
        rest |= {(each.seq, each.hash): each for each in behind}
        best = max(best, entries, key=len)
    for each in best:
        rest.pop((each.seq, each.hash), None)
    ordered = tuple(rest[name] for name in sorted(rest))
    empty = damaged and not best and not ordered
    return CopiedJournal(sitting_id, machine_id, best, ordered, torn, damaged, empty)


def _machine_id(root: Path) -> str:
    """Which machine it was, as the folder says; empty when it does not."""
    for name in _NAMES:
        try:
            said = json.loads((root / name).read_bytes())["machine_id"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(said, str):
            return said
    return ""
