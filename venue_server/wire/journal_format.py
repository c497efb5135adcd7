"""Records of a journal file: framed, encrypted one by one, and told apart when damaged.

Layout, integers big-endian::

    file header  40 bytes   magic "KDJRNL01" | SHA-256 of the sitting id
    record                  magic "KDJR" | payload length u32 | CRC-32 of the eight bytes before
    payload                 nonce 12 | AES-256-GCM(key, nonce, plain, aad) with its 16-byte tag
    aad                     file header | record header | record index u64

The tag is the checksum of the payload and binds it to its place; the CRC in the record header
tells an unfinished write (kill -9, power cut) from a damaged file: a good header whose payload
ends early was never finished, so it was never claimed to be saved. Nonces are random, because a
cut tail is written again under the same index.

The station writes and reads it (candidate_station/answers/journal.py); the venue server reads a
copy of one that never comes back ([P-29], F4, F25). One reader for both, so that they agree.
"""

import os
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from errno import EINVAL, EIO
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from venue_server.wire.canonical import sha256_hex
from venue_server.wire.chain import ResponseEntry, follows, genesis

FILE_NAME = "answers.journal"
KEYS_FOLDER, SITTINGS_FOLDER = "identity/journal-keys", "sittings"
"""Where a station has its journals' keys and its journals, and where a copy of it has them."""
KEY_SIZE = 32
FILE_MAGIC = b"KDJRNL01"
FILE_HEADER_SIZE = 40
RECORD_MAGIC = b"KDJR"
_HEADER = struct.Struct(">4sII")
_NONCE = 12
_TAG = 16
MAX_PAYLOAD = 4 * 1024 * 1024
READ_SIZE, BLOCK, MOST_HOLES = 1 << 20, 4096, 64
SMALLEST_RECORD = _HEADER.size + _NONCE + _TAG
SEARCH_MIN, SEARCH_FACTOR = 1 << 20, 8
"""Bytes that may be opened in vain behind damage, and how many times as many as the file has."""
_decoder = msgspec.json.Decoder(ResponseEntry)


@dataclass(frozen=True)
class Scan:
    """What a journal file holds.

    ``records`` is the unbroken beginning; ``end`` the offset behind it. ``torn`` counts the bytes
    of a write that never finished. ``damaged`` is True when something that was once whole no
    longer is, be it the file's own header; ``salvaged`` are the readable records behind the first
    that is not, in file order.
    """

    records: tuple[bytes, ...]
    end: int
    torn: int
    damaged: bool
    salvaged: tuple[bytes, ...]


def read_past_errors(read: Callable[[int, int], bytes]) -> tuple[bytes, bool]:
    """Everything ``read(size, offset)`` gives of a file, up to its end, and whether that is all.

    Blocks that the disk does not give (OSError) become zeros, which :func:`scan` finds its way past
    when it is told. Raises OSError when the disk gives nothing at all.
    """
    pieces: list[bytes] = []
    offset = holes = 0
    size = READ_SIZE
    while True:
        try:
            piece = read(size, offset)
        except OSError:
            if size > BLOCK:
                size = BLOCK  # which of its blocks is it?
                continue
            holes += 1
            if holes > MOST_HOLES:
                if holes > len(pieces):
                    raise
                break
            piece = bytes(BLOCK)
        if not piece:
            break
        pieces.append(piece)
        offset += len(piece)
    if holes and holes == len(pieces):
        raise OSError(EIO, os.strerror(EIO))
    return b"".join(pieces), holes > 0


def read_plain(path: Path, most: int | None = None) -> tuple[bytes, bool]:
    """A plain file of at most so many bytes, past what its disk does not give, and whether that is
    not all. Raises OSError: also for what is no plain file, or larger; a pipe would be waited for
    without end."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or (most is not None and found.st_size > most):
            raise OSError(EINVAL, os.strerror(EINVAL))
        return read_past_errors(lambda size, offset: os.pread(fd, size, offset))
    finally:
        os.close(fd)


def folder_name(sitting_id: str) -> str:
    """Folder and key file of a sitting: a name that says nothing about the candidate (O08)."""
    return sha256_hex(b"kaodian journal\0" + sitting_id.encode())[:32]


def file_header(sitting_id: str) -> bytes:
    """The first bytes of a sitting's journal."""
    return FILE_MAGIC + bytes.fromhex(sha256_hex(sitting_id.encode()))


def seal_record(cipher: AESGCM, header: bytes, index: int, plain: bytes) -> bytes:
    """One whole record. ``header`` is the file's, ``index`` counts records from 0."""
    start = RECORD_MAGIC + struct.pack(">I", _NONCE + len(plain) + _TAG)
    record_header = start + struct.pack(">I", zlib.crc32(start))
    nonce = os.urandom(_NONCE)
    return record_header + nonce + cipher.encrypt(nonce, plain, _aad(header, record_header, index))


