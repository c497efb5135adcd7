"""Reading a client's WebSocket frames: bytes in, whole messages out, by aiohttp's own reader.

aiohttp hands each message to a queue that wakes a task. Here they are simply given back, so that
what can be answered at once is answered where it was read (P3, P5). Its reader wants a queue of its
own kind, which is no public name of aiohttp: the lock file holds the version, and the tests of this
module what is relied on.
"""

import asyncio
from typing import Any, cast

from aiohttp import WebSocketError, WSCloseCode, WSMsgType
from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import WebSocketReader


class _Found(WebSocketDataQueue):
    """Keeps what was read. Never full: whoever reads takes everything out at once."""

    def __init__(self) -> None:
        super().__init__(cast(BaseProtocol, None), 0, loop=asyncio.get_running_loop())
        self.messages: list[tuple[WSMsgType, Any]] = []
        self.error: BaseException | None = None

    def feed_data(self, data: Any, size: int) -> None:
        self.messages.append((data[0], data[1]))

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        self.error = exc


class FrameReader:
    """One connection's incoming frames. A message has ``largest`` bytes at most."""

    def __init__(self, largest: int) -> None:
        self._found = _Found()
        self._reader = WebSocketReader(self._found, largest, compress=False, decode_text=False)

    @property
    def broken(self) -> int | None:
        """The peer broke the protocol after what was given back last: what it is closed with
        (RFC 6455, 7.4.1). Nothing can be read from it afterwards."""
        error = self._found.error
        if error is None:
            return None
        return error.code if isinstance(error, WebSocketError) else WSCloseCode.PROTOCOL_ERROR

    def feed(self, data: bytes) -> list[tuple[WSMsgType, Any]]:
        """Take what came: the messages and control frames that are whole now, in order, each with
        its kind; of a CLOSE the code (0 without one)."""
        found = self._found
        if found.error is None:
            self._reader.feed_data(data)
        messages, found.messages = found.messages, []
        return messages
