"""One resilient WebSocket to the venue server.

A link connects, stays up, notices within six seconds that the other side is gone, and comes back by
itself. It keeps nothing across connections: what must not be lost lies in a durable outbox above
it and is sent again when the link is up. States: docs/states/link.md.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from typing import Generic, TypeVar

import aiohttp
import msgspec

from venue_server.client import backoff
from venue_server.client.endpoint import Endpoint, Target
from venue_server.client.link_state import (
    FINAL_CODES,
    TRANSITIONS,
    DeadlineMissed,
    Down,
    DownCause,
    LinkDown,
    LinkState,
    UnexpectedReply,
    closed_by_server,
    failed_attempt,
    is_hangup,
    refused,
)
from venue_server.wire.codec import encode
from venue_server.wire.frames import Message
from venue_server.wire.messages import MAX_FRAME, Refused
from venue_server.wire.refusals import Refusal

CONNECT_S = 10.0
# A cut cable shows as silence: three quiet spells in a row, counted rather than measured, so that a
# machine that itself slept does not blame the server.
QUIET_S = 1.75
QUIET_SPELLS = 3
QUEUE_BYTES = 8 * 1024 * 1024
REQUEST_S = 10.0
_HANG_UP_S = 0.5

_log = logging.getLogger(__name__)
M = TypeVar("M", bound=Message)
R = TypeVar("R", bound=Message)


class LinkHandler(Generic[M]):
    """What an owner may want to hear; all calls come on the link's loop and must not block."""

    def on_up(self) -> None:
        """Connected. Whatever was not acknowledged is to be sent again."""

    def on_message(self, message: M) -> None:
        """A message that answers no pending request (a late answer included)."""

    def on_down(self, down: Down) -> None:
        """The connection of the last ``on_up`` is gone."""

    def on_state(self, state: LinkState, down: Down | None) -> None:
        """Any change of state; ``down`` says why, except for CONNECTING and UP."""


class _Pong(msgspec.Struct, frozen=True):
    data: bytes


_Outgoing = bytes | _Pong | None  # None is a ping