def scan(data: bytes, cipher: AESGCM, header: bytes, holes: bool = False) -> Scan:
    """Read everything that can be read; never raises on bad bytes. ``holes``: some of the bytes are
    zeros because the disk did not give them, so that an end of zeros is no unfinished write.

    Whatever rots costs what it lies in and no more: a damaged file header costs nothing, because
    ``header`` is known; a damaged payload its record; a damaged record header, or blocks that could
    not be read, the records up to the next one that opens.
    """
    if len(data) < FILE_HEADER_SIZE:
        return Scan((), 0, len(data), holes, ())
    good: list[bytes] = []
    salvaged: list[bytes] = []
    offset = end = FILE_HEADER_SIZE
    index = 0
    damaged = holes or data[:FILE_HEADER_SIZE] != header
    broken = False  # something before ``offset`` could not be read
    search = _Search(data, cipher, header)
    while offset < len(data):
        length = _payload_length(data, offset)
        if length is None or offset + _HEADER.size + length > len(data):
            found = search.next_record(offset, index) if length is None else None
            if found is None:
                torn = 0 if damaged else _torn_bytes(data, offset, length)
                return Scan(tuple(good), end, torn, damaged or not torn, tuple(salvaged))
            offset, index = found
            damaged = broken = True
            continue
        plain = _open(data, offset, length, cipher, header, index)
        offset += _HEADER.size + length
        index += 1
        if plain is None:
            damaged = broken = True
        elif broken:
            salvaged.append(plain)
        else:
            good.append(plain)
            end = offset
    return Scan(tuple(good), end, 0, damaged, tuple(salvaged))


def right_key(data: bytes, key: bytes, header: bytes) -> bytes:
    """The key of this file: ``key``, or the one that differs in the one bit that rotted in its own
    file, if the first record opens with that. The tag of a record leaves no room for a mistake."""
    length = _payload_length(data, FILE_HEADER_SIZE)
    if length is None or len(data) < FILE_HEADER_SIZE + _HEADER.size + length:
        return key
    for each in (key, *_neighbours(key)):
        if _open(data, FILE_HEADER_SIZE, length, AESGCM(each), header, 0) is not None:
            return each
    return key


def _neighbours(key: bytes) -> Iterator[bytes]:
    for bit in range(8 * len(key)):
        turned = bytearray(key)
        turned[bit // 8] ^= 1 << bit % 8
        yield bytes(turned)


class _Search:
    """Finds the next record behind bytes that are none.

    A record opens only at its own number, and how many were lost is not known: as many numbers are
    tried as records may have lain in between. ``_left`` bounds the work that a file made up by
    somebody can cause.
    """

    def __init__(self, data: bytes, cipher: AESGCM, header: bytes) -> None:
        self._data, self._cipher, self._header = data, cipher, header
        self._left = SEARCH_MIN + SEARCH_FACTOR * len(data)

    def next_record(self, offset: int, index: int) -> tuple[int, int] | None:
        """(offset, number) of the first record behind ``offset`` that opens; None when none does.
        ``index`` is the number that stood at ``offset``."""
        place = offset
        while (place := self._data.find(RECORD_MAGIC, place + 1)) >= 0:
            length = _payload_length(self._data, place)
            if length is None or place + _HEADER.size + length > len(self._data):
                continue
            for number in range(index, index + (place - offset) // SMALLEST_RECORD + 1):
                self._left -= length
                if self._left < 0:
                    return None
                plain = _open(self._data, place, length, self._cipher, self._header, number)
                if plain is not None:
                    return place, number
        return None


def chained(
    found: Scan, sitting_id: str
) -> tuple[tuple[ResponseEntry, ...], tuple[ResponseEntry, ...]]:
    """The entries that chain from the start, and every other readable one behind them."""
    unbroken: list[ResponseEntry] = []
    rest: list[ResponseEntry] = []
    seq, head = 0, genesis(sitting_id)
    for number, entry in _decoded((*found.records, *found.salvaged)):
        if not rest and number < len(found.records) and follows(entry, seq, head):
            unbroken.append(entry)
            seq, head = entry.seq, entry.hash
        else:
            rest.append(entry)
    return tuple(unbroken), tuple(rest)


def _decoded(records: tuple[bytes, ...]) -> Iterator[tuple[int, ResponseEntry]]:
    for number, record in enumerate(records):
        try:
            yield number, _decoder.decode(record)
        except msgspec.MsgspecError:
            continue


def _payload_length(data: bytes, offset: int) -> int | None:
    """Length named by the record header at ``offset``; None when that header is not whole."""
    raw = data[offset : offset + _HEADER.size]
    if len(raw) < _HEADER.size:
        return None
    magic, length, crc = _HEADER.unpack(raw)
    if magic != RECORD_MAGIC or crc != zlib.crc32(raw[:8]) or length > MAX_PAYLOAD:
        return None
    return int(length)


def _torn_bytes(data: bytes, offset: int, length: int | None) -> int:
    """Bytes from ``offset`` on if they are an unfinished write, else 0 (they are damage)."""
    tail = data[offset:]
    unfinished = length is not None or len(tail) < _HEADER.size or not any(tail)
    return len(tail) if unfinished else 0


def _open(
    data: bytes, offset: int, length: int, cipher: AESGCM, header: bytes, index: int
) -> bytes | None:
    record_header = data[offset : offset + _HEADER.size]
    payload = data[offset + _HEADER.size : offset + _HEADER.size + length]
    try:
        return cipher.decrypt(
            payload[:_NONCE], payload[_NONCE:], _aad(header, record_header, index)
        )
    except (InvalidTag, ValueError):
        return None


def _aad(header: bytes, record_header: bytes, index: int) -> bytes:
    return header + record_header + struct.pack(">Q", index)
