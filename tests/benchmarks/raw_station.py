"""Stations as lean as they can be: mTLS, WebSocket frames written by hand, prepared beforehand.

The load must not be what is measured, so a station here is a few lines over the socket. Frames are
masked with four zero bytes (allowed by RFC 6455), so that prepared bytes go out as they are.
"""

import asyncio
import base64
import os
import ssl
import struct
from collections.abc import Callable, Iterable
from typing import cast

import msgspec
from prepared_venue import DAY, SERVER_NAME, PreparedVenue, Seated

from venue_server.client.identity import pinned_context
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.codec import decode_to_station, encode
from venue_server.wire.frames import Message
from venue_server.wire.messages import PROTOCOL_VERSION
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import Save, StationHello, ToStation, Welcome

TEXT, PING, PONG = 1, 9, 10
AT_ONCE = 16  # handshakes


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One masked client frame."""
    size = len(payload)
    head = bytes([0x80 | opcode])
    if size < 126:
        return head + bytes([0x80 | size]) + bytes(4) + payload
    if size < 1 << 16:
        return head + struct.pack(">BH", 0x80 | 126, size) + bytes(4) + payload
    return head + struct.pack(">BQ", 0x80 | 127, size) + bytes(4) + payload


def message_frame(message: Message) -> bytes:
    """A message, ready to go out."""
    return frame(encode(message).encode())


class Wire(asyncio.Protocol):
    """One WebSocket. ``on_text`` gets the payload of every text frame."""

    def __init__(self, on_text: Callable[["Wire", bytes], None]) -> None:
        self.on_text = on_text
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /station HTTP/1.1\r\nHost: {SERVER_NAME}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.opened.done():
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert head.startswith(b"HTTP/1.1 101"), bytes(head)
            self._buffer = rest
            self.opened.set_result(None)
        self._frames()

    def _frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, begin = buffer[at + 1], at + 2
            if size == 126:
                size, begin = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, begin = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if len(buffer) < begin + size:
                break
            opcode, payload = buffer[at] & 15, bytes(buffer[begin : begin + size])
            at = begin + size
            if opcode == TEXT:
                self.on_text(self, payload)
            elif opcode == PING:
                self.write(frame(payload, PONG))
        del buffer[:at]

    def write(self, data: bytes) -> None:
        """Send prepared frames."""
        assert self._transport is not None
        self._transport.write(data)

    def waiting(self) -> int:
        """Bytes that the other side has not taken yet."""
        assert self._transport is not None
        return self._transport.get_write_buffer_size()

    def pause(self) -> None:
        """Read nothing any more."""
        assert self._transport is not None
        self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionResetError())
            self.opened.exception()
        if not self.ended.done():
            self.ended.set_result(None)

    def close(self) -> None:
        """Cut the connection."""
        if self._transport is not None:
            self._transport.abort()


def address_of(number: int) -> str:
    """Each station has an address of its own."""
    high, low = divmod(number, 250)
    return f"127.1.{high}.{low + 1}"


def contexts(venue: PreparedVenue) -> list[ssl.SSLContext]:
    """One TLS context for each station: its own certificate."""
    made = []
    for seated in venue.seated:
        context = pinned_context(venue.ca_pem)
        context.load_cert_chain(seated.pem)
        made.append(context)
    return made


async def connect(
    port: int,
    tls: Iterable[ssl.SSLContext],
    on_text: Callable[[Wire, bytes], None],
    address: str = "127.0.0.1",
) -> list[Wire]:
    """Open a WebSocket for each context, a few handshakes at a time, from one address."""
    gate = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()

    async def one(context: ssl.SSLContext) -> Wire:
        async with gate:
            _, wire = await loop.create_connection(
                lambda: Wire(on_text),
                "127.0.0.1",
                port,
                ssl=context,
                server_hostname=SERVER_NAME,
                local_addr=(address, 0),
            )
            await wire.opened
            return wire

    return await asyncio.gather(*map(one, tls))


class Inbox:
    """Collects the messages of one connection for an unhurried conversation."""

    def __init__(self, wire: Wire) -> None:
        self._messages: asyncio.Queue[ToStation | Refusal | None] = asyncio.Queue()
        self.wire = wire
        wire.on_text = self._take
        wire.ended.add_done_callback(lambda _ended: self._messages.put_nowait(None))

    def _take(self, _wire: Wire, payload: bytes) -> None:
        self._messages.put_nowait(decode_to_station(payload))

    async def next(self, kind: type[Message]) -> Message:
        """The next message of a kind; others are dropped. ConnectionResetError when it ended."""
        async with asyncio.timeout(60):
            while True:
                message = await self._messages.get()
                if message is None:
                    raise ConnectionResetError
                if isinstance(message, kind):
                    return message


async def hello(
    venue: PreparedVenue, inbox: Inbox, seated: Seated, after: int = (1 << 53) - 1
) -> Welcome:
    """Say hello as the station of ``seated``, which holds the paper; the server's welcome.

    ``after``: the last sequence the station has; by default no history is asked for.
    """
    said = StationHello(PROTOCOL_VERSION, "benchmark", venue.paper_sha256, seated.sitting_id, after)
    inbox.wire.write(message_frame(said))
    return cast(Welcome, await inbox.next(Welcome))


# ---- answers -----------------------------------------------------------------------------


class Answers:
    """The chain of one candidate's answers: a choice among four, with the order shown. ``seq`` and
    ``head`` are its end; ``entries`` has them all, if ``keep``."""

    def __init__(self, sitting_id: str, keep: bool = False) -> None:
        self.sitting_id = sitting_id
        self.entries: list[ResponseEntry] = []
        self.seq, self.head = 0, genesis(sitting_id)
        self._keep = keep

    def add(self) -> ResponseEntry:
        """Answer once more."""
        seq = self.seq + 1
        entry = seal_entry(
            ResponseEntry(
                sitting_id=self.sitting_id,
                seq=seq,
                kind="response",
                item_id=f"Q{seq % 60:02d}",
                values={"RESPONSE": [f"choice-{seq % 4}"]},
                displayed={"RESPONSE": ["choice-2", "choice-0", "choice-3", "choice-1"]},
                at_ms=DAY.at(10) + seq,
                prev=self.head,
            )
        )
        self.seq, self.head = seq, entry.hash
        if self._keep:
            self.entries.append(entry)
        return entry

    def frames(self, count: int) -> list[bytes]:
        """``count`` more answers, one a message, ready to go out."""
        return [message_frame(Save(self.sitting_id, [self.add()])) for _ in range(count)]


def acknowledged(payload: bytes) -> tuple[int, str] | None:
    """(sequence, head) of a SaveAck; None for anything else."""
    if not payload.startswith(b'{"t":"SaveAck"'):
        return None
    body = msgspec.json.decode(payload)
    return body["seq"], body["head"]
