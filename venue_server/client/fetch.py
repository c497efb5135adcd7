"""Fetching a paper's ciphertext: by ranges, resumed after any interruption, verified before use.

The partial file carries the digest in its name, so a resume never mixes two papers. The target name
appears only when every byte is there, its SHA-256 matches the offer and it is on the disk (E02).
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from venue_server.client.body import read_bounded
from venue_server.client.identity import sync_directory
from venue_server.client.link import Link
from venue_server.client.link_state import Down, DownCause, LinkDown
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import PaperOffer

RANGE = 16 * 1024 * 1024
_PIECE = 1024 * 1024
_MAX_ERROR_BODY = 4096
_CORRUPT = RefusalCode.CIPHERTEXT_CORRUPT
_BARE = {403: Refusal(RefusalCode.NOT_ENROLLED)}  # statuses that say it all without a body

Progress = Callable[[int, int], None]


class _Partial:
    """A partial file, opened for going on, and the digest of exactly what it holds."""

    def __init__(self, path: Path) -> None:
        """Open or create ``path`` and read what an earlier attempt left; run it in a thread."""
        self.path = path
        self.size = 0
        self._digest = hashlib.sha256()
        self._file = path.open("a+b")
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            self._digest.update(piece)
            self.size += len(piece)

    def append(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    def is_whole(self, offer: PaperOffer) -> bool:
        return self.size == offer.size and self._digest.hexdigest() == offer.sha256

    def close(self) -> None:
        self._file.close()

    def install(self, target: Path) -> None:
        """Make it durable under its real name; run it in a thread."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.path.replace(target)
        sync_directory(target.parent)


async def fetch_ciphertext(
    link: Link[Any], offer: PaperOffer, target: Path, on_progress: Progress | None = None
) -> Path | Refusal:
    """Bring ``offer``'s ciphertext to ``target`` and return it.

    ``on_progress`` hears (bytes held, bytes in all). A refusal is CIPHERTEXT_CORRUPT when the bytes
    do not match (the partial file is then removed, so that the next call starts afresh), or what
    the server said. Raises LinkDown when the connection breaks: call again when the link is up
    and it goes on from there. Raises OSError when the station's own disk fails.
    """
    progress = on_progress or _no_progress
    if await asyncio.to_thread(_holds, target, offer):
        progress(offer.size, offer.size)
        return target
    path = target.with_name(f"{target.name}.{offer.sha256[:16]}.part")
    partial = await asyncio.to_thread(_Partial, path)
    try:
        refusal = await _fetch_rest(link, offer, partial, progress)
        if refusal is not None:
            return refusal
        if not partial.is_whole(offer):
            path.unlink()
            return Refusal(_CORRUPT, offer.seal.short_digest)
        await asyncio.to_thread(partial.install, target)
    finally:
        partial.close()
    return target


def _no_progress(_held: int, _size: int) -> None:
    """Nobody watches."""


def _holds(target: Path, offer: PaperOffer) -> bool:
    """True when ``target`` already is the offered ciphertext; runs in a thread."""
    if not target.is_file() or target.stat().st_size != offer.size:
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == offer.sha256


async def _fetch_rest(
    link: Link[Any], offer: PaperOffer, held: _Partial, progress: Progress
) -> Refusal | None:
    """Append range after range until the size is reached or the server says no."""
    progress(held.size, offer.size)
    while held.size < offer.size:
        end = min(held.size + RANGE, offer.size)
        headers = {"Range": f"bytes={held.size}-{end - 1}"}
        try:
            async with link.get(offer.path, headers) as response:
                if (refusal := await _refused(response, held.size, offer)) is not None:
                    return refusal
                await _append(response, held, end, offer, progress)
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise LinkDown(Down(DownCause.LOST, type(error).__name__)) from error
    return None


async def _append(
    response: aiohttp.ClientResponse,
    held: _Partial,
    end: int,
    offer: PaperOffer,
    progress: Progress,
) -> None:
    """Append one range. More bytes than asked for are cut; the digest decides anyway."""
    async for piece in response.content.iter_chunked(_PIECE):
        held.append(piece[: end - held.size])
        progress(held.size, offer.size)
    if held.size < end:
        raise aiohttp.ClientPayloadError("the range ended early")


async def _refused(
    response: aiohttp.ClientResponse, start: int, offer: PaperOffer
) -> Refusal | None:
    """None for the wanted part of the wanted file, else why not."""
    if response.status == 206:
        content_range = response.headers.get("Content-Range", "")
        if content_range.startswith(f"bytes {start}-") and content_range.endswith(f"/{offer.size}"):
            return None
        return Refusal(_CORRUPT, content_range)
    if response.status >= 500:
        raise aiohttp.ClientPayloadError(f"HTTP {response.status}")
    try:
        body = await read_bounded(response.content, _MAX_ERROR_BODY)
        no = msgspec.json.decode(body, type=Refused)
    except msgspec.DecodeError:
        return _BARE.get(response.status, Refusal(_CORRUPT, f"HTTP {response.status}"))
    return Refusal(no.code, no.detail)
