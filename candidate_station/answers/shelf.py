"""Every sitting's journal on this station, with its key and its end.

``<data>/sittings/<digest>/`` holds the journal of one sitting, ``<data>/identity/journal-keys/``
its random key: without the key the answers on disk are noise, so destroying 40 bytes destroys
them (crypto-shredding, L11). All methods block on the disk; the driver calls them on a thread.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from candidate_station.answers.durable import (
    make_private_folder,
    shred,
    sync_folder,
    write_private_file,
)
from candidate_station.answers.journal import Journal, JournalError, Recovery
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import (
    FILE_NAME,
    KEY_SIZE,
    KEYS_FOLDER,
    SITTINGS_FOLDER,
    file_header,
    folder_name,
    scan,
)

_SETTLED = "settled"


@dataclass
class _Open:
    journal: Journal
    head: str


class Shelf:
    """The journals of one station's data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._sittings = data_dir / SITTINGS_FOLDER
        self._keys = data_dir / KEYS_FOLDER
        self._open: dict[str, _Open] = {}

    def newest(self) -> str:
        """The sitting whose journal was written last; empty when there is none."""
        found: list[tuple[int, str]] = []
        for key_file in self._keys.glob("*.key") if self._keys.is_dir() else ():
            journal = self._sittings / key_file.stem / FILE_NAME
            # One file that the disk does not give must not keep the station from starting.
            with suppress(OSError):
                sitting_id = _sitting_of(key_file)
                named = folder_name(sitting_id) == key_file.stem
                if named and journal.exists() and not (journal.parent / _SETTLED).exists():
                    found.append((journal.stat().st_mtime_ns, sitting_id))
        return max(found)[1] if found else ""

    def open(self, sitting_id: str) -> Recovery:
        """Open or create a sitting's journal. Raises JournalError."""
        self.close(sitting_id)
        try:
            folder = self._folder(sitting_id)
            make_private_folder(folder)
            key = self._key(sitting_id)
        except OSError as error:
            raise JournalError(f"cannot make the journal's folder: {error.strerror}") from error
        journal, recovery = Journal.open(folder, sitting_id, key)
        head = recovery.entries[-1].hash if recovery.entries else ""
        self._open[sitting_id] = _Open(journal, head)
        return recovery

    def append(self, sitting_id: str, entries: tuple[ResponseEntry, ...]) -> None:
        """Make entries durable, opening the journal when an earlier opening failed.

        Raises:
            JournalError: the disk refused; nothing is claimed.
        """
        if sitting_id not in self._open:
            found = self.open(sitting_id)
            try:
                entries = _missing(found, entries)
            except JournalError:
                self.close(sitting_id)
                raise
        held = self._open[sitting_id]
        if entries:
            held.journal.append(entries)
            held.head = entries[-1].hash

    def settle(self, sitting_id: str, head: str) -> None:
        """Note that headquarters' venue server gave a receipt for everything up to ``head``."""
        write_private_file(self._folder(sitting_id) / _SETTLED, head.encode())

    def may_be_destroyed(self, sitting_id: str) -> bool:
        """True when a destruction loses nothing: there is no journal, headquarters' venue server
        gave a receipt for all of it, or its key was destroyed already by a program that died before
        the rest was gone (nobody can read that journal any more)."""
        if not self.exists(sitting_id) or not self._has_key(sitting_id):
            return True
        return self.is_settled(sitting_id)

    def is_settled(self, sitting_id: str) -> bool:
        """True when the last entry of the journal is the one the receipt names."""
        marker = self._folder(sitting_id) / _SETTLED
        if not marker.exists():
            return False
        if sitting_id not in self._open:
            self.open(sitting_id)
        return self._open[sitting_id].head == marker.read_text()

    def exists(self, sitting_id: str) -> bool:
        """True when something of this sitting is still on disk."""
        return self._folder(sitting_id).is_dir() or self._key_file(sitting_id).exists()

    def destroy(self, sitting_id: str) -> None:
        """Destroy a sitting's key, then its journal. The caller knows that it is acknowledged."""
        self.close(sitting_id)
        shred(self._key_file(sitting_id))
        folder = self._folder(sitting_id)
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            sync_folder(folder.parent)

    def left(self, sitting_id: str) -> list[str]:
        """Names of what is still on the disk of a sitting that was destroyed; empty is right."""
        key, folder = self._key_file(sitting_id), self._folder(sitting_id)
        return [path.name for path in (key, folder) if path.exists()]

    def close(self, sitting_id: str) -> None:
        """Let go of one journal."""
        held = self._open.pop(sitting_id, None)
        if held is not None:
            held.journal.close()

    def close_all(self) -> None:
        """Let go of everything, at the end of the program."""
        for sitting_id in list(self._open):
            self.close(sitting_id)

    def _folder(self, sitting_id: str) -> Path:
        return self._sittings / folder_name(sitting_id)

    def _key_file(self, sitting_id: str) -> Path:
        return self._keys / f"{folder_name(sitting_id)}.key"

    def _has_key(self, sitting_id: str) -> bool:
        """Is there a key, and is it one? It is made before the journal. One that does not name its
        sitting any more still is one if it opens anything."""
        key_file, folder = self._key_file(sitting_id), self._folder(sitting_id)
        if not key_file.exists():
            return False
        key = key_file.read_bytes()[:KEY_SIZE]
        if _sitting_of(key_file) == sitting_id or len(key) < KEY_SIZE:
            return len(key) == KEY_SIZE
        cipher, header = AESGCM(key), file_header(sitting_id)
        found = [scan(each.read_bytes(), cipher, header) for each in folder.glob(f"{FILE_NAME}*")]
        return any(each.records or each.salvaged for each in found)

    def _key(self, sitting_id: str) -> bytes:
        """The sitting's key, made and synced before the first record could need it."""
        path = self._key_file(sitting_id)
        if not path.exists():
            make_private_folder(self._keys)
            write_private_file(path, os.urandom(KEY_SIZE) + sitting_id.encode())
        return path.read_bytes()[:KEY_SIZE]


def _sitting_of(key_file: Path) -> str:
    """Whose key it is. A station killed while it overwrote a key finds noise there, which names
    nobody: a destroyed journal."""
    return key_file.read_bytes()[KEY_SIZE:].decode(errors="replace")


def _missing(found: Recovery, entries: tuple[ResponseEntry, ...]) -> tuple[ResponseEntry, ...]:
    """Those of ``entries`` that a journal opened late does not hold yet. Raises JournalError."""
    held = len(found.entries)
    if any(found.entries[e.seq - 1].hash != e.hash for e in entries if e.seq <= held):
        raise JournalError("the journal on the disk holds another history")
    missing = tuple(entry for entry in entries if entry.seq > held)
    if missing and missing[0].seq != held + 1:
        raise JournalError("the journal on the disk ends too early")
    return missing
