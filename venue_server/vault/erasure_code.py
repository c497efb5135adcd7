"""The erasure code of the fragments: any k of n blocks give the k primary ones (sealed-paper.md).

zfec defines it. Where the system has Intel's ISA-L (Debian: libisal2), the same multiplications
are done by that library, which uses the processor's vector instructions: several times faster, and
straight into the memory that is written. Its matrices are taken from zfec, and it is only used once
it has computed the same as zfec, for this k and n, in this process. See decision 0050.
"""

import ctypes
import os
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import zfec

LIBRARY = "libisal.so.2"
"""The interface of ISA-L 2.x, by which the dynamic linker knows it."""
_TABLE = 32
"""Bytes that ISA-L prepares for one coefficient."""
_SAMPLE = 4096 + 13
"""Bytes of each block in the comparison with zfec: whole vectors and an odd end."""


class ErasureCode(Protocol):
    """k primary blocks and n - k further ones, all of one length. Blocks are numbered from 0; the
    first k are the primary ones."""

    def encode(self, primary: Sequence[bytes], numbers: Sequence[int]) -> list[bytes]:
        """The blocks ``numbers``, in that order."""

    def decode_into(
        self, blocks: Sequence[memoryview], numbers: Sequence[int], out: Sequence[memoryview]
    ) -> None:
        """The k primary blocks into ``out``, from k blocks and their ``numbers``. All views are
        of one length and writable; those of ``out`` lie nowhere in ``blocks``."""


class ZfecCode:
    """By zfec, in pieces that fit into the processor's nearest memory, and are less than what the
    allocator would fetch anew from the system each time."""

    PIECE = 64 * 1024

    def __init__(self, k: int, n: int) -> None:
        self._encoder = zfec.Encoder(k, n)
        self._decoder = zfec.Decoder(k, n)

    def encode(self, primary: Sequence[bytes], numbers: Sequence[int]) -> list[bytes]:
        """As the protocol says."""
        encoded: list[bytes] = self._encoder.encode(list(primary), list(numbers))
        return encoded

    def decode_into(
        self, blocks: Sequence[memoryview], numbers: Sequence[int], out: Sequence[memoryview]
    ) -> None:
        """As the protocol says."""
        for at in range(0, len(blocks[0]), self.PIECE):
            pieces = [block[at : at + self.PIECE] for block in blocks]
            for place, piece in zip(out, self._decoder.decode(pieces, list(numbers)), strict=True):
                place[at : at + len(piece)] = piece


class IsalCode:
    """By ISA-L. ``library`` is :func:`isal`."""

    def __init__(self, library: ctypes.CDLL, k: int, n: int) -> None:
        self._library = library
        self._k = k
        self._zfec = ZfecCode(k, n)
        self._rows = self._zfec.encode(_units(k), range(n))
        self._inverses: dict[tuple[int, ...], ctypes.Array[ctypes.c_char]] = {}

    def encode(self, primary: Sequence[bytes], numbers: Sequence[int]) -> list[bytes]:
        """As the protocol says."""
        length = len(primary[0])
        assert len(primary) == self._k and all(len(block) == length for block in primary)
        further = [number for number in numbers if number >= self._k]
        made = {number: ctypes.create_string_buffer(length) for number in further}
        tables = self._prepared([self._rows[number] for number in further])
        sources = (ctypes.c_char_p * self._k)(*primary)
        self._multiply(length, tables, sources, [ctypes.addressof(room) for room in made.values()])
        return [primary[n] if n < self._k else made[n].raw for n in numbers]

    def decode_into(
        self, blocks: Sequence[memoryview], numbers: Sequence[int], out: Sequence[memoryview]
    ) -> None:
        """As the protocol says."""
        length = len(blocks[0])
        # Lengths are all that stands between the call below and foreign memory.
        assert len(blocks) == len(numbers) == len(out) == self._k
        assert all(len(view) == length for view in (*blocks, *out))
        for block, number in zip(blocks, numbers, strict=True):
            if number < self._k:
                out[number][:] = block
        missing = [number for number in range(self._k) if number not in numbers]
        sources = (ctypes.c_void_p * self._k)(*map(_address, blocks))
        targets = [_address(out[number]) for number in missing]
        self._multiply(length, self._inverse(tuple(numbers), missing), sources, targets)

    def _inverse(
        self, numbers: tuple[int, ...], missing: list[int]
    ) -> "ctypes.Array[ctypes.c_char]":
        """What makes the missing blocks of the given ones: zfec decodes the unit vectors."""
        tables = self._inverses.get(numbers)
        if tables is None:
            units = [memoryview(bytearray(unit)) for unit in _units(self._k)]
            rows = [memoryview(bytearray(self._k)) for _ in range(self._k)]
            self._zfec.decode_into(units, numbers, rows)
            tables = self._inverses[numbers] = self._prepared([bytes(rows[n]) for n in missing])
        return tables

    def _prepared(self, rows: list[bytes]) -> "ctypes.Array[ctypes.c_char]":
        tables = ctypes.create_string_buffer(_TABLE * self._k * len(rows))
        if rows:
            self._library.ec_init_tables(self._k, len(rows), b"".join(rows), tables)
        return tables

    def _multiply(
        self,
        length: int,
        tables: "ctypes.Array[ctypes.c_char]",
        sources: "ctypes.Array[ctypes.c_void_p] | ctypes.Array[ctypes.c_char_p]",
        targets: list[int],
    ) -> None:
        if targets:
            made = (ctypes.c_void_p * len(targets))(*targets)
            self._library.ec_encode_data(length, self._k, len(targets), tables, sources, made)


def erasure_code(k: int, n: int) -> ErasureCode:
    """The fastest one that this machine has; every one gives the same bytes."""
    library = isal()
    if library is not None and _agrees(library, k, n):
        return IsalCode(library, k, n)
    return ZfecCode(k, n)


@cache
def isal() -> ctypes.CDLL | None:
    """The system's ISA-L, or None where it has none."""
    try:
        library = ctypes.CDLL(LIBRARY)
        encode, prepare = library.ec_encode_data, library.ec_init_tables
    except (OSError, AttributeError):
        return None
    encode.argtypes = [ctypes.c_int] * 3 + [ctypes.c_void_p] * 3
    prepare.argtypes = [ctypes.c_int] * 2 + [ctypes.c_char_p, ctypes.c_void_p]
    encode.restype = prepare.restype = None
    return library


@cache
def _agrees(library: ctypes.CDLL, k: int, n: int) -> bool:
    """Does it give zfec's bytes, encoding and decoding from the last k blocks?"""
    ours, theirs = IsalCode(library, k, n), ZfecCode(k, n)
    primary = [os.urandom(_SAMPLE) for _ in range(k)]
    blocks = theirs.encode(primary, range(n))
    decoded = [memoryview(bytearray(_SAMPLE)) for _ in range(k)]
    last = range(n - k, n)
    ours.decode_into([memoryview(bytearray(blocks[i])) for i in last], list(last), decoded)
    return ours.encode(primary, range(n)) == blocks and [bytes(d) for d in decoded] == primary


def _units(k: int) -> list[bytes]:
    """k blocks of k bytes: the unit vectors."""
    return [bytes(int(i == place) for i in range(k)) for place in range(k)]


def _address(view: memoryview) -> int:
    """Where a writable view lies; it stays there while the caller holds it."""
    return ctypes.addressof(ctypes.c_char.from_buffer(view))
