"""One WebSocket with a bounded outbox: a peer that stops reading is cut off, never waited for."""

import asyncio
import struct
from collections import deque

from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web

from venue_server.wire.codec import encode_frame
from venue_server.wire.frames import Message

OUTBOX_LIMIT = 4_000
OUTBOX_BYTES = 16 * 1024 * 1024
SEND_DEADLINE_S = 10.0
FLOWING_BYTES = 64 * 1024
"""While less than this waits in the transport the peer reads, and nobody needs to wait for it."""
_FINAL_TEXT = 0x81  # RFC 6455, 5.2; a server's frames are not masked


class Connection:
    """The sending side of a WebSocket. ``send`` never blocks.

    While the peer reads, a frame is written at once: most are an acknowledgement, and a task switch
    and a timer for each cost more than the frame. What does not flow waits in the outbox, and
    ``pump`` writes it in order.
    """

    def __init__(
        self,
        socket: "web.WebSocketResponse[bool]",
        name: str,
        transport: asyncio.Transport | None = None,
    ) -> None:
        self.name = name
        self._socket = socket
        self._transport = transport
        self._outbox: deque[bytes] = deque()
        self._queued = 0  # bytes
        self._writing = False
        self._wake = asyncio.Event()
        self._closing = False

    def send(self, message: Message) -> None:
        """Send one message, now or as soon as the peer reads."""
        self.send_frame(encode_frame(message))

    def send_frame(self, frame: bytes) -> None:
        """Send an already encoded message (one encoding for many receivers)."""
        if self._closing or self._write_now(frame):
            return
        if len(self._outbox) >= OUTBOX_LIMIT or self._queued + len(frame) > OUTBOX_BYTES:
            self.cut()
            return
        self._outbox.append(frame)
        self._queued += len(frame)
        self._wake.set()

    def _write_now(self, frame: bytes) -> bool:
        """Write past the outbox when that keeps the order and the transport flows."""
        transport = self._transport
        if transport is None or self._outbox or self._writing or len(frame) > FLOWING_BYTES:
            return False
        if self._socket.closed or transport.is_closing():
            return True  # nobody is there; the reader will notice
        if transport.get_write_buffer_size() > FLOWING_BYTES:
            return False
        transport.write(_head(len(frame)) + frame)
        return True

    def cut(self) -> None:
        """Give the peer up: its transport is closed; it will come back and catch up."""
        self._closing = True
        self._outbox.clear()
        self._queued = 0
        self._wake.set()

    async def pump(self) -> None:
        """Write what is queued until the connection ends or is cut."""
        try:
            while not self._closing:
                await self._wake.wait()
                self._wake.clear()
                await self._write_queued()
        except (ConnectionError, ClientConnectionResetError, TimeoutError):
            self._closing = True
        if not self._socket.closed:
            await self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER, drain=False)

    async def _write_queued(self) -> None:
        self._writing = True
        while self._outbox and not self._closing:
            frame = self._outbox.popleft()
            self._queued -= len(frame)
            async with asyncio.timeout(SEND_DEADLINE_S):
                await self._socket.send_frame(frame, WSMsgType.TEXT)
        self._writing = False


def _head(size: int) -> bytes:
    if size < 126:
        return bytes((_FINAL_TEXT, size))
    if size < 1 << 16:
        return struct.pack(">BBH", _FINAL_TEXT, 126, size)
    return struct.pack(">BBQ", _FINAL_TEXT, 127, size)
