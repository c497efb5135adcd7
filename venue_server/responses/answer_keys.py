"""Keys of answers at rest: one file per session, one derived key per sitting (L07).

Destroying the file makes every copy of the session's answers unreadable at once (L10). While it
lives, a copy sealed to headquarters lies beside it and beside the second copy, so that the loss of
the server's disk loses no answer.
"""

import os
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from venue_server.storage.files import write_whole
from venue_server.storage.one_thread import in_daemon
from venue_server.wire import hpke
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.process_memory import overwrite

NONCE, NONCES_AT_ONCE = 12, 256
ESCROW_S = 2.0
"""Longest wait for the second device to take a session's escrow, in real seconds."""
_decoder = msgspec.json.Decoder(ResponseEntry)
_encoder = msgspec.json.Encoder()


class AnswerFault(Exception):
    """A stored answer does not open: the disk or somebody changed it, or its key is gone."""


def escrow_info(venue_id: str, session_id: str) -> bytes:
    """HPKE info of the key copy sealed to headquarters."""
    return b"kaodian-answer-escrow/1\0" + venue_id.encode() + b"\0" + session_id.encode()


class AnswerKeys:
    """Session keys in ``folder``, each with an escrow sealed to headquarters' raw HPKE key, which
    ``bundle_public`` gives for a session (it comes with its plan); copies of the escrows in
    ``second``, while ``second_is_there``."""

    def __init__(
        self,
        folder: Path,
        second: Path,
        venue_id: str,
        bundle_public: Callable[[str], bytes],
        second_is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        self._folder = folder
        self._second = second
        self._second_is_there = second_is_there
        self._venue_id = venue_id
        self._bundle_public = bundle_public
        self._sessions: dict[str, bytes] = {}
        self._forgotten: set[str] = set()
        self._ciphers: dict[str, AESGCM] = {}
        self._nonces: list[bytes] = []

    def file(self, session_id: str) -> Path:
        """Where the session's key lies; what wiping destroys."""
        return self._folder / f"{session_id}.key"

    def escrow_file(self, session_id: str) -> Path:
        """Where the key sealed to headquarters lies."""
        return self._folder / f"answers-{session_id}.escrow"

    def ensure(self, session_id: str) -> None:
        """Make the session's key and its escrow once; later calls only load it."""
        file = self.file(session_id)
        if not file.exists():
            key = os.urandom(32)
            # Escrow first: a key that encrypts answers always has its copy.
            public = self._bundle_public(session_id)
            sealed = hpke.seal(public, key, escrow_info(self._venue_id, session_id))
            write_whole(self.escrow_file(session_id), sealed)
            if self._second_is_there():
                # On a disk that refuses or hangs it is made up for when the disk is levelled.
                with suppress(OSError, NotInTime):
                    in_daemon("escrow", self.level_escrows).result(ESCROW_S)
            write_whole(file, key)
        self._sessions[session_id] = file.read_bytes()

    def level_escrows(self) -> None:
        """Copy to the second device what it lacks. Raises OSError."""
        for escrow in self._folder.glob("*.escrow"):
            copy = self._second / escrow.name
            if not copy.exists():
                write_whole(copy, escrow.read_bytes())

    def holds(self, session_id: str) -> bool:
        """Is the session's key here?"""
        return session_id in self._sessions

    def forget(self, session_id: str) -> None:
        """Drop the session's key from memory, after its file was destroyed."""
        overwrite(self._sessions.pop(session_id, b""))
        self._forgotten.add(session_id)
        self._ciphers.clear()

    def _cipher(self, session_id: str, sitting_id: str) -> AESGCM:
        cipher = self._ciphers.get(sitting_id)
        if cipher is None:
            key = self._sessions.get(session_id)
            here = session_id not in self._forgotten and self.file(session_id).exists()
            if key is None and here:
                # Of a session that is not the present one, after a restart; never made anew.
                key = self._sessions[session_id] = self.file(session_id).read_bytes()
            if key is None:
                raise AnswerFault(f"no key for {session_id}")
            info = b"kaodian-sitting/1\0" + sitting_id.encode()
            derived = HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(key)
            cipher = self._ciphers[sitting_id] = AESGCM(derived)
        return cipher

    def _nonce(self) -> bytes:
        """Twelve random bytes, drawn many at a time: each call of the system for a few of them
        would hand the interpreter to another thread (P3)."""
        if not self._nonces:
            drawn = os.urandom(NONCE * NONCES_AT_ONCE)
            self._nonces = [drawn[at : at + NONCE] for at in range(0, len(drawn), NONCE)]
        return self._nonces.pop()

    def seal(self, session_id: str, entry: ResponseEntry) -> bytes:
        """Nonce | ciphertext | tag of one entry, bound to its sitting and sequence."""
        nonce = self._nonce()
        aad = f"{entry.sitting_id}|{entry.seq}".encode()
        cipher = self._cipher(session_id, entry.sitting_id)
        return nonce + cipher.encrypt(nonce, _encoder.encode(entry), aad)

    def open(self, session_id: str, sitting_id: str, seq: int, sealed: bytes) -> ResponseEntry:
        """The entry again. Raises AnswerFault."""
        aad = f"{sitting_id}|{seq}".encode()
        try:
            plain = self._cipher(session_id, sitting_id).decrypt(sealed[:12], sealed[12:], aad)
        except (InvalidTag, ValueError) as error:
            raise AnswerFault(f"{sitting_id}/{seq} does not open") from error
        return _decoder.decode(plain)
