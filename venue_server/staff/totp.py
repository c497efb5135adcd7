"""The optional second factor: time-based one-time codes (RFC 6238: SHA-1, six digits, 30 s). Pure.

Codes go by trusted exam time, which is true time in a LIVE venue; in a rehearsal with compressed
time no telephone agrees with it. One step before and after is accepted, and no step twice.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from venue_server.wire.canonical import b64, unb64

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226, section 4: at least 128 bits, 160 recommended
WINDOW = (0, -1, 1)
_NONCE = 12


def new_secret() -> bytes:
    """A fresh secret of 160 bits."""
    return secrets.token_bytes(SECRET_BYTES)


def uri(secret: bytes, person_id: str, venue: str) -> str:
    """``otpauth://`` for an authenticator, to be shown once."""
    return _totp(secret).get_provisioning_uri(person_id, venue)


def matching_step(secret: bytes, code: str, now_ms: int, used_step: int) -> int | None:
    """The time step whose code this is, later than the last one used; None when there is none."""
    given = code.strip().replace(" ", "").encode()
    now = now_ms // 1000 // STEP_S
    fitting = [
        now + offset
        for offset in WINDOW
        if bytes_eq(_totp(secret).generate((now + offset) * STEP_S), given)
    ]
    return max((step for step in fitting if step > used_step), default=None)


def sealed(key: bytes, person_id: str, secret: bytes) -> str:
    """The secret at rest: AES-256-GCM under the venue's key, bound to the account."""
    nonce = secrets.token_bytes(_NONCE)
    return b64(nonce + AESGCM(key).encrypt(nonce, secret, _bound(person_id)))


def opened(key: bytes, person_id: str, text: str) -> bytes | None:
    """The secret again; None when it is another account's, another venue's, or spoiled."""
    try:
        raw = unb64(text)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], _bound(person_id))
    except (InvalidTag, ValueError):
        return None


def _bound(person_id: str) -> bytes:
    return b"kaodian-totp/1\0" + person_id.encode()


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303  # RFC 6238's default
