"""How a new machine joins the venue: it shows a short code, a person confirms it at the server.

The first two requests go to a server nobody has verified. The code the machine shows covers the CA
certificate it received and both sides' keys, so a person who sees the same code at the server has
verified that CA. The outcome is then fetched over TLS pinned to it: headquarters' keys and the
server's name come with the same proof. wire/enrolment.py has the messages.
"""

import asyncio
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import aiohttp
import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from venue_server.client.addresses import Address, parse_address
from venue_server.client.body import read_bounded
from venue_server.client.identity import MachineIdentity, pinned_context
from venue_server.wire import hpke
from venue_server.wire.canonical import b64
from venue_server.wire.enrolment import Begin, Begun, Outcome, Poll, Reveal, Revealed, commitment
from venue_server.wire.enrolment import code as short_code
from venue_server.wire.refusals import Refusal, RefusalCode

POLL_S = 1.0
DEADLINE_S = 1800.0
_NONCE = 32
_MAX_BODY = 64 * 1024
_REQUEST_S = 10.0

T = TypeVar("T")


class EnrolmentError(Exception):
    """The machine could not be enrolled: unreachable, or what came back proves nothing."""


class EnrolmentUnreachable(EnrolmentError):
    """No enrolment listener answers there."""


class EnrolmentUntrusted(EnrolmentError):
    """What came back is not what the code covers: somebody may sit in the middle."""


@dataclass(frozen=True)
class Secrets:
    """A new machine's keys before anybody knows them. ``hpke_key`` is None for a console."""

    private: ec.EllipticCurvePrivateKey
    hpke_key: hpke.HpkePrivate | None
    nonce: bytes

    @classmethod
    def generate(cls, kind: str) -> "Secrets":
        return cls(
            ec.generate_private_key(ec.SECP256R1()),
            hpke.generate() if kind == "station" else None,
            os.urandom(_NONCE),
        )

    @property
    def hpke_public(self) -> bytes:
        return self.hpke_key.public_raw() if self.hpke_key is not None else b""

    def request(self) -> x509.CertificateSigningRequest:
        """The certificate request; its name means nothing, the server gives the machine its id."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kaodian machine")])
        builder = x509.CertificateSigningRequestBuilder().subject_name(name)
        return builder.sign(self.private, hashes.SHA256())


async def enrol(
    address: str,
    kind: str,
    directory: Path,
    on_code: Callable[[str], None],
    *,
    poll_s: float = POLL_S,
    deadline_s: float = DEADLINE_S,
) -> MachineIdentity | Refusal:
    """Enrol this machine as ``kind`` (``station`` or ``console``) and save its identity.

    ``address`` is ``host:port`` of the enrolment listener; ``on_code`` gets the code to show. Waits
    up to ``deadline_s`` for the confirmation, then returns ENROLMENT_UNKNOWN. Raises EnrolmentError
    and, when the identity cannot be saved, OSError.
    """
    assert kind in ("station", "console")
    where = parse_address(address)
    secrets = Secrets.generate(kind)
    begun = await _begin(where, kind, secrets, on_code)
    if isinstance(begun, Refusal):
        return begun
    outcome = await _await_outcome(where, begun, poll_s, deadline_s)
    if isinstance(outcome, Refusal):
        return outcome
    identity = accepted(outcome, begun.ca_pem, secrets, kind, directory, where.host)
    await asyncio.to_thread(identity.save)
    return identity


async def _begin(
    where: Address, kind: str, secrets: Secrets, on_code: Callable[[str], None]
) -> Begun | Refusal:
    """Commit, learn the server's nonce and CA, reveal, show the code."""
    request = secrets.request()
    request_der = request.public_bytes(Encoding.DER)
    commit = commitment(secrets.nonce, request_der, secrets.hpke_public)
    async with _session(_unverified()) as session:
        begun = await _post(session, where, "begin", Begin(kind, commit), Begun)
        if isinstance(begun, Refusal):
            return begun
        ca_der, server_nonce = _read_begun(begun)
        reveal = Reveal(
            begun.enrolment_id,
            secrets.nonce.hex(),
            request.public_bytes(Encoding.PEM).decode("ascii"),
            b64(secrets.hpke_public),
        )
        revealed = await _post(session, where, "reveal", reveal, Revealed)
    if isinstance(revealed, Refusal):
        return revealed
    on_code(short_code(ca_der, request_der, secrets.hpke_public, secrets.nonce, server_nonce))
    return begun


def _read_begun(begun: Begun) -> tuple[bytes, bytes]:
    """The CA's DER and the server's nonce."""
    try:
        ca = x509.load_pem_x509_certificate(begun.ca_pem.encode())
        server_nonce = bytes.fromhex(begun.server_nonce)
    except (ValueError, x509.InvalidVersion) as error:
        raise EnrolmentUntrusted("malformed answer") from error
    if len(server_nonce) != _NONCE:
        raise EnrolmentUntrusted("malformed answer")
    return ca.public_bytes(Encoding.DER), server_nonce