class Link(Generic[M]):
    """A link to ``path`` over ``endpoint``; ``decode`` reads what the server sends there.

    ``jitter`` gives numbers in [0, 1). Run it with :meth:`run`; end it with :meth:`close`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        path: str,
        decode: Callable[[str | bytes], M | Refusal],
        handler: LinkHandler[M],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._endpoint = endpoint
        self._path = path
        self._decode = decode
        self._handler = handler
        self._jitter = jitter
        self.state = LinkState.DISCONNECTED
        self.down = Down(DownCause.NO_ADDRESS)
        self._last_number = 0
        self._waiting: dict[int, asyncio.Future[M | Refusal]] = {}
        self._queue: asyncio.Queue[_Outgoing] = asyncio.Queue()
        self._queued = 0
        self._target: Target | None = None
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[object] | None = None
        self._ended = asyncio.Event()
        self._verdict: Down | None = None  # why the running task was interrupted by ourselves
        self._final: Refusal | None = None  # an unnumbered refusal of this machine
        self._failures = 0
        self._hangups = 0

    @property
    def up(self) -> bool:
        return self.state is LinkState.UP

    # ---- sending --------------------------------------------------------------------------

    def number(self) -> int:
        """A fresh request number."""
        self._last_number += 1
        return self._last_number

    def send(self, message: Message) -> bool:
        """Give one message to the connection. False when not up: then it was not kept.

        True only says that it was queued on this connection; it is lost if that goes down. Raises
        ValueError for a message over ``MAX_FRAME``.
        """
        if not self.up:
            return False
        frame = encode(message).encode()
        if len(frame) > MAX_FRAME:
            raise ValueError(f"{type(message).__name__} of {len(frame)} bytes")
        if self._queued + len(frame) > QUEUE_BYTES:
            self._interrupt(Down(DownCause.CONGESTED))
            return False
        self._queued += len(frame)
        self._queue.put_nowait(frame)
        return True

    async def request(self, message: Message, timeout_s: float = REQUEST_S) -> M | Refusal:
        """Send ``message`` with its ``n`` filled in and return the one answer to it.

        Raises LinkDown or DeadlineMissed: then it is not known whether the server acted.
        """
        number = self.number()
        answer: asyncio.Future[M | Refusal] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            if not self.send(msgspec.structs.replace(message, n=number)):
                raise LinkDown(self.down)
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError:
            raise DeadlineMissed(type(message).__name__) from None
        finally:
            del self._waiting[number]

    async def ask(
        self, message: Message, kind: type[R], timeout_s: float = REQUEST_S
    ) -> R | Refusal:
        """As :meth:`request`, for an answer of one kind; raises UnexpectedReply on another."""
        answer = await self.request(message, timeout_s)
        if not isinstance(answer, kind | Refusal):
            raise UnexpectedReply(type(answer).__name__)
        return answer

    def get(
        self, path: str, headers: dict[str, str]
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """HTTP GET on the server the link is up to, under the same mTLS. Raises LinkDown."""
        if not self.up or self._session is None or self._target is None:
            raise LinkDown(self.down)
        assert path.startswith("/"), "a path on the same server"
        return self._session.get(
            self._target.base_url + path,
            headers=headers,
            server_hostname=self._target.server_name,
            allow_redirects=False,
        )

    # ---- life -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the link up until :meth:`close` or cancellation. A handler's exception ends it."""
        assert self._task is None, "a link runs once"
        if self.state is LinkState.CLOSED:
            return
        self._task = asyncio.current_task()
        assert self._task is not None
        try:
            async with self._open_session() as self._session:
                while not self._closing:
                    down = await self._attempt(self._session)
                    await asyncio.sleep(self._delay(down))
        except asyncio.CancelledError:
            if not self._closing or self._task.uncancel() > 0:
                raise
        finally:
            self._enter(LinkState.CLOSED, Down(DownCause.CLOSED))
            self._ended.set()

    async def close(self) -> None:
        """End the link and wait until it is gone. Queued messages may be lost."""
        if self._task is None:
            self._enter(LinkState.CLOSED, Down(DownCause.CLOSED))
            return
        if self._task is asyncio.current_task():
            raise RuntimeError("a link cannot close itself from its own callbacks")
        if not self._ended.is_set():
            self._interrupt(Down(DownCause.CLOSED))
            await self._ended.wait()

    @property
    def _closing(self) -> bool:
        return self._verdict is not None and self._verdict.cause is DownCause.CLOSED

    def _interrupt(self, verdict: Down) -> None:
        """Break the running task out of whatever it waits for."""
        assert self._task is not None
        if self._verdict is None:
            self._task.cancel()
        if not self._closing:
            self._verdict = verdict

    def _enter(self, state: LinkState, down: Down | None = None) -> None:
        if state is self.state:
            return
        assert state in TRANSITIONS[self.state], (self.state, state)
        self.state = state
        if down is not None:
            self.down = down
        _log.debug("%s: %s %s", self._path, state, down.cause if down else "")
        self._handler.on_state(state, down)

    def _enter_down(self, down: Down) -> None:
        match down.cause:
            case DownCause.REFUSED:
                self._enter(LinkState.REFUSED, down)
            case DownCause.CLOSED:
                self._enter(LinkState.CLOSED, down)
            case _:
                self._enter(LinkState.DISCONNECTED, down)

    def _delay(self, down: Down) -> float:
        if down.cause is DownCause.REFUSED:
            return backoff.refused_delay(self._jitter())
        self._failures += 1
        return backoff.retry_delay(self._failures, self._jitter())

    # ---- one connection -------------------------------------------------------------------

    def _open_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=self._endpoint.connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_read=CONNECT_S),
        )

    async def _attempt(self, session: aiohttp.ClientSession) -> Down:
        """Connect once and stay as long as it holds; returns why it ended."""
        target = self._endpoint.next()
        if target is None:
            return Down(DownCause.NO_ADDRESS)
        self._enter(LinkState.CONNECTING)
        try:
            async with asyncio.timeout(CONNECT_S):
                socket = await self._connect(session, target)
        except (aiohttp.ClientError, OSError) as error:
            down = replace(failed_attempt(error, self._hangups), address=str(target.address or ""))
            self._hangups = self._hangups + 1 if is_hangup(error) else 0
            self._enter_down(down)
            return down
        self._hangups = 0
        self._endpoint.good(target)
        self._target = target
        return await self._converse(socket)

    async def _connect(
        self, session: aiohttp.ClientSession, target: Target
    ) -> "aiohttp.ClientWebSocketResponse[bool]":
        return await session.ws_connect(
            target.base_url + self._path,
            server_hostname=target.server_name,
            autoping=False,
            max_msg_size=MAX_FRAME,
            decode_text=False,
            timeout=aiohttp.ClientWSTimeout(ws_close=_HANG_UP_S),
        )

    async def _converse(self, socket: "aiohttp.ClientWebSocketResponse[bool]") -> Down:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._queue, self._queued, self._final = asyncio.Queue(), 0, None
        writer = asyncio.create_task(self._write(socket, self._queue))
        self._enter(LinkState.UP)
        down = Down(DownCause.CLOSED)
        try:
            self._handler.on_up()
            down = await self._read(socket)
        except asyncio.CancelledError:
            if self._verdict is None or self._closing:
                raise
            down, self._verdict = self._verdict, None
            if self._task is not None and self._task.uncancel() > 0:
                raise
        finally:
            writer.cancel()
            self._leave(down)
            await _hang_up(socket)
        if loop.time() - began > backoff.LONGEST_S:
            self._failures = 0
        return down

    def _leave(self, down: Down) -> None:
        self._target = None
        self._enter_down(down)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LinkDown(down))
        self._handler.on_down(down)

    async def _read(self, socket: "aiohttp.ClientWebSocketResponse[bool]") -> Down:
        quiet = 0
        while True:
            try:
                frame = await socket.receive(QUIET_S)
            except TimeoutError:
                quiet += 1
                if quiet == QUIET_SPELLS:
                    return Down(DownCause.SILENT)
                self._queue.put_nowait(None)
                continue
            quiet = 0
            match frame.type:
                case aiohttp.WSMsgType.TEXT:
                    self._deliver(frame.data)
                    if self._final is not None and self._verdict is None:
                        return refused(self._final)
                case aiohttp.WSMsgType.PING:
                    self._queue.put_nowait(_Pong(frame.data))
                case aiohttp.WSMsgType.PONG | aiohttp.WSMsgType.BINARY:
                    pass
                case _:
                    return closed_by_server(socket.close_code)

    def _deliver(self, frame: bytes) -> None:
        message = self._decode(frame)
        if isinstance(message, Refusal):
            # A newer server may say things this version does not know; they are no reason to go.
            _log.warning("%s: unreadable message of %d bytes", self._path, len(frame))
            return
        no = _refusal(message) if isinstance(message, Refused) else None
        answer = self._waiting.get(getattr(message, "re", 0))
        if answer is not None and not answer.done():
            answer.set_result(message if no is None else no)
            return
        if no is not None and no.code in FINAL_CODES:
            self._final = no
        self._handler.on_message(message)

    async def _write(
        self,
        socket: "aiohttp.ClientWebSocketResponse[bool]",
        queue: "asyncio.Queue[_Outgoing]",
    ) -> None:
        """Write what is queued; the reader notices when the connection has gone."""
        with suppress(ConnectionError, aiohttp.ClientError):
            while True:
                match await queue.get():
                    case bytes() as frame:
                        await socket.send_frame(frame, aiohttp.WSMsgType.TEXT)
                        self._queued -= len(frame)
                    case _Pong(data):
                        await socket.pong(data)
                    case None:
                        await socket.ping()


def _refusal(message: Refused) -> Refusal:
    return Refusal(message.code, message.detail, message.remarks)


async def _hang_up(socket: "aiohttp.ClientWebSocketResponse[bool]") -> None:
    """Close politely if the other side still listens, and at once if it does not."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_HANG_UP_S):
            await socket.close()
