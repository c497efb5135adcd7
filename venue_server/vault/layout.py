"""How a ciphertext lies in n fragment files: header, then one erasure-coded block a stripe.

    fragment file   magic "KDFRAG01" | header length u32 big-endian | header JSON | blocks

The ciphertext is cut into stripes of k * block_size bytes; only the last stripe is shorter. A
stripe of length L is padded with zeros to k * ceil(L / k) and cut into k equal primary blocks;
zfec makes n blocks of them, and block i of every stripe goes to fragment i + 1 (the first k
fragments hold the primary blocks themselves).
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from venue_server.wire.canonical import canonical

MAGIC = b"KDFRAG01"
PREFIX = struct.Struct(">8sI")
MAX_HEADER = 4 * 1024 * 1024


class FragmentHeader(msgspec.Struct, frozen=True):
    """The clear header of a fragment. ``shares`` maps venue id to the fragment's share of S,
    HPKE-sealed to that venue's key, base64."""

    package_id: str
    paper_id: str
    form_id: str
    fragment: int
    k: int
    n: int
    block_size: int
    ciphertext_size: int
    shares: dict[str, str]


@dataclass(frozen=True)
class Layout:
    """The arithmetic of one package. Sizes in bytes."""

    k: int
    block_size: int
    ciphertext_size: int

    @property
    def stripes(self) -> int:
        """Number of stripes, and of blocks in each fragment."""
        return -(-self.ciphertext_size // (self.k * self.block_size))

    def stripe_size(self, stripe: int) -> int:
        """Ciphertext bytes in one stripe."""
        whole = self.k * self.block_size
        return min(whole, self.ciphertext_size - stripe * whole)

    def block_length(self, stripe: int) -> int:
        """Bytes of each block of one stripe."""
        return -(-self.stripe_size(stripe) // self.k)

    @property
    def body_size(self) -> int:
        """Bytes of all blocks of one fragment."""
        last = self.stripes - 1
        return last * self.block_size + self.block_length(last)


def encode_header(header: FragmentHeader) -> bytes:
    """Magic, length and header JSON (RFC 8785)."""
    text = canonical(msgspec.to_builtins(header))
    assert len(text) <= MAX_HEADER
    return PREFIX.pack(MAGIC, len(text)) + text


def read_header(file: BinaryIO) -> tuple[FragmentHeader, bytes] | None:
    """The header at the beginning of a fragment and its raw bytes; None when malformed."""
    prefix = file.read(PREFIX.size)
    if len(prefix) != PREFIX.size:
        return None
    magic, length = PREFIX.unpack(prefix)
    if magic != MAGIC or length > MAX_HEADER:
        return None
    text = file.read(length)
    if len(text) != length:
        return None
    try:
        return msgspec.json.decode(text, type=FragmentHeader), prefix + text
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
