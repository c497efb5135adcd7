"""An accept loop of our own: TLS handshakes are admitted a few at a time, fewer of each address.

When a thousand stations return at once, their handshakes are a second or more of CPU. Let in all at
once, they would stand before every save that arrives meanwhile; a few at a time, saves go between
them (P5). A peer that begins a handshake and stops holds one of its own address's places only, and
not for long (R9). Addresses from which an enrolled machine has spoken have places of their own, so
that stations that come back do not queue behind strangers; and handshakes of strangers are spread
over time, for each of them costs a millisecond of CPU whoever it is. Who turns out to be an
enrolled machine gives the turn back: after a restart everyone is a stranger, and a thousand
stations need not wait for one another (P9).
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

BACKLOG = 4096
AT_ONCE = 32  # of strangers: what they hold is mostly waiting
KNOWN_AT_ONCE = 4
AT_ONCE_OF_ADDRESS = 8
STRANGERS_PER_S = 250.0
STRANGERS_BURST = 32.0
"""So many handshakes of strangers at once, and so many a second. A machine that is enrolled does
not count, as soon as it said who it is."""
KNOWN_ADDRESSES = 4096
WAITING_OF_ADDRESS = 512
HANDSHAKE_S = 5.0


class Door:
    """One TLS listener. ``per_address`` bounds the open connections of one address, unless 0;
    ``first`` makes the protocol of a fresh connection, if not ``server`` itself."""

    def __init__(
        self,
        server: web.Server,
        context: ssl.SSLContext,
        per_address: int = 0,
        first: Callable[[], asyncio.Protocol] | None = None,
    ) -> None:
        self._server = server
        self._first = first or server
        self._context = context
        self._per_address = per_address
        self._strangers = asyncio.Semaphore(AT_ONCE)
        self._knowns = asyncio.Semaphore(KNOWN_AT_ONCE)
        self._known: dict[str, None] = {}
        self._turns = STRANGERS_BURST
        self._turns_at_s = 0.0
        self._tried: dict[str, None] = {}  # strangers' addresses that were given a turn
        self.failed: Callable[[str], Awaitable[None]] = _no_matter
        """Told the address of each handshake that ended badly."""
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._waiting: Counter[str] = Counter()
        self._shaking: set[asyncio.Task[None]] = set()
        self._socket: socket.socket | None = None
        self._loop_task: asyncio.Task[None] | None = None

    def open(self, host: str, port: int) -> int:
        """Listen; the bound port. Raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        listener.setblocking(False)
        self._socket = listener
        self._loop_task = asyncio.create_task(self._accept(listener), name="door")
        return int(listener.getsockname()[1])

    def know(self, address: str) -> None:
        """An enrolled machine spoke from there; the one unheard of for longest is forgotten."""
        if address in self._tried:
            del self._tried[address]
            self._turns = min(STRANGERS_BURST, self._turns + 1)
        _enter(self._known, address)

    async def close(self) -> None:
        """Take nobody new; who is in stays."""
        tasks = [*self._shaking, *([self._loop_task] if self._loop_task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._socket is not None:
            self._socket.close()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                peer, where = await loop.sock_accept(listener)
            except OSError:  # out of descriptors, or the peer was gone already
                await asyncio.sleep(0.05)
                continue
            address = str(where[0])
            if self._waiting[address] >= WAITING_OF_ADDRESS or self._holds_too_many(address):
                peer.close()
                continue
            self._waiting[address] += 1
            task = asyncio.create_task(self._let_in(peer, address))
            self._shaking.add(task)
            task.add_done_callback(self._shaking.discard)

    def _holds_too_many(self, address: str) -> bool:
        if not self._per_address:
            return False
        held = sum(
            handler.transport is not None
            and (handler.transport.get_extra_info("peername") or ("",))[0] == address
            for handler in self._server.connections
        )
        return bool(held + self._waiting[address] >= self._per_address)

    async def _let_in(self, peer: socket.socket, address: str) -> None:
        own = self._gates.setdefault(address, asyncio.Semaphore(AT_ONCE_OF_ADDRESS))
        try:
            if address in self._known:
                async with own, self._knowns:
                    await self._shake(peer, address)
            else:
                async with own, self._strangers:
                    await self._strangers_turn(address)
                    await self._shake(peer, address)
        except asyncio.CancelledError:
            peer.close()
            raise
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address], self._gates[address]

    async def _strangers_turn(self, address: str) -> None:
        now_s = asyncio.get_running_loop().time()
        grown = self._turns + (now_s - self._turns_at_s) * STRANGERS_PER_S
        self._turns = min(STRANGERS_BURST, grown) - 1
        self._turns_at_s = now_s
        _enter(self._tried, address)
        if self._turns < 0:
            await asyncio.sleep(-self._turns / STRANGERS_PER_S)

    async def _shake(self, peer: socket.socket, address: str) -> None:
        loop = asyncio.get_running_loop()
        # What a peer does wrong in a handshake is its own affair: its connection ends.
        with suppress(OSError, TimeoutError):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.connect_accepted_socket(
                self._first,
                peer,
                ssl=self._context,
                ssl_handshake_timeout=HANDSHAKE_S,
            )
            return
        peer.close()
        await self.failed(address)


def _enter(addresses: dict[str, None], address: str) -> None:
    """As the newest; the oldest is forgotten when there are too many."""
    addresses.pop(address, None)
    addresses[address] = None
    if len(addresses) > KNOWN_ADDRESSES:
        del addresses[next(iter(addresses))]


async def _no_matter(_address: str) -> None:
    """Nobody wants to know."""
