"""The room's network switch of a rehearsal: stations reach the server through it, so it can fail.

Plain TCP, byte for byte; TLS goes through it end to end. A cut closes every connection without a
goodbye and lets nobody in until it heals, as when the power of a switch goes (TIMELINE F4).
"""

import asyncio
from contextlib import suppress

PIECE = 65_536


class Switch:
    """Forwards ports of 127.0.0.1. ``open`` gives the port to use in place of the server's."""

    def __init__(self) -> None:
        self._doors: list[asyncio.Server] = []
        self._lines: set[asyncio.StreamWriter] = set()
        self._cut = False

    async def open(self, port: int) -> int:
        """Forward one more port; the port stations are given."""

        async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._join(reader, writer, port)

        door = await asyncio.start_server(come, "127.0.0.1", 0)
        self._doors.append(door)
        return int(door.sockets[0].getsockname()[1])

    def cut(self) -> int:
        """The switch is dead; how many connections went with it."""
        self._cut = True
        lines = len(self._lines) // 2  # one half each side
        for writer in list(self._lines):
            writer.transport.abort()
        return lines

    def heal(self) -> None:
        """The switch works again."""
        self._cut = False

    def close(self) -> None:
        """No more of this."""
        for door in self._doors:
            door.close()
        self.cut()

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        if self._cut:
            writer.transport.abort()
            return
        self._lines.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", port)
        except OSError:  # the server is away; that looks the same from a station
            self._lines.discard(writer)
            writer.transport.abort()
            return
        self._lines.add(back)
        try:
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        finally:
            for each in (writer, back):
                self._lines.discard(each)
                each.transport.abort()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(PIECE):
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
