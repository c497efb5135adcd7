"""The certificates a line to headquarters accepts: these, byte for byte, whatever any CA says."""

import hashlib
import ssl
from collections.abc import Sequence
from typing import Any

import aiohttp


class PinSet(aiohttp.Fingerprint):
    """One of several certificates (PEM). TLS proves that the peer holds its key."""

    def __init__(self, certificates: Sequence[str]) -> None:
        self._all = {_fingerprint(pem) for pem in certificates}
        super().__init__(_fingerprint(certificates[0]))

    def check(self, transport: Any) -> None:
        """Raises ServerFingerprintMismatch for any certificate not in the set."""
        tls = transport.get_extra_info("ssl_object")
        found = hashlib.sha256(tls.getpeercert(binary_form=True)).digest() if tls else b""
        if found not in self._all:
            super().check(transport)


def _fingerprint(pem: str) -> bytes:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()
