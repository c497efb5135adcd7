"""Headquarters' release secret: kept in one private file, published as a signed token."""

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.service_release import PaperSecret
from venue_server.vault.release_token import TYPE, VERSION
from venue_server.wire.canonical import canonical
from venue_server.wire.signed import sign


def build_release_token(secret: PaperSecret, signers: list[Ed25519PrivateKey]) -> bytes:
    """The token that venues fetch at the release point, signed by every given key."""
    payload = {"type": TYPE, "version": VERSION, **msgspec.to_builtins(secret)}
    return canonical(sign(payload, signers))


def load_release_secret(path: Path) -> PaperSecret:
    """Read ``release-secret.json``; raises OSError or msgspec.DecodeError."""
    return msgspec.json.decode(path.read_bytes(), type=PaperSecret)
