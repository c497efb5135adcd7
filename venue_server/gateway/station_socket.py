"""A station's WebSocket without aiohttp's server around it: a connection costs what it says (P5).

aiohttp's server costs as much for one upgrade as half a handshake, and for one ping three times its
frame. Stations speak one plain dialect: HTTP/1.1 upgrade (RFC 6455, section 4), text frames, no
extension. Heads and frames are read by aiohttp's parsers (``main_door.py``, ``frames_in.py``), and
everything else at the same door is still all aiohttp's.
"""

import asyncio
import base64
import hashlib
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType

from venue_server.gateway.connection import frame_head
from venue_server.gateway.frames_in import FrameReader
from venue_server.gateway.letting_go import abort

PING_S = 5.0
PONG_S = 2.5
GOODBYE_S = 2.0
WAITING_BYTES = 128 * 1024
"""So much may wait to be handled; then the peer is not read any more."""
FRAME_BYTES = 64
"""What a frame weighs besides its payload: also empty ones wait somewhere."""
CONTROLS = 200
"""Control frames between two looks at a connection: whoever sends more does nothing else (R9)."""
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


def accepted(key: bytes) -> bytes:
    """The answer to an upgrade with this ``Sec-WebSocket-Key`` (RFC 6455, 4.2.2)."""
    token = base64.b64encode(hashlib.sha1(key + _MAGIC, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + token + b"\r\n\r\n"
    )


class StationSocket(asyncio.Protocol):
    """One upgraded connection. ``closed`` once nothing can be said any more.

    ``at_once`` may handle a frame while nothing waits before it; what it declines, and everything
    behind that, is for :meth:`next`.
    """

    at_once: Callable[[bytes], bool]

    def __init__(self, transport: asyncio.Transport, largest: int) -> None:
        self.transport = transport
        self.closed = False
        self.at_once = _declines
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader(largest)
        self._frames: deque[bytes] = deque()
        self._waiting = 0  # bytes in them
        self._paused = False
        self._busy = True  # a frame is being handled, or nobody asked for one yet
        self._ended = False
        self._next: asyncio.Future[None] | None = None
        self._flowing: asyncio.Future[None] | None = None
        self._heard_s = self._loop.time()
        self._pinged = False
        self._controls = 0
        self._broken = False
        self._timer = self._loop.call_later(PING_S, self._beat)

    # ---- reading -------------------------------------------------------------------------

    async def next(self) -> bytes | None:
        """The next text frame; None when the conversation is over."""
        self._busy = False
        while not self._frames:
            if self._ended:
                return None
            self._next = self._loop.create_future()
            await self._next
        self._busy = True
        frame = self._frames.popleft()
        self._waiting -= len(frame) + FRAME_BYTES
        if self._paused and self._waiting < WAITING_BYTES // 2:
            self._paused = False
            self.transport.resume_reading()
        return frame

    def data_received(self, data: bytes) -> None:
        self._heard_s = self._loop.time()
        self._pinged = False
        if self._broken or (self._ended and not self.closed):
            return
        for kind, payload in self._reader.feed(data):
            if self._broken:
                return
            if self.closed and kind != WSMsgType.CLOSE:
                continue  # only the other side's goodbye is waited for
            self._take(kind, payload)
        if self._reader.broken is not None:
            self._broken = True
            self._finish(self._reader.broken)

    def _take(self, kind: WSMsgType, payload: Any) -> None:
        if kind == WSMsgType.TEXT:
            if self._busy or self._frames or not self.at_once(payload):
                self._keep(payload)
            return
        self._controls += 1
        if self._controls > CONTROLS:
            self._broken = True
            abort(self.transport)
        elif kind == WSMsgType.PING:
            self._write(WSMsgType.PONG, payload)
        elif kind == WSMsgType.CLOSE:
            self._goodbye(payload)
        elif kind == WSMsgType.BINARY:  # nobody sends such
            self._end()

    def _keep(self, payload: bytes) -> None:
        self._frames.append(payload)
        self._waiting += len(payload) + FRAME_BYTES
        if self._waiting > WAITING_BYTES and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def _wake(self) -> None:
        if self._next is not None and not self._next.done():
            self._next.set_result(None)

    def _end(self) -> None:
        """Nothing more is read: who asks for the next frame gets what waits, then None."""
        self._ended = True
        self._wake()

    # ---- liveness ------------------------------------------------------------------------

    def _beat(self) -> None:
        """A peer that was not heard of for a while is asked, and given up without an answer. One
        that is not read, because its frames wait, is not silent."""
        self._controls = 0
        if self._paused:
            self._heard_s = self._loop.time()
        silent_s = self._loop.time() - self._heard_s
        if self._pinged and silent_s >= PING_S + PONG_S:
            abort(self.transport)
            return
        after_s = PING_S - silent_s
        if after_s <= 0:
            if not self._pinged:
                self._pinged = True
                self._write(WSMsgType.PING, b"")
            after_s = max(0.01, PING_S + PONG_S - silent_s)
        self._timer = self._loop.call_later(after_s, self._beat)

    # ---- writing -------------------------------------------------------------------------

    async def send_frame(self, frame: bytes, _kind: Any = WSMsgType.TEXT) -> None:
        """Send a text frame and wait while the peer does not read."""
        if self.closed or self.transport.is_closing():
            raise ConnectionResetError
        self.transport.write(frame_head(len(frame)) + frame)
        if self._flowing is not None:
            await asyncio.shield(self._flowing)

    def _write(self, kind: WSMsgType, payload: bytes) -> None:
        if not self.closed and not self.transport.is_closing():
            self.transport.write(bytes((0x80 | kind, len(payload))) + payload)

    def pause_writing(self) -> None:
        if self._flowing is None:
            self._flowing = self._loop.create_future()

    def resume_writing(self) -> None:
        flowing, self._flowing = self._flowing, None
        if flowing is not None:
            flowing.set_result(None)

    # ---- the end -------------------------------------------------------------------------

    async def close(self, *, code: int, drain: bool = False) -> None:
        """Say goodbye; the peer has a moment to answer."""
        self._finish(int(code))

    def _finish(self, code: int) -> None:
        if self.closed:
            return
        self._frames.clear()
        self._waiting = 0
        self._say_last(struct.pack(">H", code))
        if self._paused:
            self._paused = False
            self.transport.resume_reading()

    def _goodbye(self, code: int) -> None:
        """The peer's close frame: answered unless it is the answer."""
        self._say_last(struct.pack(">H", code) if code else b"")
        self.transport.close()

    def _say_last(self, payload: bytes) -> None:
        """The close frame; the connection is cut if the other side takes its time."""
        self._write(WSMsgType.CLOSE, payload)
        self.closed = True
        self._end()
        self._timer.cancel()
        self._timer = self._loop.call_later(GOODBYE_S, self.transport.abort)

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self.at_once = _declines  # it knows the conversation, which knows this socket: a circle
        self._timer.cancel()
        self._end()
        self.resume_writing()


def _declines(_frame: bytes) -> bool:
    return False