async def _await_outcome(
    where: Address, begun: Begun, poll_s: float, deadline_s: float
) -> Outcome | Refusal:
    """Ask until the person has decided. An interrupted network is waited out."""
    # One PEM, one certificate: what the code covered is all that is trusted.
    ca = x509.load_pem_x509_certificate(begun.ca_pem.encode())
    context = pinned_context(ca.public_bytes(Encoding.PEM).decode("ascii"))
    context.check_hostname = False  # the server's name comes with the outcome
    try:
        async with asyncio.timeout(deadline_s), _session(context) as session:
            while True:
                answer = await _poll(session, where, begun.enrolment_id)
                if answer is not None:
                    return answer
                await asyncio.sleep(poll_s)
    except TimeoutError:
        return Refusal(RefusalCode.ENROLMENT_UNKNOWN)


async def _poll(
    session: aiohttp.ClientSession, where: Address, enrolment_id: str
) -> Outcome | Refusal | None:
    """One question; None means ask again."""
    try:
        outcome = await _post(session, where, "poll", Poll(enrolment_id), Outcome)
    except EnrolmentUnreachable:
        return None
    if isinstance(outcome, Refusal):
        return outcome
    match outcome.state:
        case "confirmed":
            return outcome
        case "waiting":
            return None
    return Refusal(outcome.refusal or RefusalCode.NOT_ENROLLED)


def accepted(
    outcome: Outcome, ca_pem: str, secrets: Secrets, kind: str, directory: Path, host: str
) -> MachineIdentity:
    """Check the issued certificate and make the identity; raises EnrolmentUntrusted.

    The certificate must be issued by the CA that the code covered and hold this machine's key.
    ``host`` completes addresses that name a port only.
    """
    try:
        ca = x509.load_pem_x509_certificate(ca_pem.encode())
        cert = x509.load_pem_x509_certificate(outcome.cert_pem.encode())
        cert.verify_directly_issued_by(ca)
        addresses = tuple(str(parse_address(text, host)) for text in outcome.addresses)
    except (ValueError, TypeError, InvalidSignature, x509.InvalidVersion) as error:
        raise EnrolmentUntrusted("the certificate is not from this venue's CA") from error
    if _public_bytes(cert.public_key()) != _public_bytes(secrets.private.public_key()):
        raise EnrolmentUntrusted("the certificate holds another key")
    if not outcome.machine_id or not outcome.server_name:
        raise EnrolmentUntrusted("incomplete outcome")
    return MachineIdentity(
        directory=directory,
        kind=kind,
        machine_id=outcome.machine_id,
        server_name=outcome.server_name,
        ca_pem=ca.public_bytes(Encoding.PEM).decode("ascii"),
        cert_pem=cert.public_bytes(Encoding.PEM).decode("ascii"),
        private_pem=secrets.private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode("ascii"),
        hpke_private=secrets.hpke_key.private_raw() if secrets.hpke_key is not None else b"",
        headquarters_keys=tuple(outcome.headquarters_keys),
        headquarters_threshold=outcome.headquarters_threshold,
        addresses=addresses,
    )


def _public_bytes(key: object) -> bytes:
    assert hasattr(key, "public_bytes")
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def _unverified() -> ssl.SSLContext:
    """TLS with anybody: what is said over it is proved by the code, not by the channel."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _session(context: ssl.SSLContext) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=context),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=_REQUEST_S),
    )


async def _post(
    session: aiohttp.ClientSession, where: Address, step: str, body: msgspec.Struct, kind: type[T]
) -> T | Refusal:
    """One step; a refusal comes as HTTP 4xx with the JSON of a Refusal."""
    try:
        async with session.post(
            f"https://{where}/enrol/{step}",
            data=msgspec.json.encode(body),
            headers={"Content-Type": "application/json"},
            allow_redirects=False,
        ) as response:
            data = await read_bounded(response.content, _MAX_BODY)
            status = response.status
    except aiohttp.ClientConnectorCertificateError as error:
        raise EnrolmentUntrusted("the server does not hold the venue's certificate") from error
    except (aiohttp.ClientError, OSError) as error:
        raise EnrolmentUnreachable(f"{where}: {type(error).__name__}") from error
    if status >= 500:
        raise EnrolmentUnreachable(f"{where}: HTTP {status}")
    try:
        if status >= 400:
            return msgspec.json.decode(data, type=Refusal)
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise EnrolmentUntrusted(f"HTTP {status}: malformed answer") from error
