"""A LAN that fails above TCP: for machines where no packet may be lost (packet_switch.py).

What TCP makes of a bad line is imitated where it shows: bytes that come late but whole, a
connection that is silent one way or both ways and goes on afterwards, one that is cut.
"""

import asyncio
import random
from contextlib import suppress

PIECE = 16_384
LOST_PAUSE_S = (0.2, 0.6)
"""What one lost packet costs when it has to be sent again (RFC 6298: at least 200 ms here)."""


class _Way:
    """One direction of everything on the switch."""

    def __init__(self) -> None:
        self._flows = asyncio.Event()
        self._flows.set()

    def set(self, flows: bool) -> None:
        """Let bytes through, or keep them where they are."""
        if flows:
            self._flows.set()
        else:
            self._flows.clear()

    async def free(self) -> None:
        """Wait until bytes go through."""
        await self._flows.wait()


class FaultyLines:
    """Forwards ports of 127.0.0.1. ``loss`` is the share of pieces that come late."""

    def __init__(self) -> None:
        self.rng = random.Random(4)
        self.loss = 0.0
        self.up, self.down = _Way(), _Way()  # to the server, from the server
        self._cut = False
        self._doors: list[asyncio.Server] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._joined: set[asyncio.Task[None]] = set()

    async def open(self, port: int) -> int:
        """Forward one more port; the port to use in its place."""

        def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._serve(reader, writer, port))
            self._joined.add(task)
            task.add_done_callback(self._joined.discard)

        door = await asyncio.start_server(come, "127.0.0.1", 0)
        self._doors.append(door)
        return int(door.sockets[0].getsockname()[1])

    def cut(self) -> int:
        """End every connection without a goodbye and let nobody in; how many ended."""
        self._cut = True
        count = len(self._writers) // 2
        for writer in list(self._writers):
            writer.transport.abort()
        return count

    def silence(self, *, up: bool = True, down: bool = True) -> None:
        """Nothing goes through that way any more, and nobody is told: half-open connections."""
        self.up.set(not up)
        self.down.set(not down)

    def heal(self) -> None:
        """All is well again; what waited goes on."""
        self._cut, self.loss = False, 0.0
        self.up.set(True)
        self.down.set(True)

    async def close(self) -> None:
        """No more of this."""
        for door in self._doors:
            door.close()
        self.cut()
        for task in list(self._joined):
            task.cancel()
        await asyncio.gather(*self._joined, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        try:
            with suppress(OSError):
                await self._join(reader, writer, port)
        finally:
            writer.transport.abort()

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        if self._cut:
            return
        await self.up.free()  # the first packet does not arrive either
        there, back = await asyncio.open_connection("127.0.0.1", port)
        self._writers |= {writer, back}
        ways = [
            asyncio.ensure_future(self._pump(reader, back, self.up)),
            asyncio.ensure_future(self._pump(there, writer, self.down)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ways:
                each.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writers -= {writer, back}
            back.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: _Way
    ) -> None:
        while data := await source.read(PIECE):
            if self.loss and self.rng.random() < self.loss:
                await asyncio.sleep(self.rng.uniform(*LOST_PAUSE_S))
            await way.free()
            target.write(data)
            await target.drain()
        await way.free()  # the goodbye does not arrive either
