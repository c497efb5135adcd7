"""Ciphertext by HTTP ranges over the same mTLS: read with pread in large pieces (measured)."""

import asyncio
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from venue_server.gateway.delivery_pace import WHOLE, DeliveryPace
from venue_server.storage import background

PIECE = WHOLE
PIECE_S, PART_S = 300.0, 60.0
"""Who has not taken one piece by then is not fetching it: 7 KB/s, a tenth of a hall's share.
The second is for a part of one; a line may be away for a moment."""
_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last+1) of a single byte range; None when it cannot be served. No header: all."""
    if header is None:
        return 0, size
    match = _RANGE.match(header)
    if match is None:
        return None
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last + 1) if first <= last else None


async def serve_ciphertext(
    request: web.Request, path: Path, pace: DeliveryPace, floor: Callable[[], float]
) -> web.StreamResponse:
    """Answer one GET of a sealed paper, at the ``pace`` of all of them and no slower than the
    ``floor`` (bytes a second); 404 once its file is gone."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return web.Response(status=404)
    try:
        size = os.fstat(fd).st_size
        span = parse_range(request.headers.get("Range"), size)
        if span is None:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        first, end = span
        partial = "Range" in request.headers
        response = web.StreamResponse(status=206 if partial else 200)
        response.content_type = "application/octet-stream"
        response.content_length = end - first
        response.headers["Accept-Ranges"] = "bytes"
        if partial:
            response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
        await response.prepare(request)
        while first < end:
            count = min(pace.ahead(time.monotonic()), end - first)
            piece = cached(fd, count, first) if count < WHOLE else None
            if piece is None:
                piece = await background.delivery(os.pread, fd, count, first)
            if not piece:
                break  # the file shrank: the peer sees a short body and asks again
            await _hand_over(response, piece, pace, floor())
            first += len(piece)
        await response.write_eof()
        return response
    finally:
        os.close(fd)


def cached(fd: int, count: int, first: int) -> bytes | memoryview | None:
    """What the page cache has of a file from ``first`` on, at most ``count`` bytes, without ever
    waiting for the disk (preadv2(2), RWF_NOWAIT); None when it has nothing.

    While somebody saves, pieces are small: a thread for each would pass the interpreter to and fro
    more often than the whole delivery costs, and a thread that is put off holding it stops the
    answers."""
    if not hasattr(os, "RWF_NOWAIT"):
        return None
    room = bytearray(count)
    try:
        got = os.preadv(fd, [room], first, os.RWF_NOWAIT)
    except OSError:  # not there yet, or not to be had from this file system in this way
        return None
    return memoryview(room)[:got] if got else None


async def _hand_over(
    response: web.StreamResponse, piece: bytes | memoryview, pace: DeliveryPace, floor: float
) -> None:
    """Write what was read, in parts as large as the pace has them now."""
    left = memoryview(piece)
    while left:
        part = left[: pace.piece(time.monotonic())]
        try:
            async with asyncio.timeout(max(PART_S, PIECE_S * len(part) / PIECE)):
                await response.write(part)
        except TimeoutError:
            raise ConnectionResetError("the paper is not taken") from None
        left = left[len(part) :]
        now_s = time.monotonic()
        pause_s = pace.sent(now_s, len(part), floor)
        if len(part) < WHOLE:
            await asyncio.sleep(pause_s)  # the others' turn at least
            if not pause_s:
                pace.turned((time.monotonic() - now_s) * 1000)
