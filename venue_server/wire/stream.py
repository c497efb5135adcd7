"""Seekable authenticated encryption of long data: STREAM over AES-256-GCM chunks.

Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance" (2015). Layout, all integers big-endian:

    header  24 bytes   magic "KDSTRM01" | chunk_size u32 | nonce_prefix 7 bytes | 5 zero bytes
    chunks             AES-256-GCM(key, nonce, plaintext chunk, aad=header), 16-byte tag each
    nonce   12 bytes   nonce_prefix | chunk index u32 | last flag u8 (1 on the final chunk only)

Every chunk but the last holds exactly ``chunk_size`` plaintext bytes; the last holds 1 to
``chunk_size`` (0 only when the whole text is empty). Truncation, reordering, appending and
splicing therefore fail authentication. A key is used for one stream only.
"""

import io
import os
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"KDSTRM01"
HEADER = struct.Struct(">8sI7s5x")
TAG = 16
CHUNK_SIZE = 128 * 1024
MAX_CHUNK_SIZE = 16 * 1024 * 1024


class StreamError(Exception):
    """The ciphertext is damaged, truncated, foreign, or the key is another one."""


def _nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", index, int(last))


def seal_stream(
    key: bytes, plaintext: Iterable[bytes], chunk_size: int = CHUNK_SIZE
) -> Iterator[bytes]:
    """Yield header and chunks for the concatenation of ``plaintext``; memory is one chunk."""
    header = HEADER.pack(MAGIC, chunk_size, prefix := os.urandom(7))
    cipher = AESGCM(key)
    yield header
    held = bytearray()
    index = 0
    for piece in plaintext:
        held += piece
        while len(held) > chunk_size:
            chunk = bytes(held[:chunk_size])
            del held[:chunk_size]
            yield cipher.encrypt(_nonce(prefix, index, False), chunk, header)
            index += 1
    yield cipher.encrypt(_nonce(prefix, index, True), bytes(held), header)


def sealed_size(plain_size: int, chunk_size: int = CHUNK_SIZE) -> int:
    """Bytes of a sealed stream of ``plain_size`` plaintext bytes."""
    chunks = max(1, -(-plain_size // chunk_size))
    return HEADER.size + plain_size + chunks * TAG


class StreamReader(io.RawIOBase):
    """Plaintext view of a sealed stream: readable and seekable, one chunk decrypted at a time.

    ``source`` must be seekable. The last chunk is authenticated on opening, so a truncated
    stream fails at once. Raises StreamError.
    """

    def __init__(self, key: bytes, source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        source.seek(0, os.SEEK_END)
        body = source.tell() - HEADER.size
        source.seek(0)
        self._header = source.read(HEADER.size)
        if len(self._header) != HEADER.size or body < TAG:
            raise StreamError("too short")
        magic, self._chunk_size, self._prefix = HEADER.unpack(self._header)
        if magic != MAGIC or not 0 < self._chunk_size <= MAX_CHUNK_SIZE:
            raise StreamError("not a sealed stream")
        sealed_chunk = self._chunk_size + TAG
        self._chunks = -(-body // sealed_chunk)
        self._size = body - self._chunks * TAG
        self._cipher = AESGCM(key)
        self._held = (-1, b"")
        self._position = 0
        self._chunk(self._chunks - 1)

    def _chunk(self, index: int) -> bytes:
        if self._held[0] != index:
            sealed_chunk = self._chunk_size + TAG
            self._source.seek(HEADER.size + index * sealed_chunk)
            nonce = _nonce(self._prefix, index, index == self._chunks - 1)
            try:
                plain = self._cipher.decrypt(nonce, self._source.read(sealed_chunk), self._header)
            except (InvalidTag, ValueError) as error:
                raise StreamError(f"chunk {index} fails authentication") from error
            self._held = (index, plain)
        return self._held[1]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io's stub wants Buffer
        """Fill the whole buffer while there is text: ``zipfile`` takes a short read for the end of
        the file, and a chunk ends anywhere."""
        filled = 0
        while filled < len(buffer) and self._position < self._size:
            index, start = divmod(self._position, self._chunk_size)
            piece = self._chunk(index)[start : start + len(buffer) - filled]
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._position += len(piece)
        return filled
