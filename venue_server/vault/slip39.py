"""Secrets as word shares: SLIP-39, one group, k of n, no passphrase, lowest iteration exponent.

The secret is 32 random bytes, so stretching it would add nothing. A share is 33 words. Shares that
say otherwise are refused before anything is computed: an iteration exponent of 15, which anybody
can put under a good checksum, would keep the server busy for minutes.
"""

from collections.abc import Iterable

import shamir_mnemonic
from shamir_mnemonic import MnemonicError
from shamir_mnemonic.share import Share

SECRET_SIZE = 32
MAX_TYPED = 1024  # characters of one share as typed; the longest 33 words have 296


class ShareError(Exception):
    """A share is mistyped, or the shares do not belong together or are too few."""


def split(secret: bytes, threshold: int, count: int) -> list[str]:
    """``count`` shares of which any ``threshold`` (at least 2) give the secret back."""
    assert 2 <= threshold <= count <= 16
    groups = shamir_mnemonic.generate_mnemonics(
        1, [(threshold, count)], secret, iteration_exponent=0
    )
    return [str(words) for words in groups[0]]


def combine(shares: Iterable[str]) -> bytes:
    """The secret; raises ShareError."""
    words = [tidy(share) for share in shares]
    for each in words:
        check(each)
    try:
        return bytes(shamir_mnemonic.combine_mnemonics(words))
    except (MnemonicError, ValueError) as error:
        raise ShareError("the shares do not combine") from error


def check(share: str) -> tuple[int, int, int]:
    """Set identifier, member index (from 0) and threshold of a well-typed share; ShareError."""
    if len(share) > MAX_TYPED:
        raise ShareError("the share is too long")
    try:
        found = Share.from_mnemonic(tidy(share))
    except (MnemonicError, ValueError) as error:
        raise ShareError("the share is mistyped") from error
    alone = found.group_count == 1 and found.iteration_exponent == 0
    if not alone or len(found.value) != SECRET_SIZE:
        raise ShareError("the share is of another kind")
    return int(found.identifier), int(found.index), int(found.member_threshold)


def tidy(share: str) -> str:
    """Blanks folded, lower case: as people type."""
    return " ".join(share.lower().split())
