"""A venue in a test: its own CA, an honest aiohttp server behind mTLS, and a cable to cut."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from venue_server.client.identity import MachineIdentity
from venue_server.client.link import LinkHandler
from venue_server.client.link_state import Down, LinkState
from venue_server.wire import codec, hpke
from venue_server.wire.frames import Message

SERVER_NAME = "server.test.kaodian.invalid"


class Venue:
    """A certificate authority and what it issues."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.ca = self._certificate("venue", self.key.public_key(), None, None)
        self.ca_pem = self.ca.public_bytes(Encoding.PEM).decode()
        self.ca_der = self.ca.public_bytes(Encoding.DER)

    def _certificate(
        self,
        name: str,
        public: ec.EllipticCurvePublicKey,
        usage: x509.ObjectIdentifier | None,
        dns: str | None,
        age: datetime.timedelta = datetime.timedelta(),
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC) - age
        issuer = "venue"
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), True)
        )
        if usage is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), True)
        if dns is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(dns)]), False)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, public: ec.EllipticCurvePublicKey, name: str) -> str:
        """A machine's certificate, PEM."""
        cert = self._certificate(name, public, ExtendedKeyUsageOID.CLIENT_AUTH, None)
        return cert.public_bytes(Encoding.PEM).decode()

    def machine(
        self, name: str, port: int = 1, kind: str = "station", ca_pem: str = ""
    ) -> MachineIdentity:
        """An enrolled machine, on disk."""
        private = ec.generate_private_key(ec.SECP256R1())
        identity = MachineIdentity(
            directory=self.folder / name,
            kind=kind,
            machine_id=name,
            server_name=SERVER_NAME,
            ca_pem=ca_pem or self.ca_pem,
            cert_pem=self.issue(private.public_key(), name),
            private_pem=_private_pem(private),
            hpke_private=hpke.generate().private_raw() if kind == "station" else b"",
            headquarters_keys=(),
            headquarters_threshold=2,
            addresses=(f"127.0.0.1:{port}",),
        )
        identity.save()
        return identity

    def server_context(
        self,
        verify: bool = True,
        dns: str = SERVER_NAME,
        age: datetime.timedelta = datetime.timedelta(),
    ) -> ssl.SSLContext:
        """TLS 1.3 with a fresh server certificate; ``age`` shifts its dates into the past."""
        private = ec.generate_private_key(ec.SECP256R1())
        cert = self._certificate(
            "server", private.public_key(), ExtendedKeyUsageOID.SERVER_AUTH, dns, age
        )
        path = self.folder / "server.pem"
        path.write_text(_private_pem(private) + cert.public_bytes(Encoding.PEM).decode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.num_tickets = 0
        context.load_cert_chain(path)
        if verify:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=self.ca_pem)
        return context


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


Rule = Callable[["Peer", Any], None]


