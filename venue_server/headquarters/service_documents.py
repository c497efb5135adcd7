"""Headquarters' notices and orders for venues: a signed list per venue that only ever grows.

``documents/<number>-<sha256>.json`` holds each signed document as it was issued, in this order. A
venue's list names those for it: notices for every venue or for it, orders about its sessions.

    GET /documents/{venue_id}                 signed kaodian.documents; ETag, may be cached shortly
    GET /documents/{venue_id}/{sha256}        the document; may be cached for ever

Everything is signed and the texts of notices are sealed, so nothing here is secret; who asks is no
matter, and thousands of venues may be served by plain HTTP caches.
"""

import json
import re
from pathlib import Path

from aiohttp import ETag, web

from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.release.arriving.rules import MAX_DOCUMENT, TYPE, VERSION
from venue_server.sitting.ordered.document import TYPE as ORDER
from venue_server.storage.files import write_whole
from venue_server.vault.notice import TYPE as NOTICE
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.signed import sign

_NAME = re.compile(r"(\d{6})-([0-9a-f]{64})\.json")
SHORTLY = "public, max-age=5"
FOR_EVER = "public, max-age=31536000, immutable"


class DocumentShelf:
    """Serves the folder ``documents`` of one data folder."""

    def __init__(self, keys: HeadquartersKeys) -> None:
        self._keys = keys
        self._lists: dict[tuple[str, int], bytes] = {}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Its two routes."""
        router.add_get("/documents/{venue_id}", self._list)
        router.add_get(r"/documents/{venue_id}/{sha256:[0-9a-f]{64}}", self._document)

    async def _list(self, request: web.Request) -> web.Response:
        body = self.list_of(request.match_info["venue_id"])
        # Equal bytes until something is issued: a cache may keep them, and ask by their digest.
        tag = ETag(sha256_hex(body))
        headers = {"Cache-Control": SHORTLY}
        if tag in (request.if_none_match or ()):
            answer = web.Response(status=304, headers=headers)
        else:
            answer = web.Response(body=body, content_type="application/json", headers=headers)
        answer.etag = tag
        return answer

    def list_of(self, venue_id: str) -> bytes:
        """The signed list of one venue."""
        mine = [each for each in _issued(self._keys.data_dir) if _is_for(each, venue_id)]
        name = (venue_id, len(mine))
        if name not in self._lists:
            listed = [{"sha256": _digest(each), "size": each.stat().st_size} for each in mine]
            payload = {"type": TYPE, "version": VERSION, "venue_id": venue_id, "documents": listed}
            self._lists[name] = canonical(sign(payload, self._keys.signing))
        return self._lists[name]

    async def _document(self, request: web.Request) -> web.Response:
        wanted = request.match_info["sha256"]
        for each in _issued(self._keys.data_dir):
            if _digest(each) == wanted:
                headers = {"Cache-Control": FOR_EVER}
                body = each.read_bytes()
                return web.Response(body=body, content_type="application/json", headers=headers)
        return web.Response(status=404, headers={"Cache-Control": "no-store"})


def publish_document(data_dir: Path, document: bytes) -> str:
    """Issue a signed notice or order to its venues, durably; its digest. A running service serves
    it without a restart. Raises ValueError: it is neither, or too long, or was issued before."""
    try:
        kind = json.loads(document)["payload"]["type"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a signed document") from error
    if kind not in (NOTICE, ORDER) or len(document) > MAX_DOCUMENT:
        raise ValueError(f"{kind}, {len(document)}")
    digest, issued = sha256_hex(document), _issued(data_dir)
    if any(_digest(each) == digest for each in issued):
        raise ValueError("issued before")
    folder = data_dir / "documents"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(folder / f"{len(issued) + 1:06}-{digest}.json", document)
    return digest


def _issued(data_dir: Path) -> list[Path]:
    folder = data_dir / "documents"
    return sorted(each for each in folder.glob("*.json") if _NAME.fullmatch(each.name))


def _digest(file: Path) -> str:
    found = _NAME.fullmatch(file.name)
    assert found is not None, "only such files are listed"
    return found.group(2)


def _is_for(file: Path, venue_id: str) -> bool:
    payload = json.loads(file.read_bytes())["payload"]
    if payload["type"] == ORDER:
        return bool(payload["venue_id"] == venue_id)
    return not payload.get("venues") or venue_id in payload["venues"]
