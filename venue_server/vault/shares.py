"""The venue's half of the key: one share of S in each fragment, sealed to the venue's key.

Shares stay sealed at rest; S exists in memory only, at release, when k of them are opened (D11).
"""

from collections.abc import Mapping

from venue_server.vault import slip39
from venue_server.vault.keys import SECRET_SIZE
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.hpke import HpkeError, HpkePrivate
from venue_server.wire.refusals import Refusal, RefusalCode


def share_info(venue_id: str, package_id: str, paper_id: str, form_id: str, fragment: int) -> bytes:
    """HPKE info of one share: it opens for this venue, package, form and fragment only."""
    parts = (venue_id, package_id, paper_id, form_id, str(fragment))
    return b"kaodian-share/1\0" + "\0".join(parts).encode()


def venue_key_id(public_raw: bytes) -> str:
    """First 32 hex digits of the SHA-256 of a raw HPKE public key."""
    return sha256_hex(public_raw)[:32]


def open_share(
    sealed: bytes, fragment: int, manifest: PaperManifest, venue_id: str, private: HpkePrivate
) -> str | Refusal:
    """The words of one share, or PAP-12."""
    info = share_info(venue_id, manifest.package_id, manifest.paper_id, manifest.form_id, fragment)
    try:
        words = private.open(sealed, info).decode("ascii")
        slip39.check(words)
    except (HpkeError, UnicodeDecodeError, slip39.ShareError):
        return Refusal(RefusalCode.SHARE_UNREADABLE, f"{manifest.package_id} #{fragment}")
    return words


def recover_secret(
    sealed_shares: Mapping[int, bytes],
    manifest: PaperManifest,
    venue_id: str,
    private: HpkePrivate,
) -> bytes | Refusal:
    """S from at least k sealed shares, by fragment number; a share that does not open is passed
    over while others are left.

    Refusals: PAP-07 fewer than k, PAP-12 fewer than k open, or they do not combine.
    """
    if len(sealed_shares) < manifest.k:
        detail = f"{len(sealed_shares)} / {manifest.k}"
        return Refusal(RefusalCode.FRAGMENTS_MISSING, detail)
    words: list[str] = []
    unreadable: Refusal | None = None
    for fragment, sealed in sorted(sealed_shares.items()):
        share = open_share(sealed, fragment, manifest, venue_id, private)
        if isinstance(share, Refusal):
            unreadable = share
        elif len(words) < manifest.k:
            words.append(share)
    if len(words) < manifest.k:
        assert unreadable is not None
        return unreadable
    try:
        secret = slip39.combine(words)
    except slip39.ShareError:
        return Refusal(RefusalCode.SHARE_UNREADABLE, manifest.package_id)
    if len(secret) != SECRET_SIZE:
        return Refusal(RefusalCode.SHARE_UNREADABLE, manifest.package_id)
    return secret
