"""The line to headquarters: signed time, the release token, and headquarters' documents, TLS pinned
to known certificates.

There may be more than one address (a second uplink, a mirror); all are held to the same pins. The
line that answered last is used; one that fails, or has no token when its time has come, hands
over to the next.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.client.pins import PinSet
from venue_server.settings import Headquarters
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys, signed_payload

TIME_TYPE = "kaodian.time"
TIMEOUT = aiohttp.ClientTimeout(total=5, sock_connect=2)
MAX_ANSWER = 64 * 1024
BUSY = (429, 503)
DOCUMENT_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=2)


class LineFault(Exception):
    """Headquarters cannot be reached now; the venue goes on and tries again."""


@dataclass(frozen=True)
class TokenAnswer:
    """What headquarters says about a token. ``token`` None: not published. ``retry_after_s``: when
    it wishes to be asked again; ``busy``: it does not want to be asked at all before that."""

    token: bytes | None = None
    retry_after_s: float | None = None
    busy: bool = False


@dataclass(frozen=True)
class ListAnswer:
    """The list of documents: ``body`` None when there is nothing new. ``etag`` to ask with again;
    ``retry_after_s`` of a headquarters that has too much to do."""

    body: bytes | None = None
    etag: str = ""
    retry_after_s: float | None = None


class HeadquartersLine:
    """Requests to the headquarters of the settings. Use as an async context manager."""

    def __init__(self, headquarters: Headquarters) -> None:
        self._bases = [
            each.rstrip("/") for each in (headquarters.base_url, *headquarters.other_urls)
        ]
        self._keys: dict[str, Ed25519PublicKey] = public_keys(headquarters.keys)
        self._threshold = headquarters.threshold
        self._pins = PinSet([headquarters.certificate_pem, *headquarters.other_certificates])
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "HeadquartersLine":
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        assert self._session is not None
        await self._session.close()

    @property
    def lines(self) -> int:
        """How many addresses there are."""
        return len(self._bases)

    async def time(self) -> dict[str, Any] | Refusal:
        """The payload of a fresh signed ``kaodian.time``: ``now_ms`` and ``rate``. One line is
        asked, so that the round trip means something; the next call asks the next if it failed."""
        nonce = secrets.token_hex(16)
        status, body, _headers = await self._ask("GET", f"/time?nonce={nonce}")
        if status != 200 or body is None:
            self._next_line()
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, TIME_TYPE)
        payload = signed_payload(body, TIME_TYPE, self._keys, self._threshold)
        if isinstance(payload, Refusal):
            return payload
        if payload.get("nonce") != nonce:
            return Refusal(RefusalCode.SIGNATURE_INVALID, "nonce")
        if not _is_number(payload.get("now_ms")) or not _is_number(payload.get("rate")):
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, TIME_TYPE)
        return payload

    async def published(self, paper_id: str, form_id: str) -> bool:
        """Is the token there? Asks every line until one answers. Raises LineFault."""
        for left in reversed(range(self.lines)):
            try:
                status, _body, _headers = await self._ask("HEAD", f"/release/{paper_id}/{form_id}")
            except LineFault:
                if not left:
                    raise
            else:
                return status == 200
        raise AssertionError("there is at least one line")

    async def release_token(self, paper_id: str, form_id: str) -> TokenAnswer:
        """What one line says now; the next call asks the next line unless this one had it."""
        status, body, headers = await self._ask("GET", f"/release/{paper_id}/{form_id}")
        if status == 200 and body is not None:
            return TokenAnswer(body)
        self._next_line()
        return TokenAnswer(None, _seconds(headers.get("Retry-After", "")), status in BUSY)

    async def documents(self, venue_id: str, etag: str) -> ListAnswer:
        """The signed list of what headquarters issued for a venue, unless it is still the one that
        bears ``etag``. Raises LineFault, also for an answer that is too long."""
        path, known = f"/documents/{venue_id}", {"If-None-Match": etag} if etag else {}
        status, body, headers = await self._ask("GET", path, known)
        if status == 200 and body is not None:
            return ListAnswer(body, headers.get("ETag", ""))
        if status in (304, 404):
            return ListAnswer(None, etag)
        self._next_line()
        if status in BUSY:
            return ListAnswer(None, etag, _seconds(headers.get("Retry-After", "")))
        raise LineFault(f"{path}: {status}")

    async def document(self, venue_id: str, sha256: str, size: int) -> bytes:
        """One document of the list, whole and with this digest. Raises LineFault otherwise."""
        path = f"/documents/{venue_id}/{sha256}"
        status, body, _headers = await self._ask("GET", path, limit=size, timeout=DOCUMENT_TIMEOUT)
        if status != 200 or body is None or sha256_hex(body) != sha256:
            self._next_line()
            raise LineFault(f"{path}: {status}")
        return body

    def _next_line(self) -> None:
        self._bases.append(self._bases.pop(0))

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        limit: int = MAX_ANSWER,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> tuple[int, bytes | None, dict[str, str]]:
        """Status, body (None when it is longer than ``limit``) and headers from the line in use."""
        assert self._session is not None
        try:
            async with self._session.request(
                method,
                self._bases[0] + path,
                ssl=self._pins,
                allow_redirects=False,
                headers=headers,
                timeout=timeout,
            ) as answer:
                return answer.status, await _whole(answer, limit), dict(answer.headers)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._next_line()
            raise LineFault(type(error).__name__) from error


async def _whole(answer: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The body, however many pieces it comes in; None when it is longer than any answer is."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)


def _seconds(text: str) -> float | None:
    """Retry-After in seconds (RFC 9110 §10.2.3); its form as a date is not used here."""
    return float(text) if text.isascii() and text.isdigit() else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
