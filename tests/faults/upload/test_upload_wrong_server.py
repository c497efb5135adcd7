"""Somebody else answers, or the designated server points elsewhere (L01): nothing is sent."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from venue_server.headquarters.service import serving, tls_context
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode

CURVE = ec.SECP256R1()


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


def another_certificate(keys: HeadquartersKeys, folder: Path, how: str) -> HeadquartersKeys:
    """Headquarters as somebody passes for it: what else a trust store would accept."""
    now = datetime.now(UTC)
    real = x509.load_pem_x509_certificate(keys.certificate_pem.encode())
    pem = keys.tls_key_file.read_bytes()
    own = load_pem_private_key(pem, None)
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    key = own if how == "the same key in a renewed certificate" else ec.generate_private_key(CURVE)
    made = (
        x509.CertificateBuilder()
        .subject_name(real.subject)
        .issuer_name(real.issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            real.extensions.get_extension_for_class(x509.SubjectAlternativeName).value, False
        )
        .sign(own, hashes.SHA256())  # by the very authority that signed the real one
    )
    (tls := folder / "tls").mkdir(parents=True)
    (tls / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (tls / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return replace(keys, data_dir=folder)


@pytest.mark.parametrize(
    "how", ["another key signed by the same authority", "the same key in a renewed certificate"]
)
async def test_l01_another_certificate_of_the_same_authority_is_another_server(
    world, kit, tmp_path: Path, how: str
) -> None:
    """Same name, same issuer, even the same key: the plan names one certificate, byte for byte."""
    await world.sealed()
    seen: list[str] = []

    async def accept(_request: web.Request) -> web.Response:
        return web.Response(status=201, headers={"Location": "/uploads/1"})

    passing = another_certificate(world.headquarters, tmp_path / "passing", how)
    async with speaking(passing, accept, seen) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        await refused(world, kit)
    assert seen == []


async def test_l01_a_name_that_leads_elsewhere_gets_nothing_and_later_everything(
    world, kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS was changed: whoever answers there is asked for its certificate, and no more. When the
    name leads home again the upload goes on by itself."""
    await world.sealed()
    seen: list[str] = []
    leads_to = [0]
    real = socket.getaddrinfo

    def resolved(host: str, port: int, *more: object, **named: object) -> object:
        there = ("127.0.0.1", leads_to[0]) if host == "hq.test" else (host, port)
        return real(*there, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    world.base_url = "https://hq.test/"
    world.configure()

    async def accept(_request: web.Request) -> web.Response:
        return web.Response(status=201, headers={"Location": "/uploads/1"})

    impostor = init_headquarters(tmp_path / "impostor")
    async with speaking(impostor, accept, seen) as leads_to[0]:
        await refused(world, kit)
    assert seen == []
    async with serving(world.headquarters, HeadquartersClock(1.0, kit.NOW_MS)) as leads_to[0]:
        assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)


async def test_l01_no_keys_of_the_line_are_written_where_the_environment_asks(
    world, kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SSLKEYLOGFILE would let whoever taps the line read it; .netrc would send a password."""
    log, netrc = tmp_path / "tls.keys", tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login venue password secret\n")
    netrc.chmod(0o600)
    for name, value in (("SSLKEYLOGFILE", log), ("NETRC", netrc), ("HOME", tmp_path)):
        monkeypatch.setenv(name, str(value))
    await world.sealed()
    told: list[str] = []

    async def busy(request: web.Request) -> web.Response:
        told.append(request.headers.get("Authorization", ""))
        return web.Response(status=503)

    async with speaking(world.headquarters, busy, []) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    assert told == [""]
    assert not log.exists()
