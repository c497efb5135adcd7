"""Stations' conversations: from a sound upgrade to the end of the connection."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakSet

from venue_server.gateway.connection import Connection
from venue_server.gateway.conversation import Conversation
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.letting_go import abort
from venue_server.gateway.pace import Pace
from venue_server.gateway.station_desk import StationDesk
from venue_server.gateway.station_socket import StationSocket, accepted
from venue_server.gateway.who import Who
from venue_server.stations.store import Machine
from venue_server.wire.codec import decode_station
from venue_server.wire.messages import MAX_FRAME, Refused
from venue_server.wire.refusals import Refusal

_log = logging.getLogger(__name__)
OF_MACHINE = 4
"""Conversations of one station at a time: one, and those whose end is not known yet."""
LARGEST = 2 * MAX_FRAME
"""Up to here a frame that is too large is read and answered with its refusal; beyond, the
connection ends at once."""
ROUTE = "/station"
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def unreadable(connection: Connection, frame: bytes, refusal: Refusal) -> None:
    """Say what is wrong; a text frame that is no UTF-8 ends the connection (RFC 6455, 8.1)."""
    try:
        frame.decode()
    except UnicodeDecodeError:
        connection.cut()
    else:
        connection.send(Refused(0, refusal.code, refusal.detail))


class StationDoor:
    """Lets enrolled stations in. ``hello_s``: who said nothing by then goes."""

    def __init__(self, parts: DeskParts, desk: StationDesk, who: Who, hello_s: float) -> None:
        self._parts = parts
        self._desk = desk
        self._who = who
        self._hello_s = hello_s
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets: WeakSet[StationSocket] = WeakSet()

    def enter(self, transport: asyncio.Transport, key: bytes, rest: bytes) -> None:
        """A sound upgrade came; ``rest`` is what came behind it."""
        machine = self._who.is_at(transport, "station")
        if machine is None:
            self._begin(self._refuse(transport))
            return
        socket = StationSocket(transport, LARGEST)
        self._sockets.add(socket)
        transport.set_protocol(socket)
        transport.write(accepted(key))
        self._begin(self._with_own_socket(machine, socket))
        if rest:
            socket.data_received(rest)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a station's conversation ended", exc_info=task.exception())

    async def close(self, wait_s: float) -> None:
        """Wait for conversations that were cut; who does not end by then is left alone."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=wait_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def abandon(self) -> None:
        """The server has stopped: who has not answered its goodbye is not waited for."""
        for socket in list(self._sockets):
            abort(socket.transport)

    async def _refuse(self, transport: asyncio.Transport) -> None:
        await self._who.note_refusal(transport, "station", ROUTE)
        transport.write(_FORBIDDEN)
        transport.close()

    # ---- one conversation ----------------------------------------------------------------

    async def _with_own_socket(self, machine: Machine, socket: StationSocket) -> None:
        connection = Connection(socket, machine.machine_id, socket.transport, pumps_itself=True)
        await self.converse(machine, connection, lambda talk: self._read(talk, socket))

    async def converse(
        self,
        machine: Machine,
        connection: Connection,
        read: Callable[[Conversation], Awaitable[None]],
    ) -> None:
        """From the first frame to the end; ``read`` handles frames until the peer goes."""
        hub = self._parts.hub
        hub.make_room(machine.machine_id, OF_MACHINE)
        talk = self._desk.conversation(machine, connection)

        def silent() -> None:
            if hub.stations.get(machine.machine_id) is not connection:
                connection.cut()

        hello = asyncio.get_running_loop().call_later(self._hello_s, silent)
        hub.opened(connection)
        try:
            await read(talk)
        finally:
            hello.cancel()
            hub.closed(connection)
            connection.cut()
            await connection.ended()
            await self._desk.gone(talk)

    async def frame(self, talk: Conversation, frame: bytes) -> None:
        """Handle one text frame."""
        message = decode_station(frame)
        if isinstance(message, Refusal):
            unreadable(talk.connection, frame, message)
        else:
            await self._desk.take(talk, message)

    async def _read(self, talk: Conversation, socket: StationSocket) -> None:
        """Handle frames in order until the peer goes; pings are answered as they come."""
        loop, desk = asyncio.get_running_loop(), self._desk
        pace = Pace(loop.time())
        rest: list[float] = []  # what the pace asks for after frames that were answered at once

        def at_once(frame: bytes) -> bool:
            if rest or not desk.at_once(talk, frame):
                return False
            pause = pace.frame(loop.time())
            if pause is not None:
                rest.append(pause)
            return True

        socket.at_once = at_once
        while (frame := await socket.next()) is not None:
            if rest:
                await asyncio.sleep(rest.pop())
            await self.frame(talk, frame)
            pause = pace.frame(loop.time())
            if pause is not None:
                await asyncio.sleep(pause)
