"""Reading an HTTP answer whole, but never more of it than it may be."""

import aiohttp


async def read_bounded(content: aiohttp.StreamReader, limit: int) -> bytes:
    """The body up to ``limit`` bytes; ``content.read(n)`` alone gives only what has arrived."""
    body = bytearray()
    while len(body) < limit:
        piece = await content.read(limit - len(body))
        if not piece:
            break
        body += piece
    return bytes(body)
