"""The mirror of sealed packages: what a venue may fetch by ranges instead of, or beside, a medium.

``mirror/<package_id>/`` holds ``manifest.json`` and ``fragment-<n>``. Everything in it is sealed: a
fragment's share opens for its venue only, and all of them are nothing without R.

    GET /packages?venue=ID                          {"packages": [package id, ...]}
    GET /packages/{package_id}/manifest.json
    GET /packages/{package_id}/fragments/{number}   ranges (RFC 9110 §14)
"""

import json
import re
import shutil
from pathlib import Path

from aiohttp import web

from venue_server.storage.files import sync_directory
from venue_server.vault.layout import read_header
from venue_server.vault.manifest import ID_PATTERN

_CHUNK = 256 * 1024
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}


class MirrorShelf:
    """Serves the folder ``mirror`` of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._root = _root(data_dir)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Its three routes."""
        router.add_get("/packages", self._index)
        router.add_get("/packages/{package_id}/manifest.json", self._manifest)
        router.add_get(r"/packages/{package_id}/fragments/{number:\d{1,2}}", self._fragment)

    async def _index(self, request: web.Request) -> web.Response:
        venue = request.query.get("venue", "")
        found = [path.parent.name for path in sorted(self._root.glob("*/manifest.json"))]
        mine = [each for each in found if venue in self._venues(each)]
        return web.json_response({"packages": mine}, headers={"Cache-Control": "no-store"})

    def _venues(self, package_id: str) -> set[str]:
        text = (self._root / package_id / "manifest.json").read_text(encoding="utf-8")
        return set(json.loads(text)["payload"]["venues"])

    async def _manifest(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, "manifest.json")

    async def _fragment(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, f"fragment-{int(request.match_info['number'])}")

    def _file(self, request: web.Request, name: str) -> web.StreamResponse:
        package_id = request.match_info["package_id"]
        file = self._root / package_id / name
        if not re.fullmatch(ID_PATTERN, package_id) or not file.is_file():
            return web.Response(status=404, headers={"Cache-Control": "no-store"})
        return web.FileResponse(file, chunk_size=_CHUNK, headers=_HEADERS)


def publish_package(data_dir: Path, sealed: Path) -> str:
    """Put the venue's folder of a sealed paper on the mirror; its package id.

    A running service serves it at once, whole: the folder appears by a rename. Raises ValueError
    when a file is no fragment, FileExistsError when the package is there already.
    """
    manifest = (sealed / "manifest.json").read_bytes()
    package_id = str(json.loads(manifest)["payload"]["package_id"])
    if not re.fullmatch(ID_PATTERN, package_id):
        raise ValueError(package_id)
    root = _root(data_dir)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = root / package_id
    if target.exists():
        raise FileExistsError(package_id)
    making = root / f".{package_id}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    for path in sorted(sealed.iterdir()):
        if path.name != "manifest.json":
            shutil.copyfile(path, making / f"fragment-{_number(path)}")
    (making / "manifest.json").write_bytes(manifest)
    making.rename(target)
    sync_directory(root)
    return package_id


def _number(path: Path) -> int:
    with path.open("rb") as file:
        found = read_header(file)
    if found is None:
        raise ValueError(f"{path.name}: not a fragment")
    return found[0].fragment


def _root(data_dir: Path) -> Path:
    return data_dir / "mirror"
