"""A WebSocket whose plain saves are handled where they are read, without waking a task (P3).

aiohttp's reader hands each message to a queue, and a task is woken to take it out. That costs about
as much as everything that is done with one saved answer. Here the queue asks first whether the
message can be handled at once; all other messages, and all while one is being handled, go the usual
way, in order. Frames are parsed by aiohttp's own reader in both cases.
"""

from collections.abc import Callable
from typing import Any

from aiohttp import WebSocketError, WSMsgType, web
from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.http import WebSocketReader, WebSocketWriter
from aiohttp.web_request import BaseRequest

QUEUE_BYTES = 64 * 1024
CLOSE_WAIT_S = 2.0
SPELLS = 1
"""Looks without a word before a ping."""
PING = b"\x89\x00"  # RFC 6455, 5.5.2
CONTROL = (WSMsgType.PING, WSMsgType.PONG)


def _never(_frame: bytes) -> bool:
    return False


class _Queue(WebSocketDataQueue):
    """``at_once`` gets a text message while ``resting``: True when it was handled."""

    at_once: Callable[[bytes], bool] = staticmethod(_never)
    resting = False

    def feed_data(self, data: Any, size: int) -> None:
        """Called by the reader for every whole message; from within taking one out as well."""
        if self.resting and data[0] is WSMsgType.TEXT and self.at_once(data[1]):
            return
        if data[0] not in CONTROL:
            self.resting = False  # until this one was handled: nothing overtakes it
        super().feed_data(data, size)


class StationSocket(web.WebSocketResponse):
    """The server's side of a station's WebSocket. A peer that said nothing for ``ping_s`` is pinged
    and has half of that to say something; aiohttp's own watch would cost a callback a frame."""

    _reader: _Queue | None

    def __init__(self, largest: int, ping_s: float) -> None:
        super().__init__(
            compress=False, max_msg_size=largest, timeout=CLOSE_WAIT_S, decode_text=False
        )
        self._largest = largest
        self._look_s = ping_s / 2
        self._spells = 0

    def _post_start(
        self, request: BaseRequest, protocol: str | None, writer: WebSocketWriter
    ) -> None:
        """As in aiohttp 3.14, with a queue and a watch of our own."""
        assert self._loop is not None, "it is prepared"
        self._ws_protocol, self._writer = protocol, writer
        self._reader = _Queue(request.protocol, QUEUE_BYTES, loop=self._loop)
        self._parser = WebSocketReader(
            self._reader, self._largest, compress=False, decode_text=False
        )
        request.protocol.set_parser(self._parser, data_received_cb=self._heard)
        request.protocol.keep_alive(False)
        self._heartbeat_cb = self._loop.call_later(self._look_s, self._look)

    def _heard(self) -> None:
        self._spells = 0

    def _look(self) -> None:
        """Cancelled by aiohttp when the socket is closed, as its own watch is."""
        self._heartbeat_cb = None
        transport = self._req.transport if self._req is not None else None
        if self.closed or transport is None or self._loop is None:
            return
        self._spells += 1
        if self._spells > SPELLS + 1:
            self._handle_ping_pong_exception(TimeoutError("no answer to a ping"))
            return
        if self._spells > SPELLS:
            transport.write(PING)
        self._heartbeat_cb = self._loop.call_later(self._look_s, self._look)

    def handle(self, at_once: Callable[[bytes], bool]) -> None:
        """From now on ask ``at_once`` for every text message that comes while nobody is busy."""
        assert self._reader is not None, "it is prepared"
        self._reader.at_once = at_once

    async def next(self) -> bytes | None:
        """The next text message that was not handled at once; None when the peer is gone, or said
        something that is no text. What ``at_once`` raised is raised here."""
        queue = self._reader
        assert queue is not None, "it is prepared"
        queue.resting = not queue._buffer
        try:
            frame = await self.receive()
        finally:
            queue.resting = False
        if frame.type is WSMsgType.ERROR and not isinstance(frame.data, WebSocketError | OSError):
            raise frame.data
        return frame.data if frame.type is WSMsgType.TEXT else None
