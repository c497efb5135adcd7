"""The line to a mirror of headquarters: sealed packages by HTTP ranges (RFC 9110 §14).

TLS pinned to one certificate, no redirects, no proxies of the environment, no content codings, and
a bound on everything that is read. Nothing that comes over it is believed: manifests are signed and
every piece is compared with its manifest before it is kept.

    GET /packages?venue=ID                          {"packages": [package id, ...]}, a hint
    GET /packages/{package_id}/manifest.json        the signed manifest, byte for byte
    GET /packages/{package_id}/fragments/{number}   a fragment file; ranges
"""

import json
from collections.abc import AsyncGenerator, Sequence
from re import fullmatch
from typing import Any

import aiohttp

from venue_server.client.pins import PinSet
from venue_server.intake.pieces import Piece
from venue_server.vault.manifest import ID_PATTERN

TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)
MAX_INDEX = 1024 * 1024
MAX_PACKAGES = 1000
_OK, _PARTIAL, _NOT_FOUND = 200, 206, 404
_HEADERS = {"Accept-Encoding": "identity"}


class MirrorFault(Exception):
    """The mirror does not answer as it should; trying again or another channel may help."""


class MirrorLacksError(MirrorFault):
    """The mirror answers, and does not have it: asking again soon is of no use."""


class MirrorLine:
    """One mirror. Use as an async context manager."""

    def __init__(self, base_url: str, certificate_pem: str) -> None:
        self._base = base_url.rstrip("/")
        self._pin = PinSet([certificate_pem])
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "MirrorLine":
        self._session = aiohttp.ClientSession(
            timeout=TIMEOUT, trust_env=False, auto_decompress=False
        )
        return self

    async def __aexit__(self, *_exc: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def packages(self, venue_id: str) -> list[str]:
        """Ids of the packages the mirror has for the venue. Raises MirrorFault."""
        body = await self._whole(f"/packages?venue={venue_id}", MAX_INDEX)
        try:
            found = json.loads(body)["packages"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise MirrorFault("index") from error
        if not isinstance(found, list) or len(found) > MAX_PACKAGES:
            raise MirrorFault("index")
        if not all(isinstance(each, str) and fullmatch(ID_PATTERN, each) for each in found):
            raise MirrorFault("index")
        return found

    async def manifest(self, package_id: str, most: int) -> bytes:
        """The bytes of a manifest, at most ``most``. Raises MirrorFault."""
        return await self._whole(f"/packages/{package_id}/manifest.json", most)

    async def read(
        self, package_id: str, fragment: int, run: Sequence[Piece]
    ) -> AsyncGenerator[tuple[Piece, bytearray], None]:
        """The bytes of pieces that follow each other in one fragment, each as soon as it is here.

        Raises MirrorFault when the line breaks or the answer is not the range asked for; what was
        yielded before is good to use.
        """
        begin, end = run[0].offset, run[-1].end
        headers = {**_HEADERS, "Range": f"bytes={begin}-{end - 1}"}
        path = f"/packages/{package_id}/fragments/{fragment}"
        try:
            async with self._get(path, headers) as answer:
                if answer.status == _NOT_FOUND:
                    raise MirrorLacksError(f"fragment {fragment}: 404")
                given = answer.headers.get("Content-Range", "")
                if answer.status != _PARTIAL or not given.startswith(f"bytes {begin}-{end - 1}/"):
                    raise MirrorFault(f"no range: {answer.status}")
                for piece in run:
                    yield piece, bytearray(await answer.content.readexactly(piece.length))
        except (aiohttp.ClientError, TimeoutError, EOFError, OSError) as error:
            raise MirrorFault(type(error).__name__) from error

    async def _whole(self, path: str, most: int) -> bytes:
        body = bytearray()
        try:
            async with self._get(path, _HEADERS) as answer:
                if answer.status == _NOT_FOUND:
                    raise MirrorLacksError(f"{path}: 404")
                if answer.status != _OK:
                    raise MirrorFault(f"{path}: {answer.status}")
                async for data in answer.content.iter_any():
                    body += data
                    if len(body) > most:
                        raise MirrorFault(f"{path}: too long")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MirrorFault(type(error).__name__) from error
        return bytes(body)

    def _get(self, path: str, headers: dict[str, str]) -> Any:
        assert self._session is not None
        return self._session.get(
            self._base + path, headers=headers, ssl=self._pin, allow_redirects=False
        )
