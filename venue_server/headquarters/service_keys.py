"""The keys of the stand-in headquarters: two signing keys, the bundle key, the TLS certificate.

    keys/signing-1.pem signing-2.pem   Ed25519, PKCS #8; plan, manifest, release token, receipts
    keys/bundle.hpke                   raw HPKE private key (wire/hpke.py) that opens bundles
    keys/bundle-*.hpke                 earlier ones: plans that name them may still send bundles
    tls/certificate.pem tls/key.pem    self-signed ECDSA P-256; the plan pins this certificate

Real headquarters keep each of these in hardware, in different hands; one folder is for rehearsals
and tests only.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from venue_server.storage.files import sync_directory, write_whole
from venue_server.wire import hpke
from venue_server.wire.canonical import b64

THRESHOLD = 2
_SIGNING = ("signing-1.pem", "signing-2.pem")
_VALID_DAYS = 3650


@dataclass(frozen=True)
class HeadquartersKeys:
    """Everything headquarters signs, opens and speaks with."""

    data_dir: Path
    signing: list[Ed25519PrivateKey]
    bundle: hpke.HpkePrivate
    certificate_pem: str
    earlier_bundles: Sequence[hpke.HpkePrivate] = ()

    @property
    def signing_public(self) -> list[str]:
        """Base64 raw Ed25519 public keys, as venues and stations hold them."""
        return [b64(key.public_key().public_bytes_raw()) for key in self.signing]

    @property
    def bundle_public(self) -> str:
        """Base64 raw HPKE public key, as ``Plan.bundle_public``."""
        return b64(self.bundle.public_raw())

    @property
    def certificate_file(self) -> Path:
        return self.data_dir / "tls" / "certificate.pem"

    @property
    def tls_key_file(self) -> Path:
        return self.data_dir / "tls" / "key.pem"


def init_headquarters(data_dir: Path) -> HeadquartersKeys:
    """Make the folder and every key, durably, and return them.

    Raises FileExistsError when the folder already holds keys: they are never overwritten.
    """
    keys, tls = data_dir / "keys", data_dir / "tls"
    keys.mkdir(parents=True, mode=0o700)
    tls.mkdir(mode=0o700)
    for name in _SIGNING:
        write_whole(keys / name, _private_pem(Ed25519PrivateKey.generate()))
    hpke.save_private(hpke.generate(), keys / "bundle.hpke")
    tls_key = ec.generate_private_key(ec.SECP256R1())
    write_whole(tls / "key.pem", _private_pem(tls_key))
    write_whole(tls / "certificate.pem", _self_signed(tls_key), mode=0o644)
    for folder in (keys, tls, data_dir):
        sync_directory(folder)
    return load_headquarters(data_dir)


def load_headquarters(data_dir: Path) -> HeadquartersKeys:
    """Read what :func:`init_headquarters` made; raises OSError, ValueError or HpkeError."""
    signing = []
    for name in _SIGNING:
        key = load_pem_private_key((data_dir / "keys" / name).read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{name} is no Ed25519 key")
        signing.append(key)
    return HeadquartersKeys(
        data_dir=data_dir,
        signing=signing,
        bundle=hpke.load_private(data_dir / "keys" / "bundle.hpke"),
        certificate_pem=(data_dir / "tls" / "certificate.pem").read_text(),
        earlier_bundles=[
            hpke.load_private(file) for file in sorted((data_dir / "keys").glob("bundle-*.hpke"))
        ],
    )


def _private_pem(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _self_signed(key: ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kaodian stand-in headquarters")])
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_VALID_DAYS))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)
