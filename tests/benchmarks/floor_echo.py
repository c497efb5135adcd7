"""Floor: a bare aiohttp WebSocket echo behind the venue's own TLS. Usage: KEYS-FOLDER VENUE-ID."""

import asyncio
import sys
from pathlib import Path

import uvloop
from aiohttp import WSMsgType, web

from venue_server.gateway.door import BACKLOG
from venue_server.stations.authority import load_authority


async def _echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for frame in socket:
        if frame.type is not WSMsgType.TEXT:
            break
        await socket.send_str(frame.data)
    return socket


async def _main(keys: Path, venue_id: str) -> None:
    app = web.Application()
    app.router.add_get("/station", _echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = load_authority(keys, venue_id).listener_context()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, backlog=BACKLOG).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_main(Path(sys.argv[1]), sys.argv[2]))
