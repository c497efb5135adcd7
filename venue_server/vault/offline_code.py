"""The sealed code for a venue that is cut off: word shares of R held by custodians (E05)."""

from collections.abc import Iterable

from venue_server.vault import slip39
from venue_server.vault.keys import check_release_secret
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.refusals import Refusal, RefusalCode


def check_code_share(share: str) -> Refusal | None:
    """REL-07 when one custodian's words are mistyped (checksum); says nothing about the rest."""
    try:
        slip39.check(share)
    except slip39.ShareError:
        return Refusal(RefusalCode.CODE_SHARE_INVALID)
    return None


def combine_code(shares: Iterable[str], manifest: PaperManifest) -> bytes | Refusal:
    """R from enough custodians' shares.

    Refusals: REL-07 a share is mistyped, foreign or one is missing; REL-04 R is wrong.
    """
    try:
        secret = slip39.combine(shares)
    except slip39.ShareError:
        return Refusal(RefusalCode.CODE_SHARE_INVALID)
    return check_release_secret(secret, manifest) or secret
