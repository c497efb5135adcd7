"""The line to headquarters: signed time and the release token, TLS pinned to one certificate."""

import hashlib
import secrets
import ssl
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.settings import Headquarters
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import load_document, public_keys, verify

TIME_TYPE = "kaodian.time"
TIMEOUT = aiohttp.ClientTimeout(total=5)
MAX_ANSWER = 64 * 1024


class LineFault(Exception):
    """Headquarters cannot be reached now; the venue goes on and tries again."""


class HeadquartersLine:
    """Requests to the one headquarters of the settings. Use as an async context manager."""

    def __init__(self, headquarters: Headquarters) -> None:
        self._base = headquarters.base_url.rstrip("/")
        self._keys: dict[str, Ed25519PublicKey] = public_keys(headquarters.keys)
        self._threshold = headquarters.threshold
        self._pin = aiohttp.Fingerprint(_fingerprint(headquarters.certificate_pem))
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "HeadquartersLine":
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def time(self) -> dict[str, Any] | Refusal:
        """The payload of a fresh signed ``kaodian.time``: ``now_ms`` and ``rate``."""
        nonce = secrets.token_hex(16)
        body = await self._get(f"/time?nonce={nonce}")
        if body is None:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, TIME_TYPE)
        payload = verify(load_document(body, TIME_TYPE), TIME_TYPE, self._keys, self._threshold)
        if isinstance(payload, Refusal):
            return payload
        if payload.get("nonce") != nonce:
            return Refusal(RefusalCode.SIGNATURE_INVALID, "nonce")
        if not _is_number(payload.get("now_ms")) or not _is_number(payload.get("rate")):
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, TIME_TYPE)
        return payload

    async def release_token(self, paper_id: str, form_id: str) -> bytes | None:
        """The bytes of the token, or None while headquarters does not publish it yet."""
        return await self._get(f"/release/{paper_id}/{form_id}")

    async def _get(self, path: str) -> bytes | None:
        assert self._session is not None
        try:
            async with self._session.get(
                self._base + path, ssl=self._pin, allow_redirects=False
            ) as answer:
                return await _whole(answer) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LineFault(type(error).__name__) from error


async def _whole(answer: aiohttp.ClientResponse) -> bytes | None:
    """The body, however many pieces it comes in; None when it is longer than any answer is."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > MAX_ANSWER:
            return None
    return bytes(body)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _fingerprint(pem: str) -> bytes:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()
