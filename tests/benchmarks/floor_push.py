"""Floor: a bare asyncio loop that writes the same bytes to every TLS socket.

Usage: KEYS-FOLDER VENUE-ID PAYLOAD-SIZE. For each line of input it writes once to every connection
and prints CLOCK_BOOTTIME in milliseconds as it was just before the first byte.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

import uvloop

from venue_server.gateway.door import BACKLOG
from venue_server.stations.authority import load_authority

_SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: -\r\n\r\n"
)


async def _main(keys: Path, venue_id: str, size: int) -> None:
    writers: list[asyncio.StreamWriter] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_SWITCH)
        writers.append(writer)

    context = load_authority(keys, venue_id).listener_context()
    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    head = b"\x81\x7e" + size.to_bytes(2, "big")
    while await loop.run_in_executor(None, sys.stdin.readline):
        # A frame of its own for each: keys differ from station to station.
        frames = [head + os.urandom(size // 2).hex().encode().ljust(size) for _ in writers]
        began = time.clock_gettime(time.CLOCK_BOOTTIME) * 1000
        for writer, data in zip(writers, frames, strict=True):
            writer.write(data)
        print(began, flush=True)


if __name__ == "__main__":
    uvloop.run(_main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
