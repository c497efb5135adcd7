"""The first bytes at the main door: a station's upgrade is answered here, the rest is aiohttp's.

A thousand stations come back at once; consoles and deliveries are few (P5).
"""

import asyncio
import base64
from collections.abc import Callable
from typing import cast

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser
from aiohttp.http_exceptions import BadHttpMessage

from venue_server.gateway.letting_go import abort

STATION = b"GET /station HTTP/1.1\r\n"
HEAD_BYTES = 16 * 1024
GOODBYE_S = 2.0
_BAD = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
Enter = Callable[[asyncio.Transport, bytes, bytes], None]
"""A sound upgrade: the transport, its ``Sec-WebSocket-Key``, and what came behind the head."""


def upgrade_key(head: bytes) -> bytes | None:
    """The ``Sec-WebSocket-Key`` of a sound upgrade request (RFC 6455, 4.2.1); None for anything
    else. ``head`` is whole, with the empty line at its end."""
    loop = asyncio.get_running_loop()
    try:
        requests, _, _ = HttpRequestParser(BaseProtocol(loop), loop, HEAD_BYTES).feed_data(head)
    except BadHttpMessage:
        return None
    if len(requests) != 1:
        return None
    request, _body = requests[0]
    fields = request.headers
    key = fields.get("Sec-WebSocket-Key", "")
    sound = (
        request.upgrade
        and fields.get("Upgrade", "").lower() == "websocket"
        and fields.get("Sec-WebSocket-Version") == "13"
        and "Host" in fields
        and _is_nonce(key)
    )
    return key.encode() if sound else None


def _is_nonce(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except ValueError:
        return False


class MainDoor(asyncio.Protocol):
    """One fresh connection. ``others`` makes a protocol for whoever is no station; a head that is
    not whole after ``idle_s`` ends it (R9)."""

    def __init__(self, others: Callable[[], asyncio.Protocol], enter: Enter, idle_s: float) -> None:
        self._others = others
        self._enter = enter
        self._idle_s = idle_s
        self._head = bytearray()
        self._decided = False
        self._begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._begun = True
        self._transport = cast(asyncio.Transport, transport)
        self._timer = asyncio.get_running_loop().call_later(self._idle_s, self._end)
        if self._decided:  # the server stopped during the handshake
            self._abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._begun = False
        self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self._decided:
            return
        head = self._head
        head += data
        if not (head.startswith(STATION) or STATION.startswith(head)):
            self._hand_over()
            return
        end = head.find(b"\r\n\r\n")
        if end < 0:
            if len(head) > HEAD_BYTES:
                self._end()
            return
        self._timer.cancel()
        key = upgrade_key(bytes(head[: end + 4]))
        if key is None:
            self._transport.write(_BAD)
            self._end()
            return
        self._decided = True
        self._enter(self._transport, key, bytes(head[end + 4 :]))

    def leave(self) -> None:
        """The server stops: whoever has not said what it wants by now is not waited for."""
        if not self._decided:
            self._decided = True
            if self._begun:
                self._abort()

    def abandon(self) -> None:
        """The server has stopped: a peer that was told to go and does not is left."""
        if self._begun:
            self._abort()

    def _abort(self) -> None:
        self._timer.cancel()
        abort(self._transport)

    def _end(self) -> None:
        """Close; a peer that does not close its side has a moment."""
        self._decided = True
        self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(GOODBYE_S, abort, self._transport)
        self._transport.close()

    def _hand_over(self) -> None:
        self._decided = True
        self._timer.cancel()
        protocol = self._others()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(bytes(self._head))
