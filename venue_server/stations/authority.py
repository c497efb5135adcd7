"""The venue's own certificate authority (ECDSA P-256): one CA, one server, every machine.

The CA signs nothing but leaf certificates of this venue. Machines trust it because a person
compared the enrolment code that covers it (wire/enrolment.py), not because of any public root.
"""

import datetime
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from venue_server.storage.files import write_whole
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal, RefusalCode

VALID = datetime.timedelta(days=400)
CURVE = ec.SECP256R1()


def server_name(venue_id: str) -> str:
    """The TLS name of a venue's server, whatever its address: a name no DNS will ever answer."""
    return f"server.{sha256_hex(venue_id.encode())[:16]}.kaodian.invalid"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def sound_request(csr_pem: str) -> x509.CertificateSigningRequest | None:
    """A certificate request signed by its own P-256 key; None for anything else."""
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        public = request.public_key()
        is_ours = isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name == CURVE.name
        return request if is_ours and request.is_signature_valid else None
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):  # the last is no ValueError
        return None


@dataclass(frozen=True)
class VenueAuthority:
    """The loaded CA."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    folder: Path
    venue_id: str

    @property
    def pem(self) -> str:
        """The CA certificate, which machines pin."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        """The same as DER, which the enrolment code covers."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def issue(self, csr_pem: str, machine_id: str) -> str | Refusal:
        """A client certificate for the key of ``csr_pem``; the name is ours, not the request's."""
        request = sound_request(csr_pem)
        if request is None:
            return Refusal(RefusalCode.MESSAGE_MALFORMED, "csr")
        public = request.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        leaf = _leaf(self, public, machine_id, ExtendedKeyUsageOID.CLIENT_AUTH, None)
        return leaf.public_bytes(serialization.Encoding.PEM).decode()

    def listener_context(self) -> ssl.SSLContext:
        """TLS 1.3 with a client certificate of this CA required, session tickets off."""
        context = self.enrolment_context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=self.pem)
        return context

    def enrolment_context(self) -> ssl.SSLContext:
        """TLS 1.3 for machines that have no certificate yet."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.num_tickets = 0
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context


def _leaf(
    authority: VenueAuthority,
    public: ec.EllipticCurvePublicKey,
    name: str,
    usage: x509.ObjectIdentifier,
    dns: str | None,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(authority.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # A station's clock may be a day off (R5); the roster, not the date, is what revokes.
        .not_valid_before(now - VALID)
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    )
    if dns:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(dns)]), False)
    return builder.sign(authority.key, hashes.SHA256())


def create_authority(folder: Path, venue_id: str) -> VenueAuthority:
    """Make the CA and the server's certificate in ``folder`` (mode 0700, keys 0600)."""
    key = ec.generate_private_key(CURVE)
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(f"Kaodian venue {venue_id}"))
        .issuer_name(_name(f"Kaodian venue {venue_id}"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - VALID)
        .not_valid_after(now + 5 * VALID)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=False,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    authority = VenueAuthority(certificate, key, folder, venue_id)
    write_whole(folder / "ca.key", _private_pem(key))
    write_whole(folder / "ca.pem", authority.pem.encode())
    server_key = ec.generate_private_key(CURVE)
    name = server_name(venue_id)
    server = _leaf(
        authority, server_key.public_key(), name, ExtendedKeyUsageOID.SERVER_AUTH, dns=name
    )
    write_whole(folder / "server.key", _private_pem(server_key))
    write_whole(folder / "server.pem", server.public_bytes(serialization.Encoding.PEM))
    return authority


def load_authority(folder: Path, venue_id: str) -> VenueAuthority:
    """Load what :func:`create_authority` made."""
    key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    return VenueAuthority(certificate, key, folder, venue_id)
