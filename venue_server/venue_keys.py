"""The venue's own long-lived keys: HPKE for key shares, Ed25519 for what the venue signs."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from venue_server.storage.files import write_whole
from venue_server.wire import hpke
from venue_server.wire.canonical import b64


@dataclass(frozen=True)
class VenueKeys:
    """Both private keys; files are 0600 in a 0700 folder."""

    hpke: hpke.HpkePrivate
    signing: Ed25519PrivateKey

    @classmethod
    def create(cls, folder: Path) -> "VenueKeys":
        """Make and keep new keys, with the public halves beside them for headquarters."""
        keys = cls(hpke.generate(), Ed25519PrivateKey.generate())
        write_whole(folder / "venue.hpke", keys.hpke.private_raw())
        write_whole(folder / "venue.ed25519", keys.signing.private_bytes_raw())
        _write_public(folder / "venue.hpke.pub", keys.hpke.public_raw())
        _write_public(folder / "venue.ed25519.pub", keys.signing.public_key().public_bytes_raw())
        return keys

    @classmethod
    def load(cls, folder: Path) -> "VenueKeys":
        """Read what :meth:`create` wrote."""
        return cls(
            hpke.from_private_raw((folder / "venue.hpke").read_bytes()),
            Ed25519PrivateKey.from_private_bytes((folder / "venue.ed25519").read_bytes()),
        )

    def derived(self, label: bytes) -> bytes:
        """A 32-byte key of this venue for one purpose (HKDF-SHA256, RFC 5869)."""
        return HKDF(SHA256(), 32, None, label).derive(self.signing.private_bytes_raw())


def _write_public(path: Path, raw: bytes) -> None:
    """Base64 on one line, as headquarters' tools read it."""
    write_whole(path, b64(raw).encode() + b"\n", mode=0o644)
