"""The stand-in headquarters: time, release tokens, packages, uploads and receipts over HTTPS.

For rehearsals and tests; it speaks the very interfaces a venue needs from real headquarters
(docs/answer-bundle.md). State is one folder (service_keys.py, service_release.py,
service_papers.py, service_uploads.py and service_receipts.py say what lies where); it may be
killed at any instant.

    GET /time[?nonce=HEX]               signed kaodian.time: now_ms, rate, nonce
    GET|HEAD /release/{paper_id}/{form_id}
                                        404 + Retry-After before release_at, then the token; both
                                        may be cached (docs/headquarters-line.md)
    GET /packages…                      sealed packages by ranges (service_papers.py)
    GET /documents/{venue_id}…          notices and orders (service_documents.py)
    POST|HEAD|PATCH|OPTIONS /uploads/…  tus 1.0, core and creation
    GET /receipts/{bundle_id}           signed kaodian.receipt, 404 (+ Retry-After while it is
                                        being opened), or 409
"""

import asyncio
import logging
import math
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import ETag, web
from aiohttp.typedefs import Handler

from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_documents import DocumentShelf
from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.headquarters.service_papers import MirrorShelf
from venue_server.headquarters.service_receipts import ReceiptDesk
from venue_server.headquarters.service_release import ReleaseShelf
from venue_server.headquarters.service_tus import TusDesk
from venue_server.headquarters.service_uploads import BUNDLE_ID, Upload, UploadInfo, UploadShelf
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.signed import sign

TIME_TYPE = "kaodian.time"
_log = logging.getLogger(__name__)
_HOLD_S = 2.0
FOR_EVER = "public, max-age=31536000, immutable"
NOT_YET_CACHE_S = 30
_NONCE = re.compile(r"[0-9a-fA-F]{0,64}")


class HeadquartersService:
    """Handlers over one data folder and one clock."""

    def __init__(self, keys: HeadquartersKeys, clock: HeadquartersClock) -> None:
        self._keys = keys
        self._clock = clock
        self._shelf = ReleaseShelf(keys)
        self._mirror = MirrorShelf(keys.data_dir)
        self._uploads = UploadShelf(keys.data_dir)
        self._receipts = ReceiptDesk(keys, self._uploads, clock.now_ms)
        self._arrived: asyncio.Queue[Upload] = asyncio.Queue()
        self._judged = asyncio.Condition()
        self._opening: set[str] = set()  # bundle ids that came whole and have no verdict yet
        self._unkept: dict[str, Upload] = {}  # those that could not be kept: a full disk

    def application(self) -> web.Application:
        """An aiohttp application with every route."""
        app = web.Application()
        app.router.add_get("/time", self._time)
        app.router.add_get("/release/{paper_id}/{form_id}", self._release)
        app.router.add_get("/receipts/{bundle_id}", self._receipt)
        self._mirror.add_routes(app.router)
        DocumentShelf(self._keys).add_routes(app.router)
        tus = TusDesk(self._uploads, self._created, self._came)
        tus.add_routes(app.router)
        app.cleanup_ctx.append(self._judging)
        return app

    def _created(self, info: UploadInfo) -> None:
        self._receipts.forget_refusal(info.bundle_id)

    def _came(self, upload: Upload) -> None:
        self._opening.add(upload.info.bundle_id)
        self._arrived.put_nowait(upload)

    async def _judging(self, _app: web.Application) -> AsyncIterator[None]:
        # What was complete when the service died has no receipt yet.
        for upload in self._uploads.complete():
            self._came(upload)
        task = asyncio.create_task(self._judge())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _judge(self) -> None:
        while True:
            upload = await self._arrived.get()
            bundle_id = upload.info.bundle_id
            try:
                await asyncio.to_thread(self._receipts.take, upload)
                self._opening.discard(bundle_id)
            except OSError:
                # The bundle stays on its shelf and is judged again when its venue asks.
                _log.exception("bundle %s could not be kept", bundle_id)
                self._unkept[bundle_id] = upload
            async with self._judged:
                self._judged.notify_all()

    async def _receipt(self, request: web.Request) -> web.Response:
        bundle_id = request.match_info["bundle_id"]
        if not BUNDLE_ID.fullmatch(bundle_id):
            return web.Response(status=404)
        answer = self._receipt_now(bundle_id)
        if answer is None:
            # Whoever just sent the last byte asks at once: hold the question for a moment.
            with suppress(TimeoutError):
                async with asyncio.timeout(_HOLD_S), self._judged:
                    await self._judged.wait()
            answer = self._receipt_now(bundle_id)
        return answer or self._no_receipt(bundle_id)

    def _no_receipt(self, bundle_id: str) -> web.Response:
        """With Retry-After while it is being opened: the longer the queue, the later. Without one
        nothing is known of the bundle."""
        again = self._unkept.pop(bundle_id, None)
        if again is not None:
            self._arrived.put_nowait(again)
        wait = {"Retry-After": str(self._arrived.qsize() + 1)} if bundle_id in self._opening else {}
        return web.Response(status=404, headers={**wait, "Cache-Control": "no-store"})

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
            headers = {"Cache-Control": _not_yet(wait), "Retry-After": str(math.ceil(wait))}
            return web.Response(status=404, headers=headers)
        token = self._shelf.token(secret)
        # Equal bytes for everybody: a cache may keep them, and ask again by their digest.
        tag = ETag(sha256_hex(token))
        answer = _json(token, FOR_EVER)
        if tag in (request.if_none_match or ()):
            answer = web.Response(status=304, headers={"Cache-Control": FOR_EVER})
        answer.etag = tag
        return answer

    def _receipt_now(self, bundle_id: str) -> web.Response | None:
        if receipt := self._receipts.receipt(bundle_id):
            return _json(receipt, "no-store")
        if refusal := self._receipts.refusal(bundle_id):
            return web.Response(status=409, body=refusal, content_type="application/json")
        return None


def _not_yet(wait_s: float) -> str:
    """Thousands of venues look before the point: caches may answer for headquarters, but never
    beyond the point itself."""
    seconds = min(int(wait_s), NOT_YET_CACHE_S)
    return f"public, max-age={seconds}" if seconds else "no-store"


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
    application = HeadquartersService(keys, clock).application()
    ended = False

    @web.middleware
    async def not_after_the_end(request: web.Request, handler: Handler) -> web.StreamResponse:
        """A TLS handshake under way at the end makes a connection that cleaning up misses."""
        if ended and request.transport is not None:
            request.transport.abort()
        return await handler(request)

    application.middlewares.append(not_after_the_end)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls_context(keys)).start()
        yield runner.addresses[0][1]
    finally:
        ended = True
        await runner.cleanup()
