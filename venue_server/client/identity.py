"""Who this machine is: its keys, its certificate, and whom it trusts, on its own disk.

Two files in a directory only the owner may enter (0700, files 0600):

    identity.json         names, CA, HPKE private key, headquarters' keys, server addresses
    machine-<hex>.pem     private key and certificate, the form OpenSSL loads

``identity.json`` is replaced atomically and names the PEM file, so a crash leaves the old identity
or the new one, never a mixture.
"""

import os
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from venue_server.wire import hpke
from venue_server.wire.canonical import b64, sha256_hex, unb64
from venue_server.wire.discovery import venue_hint
from venue_server.wire.signed import public_keys

_FILE = "identity.json"
_FORMAT = 1
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which the ssl module does not name. A station's own clock may
# be wrong by a day or by decades (flat battery) and must not keep a candidate out; the CA is this
# venue's own, and who may speak is decided by the server's roster, not by dates.
_NO_CHECK_TIME = 0x200000


class IdentityError(Exception):
    """The identity on disk is missing, damaged, or of a newer format: enrol the machine again."""


class _Stored(msgspec.Struct, forbid_unknown_fields=False):
    format: int
    kind: str
    machine_id: str
    server_name: str
    ca_pem: str
    pem_file: str
    hpke_private: str
    headquarters_keys: list[str]
    headquarters_threshold: int
    addresses: list[str]


@dataclass(frozen=True)
class MachineIdentity:
    """One enrolled machine. ``kind`` is ``station`` or ``console``.

    ``hpke_private`` is empty for a console. ``headquarters_keys`` are base64 raw Ed25519 public
    keys. ``addresses`` are ``host:port`` of the server's main listener, possibly none.
    """

    directory: Path
    kind: str
    machine_id: str
    server_name: str
    ca_pem: str
    cert_pem: str
    private_pem: str = field(repr=False)
    hpke_private: bytes = field(repr=False)
    headquarters_keys: tuple[str, ...]
    headquarters_threshold: int
    addresses: tuple[str, ...] = ()

    @staticmethod
    def exists(directory: Path) -> bool:
        """True when a machine was enrolled in ``directory``."""
        return (directory / _FILE).is_file()

    @classmethod
    def load(cls, directory: Path) -> "MachineIdentity":
        """Read what :meth:`save` wrote; raises IdentityError."""
        try:
            stored = msgspec.json.decode((directory / _FILE).read_bytes(), type=_Stored)
            private_pem, cert_pem = _split_pem((directory / stored.pem_file).read_text("ascii"))
            raw = unb64(stored.hpke_private)
        except (OSError, ValueError) as error:
            raise IdentityError(f"{directory}: {type(error).__name__}") from error
        if stored.format != _FORMAT:
            raise IdentityError(f"{directory}: format {stored.format}")
        return cls(
            directory,
            stored.kind,
            stored.machine_id,
            stored.server_name,
            stored.ca_pem,
            cert_pem,
            private_pem,
            raw,
            tuple(stored.headquarters_keys),
            stored.headquarters_threshold,
            tuple(stored.addresses),
        )

    def save(self) -> None:
        """Write everything durably, replacing an earlier identity; raises OSError."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        _write_durably(self.pem_path, (self.private_pem + self.cert_pem).encode("ascii"))
        stored = _Stored(
            _FORMAT,
            self.kind,
            self.machine_id,
            self.server_name,
            self.ca_pem,
            self.pem_path.name,
            b64(self.hpke_private),
            list(self.headquarters_keys),
            self.headquarters_threshold,
            list(self.addresses),
        )
        _write_durably(self.directory / _FILE, msgspec.json.encode(stored))
        for old in self.directory.glob("machine-*.pem"):
            if old != self.pem_path:
                old.unlink()

    def with_addresses(self, addresses: Iterable[str]) -> "MachineIdentity":
        """The same machine knowing other server addresses; not yet saved."""
        return replace(self, addresses=tuple(addresses))

    @property
    def pem_path(self) -> Path:
        """Where private key and certificate lie together."""
        return self.directory / f"machine-{sha256_hex(self.cert_pem.encode())[:16]}.pem"

    @property
    def venue(self) -> str:
        """The venue's opaque name in mDNS announcements."""
        ca = x509.load_pem_x509_certificate(self.ca_pem.encode())
        return venue_hint(ca.public_bytes(Encoding.DER))

    def ssl_context(self) -> ssl.SSLContext:
        """TLS 1.3 only, this machine's certificate, nothing trusted but the venue's CA.

        Use ``server_hostname=self.server_name`` whatever address is dialled.
        """
        context = pinned_context(self.ca_pem)
        context.load_cert_chain(self.pem_path)
        return context

    def hpke(self) -> hpke.HpkePrivate:
        """The key that wrapping keys are sealed to; stations only. Raises hpke.HpkeError."""
        return hpke.from_private_raw(self.hpke_private)

    def headquarters(self) -> dict[str, Ed25519PublicKey]:
        """Headquarters' public keys by key id."""
        return public_keys(list(self.headquarters_keys))


def pinned_context(ca_pem: str) -> ssl.SSLContext:
    """A TLS 1.3 client context that trusts ``ca_pem`` alone and checks the server's name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.options |= ssl.OP_NO_TICKET
    context.verify_flags |= _NO_CHECK_TIME
    context.load_verify_locations(cadata=ca_pem)
    return context


def _split_pem(text: str) -> tuple[str, str]:
    """Private key and certificate of a machine file; ValueError when either is missing."""
    start = text.index("-----BEGIN CERTIFICATE-----")
    private_pem, cert_pem = text[:start], text[start:]
    if "PRIVATE KEY-----" not in private_pem:
        raise ValueError("no private key")
    return private_pem, cert_pem


def _write_durably(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``, on the disk before it returns, readable by the owner only."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in ``directory`` durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
