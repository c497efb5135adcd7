"""The line takes bytes and gives no answer: it holds up nothing but its own attempt (L09, F18)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from venue_server.backup.service import BackupReport
from venue_server.headquarters.service import tls_context
from venue_server.storage import schema
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.delivery import Delivery
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.receipts import receipt_payload
from venue_server.wire.canonical import canonical
from venue_server.wire.names import DataState
from venue_server.wire.signed import sign

OTHER = "S2"
HOUR_MS = 3_600_000


class Hanging:
    """The designated server: it creates uploads, and answers no PATCH before ``goes_on``."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.Response(status=201, headers={"Location": "/uploads/1"})
        self.asked.set()
        await self.goes_on.wait()
        return web.Response(status=503)


@asynccontextmanager
async def hanging(world: Any) -> AsyncIterator[Hanging]:
    made = Hanging()
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{rest:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = tls_context(world.headquarters)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    world.base_url = f"https://127.0.0.1:{runner.addresses[0][1]}/"
    world.configure(Delivery(timeout_s=60, receipt_wait_s=1))
    try:
        yield made
    finally:
        made.goes_on.set()
        await runner.cleanup()


def receipt(world: Any, kit: Any) -> bytes:
    bundle = world.upload.bundle(kit.SESSION).bundle
    payload = receipt_payload(bundle.bundle_id, bundle.sha256, bundle.sittings, kit.NOW_MS)
    return canonical(sign(payload, world.headquarters.signing))


async def test_l09_f18_a_receipt_by_hand_does_not_wait_for_a_line_that_hangs(
    world: Any, kit: Any
) -> None:
    await world.sealed()
    async with hanging(world) as line:
        attempt = asyncio.create_task(world.upload.upload(kit.SESSION))
        await line.asked.wait()
        async with asyncio.timeout(30):
            done = await world.upload.take_receipt(kit.SESSION, receipt(world, kit))
        assert isinstance(done, Uploaded)
        assert not attempt.done()
        assert world.state() is DataState.UPLOADED
        line.goes_on.set()
        assert isinstance(await attempt, Uploaded), "what it was for has happened meanwhile"
    assert "upload.failed" not in world.events()
    assert world.events().count("upload.done") == 1


async def test_l09_another_session_is_backed_up_and_sealed_while_a_line_hangs(
    world: Any, kit: Any
) -> None:
    """The morning's upload drips: the afternoon's sealing may not wait for it."""
    sittings = await world.sealed()
    async with hanging(world) as line:
        attempt = asyncio.create_task(world.upload.upload(kit.SESSION))
        await line.asked.wait()
        state = {"state": "ENDED", "data_state": DataState.COLLECTED}
        row = schema.session.insert().values(session_id=OTHER, plan_id="P", **state)
        world.store.submit(lambda tx: tx.execute(row)).result()
        async with asyncio.timeout(30):
            assert isinstance(await world.backup.make(OTHER, {}), BackupReport)
            extract = kit.replace(world.extract(sittings), session_id=OTHER)
            sealed = await world.upload.seal(OTHER, extract, {}, "p1,p2")
        assert isinstance(sealed, SealedBundle)
        assert not attempt.done()
        line.goes_on.set()
        assert isinstance(await attempt, UploadPending)


async def test_l09_an_attempt_ordered_by_people_is_not_repeated_by_the_outbox(
    world: Any, kit: Any
) -> None:
    """Both want the same session: who waited looks again whether it is still due."""
    await world.sealed()
    async with hanging(world) as line:
        first = asyncio.create_task(world.upload.upload(kit.SESSION))
        await line.asked.wait()
        keeping = asyncio.create_task(world.upload.run())
        line.goes_on.set()
        assert isinstance(await first, UploadPending)
        second = await world.upload.upload(kit.SESSION)
        assert isinstance(second, UploadPending)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert second.attempts == 2
    assert world.events().count("upload.failed") == 2


async def test_l09_exam_time_that_was_set_back_does_not_put_the_next_attempt_off(
    world: Any, kit: Any
) -> None:
    """Sealed while the clock was five hours fast; then headquarters set it right."""
    world.now_ms += 5 * HOUR_MS
    await world.sealed()
    assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    world.now_ms -= 5 * HOUR_MS
    keeping = asyncio.create_task(world.upload.run())
    async with asyncio.timeout(60):
        while world.upload.bundle(kit.SESSION).attempts < 2:  # noqa: ASYNC110  # its own pace
            await asyncio.sleep(0.01)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
