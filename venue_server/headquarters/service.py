"""The stand-in headquarters: time, release tokens, uploads and receipts over HTTPS.

For rehearsals and tests; it speaks the very interfaces a venue needs from real headquarters
(docs/answer-bundle.md). State is one folder (service_keys.py, service_release.py,
service_uploads.py and service_receipts.py say what lies where); it may be killed at any instant.

    GET /time[?nonce=HEX]               signed kaodian.time: now_ms, rate, nonce
    GET /release/{paper_id}/{form_id}   404 + Retry-After before release_at, then the token
    POST|HEAD|PATCH|OPTIONS /uploads/…  tus 1.0, core and creation
    GET /receipts/{bundle_id}           signed kaodian.receipt, 404 + Retry-After, or 409
"""

import math
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.headquarters.service_release import ReleaseShelf
from venue_server.wire.canonical import canonical
from venue_server.wire.signed import sign

TIME_TYPE = "kaodian.time"
_NONCE = re.compile(r"[0-9a-fA-F]{0,64}")


class HeadquartersService:
    """Handlers over one data folder and one clock."""

    def __init__(self, keys: HeadquartersKeys, clock: HeadquartersClock) -> None:
        self._keys = keys
        self._clock = clock
        self._shelf = ReleaseShelf(keys)

    def application(self) -> web.Application:
        """An aiohttp application with every route."""
        app = web.Application()
        app.router.add_get("/time", self._time)
        app.router.add_get("/release/{paper_id}/{form_id}", self._release)
        return app

    async def _time(self, request: web.Request) -> web.Response:
        # The nonce makes an old answer, recorded on the way, useless as a new one.
        nonce = request.query.get("nonce", "")
        if not _NONCE.fullmatch(nonce):
            return web.Response(status=400, text="nonce")
        payload = {
            "type": TIME_TYPE,
            "version": "1.0",
            "now_ms": self._clock.now_ms(),
            "rate": self._clock.rate,
            "nonce": nonce,
        }
        return _json(canonical(sign(payload, self._keys.signing)), "no-store")

    async def _release(self, request: web.Request) -> web.Response:
        secret = self._shelf.find(request.match_info["paper_id"], request.match_info["form_id"])
        if secret is None:
            return web.Response(status=404, headers={"Cache-Control": "no-store"})
        wait = self._clock.real_seconds_until(secret.release_at_ms)
        if wait > 0:
            headers = {"Cache-Control": "no-store", "Retry-After": str(math.ceil(wait))}
            return web.Response(status=404, headers=headers)
        return _json(self._shelf.token(secret), "public, max-age=31536000, immutable")


def _json(body: bytes, cache: str) -> web.Response:
    headers = {"Cache-Control": cache}
    return web.Response(body=body, content_type="application/json", headers=headers)


def tls_context(keys: HeadquartersKeys) -> ssl.SSLContext:
    """TLS 1.3 with the one certificate the plan pins."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(keys.certificate_file, keys.tls_key_file)
    return context


@asynccontextmanager
async def serving(
    keys: HeadquartersKeys, clock: HeadquartersClock, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[int]:
    """Serve while the context lasts; yields the bound port."""
    runner = web.AppRunner(HeadquartersService(keys, clock).application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls_context(keys)).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
