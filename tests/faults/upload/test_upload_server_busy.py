"""The designated server is busy, or the line breaks again and again (F18, L09)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from venue_server.headquarters.service import tls_context
from venue_server.upload.delivery import Delivery
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.schedule import FIRST_S, LONGEST_S

ESSAY = 6_000_000


@asynccontextmanager
async def answering(world: Any, status: int, headers: dict[str, str]) -> AsyncIterator[None]:
    """The designated server, which says the same to everything."""

    async def no(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", no)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = tls_context(world.headquarters)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    world.base_url = f"https://127.0.0.1:{runner.addresses[0][1]}/"
    world.configure()
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "asked", "wait_s"),
    [
        (503, "120", 120.0),
        (429, "120", 120.0),
        (503, "0", FIRST_S),
        (503, "99999", LONGEST_S),
        (503, "", FIRST_S / 2),
        (503, "Thu, 26 Nov 2020 00:00:00 GMT", FIRST_S / 2),
        (500, "120", FIRST_S / 2),
    ],
)
async def test_f18_what_a_busy_server_asks_for_is_kept_within_limits(
    world: Any, kit: Any, status: int, asked: str, wait_s: float
) -> None:
    """The world's jitter is always the shortest wait."""
    await world.sealed()
    async with answering(world, status, {"Retry-After": asked} if asked else {}):
        pending = await world.upload.upload(kit.SESSION)
    assert isinstance(pending, UploadPending)
    assert pending.next_attempt_ms == world.now_ms + wait_s * 1000


async def test_l09_an_attempt_that_moved_something_begins_the_back_off_anew(
    world: Any, service: int, proxy: Any, kit: Any
) -> None:
    """Four attempts at nobody, then one that gets half of it through: the next comes soon."""
    await world.sealed(ESSAY)
    good = world.base_url
    world.base_url = "https://127.0.0.1:9/"
    world.configure()
    waits = []
    for _ in range(4):
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending)
        waits.append((pending.next_attempt_ms - world.now_ms) / 1000)
    assert waits == [1, 2, 4, 8]
    assert good.endswith(f":{service}/")
    proxy.upstream, proxy.limit = service, 2_500_000
    world.base_url = f"https://127.0.0.1:{proxy.port}/"
    world.configure(Delivery(timeout_s=10, receipt_wait_s=20))
    cut = await world.upload.upload(kit.SESSION)
    assert isinstance(cut, UploadPending)
    assert cut.attempts == 5, "every attempt is told"
    assert cut.next_attempt_ms == world.now_ms + 1000
    world.restart()
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
