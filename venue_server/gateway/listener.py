"""The listeners: mTLS for enrolled machines, TLS for machines that enrol, a local control socket.

Identity is per connection: the SHA-256 of the client certificate, looked up in the roster, which is
also the revocation list. A certificate of our CA that is not on the roster is told so and cut.
"""

import asyncio
import hashlib
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import WSMsgType, web

from venue_server.gateway.connection import Connection
from venue_server.gateway.console_desk import ConsoleDesk
from venue_server.gateway.console_work import ConsoleWork
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.door import Door
from venue_server.gateway.enrol_door import enrolment_app
from venue_server.gateway.pace import Pace
from venue_server.gateway.paper_door import serve_ciphertext
from venue_server.gateway.station_desk import StationDesk
from venue_server.gateway.strangers import Strangers
from venue_server.ledger.catalogue import Event
from venue_server.sitting.forms import Form
from venue_server.stations.authority import VenueAuthority
from venue_server.stations.store import Machine
from venue_server.storage.engine import StoreFault
from venue_server.wire.codec import decode_console, decode_station
from venue_server.wire.messages import MAX_FRAME, Refused, TimePing
from venue_server.wire.refusals import Refusal

STRANGERS_OF_ADDRESS = 64
PING_S = 5.0
CLOSE_S = 1.0
IDLE_S = 20.0
"""A connection that has not asked anything whole by then is closed: whoever sends its request byte
by byte holds nothing for long (R9). Longer than clients keep an idle connection."""
LINGER_S = 2.0
HELLO_S = 20.0
"""A station that is connected says who sits there, or goes."""
OF_MACHINE = 4
"""Conversations of one station at a time: one, and those whose end is not known yet. As many
deliveries of a paper."""
# Up to here a frame that is too large is read and answered with its refusal; beyond, the connection
# ends at once.
LARGEST = 2 * MAX_FRAME
LOCAL = "local"
REFUSED_AGAIN_S = 60.0
REFUSED_KNOWN = 4096


@dataclass(frozen=True)
class Ports:
    """Where the listeners really listen."""

    main: int
    enrol: int


def _certificate_sha256(request: web.Request) -> str | None:
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    der = tls.getpeercert(True) if tls else None
    return hashlib.sha256(der).hexdigest() if der else None


def _unreadable(connection: Connection, frame: bytes, refusal: Refusal) -> None:
    """Say what is wrong; a text frame that is no UTF-8 ends the connection (RFC 6455, 8.1)."""
    try:
        frame.decode()
    except UnicodeDecodeError:
        connection.cut()
    else:
        connection.send(Refused(0, refusal.code, refusal.detail))