@dataclass
class Peer:
    """One WebSocket as the server sees it."""

    socket: web.WebSocketResponse
    server: "LanServer"
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def say(self, message: Message) -> None:
        self._soon(self.socket.send_str(codec.encode(message)))

    def say_text(self, text: str) -> None:
        self._soon(self.socket.send_str(text))

    def hang_up(self, code: int = 1000) -> None:
        self._soon(self.socket.close(code=code))

    def _soon(self, work: Awaitable[Any]) -> None:
        async def run() -> None:
            with suppress(ConnectionError):
                await work

        task = asyncio.create_task(run())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class LanServer:
    """The main listener: decodes for real, answers by ``rule``, remembers what it heard."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.context: ssl.SSLContext | None = venue.server_context()
        self.unix: Path | None = None
        self.port = 0
        self.rule: Rule = lambda peer, message: None
        self.status = 101  # what the upgrade is answered with
        self.hang_ups = 0  # how many upgrades to close without an answer
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.peers: asyncio.Queue[Peer] = asyncio.Queue()
        self.pinged: asyncio.Queue[Peer] = asyncio.Queue()
        self.ponged: asyncio.Queue[bytes] = asyncio.Queue()
        self.papers: dict[str, Path] = {}
        self.cut_after: int | None = None  # bytes of a range before the connection breaks
        self.ranges: list[str] = []
        self.error_body = b""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/station", self._station)
        app.router.add_get("/console", self._console)
        app.router.add_get("/papers/{name}", self._paper)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site: web.BaseSite
        if self.unix is not None:
            site = web.UnixSite(self._runner, self.unix)
            await site.start()
            return
        site = web.TCPSite(
            self._runner, "127.0.0.1", self.port, ssl_context=self.context, reuse_address=True
        )
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _station(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, codec.decode_station)

    async def _console(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, codec.decode_console)

    async def _serve(self, request: web.Request, decode: Callable[[str], Any]) -> Any:
        if self.hang_ups:
            self.hang_ups -= 1
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPInternalServerError
        if self.status != 101:
            return web.Response(status=self.status)
        socket = web.WebSocketResponse(autoping=False, timeout=0.2)
        await socket.prepare(request)
        peer = Peer(socket, self)
        self.peers.put_nowait(peer)
        async for frame in socket:
            match frame.type:
                case WSMsgType.PING:
                    self.pinged.put_nowait(peer)
                    await socket.pong(frame.data)
                case WSMsgType.PONG:
                    self.ponged.put_nowait(bytes(frame.data))
                case WSMsgType.TEXT:
                    message = decode(frame.data)
                    self.heard.put_nowait(message)
                    self.rule(peer, message)
                case _:
                    pass
        for task in list(peer.tasks):
            task.cancel()
        return socket

    async def _paper(self, request: web.Request) -> web.StreamResponse:
        self.ranges.append(request.headers["Range"])
        if self.status != 101:
            return web.Response(status=self.status, body=self.error_body)
        path = self.papers[request.match_info["name"]]
        if self.cut_after is None:
            return web.FileResponse(path, chunk_size=4096)
        span = request.http_range
        data = path.read_bytes()[span]
        response = web.StreamResponse(status=206)
        response.content_length = len(data)
        assert span.start is not None
        total = path.stat().st_size
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{total}"
        await response.prepare(request)
        await response.write(data[: self.cut_after])
        assert request.transport is not None
        request.transport.close()
        return response


class Cable:
    """A TCP relay: what passes between a client and a server, until it is cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._cut = False
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """From now on nothing passes and nobody is told, as when a cable is pulled."""
        self._cut = True

    def plug(self) -> None:
        """New connections pass again; the old ones stay dead."""
        self._cut = False

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, back]
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._relay(source, sink))
            self._tasks.add(task)

    async def _relay(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        dead = False
        with suppress(ConnectionError):
            while data := await source.read(65536):
                dead = dead or self._cut
                if not dead:
                    sink.write(data)
            if not dead:
                sink.close()


class Recorder(LinkHandler[Any]):
    """A handler that remembers everything and can be waited on."""

    def __init__(self) -> None:
        self.ups: asyncio.Queue[bool] = asyncio.Queue()
        self.messages: asyncio.Queue[Any] = asyncio.Queue()
        self.downs: asyncio.Queue[Down] = asyncio.Queue()
        self.states: asyncio.Queue[tuple[LinkState, Down | None]] = asyncio.Queue()
        self.boards = 0

    def on_up(self) -> None:
        self.ups.put_nowait(True)

    def on_message(self, message: Any) -> None:
        self.messages.put_nowait(message)

    def on_down(self, down: Down) -> None:
        self.downs.put_nowait(down)

    def on_state(self, state: LinkState, down: Down | None) -> None:
        self.states.put_nowait((state, down))

    def on_board(self, board: object) -> None:
        self.boards += 1

    async def until(self, state: LinkState) -> Down | None:
        """Wait for a state to be entered; returns why."""
        while True:
            entered, down = await self.states.get()
            if entered is state:
                return down


class Running:
    """Runs clients in tasks and closes them at the end of the test."""

    def __init__(self) -> None:
        self._clients: list[Any] = []
        self.tasks: list[asyncio.Task[None]] = []

    def __call__(self, client: Any) -> Any:
        self._clients.append(client)
        self.tasks.append(asyncio.create_task(client.run()))
        return client

    async def stop(self) -> None:
        for client in self._clients:
            await client.close()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
def venue(tmp_path: Path) -> Venue:
    return Venue(tmp_path / "venue")


@pytest.fixture
def make_venue(tmp_path: Path) -> Callable[[str], Venue]:
    """Another venue, with a CA of its own."""
    return lambda name: Venue(tmp_path / name)


@pytest.fixture
async def lan(venue: Venue) -> AsyncIterator[LanServer]:
    server = LanServer(venue)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def cable(lan: LanServer) -> AsyncIterator[Cable]:
    relay = Cable(lan.port)
    await relay.start()
    yield relay
    await relay.stop()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    keeper = Running()
    yield keeper
    await keeper.stop()


@pytest.fixture
def lan_server() -> type[LanServer]:
    """The class itself, for tests that start a server of their own."""
    return LanServer
