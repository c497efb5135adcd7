"""A mirror of headquarters that fails as it is told to, over real TLS."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from venue_server.headquarters.service import tls_context
from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.intake.fetching import Mirror


@dataclass
class Sent:
    """What one answer to a range becomes: the bytes, after how many the line breaks, after how many
    it falls silent."""

    data: bytes
    cut: int | None = None
    hold: int | None = None


@dataclass
class FaultyMirror:
    """Serves one sealed folder. ``fault`` sees (fragment, offset, bytes) of each range."""

    sealed: Path
    package_id: str
    fault: Callable[[int, int, bytes], Sent] = lambda _n, _begin, data: Sent(data)
    whole_answer: Callable[[web.Request], web.Response | None] = lambda _request: None
    asked: list[tuple[int, int, int]] = field(default_factory=list)
    port: int = 0
    _gone: asyncio.Event = field(default_factory=asyncio.Event)

    def bytes_asked(self) -> int:
        """Bytes of all ranges asked for."""
        return sum(end - begin for _n, begin, end in self.asked)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Every request."""
        other = self.whole_answer(request)
        if other is not None:
            return other
        if request.path == "/packages":
            return web.json_response({"packages": [self.package_id]})
        if request.path.endswith("/manifest.json"):
            return web.Response(body=(self.sealed / "manifest.json").read_bytes())
        return await self._fragment(request)

    async def _fragment(self, request: web.Request) -> web.StreamResponse:
        number = int(request.path.rpartition("/")[2])
        whole = next(self.sealed.glob(f"*-{number}of5.kdfrag")).read_bytes()
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["Range"])
        assert found is not None
        begin, end = int(found[1]), int(found[2]) + 1
        self.asked.append((number, begin, end))
        sent = self.fault(number, begin, whole[begin:end])
        answer = web.StreamResponse(
            status=206, headers={"Content-Range": f"bytes {begin}-{end - 1}/{len(whole)}"}
        )
        answer.content_length = len(sent.data)
        await answer.prepare(request)
        stop = sent.cut if sent.cut is not None else sent.hold
        await answer.write(sent.data[:stop])
        if sent.cut is not None:
            assert request.transport is not None
            request.transport.close()
        elif sent.hold is not None:
            await self._gone.wait()
        return answer

    def let_go(self) -> None:
        """End answers that fell silent."""
        self._gone.set()


@asynccontextmanager
async def mirroring(mirror: FaultyMirror, keys: HeadquartersKeys) -> AsyncIterator[Mirror]:
    """Serve while the context lasts; yields the address a venue is given."""
    app = web.Application()
    app.router.add_route("GET", "/{tail:.*}", mirror.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", mirror.port, ssl_context=tls_context(keys)).start()
    mirror.port = runner.addresses[0][1]
    try:
        yield Mirror(f"https://127.0.0.1:{mirror.port}", keys.certificate_pem)
    finally:
        mirror.let_go()
        await runner.cleanup()
