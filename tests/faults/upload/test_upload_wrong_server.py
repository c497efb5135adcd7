"""Somebody else answers, or the designated server points elsewhere (L01): nothing is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from venue_server.headquarters.service import serving, tls_context
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters
from venue_server.upload.outcome import Uploaded
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode


@asynccontextmanager
async def speaking(keys: HeadquartersKeys, handler, seen: list[str]) -> AsyncIterator[int]:
    """A TLS server with the certificate of ``keys`` and one handler for everything."""

    async def note(request: web.Request) -> web.Response:
        seen.append(f"{request.method} {request.path}")
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls_context(keys)).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def refused(world, kit) -> None:
    outcome = await world.upload.upload(kit.SESSION)
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code is RefusalCode.UPLOAD_WRONG_SERVER
    assert world.state() is DataState.UPLOADING
    assert world.events()[-1] == "upload.failed"


async def test_f18_l01_another_certificate_is_refused_before_a_byte_is_sent(
    world, kit, tmp_path: Path
) -> None:
    await world.sealed()
    impostor = init_headquarters(tmp_path / "impostor")

    async def accept(_request: web.Request) -> web.Response:
        return web.Response(status=201, headers={"Location": "/uploads/1"})

    seen: list[str] = []
    async with speaking(impostor, accept, seen) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        await refused(world, kit)
    assert seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_l01_redirects_are_not_followed(world, kit, tmp_path: Path, status: int) -> None:
    await world.sealed()
    elsewhere: list[str] = []
    seen: list[str] = []

    async def accept(_request: web.Request) -> web.Response:
        return web.Response(status=201, headers={"Location": "/uploads/1"})

    async with speaking(world.headquarters, accept, elsewhere) as other:

        async def away(_request: web.Request) -> web.Response:
            target = f"https://127.0.0.1:{other}/uploads/"
            return web.Response(status=status, headers={"Location": target})

        async with speaking(world.headquarters, away, seen) as port:
            world.base_url = f"https://127.0.0.1:{port}/"
            world.configure()
            await refused(world, kit)
    assert seen == ["POST /uploads/"]
    assert elsewhere == []


@pytest.mark.parametrize("place", ["https://127.0.0.1:1/uploads/1", "http://127.0.0.1/uploads/1"])
async def test_l01_an_upload_address_elsewhere_is_refused(world, kit, place: str) -> None:
    await world.sealed()

    async def point(_request: web.Request) -> web.Response:
        return web.Response(status=201, headers={"Location": place})

    seen: list[str] = []
    async with speaking(world.headquarters, point, seen) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        await refused(world, kit)
    assert seen == ["POST /uploads/"]
    assert world.upload.bundle(kit.SESSION).upload_url is None


async def test_l01_plain_http_is_refused(world, kit) -> None:
    await world.sealed()
    world.base_url = "http://127.0.0.1:9/"
    world.configure()
    await refused(world, kit)


async def test_l01_proxies_and_trust_from_the_environment_are_ignored(
    world, service, kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await world.sealed()
    caught: list[object] = []

    async def proxy(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caught.append(writer)
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    server.close()
    await server.wait_closed()
    assert caught == []


async def test_l01_a_later_answer_of_the_designated_server_still_goes_through(
    world, kit, tmp_path: Path
) -> None:
    await world.sealed()
    impostor = init_headquarters(tmp_path / "impostor")
    clock = HeadquartersClock(1.0, kit.NOW_MS)
    async with serving(impostor, clock) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        await refused(world, kit)
    async with serving(world.headquarters, clock) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
