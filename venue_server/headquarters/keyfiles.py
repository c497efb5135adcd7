"""Key files of headquarters and venues.

NAME.key   Ed25519 signing key, PKCS #8 PEM, owner only
NAME.hpke  raw HPKE private key (wire/hpke.py), owner only
NAME.pub   the public half, base64 of the raw bytes, one line
"""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from venue_server.storage.files import sync_directory
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64


class KeyFileError(Exception):
    """A key file holds something else than expected. The text names the file, never the key."""


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file that must not exist yet, durably. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def generate_signing(folder: Path, name: str) -> Path:
    """Make ``name.key`` and ``name.pub``; returns the private file."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_new(folder / f"{name}.key", pem)
    _write_public(folder / f"{name}.pub", key.public_key().public_bytes_raw())
    return folder / f"{name}.key"


def generate_hpke(folder: Path, name: str) -> Path:
    """Make ``name.hpke`` and ``name.pub``; returns the private file."""
    key = hpke.generate()
    hpke.save_private(key, folder / f"{name}.hpke")
    _write_public(folder / f"{name}.pub", key.public_raw())
    return folder / f"{name}.hpke"


def _write_public(path: Path, raw: bytes) -> None:
    write_new(path, b64(raw).encode() + b"\n", 0o644)


def load_signing(path: Path) -> Ed25519PrivateKey:
    """Read a signing key; raises OSError or KeyFileError."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path}: not a signing key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: not an Ed25519 key")
    return key


def load_signing_public(path: Path) -> Ed25519PublicKey:
    """Read ``NAME.pub`` of a signing key; raises OSError or KeyFileError."""
    try:
        return Ed25519PublicKey.from_public_bytes(_public_raw(path))
    except ValueError as error:
        raise KeyFileError(f"{path}: not an Ed25519 public key") from error


def load_hpke_public(path: Path) -> bytes:
    """Read ``NAME.pub`` of an HPKE key; raises OSError or KeyFileError."""
    raw = _public_raw(path)
    if len(raw) != hpke.PUBLIC_SIZE:
        raise KeyFileError(f"{path}: not an HPKE public key")
    return raw


def _public_raw(path: Path) -> bytes:
    try:
        return unb64(path.read_text("ascii").strip())
    except ValueError as error:
        raise KeyFileError(f"{path}: not base64") from error
