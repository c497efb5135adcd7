"""The content key of a form and the commitment to its release secret.

    K          = HKDF-SHA256(ikm = S | R, salt = empty, length = 32,
                             info = "kaodian-content-key/1" 0x00 paper_id 0x00 form_id)
    commitment = SHA-256("kaodian-release-commitment/1" 0x00 paper_id 0x00 form_id 0x00 R)

S (32 bytes) is shared over the fragments, R (32 bytes) is headquarters' release secret. Each alone
says nothing about K (D11).
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from venue_server.vault.manifest import PaperManifest
from venue_server.wire.process_memory import overwrite
from venue_server.wire.refusals import Refusal, RefusalCode

SECRET_SIZE = 32
KEY_SIZE = 32


def derive_content_key(
    shared_secret: bytes, release_secret: bytes, paper_id: str, form_id: str
) -> bytes:
    """K for one form, 32 bytes."""
    assert len(shared_secret) == len(release_secret) == SECRET_SIZE
    info = b"kaodian-content-key/1\0" + f"{paper_id}\0{form_id}".encode()
    both = bytearray(SECRET_SIZE * 2)
    both[:SECRET_SIZE], both[SECRET_SIZE:] = shared_secret, release_secret
    try:
        return HKDF(SHA256(), KEY_SIZE, salt=None, info=info).derive(both)
    finally:
        overwrite(both)


def release_commitment(release_secret: bytes, paper_id: str, form_id: str) -> str:
    """What the manifest says about R, 64 hex digits."""
    text = b"kaodian-release-commitment/1\0" + f"{paper_id}\0{form_id}\0".encode()
    return hashlib.sha256(text + release_secret).hexdigest()


def check_release_secret(release_secret: bytes, manifest: PaperManifest) -> Refusal | None:
    """REL-04 when R is not the one the manifest commits to."""
    found = release_commitment(release_secret, manifest.paper_id, manifest.form_id)
    if len(release_secret) == SECRET_SIZE and hmac.compare_digest(
        found, manifest.release_commitment
    ):
        return None
    return Refusal(RefusalCode.RELEASE_SECRET_WRONG, f"{manifest.paper_id}/{manifest.form_id}")
