"""The designated server and no other: HTTPS pinned to the one certificate of the plan (L01).

The peer must present exactly the plan's certificate, byte for byte; TLS 1.3 proves that it holds
the key. So neither a public CA, nor a name, nor this machine's clock can make another server
acceptable. Redirects are not followed, proxies and trust stores from the environment are ignored,
and plain HTTP has no adapter.

What the server says is judged, never believed: an answer of any shape, length or slowness becomes
one of the two faults below, because whoever asks must outlive it.
"""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import InvalidVersion, load_pem_x509_certificate
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from venue_server.sitting.plan import DesignatedServer
from venue_server.wire.canonical import sha256_hex

CONNECT_S = 10.0
"""What an unanswered connection costs, in real seconds."""
MAX_BODY = 16 * 1024 * 1024
"""A receipt of a hundred thousand sittings is shorter."""
_PIECE = 64 * 1024


class UploadFault(Exception):
    """The way to the designated server is broken; trying again later may help (L09).

    ``asked_s``: how many seconds a busy server wants to be left alone, None when it said nothing.
    ``moved``: bytes got through before it broke. ``piece``: bytes that the next attempt had better
    begin with, 0 where no piece was sent.
    """

    def __init__(self, problem: str, asked_s: float | None = None) -> None:
        super().__init__(problem)
        self.asked_s = asked_s
        self.moved = False
        self.piece = 0


class WrongServerError(Exception):
    """Who answered is not the designated server, or sends us elsewhere. Nothing was sent."""


@dataclass(frozen=True)
class Answer:
    """One whole answer; the names of ``headers`` are looked up in any case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """For people: what is no UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")


class PinnedServer:
    """HTTP to the designated server from a worker thread. One at a time per object."""

    def __init__(self, server: DesignatedServer, timeout_s: float = 60.0) -> None:
        self.base_url = server.base_url.rstrip("/") + "/"
        self._origin = _origin(self.base_url)
        self._timeout = (min(CONNECT_S, timeout_s), timeout_s)
        if self._origin[0] != "https":
            raise WrongServerError("the designated server must be https")
        try:
            certificate = load_pem_x509_certificate(server.certificate_pem.encode())
        except (ValueError, InvalidVersion) as error:
            raise WrongServerError("the plan names no certificate that can be read") from error
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.adapters.clear()
        der = certificate.public_bytes(Encoding.DER)
        self._session.mount("https://", _PinnedAdapter(der, self._origin))

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def url(self, place: str) -> str:
        """``place`` (relative or absolute) at the designated server; WrongServerError elsewhere."""
        try:
            url = urljoin(self.base_url, place)
        except ValueError as error:
            raise WrongServerError("an address that is none was given") from error
        if _origin(url) != self._origin:
            raise WrongServerError("an address at another server was given")
        return url

    def leads_here(self, place: str) -> bool:
        """Is this an address at the designated server?"""
        try:
            return bool(self.url(place))
        except WrongServerError:
            return False

    def ask(self, method: str, place: str, headers: Mapping[str, str], data: bytes = b"") -> Answer:
        """One request and its whole answer; UploadFault or WrongServerError."""
        url = self.url(place)
        try:
            answer = self._session.request(
                method,
                url,
                headers={"Accept-Encoding": "identity", **headers},
                data=data,
                timeout=self._timeout,
                allow_redirects=False,
                verify=False,  # the exact certificate is compared instead
                stream=True,  # only as much of the body is taken as it may have
            )
        except requests.RequestException as error:
            raise UploadFault(f"{method}: {type(error).__name__}") from error
        with answer:
            if 300 <= answer.status_code < 400:
                raise WrongServerError(f"{method}: a redirect is not followed")
            try:
                body = _body(answer, time.monotonic() + 2 * self._timeout[1])
            except (HTTPError, OSError) as error:
                raise UploadFault(f"{method}: {type(error).__name__}") from error
        return Answer(answer.status_code, answer.headers, body)


def _body(answer: requests.Response, until: float) -> bytes:
    """As it came over the line: nothing is unpacked, so a few bytes stay a few bytes."""
    body = bytearray()
    while piece := answer.raw.read1(_PIECE, decode_content=False):
        body += piece
        if len(body) > MAX_BODY:
            raise UploadFault("the answer is too long")
        if time.monotonic() > until:
            raise UploadFault("the answer is too slow")
    return bytes(body)


def _origin(url: str) -> tuple[str, str, int]:
    """As whoever connects will read it: two readers of one address may see two hosts in it
    (``https://elsewhere\\@here/``), so both are asked and must agree."""
    try:
        parts, dialled = urlsplit(url), parse_url(url)
        origin = parts.scheme, parts.hostname or "", parts.port or 443
        other = dialled.scheme, (dialled.host or "").strip("[]"), dialled.port or 443
    except (ValueError, LocationParseError) as error:  # a port beyond all, half a bracket
        raise WrongServerError("an address that is none was given") from error
    if origin != other:
        raise WrongServerError("an address with two meanings was given")
    return origin


class _PinnedAdapter(HTTPAdapter):
    def __init__(self, certificate: bytes, origin: tuple[str, str, int]) -> None:
        self._certificate = certificate
        self._place = origin[1:]
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        """Pools whose connections compare the certificate; only for https."""
        self.poolmanager = PoolManager(num_pools=1, maxsize=1, ssl_context=_context())
        pools = {"https": _pool_class(self._certificate, self._place)}
        self.poolmanager.pool_classes_by_scheme = pools


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # see the module's text: stricter than any chain
    return context


def _pool_class(certificate: bytes, place: tuple[str, int]) -> type[HTTPSConnectionPool]:
    class PinnedConnection(HTTPSConnection):
        def connect(self) -> None:
            if (self.host.strip("[]").lower(), self.port or 443) != place:
                raise WrongServerError("another host would have been dialled")
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
