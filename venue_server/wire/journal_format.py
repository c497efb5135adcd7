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
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from venue_server.wire.canonical import sha256_hex
from venue_server.wire.chain import ResponseEntry, follows, genesis

FILE_NAME = "answers.journal"
KEY_SIZE = 32
FILE_MAGIC = b"KDJRNL01"
FILE_HEADER_SIZE = 40
RECORD_MAGIC = b"KDJR"
_HEADER = struct.Struct(">4sII")
_NONCE = 12
_TAG = 16
MAX_PAYLOAD = 4 * 1024 * 1024
_decoder = msgspec.json.Decoder(ResponseEntry)


@dataclass(frozen=True)
class Scan:
    """What a journal file holds.

    ``records`` is the unbroken beginning; ``end`` the offset behind it. ``torn`` counts the bytes
    of a write that never finished. ``damaged`` is True when something that was once whole no
    longer is; ``salvaged`` are the readable records behind the damage, in file order.
    """

    records: tuple[bytes, ...]
    end: int
    torn: int
    damaged: bool
    salvaged: tuple[bytes, ...]


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


def scan(data: bytes, cipher: AESGCM, header: bytes) -> Scan:
    """Read everything that can be read; never raises on bad bytes."""
    if len(data) < FILE_HEADER_SIZE:
        return Scan((), 0, len(data), False, ())
    if data[:FILE_HEADER_SIZE] != header:
        return Scan((), 0, 0, True, ())
    good: list[bytes] = []
    salvaged: list[bytes] = []
    offset = end = FILE_HEADER_SIZE
    index = 0
    damaged = False
    while offset < len(data):
        length = _payload_length(data, offset)
        if length is None or offset + _HEADER.size + length > len(data):
            torn = 0 if damaged else _torn_bytes(data, offset, length)
            return Scan(tuple(good), end, torn, damaged or not torn, tuple(salvaged))
        plain = _open(data, offset, length, cipher, header, index)
        offset += _HEADER.size + length
        index += 1
        if plain is None:
            damaged = True
        elif damaged:
            salvaged.append(plain)
        else:
            good.append(plain)
            end = offset
    return Scan(tuple(good), end, 0, damaged, tuple(salvaged))


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
