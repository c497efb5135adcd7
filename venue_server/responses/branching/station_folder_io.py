"""Reads the journals that somebody copied from a station's disk, or exported there (F4, F25).

The folder is a station's data folder, an export of it, or holds several of them one level below.
Nothing is written to it. It comes from outside: whatever lies there costs no more than its own
journal, be it a disk that fails while it is read or a file that is none.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import (
    FILE_NAME,
    KEY_SIZE,
    chained,
    file_header,
    folder_name,
    read_past_errors,
    right_key,
    scan,
)

_KEYS = Path("identity") / "journal-keys"
_SITTINGS = "sittings"
_NAMES = ("station.json", "identity/identity.json")
MAX_JOURNAL = 256 * 1024 * 1024
MAX_SMALL = 64 * 1024


@dataclass(frozen=True)
class CopiedJournal:
    """One sitting's journal. ``entries`` is the unbroken chain, ``rest`` what is readable behind
    damage; ``torn`` counts bytes of a write that never finished, ``unreadable`` that the file or
    its key is gone or does not open. An empty ``sitting_id``: nobody here knows whose it is."""

    sitting_id: str
    machine_id: str
    entries: tuple[ResponseEntry, ...]
    rest: tuple[ResponseEntry, ...] = ()
    torn: int = 0
    damaged: bool = False
    unreadable: bool = False


def copied_journals(folder: Path, sittings: Mapping[str, str]) -> list[CopiedJournal]:
    """Every journal found. ``sittings`` maps the folder name of each sitting that is known here to
    its id, so that a journal is told apart whose key is gone or rotted. Raises OSError when the
    folder itself cannot be read."""
    below = sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    roots = [root for root in (folder, *below) if (root / _KEYS).is_dir() or _has_journals(root)]
    return [found for root in roots for found in _of_station(root, sittings)]


def _has_journals(root: Path) -> bool:
    return bool(_listed(root / _SITTINGS, f"*/{FILE_NAME}"))


def _listed(folder: Path, pattern: str) -> list[Path]:
    """What of a folder can be listed, sorted."""
    found: list[Path] = []
    with suppress(OSError):
        found.extend(folder.glob(pattern))
    return sorted(found)


def _of_station(root: Path, sittings: Mapping[str, str]) -> Iterator[CopiedJournal]:
    machine_id = _machine_id(root)
    keys = {each.stem: each for each in _listed(root / _KEYS, "*.key")}
    folders = {each.parent.name for each in _listed(root / _SITTINGS, f"*/{FILE_NAME}*")}
    for name in sorted(keys.keys() | folders):
        raw = _small(keys[name]) if name in keys else b""
        key, said = raw[:KEY_SIZE], raw[KEY_SIZE:].decode("utf-8", "replace")
        sitting_id = said if folder_name(said) == name else sittings.get(name, said)
        yield _read(_listed(root / _SITTINGS / name, f"{FILE_NAME}*"), key, sitting_id, machine_id)


def _read(files: list[Path], key: bytes, sitting_id: str, machine_id: str) -> CopiedJournal:
    """The journal and what was set aside of it when it was damaged: the longest chain counts."""
    best: tuple[ResponseEntry, ...] = ()
    rest: dict[tuple[int, str], ResponseEntry] = {}
    torn, damaged = 0, False
    if len(key) != KEY_SIZE or not files:
        return CopiedJournal(sitting_id, machine_id, (), unreadable=True)
    header = file_header(sitting_id)
    for file in files:
        try:
            data, holes = _file(file, MAX_JOURNAL)
        except OSError:
            damaged = True
            continue
        found = scan(data, AESGCM(right_key(data, key, header)), header, holes)
        entries, behind = chained(found, sitting_id)
        torn, damaged = max(torn, found.torn), damaged or found.damaged
        mine = [each for each in (*entries, *behind) if each.sitting_id == sitting_id]
        rest |= {(each.seq, each.hash): each for each in mine}
        best = max(best, entries, key=len)
    for each in best:
        rest.pop((each.seq, each.hash), None)
    ordered = tuple(rest[name] for name in sorted(rest))
    empty = damaged and not best and not ordered
    return CopiedJournal(sitting_id, machine_id, best, ordered, torn, damaged, empty)


def _file(path: Path, most: int) -> tuple[bytes, bool]:
    """A plain file of at most so many bytes, past what its disk does not give. Raises OSError: also
    for what is no plain file, or larger; a pipe would be waited for without end."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise OSError(EINVAL, os.strerror(EINVAL))
        return read_past_errors(lambda size, offset: os.pread(fd, size, offset))
    finally:
        os.close(fd)


def _small(path: Path) -> bytes:
    """A key or a name; empty when it cannot be read."""
    with suppress(OSError):
        return _file(path, MAX_SMALL)[0]
    return b""


def _machine_id(root: Path) -> str:
    """Which machine it was, as the folder says; empty when it does not."""
    for name in _NAMES:
        try:
            said = json.loads(_small(root / name))["machine_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(said, str):
            return said
    return ""