class Listener:
    """Opens and closes the doors of one venue server."""

    def __init__(
        self,
        parts: DeskParts,
        authority: VenueAuthority,
        stations: StationDesk,
        consoles: ConsoleDesk,
    ) -> None:
        self._parts = parts
        self._authority = authority
        self._stations = stations
        self._consoles = consoles
        self._runners: list[web.AppRunner] = []
        self._doors: list[Door] = []  # the main one first
        self._fetching: Counter[str] = Counter()
        self._refused: dict[tuple[str, str], float] = {}  # when a refusal was noted last
        self._strangers = Strangers()
        parts.alarms.also(lambda: self._strangers.alarms(asyncio.get_running_loop().time()))

    async def open(self, host: str, port: int, enrol_port: int, control: Path) -> Ports:
        """Listen everywhere; returns the bound ports (0 asks the system for one)."""
        main = await self._listen(self._main_app(), host, port, self._authority.listener_context())
        self._doors[0].failed = self._handshake_failed
        enrol = await self._listen(
            enrolment_app(self._parts.enrolment),
            host,
            enrol_port,
            self._authority.enrolment_context(),
            per_address=max(STRANGERS_OF_ADDRESS, self._parts.enrolment.per_address),
        )
        control.unlink(missing_ok=True)
        runner = web.AppRunner(self._control_app(), access_log=None, shutdown_timeout=CLOSE_S)
        await runner.setup()
        self._runners.append(runner)
        await web.UnixSite(runner, str(control)).start()
        control.chmod(0o600)
        return Ports(main, enrol)

    async def close(self) -> None:
        """End every conversation and close every door."""
        for door in self._doors:
            await door.close()
        self._parts.hub.cut_all()
        for runner in reversed(self._runners):
            await runner.cleanup()

    async def _listen(
        self,
        app: web.Application,
        host: str,
        port: int,
        context: ssl.SSLContext,
        per_address: int = 0,
    ) -> int:
        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=CLOSE_S,
            keepalive_timeout=IDLE_S,
            lingering_time=LINGER_S,
        )
        await runner.setup()
        self._runners.append(runner)
        server = runner.server
        assert server is not None, "it was set up"
        door = Door(server, context, per_address)
        self._doors.append(door)
        return door.open(host, port)

    def _main_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/station", self._station)
        app.router.add_get("/console", self._console)
        app.router.add_get("/papers/{paper_id}/{form_id}", self._paper)
        return app

    def _control_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/console", self._local_console)
        return app

    # ---- doors ---------------------------------------------------------------------------

    async def _identify(self, request: web.Request, kind: str) -> Machine | None:
        fingerprint = _certificate_sha256(request)
        machine = self._parts.enrolment.identify(fingerprint) if fingerprint else None
        if machine is not None and machine.kind == kind:
            if request.remote:
                self._doors[0].know(request.remote)
                self._strangers.know(request.remote)
            return machine
        if machine is None:
            self._strangers.saw(request.remote or "", asyncio.get_running_loop().time())
        route = request.match_info.route.resource
        if self._worth_noting(fingerprint or "", route.canonical if route else ""):
            await self._parts.ledger.note(
                Event.MACHINE_REFUSED,
                certificate=fingerprint or "",
                door=kind,
                address=request.remote or "",
            )
        return None

    async def _handshake_failed(self, address: str) -> None:
        """No certificate of this venue: on record once for an address, rarely in all (N10)."""
        if self._strangers.saw(address, asyncio.get_running_loop().time()):
            with suppress(StoreFault):
                refused = {"certificate": "", "door": "handshake", "address": address}
                await self._parts.ledger.note(Event.MACHINE_REFUSED, **refused)

    def _worth_noting(self, fingerprint: str, route: str) -> bool:
        """Once a minute of each: whoever knocks without end fills no ledger and costs no fsync."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self._refused.get((fingerprint, route), -REFUSED_AGAIN_S) < REFUSED_AGAIN_S:
            return False
        if len(self._refused) >= REFUSED_KNOWN:
            self._refused.clear()
        self._refused[fingerprint, route] = now_s
        return True

    async def _station(self, request: web.Request) -> web.StreamResponse:
        machine = await self._identify(request, "station")
        if machine is None:
            return web.Response(status=403)
        desk = self._stations
        socket, connection = await self._accept(request, machine.machine_id)
        self._parts.hub.make_room(machine.machine_id, OF_MACHINE)
        talk = desk.conversation(machine, connection)

        async def take(frame: bytes) -> None:
            message = decode_station(frame)
            if isinstance(message, Refusal):
                _unreadable(connection, frame, message)
            else:
                await desk.take(talk, message)

        def silent() -> None:
            if self._parts.hub.stations.get(machine.machine_id) is not connection:
                connection.cut()

        hello = asyncio.get_running_loop().call_later(HELLO_S, silent)
        try:
            await self._converse(socket, connection, take)
        finally:
            hello.cancel()
            await desk.gone(talk)
        return socket

    async def _console(self, request: web.Request) -> web.StreamResponse:
        machine = await self._identify(request, "console")
        if machine is None:
            return web.Response(status=403)
        return await self._serve_console(request, machine.machine_id)

    async def _local_console(self, request: web.Request) -> web.StreamResponse:
        return await self._serve_console(request, LOCAL)

    async def _serve_console(self, request: web.Request, where: str) -> web.StreamResponse:
        desk = self._consoles
        socket, connection = await self._accept(request, where)
        talk = desk.begin(where, connection)

        async def take(frame: bytes) -> None:
            message = decode_console(frame)
            if isinstance(message, Refusal):
                _unreadable(connection, frame, message)
            elif isinstance(message, TimePing):
                await desk.take(talk, message)  # a clock is not set by an answer that waited
            else:
                work.put(message)

        try:
            async with ConsoleWork(connection, lambda order: desk.take(talk, order)) as work:
                await self._converse(socket, connection, take)
        finally:
            desk.gone(talk)
        return socket

    async def _paper(self, request: web.Request) -> web.StreamResponse:
        machine = await self._identify(request, "station")
        if machine is None:
            return web.Response(status=403)
        if self._fetching[machine.machine_id] >= OF_MACHINE:
            return web.Response(status=503)
        session = self._parts.sittings.current_session()
        form = Form(request.match_info["paper_id"], request.match_info["form_id"])
        held = self._parts.forms.offered(session, form)
        if held is None:
            return web.Response(status=404)
        self._fetching[machine.machine_id] += 1
        try:
            return await serve_ciphertext(request, held.ciphertext)
        finally:
            self._fetching[machine.machine_id] -= 1

    # ---- conversations -------------------------------------------------------------------

    async def _accept(
        self, request: web.Request, name: str
    ) -> tuple[web.WebSocketResponse, Connection]:
        socket = web.WebSocketResponse(
            heartbeat=PING_S,
            compress=False,
            max_msg_size=LARGEST,
            timeout=2.0,
            decode_text=False,
        )
        await socket.prepare(request)
        transport = request.transport
        assert transport is not None, "the peer was there a moment ago"
        return socket, Connection(socket, name, transport)

    async def _converse(
        self,
        socket: web.WebSocketResponse,
        connection: Connection,
        take: Callable[[bytes], Awaitable[None]],
    ) -> None:
        """Read frames until the peer goes; writing is the connection's pump."""
        self._parts.hub.opened(connection)
        pump = asyncio.create_task(connection.pump())
        loop = asyncio.get_running_loop()
        pace = Pace(loop.time())
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                await take(frame.data)
                pause = pace.frame(loop.time())
                if pause is not None:
                    await asyncio.sleep(pause)
        finally:
            self._parts.hub.closed(connection)
            connection.cut()
            await pump
