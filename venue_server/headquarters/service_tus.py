"""tus 1.0 (https://tus.io/protocols/resumable-upload): core and creation, over aiohttp.

One PATCH at a time for an upload (423 otherwise, as a cut connection's handler may still be
writing); what arrived before a cut is kept. ``on_complete`` is called once per finished PATCH that
brought the last byte.
"""

import asyncio
import base64
import binascii
import errno
import logging
from collections.abc import Callable, Mapping

from aiohttp import ClientError, web

from venue_server.headquarters.service_uploads import (
    MAX_LENGTH,
    Upload,
    UploadInfo,
    UploadShelf,
    declared,
)

VERSION = "1.0.0"
_BASE = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_PIECE = 256 * 1024
FULL_S = 60
"""When a venue may come back to a full disk: somebody must make room first."""

_log = logging.getLogger(__name__)


def read_metadata(header: str) -> dict[str, str] | None:
    """Upload-Metadata to a mapping; None when it is malformed or empty."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        if not key or key in found:
            return None
        found[key] = text
    return found


class TusDesk:
    """Handlers of ``/uploads/``."""

    def __init__(
        self,
        shelf: UploadShelf,
        on_created: Callable[[UploadInfo], None],
        on_complete: Callable[[Upload], None],
    ) -> None:
        self._shelf = shelf
        self._on_created = on_created
        self._on_complete = on_complete
        self._writing: set[str] = set()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add every route of the protocol."""
        router.add_route("OPTIONS", "/uploads/", self._options)
        router.add_post("/uploads/", self._create)
        router.add_head("/uploads/{upload_id}", self._head)
        router.add_patch("/uploads/{upload_id}", self._patch)

    async def _options(self, _request: web.Request) -> web.Response:
        more = {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation",
            "Tus-Max-Size": str(MAX_LENGTH),
        }
        return _answer(204, more)

    async def _create(self, request: web.Request) -> web.Response:
        if request.headers.get("Tus-Resumable") != VERSION:
            return _answer(412, {"Tus-Version": VERSION})
        length = _number(request.headers, "Upload-Length")
        metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
        if length is None or metadata is None:
            return _answer(400)
        if length > MAX_LENGTH:
            return _answer(413)
        info = declared(length, metadata)
        if info is None:
            return _answer(400)
        self._on_created(info)
        try:
            upload_id = await asyncio.to_thread(self._shelf.create, info)
        except OSError as error:
            return _no_room(error)
        return _answer(201, {"Location": f"/uploads/{upload_id}"})

    async def _head(self, request: web.Request) -> web.Response:
        upload = await self._find(request)
        if upload is None:
            return _answer(404)
        return _answer(
            200, {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.info.length)}
        )

    async def _patch(self, request: web.Request) -> web.Response:
        if request.headers.get("Tus-Resumable") != VERSION:
            return _answer(412, {"Tus-Version": VERSION})
        if request.content_type != "application/offset+octet-stream":
            return _answer(415)
        upload_id = request.match_info["upload_id"]
        if upload_id in self._writing:
            return _answer(423)
        self._writing.add(upload_id)
        try:
            return await self._write(request)
        finally:
            self._writing.discard(upload_id)

    async def _write(self, request: web.Request) -> web.Response:
        upload = await self._find(request)
        if upload is None:
            return _answer(404)
        offset = _number(request.headers, "Upload-Offset")
        if offset != upload.offset:
            return _answer(409, {"Upload-Offset": str(upload.offset)})
        try:
            async for piece in request.content.iter_chunked(_PIECE):
                offset = await asyncio.to_thread(self._shelf.append, upload, offset, piece)
        except ValueError:
            return _answer(413)
        except (ConnectionError, ClientError, web.RequestPayloadError):
            # The client is gone; what it sent is kept, and HEAD will tell how much that is.
            return _answer(400)
        except OSError as error:
            return _no_room(error)  # what the disk took is kept, and HEAD will tell
        finally:
            durable = await asyncio.to_thread(self._shelf.sync, upload)
        if durable == upload.info.length:
            self._on_complete(upload)
        return _answer(204, {"Upload-Offset": str(durable)})

    async def _find(self, request: web.Request) -> Upload | None:
        return await asyncio.to_thread(self._shelf.find, request.match_info["upload_id"])


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 20 else None


def _no_room(error: OSError) -> web.Response:
    """The disk here is full or fails: the venue waits, and goes on from what is kept."""
    _log.error("uploads: %s", error)
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return _answer(507 if full else 500, {"Retry-After": str(FULL_S)} if full else None)


def _answer(status: int, more: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(status=status, headers={**_BASE, **(more or {})})
