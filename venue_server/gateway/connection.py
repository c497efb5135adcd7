"""One WebSocket with a bounded outbox: a peer that stops reading is cut off, never waited for."""

import asyncio
from collections import deque

from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web

from venue_server.wire.codec import encode_frame
from venue_server.wire.messages import Message

OUTBOX_LIMIT = 4_000
OUTBOX_BYTES = 16 * 1024 * 1024
SEND_DEADLINE_S = 10.0


class Connection:
    """The sending side of a WebSocket. ``send`` never blocks; ``pump`` writes in order."""

    def __init__(self, socket: web.WebSocketResponse, name: str) -> None:
        self.name = name
        self._socket = socket
        self._outbox: deque[bytes] = deque()
        self._queued = 0  # bytes
        self._wake = asyncio.Event()
        self._closing = False

    def send(self, message: Message) -> None:
        """Queue one message."""
        self.send_frame(encode_frame(message))

    def send_frame(self, frame: bytes) -> None:
        """Queue an already encoded message (one encoding for many receivers)."""
        if self._closing:
            return
        if len(self._outbox) >= OUTBOX_LIMIT or self._queued + len(frame) > OUTBOX_BYTES:
            self.cut()
            return
        self._outbox.append(frame)
        self._queued += len(frame)
        self._wake.set()

    def cut(self) -> None:
        """Give the peer up: its transport is closed; it will come back and catch up."""
        self._closing = True
        self._outbox.clear()
        self._wake.set()

    async def pump(self) -> None:
        """Write what is queued until the connection ends or is cut."""
        try:
            while not self._closing:
                await self._wake.wait()
                self._wake.clear()
                while self._outbox and not self._closing:
                    frame = self._outbox.popleft()
                    self._queued -= len(frame)
                    async with asyncio.timeout(SEND_DEADLINE_S):
                        await self._socket.send_frame(frame, WSMsgType.TEXT)
        except (ConnectionError, ClientConnectionResetError, TimeoutError):
            self._closing = True
        if not self._socket.closed:
            await self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER, drain=False)
