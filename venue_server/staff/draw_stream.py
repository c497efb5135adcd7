"""The numbers of a draw, made from its seed so that anybody can make them again (docs/draw.md).

Block i is SHA-256("kaodian-draw/1" 0x00 seed i) with i as eight bytes, big-endian, counted from 0;
the blocks one after the other are read as eight-byte big-endian numbers.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_LABEL = b"kaodian-draw/1\0"
_RANGE = 1 << 64
T = TypeVar("T")


class DrawStream:
    """Numbers, one after the other."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._block = 0
        self._left = b""

    def below(self, bound: int) -> int:
        """A number from 0 to ``bound`` - 1, each equally likely: what would favour the small ones
        is thrown away."""
        assert bound > 0
        limit = _RANGE - _RANGE % bound
        while True:
            number = self._next()
            if number < limit:
                return number % bound

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Fisher and Yates from the end: each order equally likely."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def _next(self) -> int:
        if not self._left:
            count = self._block.to_bytes(8, "big")
            self._left = hashlib.sha256(_LABEL + self._seed + count).digest()
            self._block += 1
        number, self._left = self._left[:8], self._left[8:]
        return int.from_bytes(number, "big")
