"""One WebSocket with a bounded outbox: a peer that stops reading is cut off, never waited for."""

import asyncio
import struct
from collections import deque
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Protocol

from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType

from venue_server.wire.codec import encode_frame
from venue_server.wire.frames import Message

OUTBOX_LIMIT = 4_000
OUTBOX_BYTES = 16 * 1024 * 1024
SEND_DEADLINE_S = 10.0
FLOWING_BYTES = 64 * 1024
"""While less than this waits in the transport the peer reads, and nobody needs to wait for it."""
_FINAL_TEXT = 0x81  # RFC 6455, 5.2; a server's frames are not masked


class Socket(Protocol):
    """What is asked of a WebSocket, aiohttp's or a station's own."""

    @property
    def closed(self) -> bool:
        """Can nothing be said any more?"""

    def send_frame(self, frame: bytes, kind: WSMsgType, /) -> Awaitable[None]:
        """Write a frame and wait while the peer does not read."""

    def close(self, *, code: int, drain: bool) -> Awaitable[object]:
        """Say goodbye."""


class Connection:
    """The sending side of a WebSocket. ``send`` never blocks.

    While the peer reads, a frame is written at once: most are an acknowledgement, and a task switch
    and a timer for each cost more than the frame. What does not flow waits in the outbox, and
    ``pump`` writes it in order. Whoever has a thousand connections starts no pump for each: with
    ``pumps_itself`` it runs from the first frame that waits.
    """

    def __init__(
        self,
        socket: Socket,
        name: str,
        transport: asyncio.Transport | None = None,
        *,
        pumps_itself: bool = False,
    ) -> None:
        self.name = name
        self._socket = socket
        self._transport = transport
        self._outbox: deque[bytes] = deque()
        self._queued = 0  # bytes
        self._writing = False
        self._wake = asyncio.Event()
        self._closing = False
        self._pumps_itself = pumps_itself
        self._pump: asyncio.Task[None] | None = None
        self._held: bytearray | None = None

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
        self._let_go()
        self._outbox.append(frame)
        self._queued += len(frame)
        self._stir()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is sent inside leaves in one piece: a record and a system call for each frame cost
        more than the frame (P5). Nothing may be waited for inside."""
        self._held = bytearray()
        try:
            yield
        finally:
            self._let_go()
            self._held = None

    def _let_go(self) -> None:
        held, transport = self._held, self._transport
        if held and transport is not None and not self._closing:
            transport.write(bytes(held))
            self._held = bytearray()

    def _write_now(self, frame: bytes) -> bool:
        """Write past the outbox when that keeps the order and the transport flows."""
        transport = self._transport
        if transport is None or self._outbox or self._writing or len(frame) > FLOWING_BYTES:
            return False
        if self._socket.closed or transport.is_closing():
            return True  # nobody is there; the reader will notice
        if transport.get_write_buffer_size() > FLOWING_BYTES:
            return False
        whole = frame_head(len(frame)) + frame
        if self._held is not None:
            self._held += whole
        else:
            transport.write(whole)
        return True

    def cut(self) -> None:
        """Give the peer up: its transport is closed; it will come back and catch up."""
        self._closing = True
        self._outbox.clear()
        self._queued = 0
        self._stir()

    def _stir(self) -> None:
        self._wake.set()
        if self._pumps_itself and self._pump is None and not self._socket.closed:
            self._pump = asyncio.create_task(self.pump())

    async def ended(self) -> None:
        """Wait until a connection that pumps itself has written its last."""
        if self._pump is not None:
            await self._pump

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


def frame_head(size: int) -> bytes:
    """The head of a text frame with so many bytes."""
    if size < 126:
        return bytes((_FINAL_TEXT, size))
    if size < 1 << 16:
        return struct.pack(">BBH", _FINAL_TEXT, 126, size)
    return struct.pack(">BBQ", _FINAL_TEXT, 127, size)
