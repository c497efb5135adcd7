"""Enrolment of a machine: a commitment, then a short code that both sides must show alike.

The new machine trusts nothing on the LAN. It commits to its certificate request and HPKE key
before it learns the server's nonce; the code then depends on both nonces and both sides' keys, so
somebody in the middle has one guess in 2**40 (compare ZRTP, RFC 6189 §4.4.1). A person compares
the code on the machine with the code at the server and confirms it; only then does the server
issue a certificate and the machine pin the venue's CA. JSON over TLS; the server is not verified
for the first two requests and must show a certificate of that CA for the third:

    POST /enrol/begin   Begin  -> Begun
    POST /enrol/reveal  Reveal -> Revealed
    POST /enrol/poll    Poll   -> Outcome      (repeat while state is "waiting")
"""

import base64
import hashlib

import msgspec

from venue_server.wire.refusals import RefusalCode


class Begin(msgspec.Struct, frozen=True):
    """``kind`` is ``station`` or ``console``; ``commit`` is :func:`commitment`."""

    kind: str
    commit: str


class Begun(msgspec.Struct, frozen=True):
    enrolment_id: str
    ca_pem: str
    server_nonce: str  # 32 bytes, hex


class Reveal(msgspec.Struct, frozen=True):
    """``hpke_public`` is base64 of ML-KEM-768 raw public key | X25519 raw public key; empty for
    a console."""

    enrolment_id: str
    nonce: str  # 32 bytes, hex
    csr_pem: str
    hpke_public: str


class Revealed(msgspec.Struct, frozen=True):
    enrolment_id: str


class Poll(msgspec.Struct, frozen=True):
    enrolment_id: str


class Outcome(msgspec.Struct, frozen=True):
    """``state``: ``waiting``, ``confirmed`` or ``refused``. When confirmed: the machine's
    certificate, its id, the TLS name of the server and headquarters' public keys (base64 raw
    Ed25519) with their threshold, all trusted because the code matched: the machine asks for the
    outcome over TLS pinned to the CA that the code covered. ``addresses`` are the main listeners as
    ``host:port``; an empty host (``:port``) means the host the machine enrolled at."""

    state: str
    refusal: RefusalCode | None = None
    cert_pem: str = ""
    machine_id: str = ""
    server_name: str = ""
    headquarters_keys: list[str] = []
    headquarters_threshold: int = 2
    addresses: list[str] = []


def commitment(nonce: bytes, csr_der: bytes, hpke_public: bytes) -> str:
    """SHA-256 over the length-prefixed parts, hex."""
    return _digest(b"kaodian-enrol-commit/1", nonce, csr_der, hpke_public).hex()


def code(
    ca_der: bytes, csr_der: bytes, hpke_public: bytes, nonce: bytes, server_nonce: bytes
) -> str:
    """The code a person compares: eight base32 characters in two groups, 40 bits."""
    digest = _digest(b"kaodian-enrol-code/1", ca_der, csr_der, hpke_public, nonce, server_nonce)
    text = base64.b32encode(digest[:5]).decode()
    return f"{text[:4]}-{text[4:]}"


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
