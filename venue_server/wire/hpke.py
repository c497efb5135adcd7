"""HPKE for everybody: one suite, raw keys, bound contexts.

Suite: MLKEM768-X25519 (hybrid KEM), HKDF-SHA256, AES-256-GCM, base mode of RFC 9180 as built by
``cryptography``. ``info`` names what is sealed and for whom, so a sealed value can never be opened
in another place than the one it was made for.

    public key   1216 bytes   ML-KEM-768 public key 1184 | X25519 public key 32
    private key    96 bytes   ML-KEM-768 seed 64         | X25519 private key 32
    sealed value              encapsulation | ciphertext | tag (1136 bytes more than the text)
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

PUBLIC_SIZE = 1184 + 32
PRIVATE_SIZE = 64 + 32
OVERHEAD = 1136

_MLKEM_PUBLIC = 1184
_MLKEM_SEED = 64
_suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class HpkeError(Exception):
    """A key is malformed, or a sealed value is damaged, foreign or made for another context."""


class HpkePrivate:
    """A private key; its public half travels as :meth:`public_raw`."""

    def __init__(self, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._mlkem = mlkem
        self._x25519 = x25519
        self._pair = MLKEM768X25519PrivateKey(mlkem, x25519)

    def __repr__(self) -> str:
        return "HpkePrivate(…)"

    def public_raw(self) -> bytes:
        """The 1216 bytes others seal to."""
        return (
            self._mlkem.public_key().public_bytes_raw()
            + self._x25519.public_key().public_bytes_raw()
        )

    def private_raw(self) -> bytes:
        """The 96 secret bytes; for a 0600 file or a wrapped store only."""
        return self._mlkem.private_bytes_raw() + self._x25519.private_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Return what was sealed to this key under the same ``info``; raises HpkeError."""
        try:
            return _suite.decrypt(sealed, self._pair, info)
        except (InvalidTag, ValueError) as error:
            raise HpkeError("the sealed value does not open with this key and context") from error


def generate() -> HpkePrivate:
    """A fresh key pair."""
    return HpkePrivate(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())


def from_private_raw(raw: bytes) -> HpkePrivate:
    """Inverse of :meth:`HpkePrivate.private_raw`; raises HpkeError."""
    if len(raw) != PRIVATE_SIZE:
        raise HpkeError(f"a private key has {PRIVATE_SIZE} bytes, not {len(raw)}")
    return HpkePrivate(
        MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED:]),
    )


def seal(public_raw: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal ``plaintext`` to a raw public key under ``info``; raises HpkeError on a bad key."""
    if len(public_raw) != PUBLIC_SIZE:
        raise HpkeError(f"a public key has {PUBLIC_SIZE} bytes, not {len(public_raw)}")
    try:
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public_raw[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public_raw[_MLKEM_PUBLIC:]),
        )
        return _suite.encrypt(plaintext, public, info)
    except ValueError as error:
        raise HpkeError("the public key is malformed") from error


def save_private(key: HpkePrivate, path: Path) -> None:
    """Write the raw private key to a new file readable by its owner only, and fsync it.

    Raises FileExistsError: a key is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_raw())
        file.flush()
        os.fsync(file.fileno())


def load_private(path: Path) -> HpkePrivate:
    """Read a key written by :func:`save_private`; raises OSError or HpkeError."""
    return from_private_raw(path.read_bytes())
