"""The designated server and no other: HTTPS pinned to the one certificate of the plan (L01).

The peer must present exactly the plan's certificate, byte for byte; TLS 1.3 proves that it holds
the key. So neither a public CA, nor a name, nor this machine's clock can make another server
acceptable. Redirects are not followed, proxies and trust stores from the environment are ignored,
and plain HTTP has no adapter.
"""

import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPSConnection

from venue_server.sitting.plan import DesignatedServer
from venue_server.wire.canonical import sha256_hex

_CONNECT_S = 10.0


class UploadFault(Exception):
    """The way to the designated server is broken; trying again later may help (L09).

    ``asked_s``: how many seconds a busy server wants to be left alone, None when it said nothing.
    ``moved``: bytes got through before it broke.
    """

    def __init__(self, problem: str, asked_s: float | None = None) -> None:
        super().__init__(problem)
        self.asked_s = asked_s
        self.moved = False


class WrongServerError(Exception):
    """Who answered is not the designated server, or sends us elsewhere. Nothing was sent."""


class PinnedServer:
    """HTTP to the designated server from a worker thread. One at a time per object."""

    def __init__(self, server: DesignatedServer, timeout_s: float = 60.0) -> None:
        self.base_url = server.base_url.rstrip("/") + "/"
        self._origin = _origin(self.base_url)
        self._timeout = (min(_CONNECT_S, timeout_s), timeout_s)
        if self._origin[0] != "https":
            raise WrongServerError("the designated server must be https")
        certificate = load_pem_x509_certificate(server.certificate_pem.encode())
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.adapters.clear()
        self._session.mount("https://", _PinnedAdapter(certificate.public_bytes(Encoding.DER)))

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def url(self, place: str) -> str:
        """``place`` (relative or absolute) at the designated server; WrongServerError elsewhere."""
        url = urljoin(self.base_url, place)
        if _origin(url) != self._origin:
            raise WrongServerError("an address at another server was given")
        return url

    def ask(
        self, method: str, place: str, headers: Mapping[str, str], data: bytes = b""
    ) -> requests.Response:
        """One request and its whole answer; UploadFault or WrongServerError."""
        url = self.url(place)
        try:
            answer = self._session.request(
                method,
                url,
                headers=dict(headers),
                data=data,
                timeout=self._timeout,
                allow_redirects=False,
                verify=False,  # the exact certificate is compared instead
            )
        except requests.RequestException as error:
            raise UploadFault(f"{method}: {type(error).__name__}") from error
        if answer.is_redirect or 300 <= answer.status_code < 400:
            raise WrongServerError(f"{method}: a redirect is not followed")
        return answer


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or 443


class _PinnedAdapter(HTTPAdapter):
    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        """Pools whose connections compare the certificate; only for https."""
        self.poolmanager = PoolManager(num_pools=1, maxsize=1, ssl_context=_context())
        self.poolmanager.pool_classes_by_scheme = {"https": _pool_class(self._certificate)}


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # see the module's text: stricter than any chain
    return context


def _pool_class(certificate: bytes) -> type[HTTPSConnectionPool]:
    class PinnedConnection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            assert isinstance(self.sock, ssl.SSLSocket)
            found = self.sock.getpeercert(binary_form=True)
            if found != certificate:
                self.close()
                raise WrongServerError(f"certificate {sha256_hex(found or b'')[:16]}")
            self.is_verified = True

    class PinnedPool(HTTPSConnectionPool):
        ConnectionCls = PinnedConnection

    return PinnedPool
