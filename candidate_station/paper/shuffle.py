"""Seeded order of options: a bijection that anyone holding the seed can recompute (D15).

The key is SHA-256 over the length-prefixed UTF-8 of (shuffle seed, sitting id, item id, response
id). Random numbers are the 64-bit big-endian words of SHA-256(key ‖ u32 counter), counter from 0.
Fisher–Yates runs from the last place to the second; each draw below n rejects words at or above
the largest multiple of n, so no order is likelier than another. Fixed options keep their place.
"""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def shuffle_key(shuffle_seed: str, sitting_id: str, item_id: str, response_id: str) -> bytes:
    """The key of one interaction's order in one sitting."""
    digest = hashlib.sha256()
    for part in (shuffle_seed, sitting_id, item_id, response_id):
        raw = part.encode()
        digest.update(struct.pack(">I", len(raw)) + raw)
    return digest.digest()


def _words(key: bytes) -> Iterator[int]:
    counter = 0
    while True:
        yield from struct.unpack(">4Q", hashlib.sha256(key + struct.pack(">I", counter)).digest())
        counter += 1


def _below(bound: int, words: Iterator[int]) -> int:
    limit = (1 << 64) - (1 << 64) % bound
    return next(word for word in words if word < limit) % bound


def shuffled(values: Sequence[T], fixed: Sequence[bool], key: bytes) -> list[T]:
    """Return ``values`` in the order of ``key``; where ``fixed`` is true the value stays."""
    assert len(values) == len(fixed)
    places = [index for index, stays in enumerate(fixed) if not stays]
    sources = list(places)
    words = _words(key)
    for last in range(len(sources) - 1, 0, -1):
        other = _below(last + 1, words)
        sources[last], sources[other] = sources[other], sources[last]
    order = list(values)
    for place, source in zip(places, sources, strict=True):
        order[place] = values[source]
    return order
