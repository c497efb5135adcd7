"""The listeners: mTLS for enrolled machines, TLS for machines that enrol, a local control socket.

Who a connection is, its certificate says (``who.py``); one of our CA that is not on the roster is
told so and cut. Stations' conversations are led in ``station_door.py``.
"""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

from aiohttp import WSMsgType, web

from venue_server.gateway.connection import Connection
from venue_server.gateway.console_desk import ConsoleDesk
from venue_server.gateway.console_work import ConsoleWork
from venue_server.gateway.conversation import Conversation
from venue_server.gateway.delivery_pace import DeliveryPace
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.door import Door
from venue_server.gateway.enrol_door import enrolment_app
from venue_server.gateway.letting_go import abort
from venue_server.gateway.main_door import MainDoor
from venue_server.gateway.pace import Pace
from venue_server.gateway.paper_door import serve_ciphertext
from venue_server.gateway.paper_need import PaperNeed
from venue_server.gateway.station_desk import StationDesk
from venue_server.gateway.station_door import LARGEST, OF_MACHINE, ROUTE, StationDoor, unreadable
from venue_server.gateway.who import Who
from venue_server.sitting.forms import Form
from venue_server.stations.authority import VenueAuthority
from venue_server.stations.store import Machine
from venue_server.wire.codec import decode_console
from venue_server.wire.messages import TimePing
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
LOCAL = "local"


@dataclass(frozen=True)
class Ports:
    """Where the listeners really listen."""

    main: int
    enrol: int


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
        self._consoles = consoles
        self._runners: list[web.AppRunner] = []
        self._doors: list[Door] = []  # the main one first
        self._fresh: WeakSet[MainDoor] = WeakSet()  # connections at the main one, just begun
        self._fetching: Counter[str] = Counter()
        self._pace = DeliveryPace(parts.responses.waits)
        self._need = PaperNeed(parts)
        self._who = Who(parts, lambda address: self._doors[0].know(address))
        self._stations = StationDoor(parts, stations, self._who, HELLO_S)

    async def open(self, host: str, port: int, enrol_port: int, control: Path) -> Ports:
        """Listen everywhere; returns the bound ports (0 asks the system for one)."""
        main = await self._listen(
            self._main_app(), host, port, self._authority.listener_context(), self._first
        )
        self._doors[0].failed = self._who.handshake_failed
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
        for fresh in list(self._fresh):
            fresh.leave()
        self._parts.ledger.hurry()
        self._parts.hub.cut_all()
        await self._stations.close(CLOSE_S)
        held = [each for runner in self._runners for each in _transports(runner)]
        for runner in reversed(self._runners):
            await runner.cleanup()
        # TLS waits for the other side's goodbye, which may never come (RFC 8446, 6.1).
        self._stations.abandon()
        for fresh in list(self._fresh):
            fresh.abandon()
        for transport in held:
            abort(transport)
        await asyncio.sleep(0)  # they are told so in the loop's next turn

    async def _listen(
        self,
        app: web.Application,
        host: str,
        port: int,
        context: ssl.SSLContext,
        first: Callable[[web.Server], asyncio.Protocol] | None = None,
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
        begin = (lambda: first(server)) if first else None
        door = Door(server, context, self._saving, per_address, begin)
        self._doors.append(door)
        return door.open(host, port)

    def _saving(self) -> bool:
        return self._parts.responses.waits.saving(time.monotonic())

    def _first(self, server: web.Server) -> asyncio.Protocol:
        fresh = MainDoor(server, self._stations.enter, IDLE_S)
        self._fresh.add(fresh)
        return fresh

    def _main_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get(ROUTE, self._station)
        app.router.add_get("/console", self._console)
        app.router.add_get("/papers/{paper_id}/{form_id}", self._paper)
        return app

    def _control_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/console", self._local_console)
        return app

    # ---- doors ---------------------------------------------------------------------------

    async def _identify(self, request: web.Request, kind: str) -> Machine | None:
        machine = self._who.is_at(request.transport, kind)
        if machine is None:
            route = request.match_info.route.resource
            await self._who.note_refusal(request.transport, kind, route.canonical if route else "")
        return machine

    async def _station(self, request: web.Request) -> web.StreamResponse:
        """A station that upgrades a connection over which it fetched its paper: it keeps such
        connections. All others come in by ``main_door.py``."""
        machine = await self._identify(request, "station")
        if machine is None:
            return web.Response(status=403)
        socket, connection = await self._accept(request, machine.machine_id)

        async def read(talk: Conversation) -> None:
            await _read(socket, lambda frame: self._stations.frame(talk, frame))

        await self._stations.converse(machine, connection, read)
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
                unreadable(connection, frame, message)
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
            return await serve_ciphertext(request, held.ciphertext, self._pace, self._need.floor)
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
        return socket, Connection(socket, name, transport, pumps_itself=True)

    async def _converse(
        self,
        socket: web.WebSocketResponse,
        connection: Connection,
        take: Callable[[bytes], Awaitable[None]],
    ) -> None:
        """One conversation at a console, to its end."""
        self._parts.hub.opened(connection)
        try:
            await _read(socket, take)
        finally:
            self._parts.hub.closed(connection)
            connection.cut()
            await connection.ended()


def _transports(runner: web.AppRunner) -> list[asyncio.Transport]:
    server = runner.server
    held = [each.transport for each in server.connections] if server is not None else []
    return [each for each in held if each is not None]


async def _read(socket: web.WebSocketResponse, take: Callable[[bytes], Awaitable[None]]) -> None:
    """Read frames until the peer goes; writing is the connection's pump."""
    loop = asyncio.get_running_loop()
    pace = Pace(loop.time())
    async for frame in socket:
        if frame.type is not WSMsgType.TEXT:
            break
        await take(frame.data)
        pause = pace.frame(loop.time())
        if pause is not None:
            await asyncio.sleep(pause)
