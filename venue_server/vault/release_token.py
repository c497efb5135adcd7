"""The release token: the few signed bytes, the same for all venues, that open a form (E01, E02)."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.vault.keys import check_release_secret
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.canonical import unb64
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import signed_payload

TYPE = "kaodian.release-token"
VERSION = "1.0"


def read_release_token(
    data: bytes, manifest: PaperManifest, keys: dict[str, Ed25519PublicKey], threshold: int
) -> bytes | Refusal:
    """R from a token for exactly this package.

    Refusals: DOC-01…DOC-04, REL-03 for another package or release point, REL-04 R is wrong.
    Whether the release point has come is the caller's to decide, by trusted time.
    """
    payload = signed_payload(data, TYPE, keys, threshold)
    if isinstance(payload, Refusal):
        return payload
    for field in ("package_id", "paper_id", "form_id", "release_at_ms"):
        if payload.get(field) != getattr(manifest, field):
            return Refusal(RefusalCode.RELEASE_TOKEN_FOREIGN, field)
    text = payload.get("release_secret")
    try:
        secret = unb64(text) if isinstance(text, str) else b""
    except ValueError:
        secret = b""
    return check_release_secret(secret, manifest) or secret
