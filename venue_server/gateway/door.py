"""An accept loop of our own: TLS handshakes are admitted a few at a time, fewer of each address.

When a thousand stations return at once, their handshakes are a second or more of CPU. Let in all at
once, they would stand before every save that arrives meanwhile; by groups with a rest after each,
saves go between them (P5, ``groups.py``). A peer that begins a handshake and stops holds one of its
own address's places only, and not for long (R9). One that has gone before its turn costs neither a
turn nor a handshake. Addresses from which an enrolled machine has spoken have places of their own,
so that stations that come back do not queue behind strangers; and handshakes of strangers are
spread over time, for each of them costs a millisecond of CPU whoever it is. Who turns out to be an
enrolled machine gives the turn back: after a restart everyone is a stranger, and a thousand
stations need not wait for one another (P9).
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from venue_server.gateway.groups import Groups

BACKLOG = 4096
ACCEPTS = 64
"""So many connections are taken in one go; then whatever else waits comes first."""
AT_ONCE = 32  # of strangers: what they hold is mostly waiting
KNOWN_AT_ONCE = 32
AT_ONCE_OF_ADDRESS = 8
STRANGERS_PER_S = 100.0
STRANGERS_BURST = 32.0
"""So many handshakes of strangers at once, and so many a second. A machine that is enrolled does
not count, as soon as it said who it is."""
KNOWN_ADDRESSES = 4096
WAITING_OF_ADDRESS = 512
CROWDED = 256
"""When so many strangers wait, there is one of each address; four times as many wait at most, for
each holds a descriptor, and who runs out of those runs no exam (R9)."""
HANDSHAKE_S = 5.0


class Door:
    """One TLS listener. ``per_address`` bounds the open connections of one address, unless 0;
    ``first`` makes the protocol of a fresh connection, if not ``server`` itself. ``saving`` says
    whether anybody saves just now."""

    def __init__(
        self,
        server: web.Server,
        context: ssl.SSLContext,
        saving: Callable[[], bool],
        per_address: int = 0,
        first: Callable[[], asyncio.Protocol] | None = None,
    ) -> None:
        self._server = server
        self._first = first or server
        self._context = context
        self._per_address = per_address
        self._strangers = asyncio.Semaphore(AT_ONCE)
        self._knowns = Groups(KNOWN_AT_ONCE, saving)
        self._known: dict[str, None] = {}
        self._turns = STRANGERS_BURST
        self._turns_at_s = 0.0
        self._tried: dict[str, None] = {}  # strangers' addresses that were given a turn
        self.failed: Callable[[str], None] = _no_matter
        """Told the address of each handshake that ended badly, or never began."""
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._waiting: Counter[str] = Counter()
        self._strangers_waiting = 0
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
                self._meet(*await loop.sock_accept(listener))
                for _ in range(ACCEPTS):
                    self._meet(*_accept_now(listener))
                await asyncio.sleep(0)
            except BlockingIOError:  # no more for now
                continue
            except OSError:  # out of descriptors, or the peer was gone already
                await asyncio.sleep(0.05)

    def _meet(self, peer: socket.socket, where: tuple[str, int]) -> None:
        address = str(where[0])
        if has_gone(peer):
            peer.close()
            self.failed(address)
        elif self._is_full_for(address) or self._holds_too_many(address):
            peer.close()
        else:
            self._waiting[address] += 1
            task = asyncio.create_task(self._let_in(peer, address))
            self._shaking.add(task)
            task.add_done_callback(self._shaking.discard)

    def _is_full_for(self, address: str) -> bool:
        waiting = self._waiting[address]
        if address not in self._known and self._strangers_waiting >= CROWDED:
            return waiting > 0 or self._strangers_waiting >= 4 * CROWDED
        return waiting >= WAITING_OF_ADDRESS

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
                async with own:
                    await self._shake_in_group(peer, address)
            else:
                await self._shake_as_stranger(peer, address, own)
        except asyncio.CancelledError:
            peer.close()
            raise
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address], self._gates[address]

    async def _shake_in_group(self, peer: socket.socket, address: str) -> None:
        group = await self._knowns.turn()
        try:
            await self._shake(peer, address)
        finally:
            group.leave()

    async def _shake_as_stranger(
        self, peer: socket.socket, address: str, own: asyncio.Semaphore
    ) -> None:
        self._strangers_waiting += 1
        try:
            async with own, self._strangers:
                if not has_gone(peer):
                    await self._strangers_turn(address)
                await self._shake(peer, address)
        finally:
            self._strangers_waiting -= 1

    async def _strangers_turn(self, address: str) -> None:
        now_s = asyncio.get_running_loop().time()
        grown = self._turns + (now_s - self._turns_at_s) * STRANGERS_PER_S
        self._turns = min(STRANGERS_BURST, grown) - 1
        self._turns_at_s = now_s
        _enter(self._tried, address)
        if self._turns < 0:
            await asyncio.sleep(-self._turns / STRANGERS_PER_S)

    async def _shake(self, peer: socket.socket, address: str) -> None:
        # What a peer does wrong in a handshake is its own affair: its connection ends.
        with suppress(OSError, TimeoutError):
            if not has_gone(peer):
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await asyncio.get_running_loop().connect_accepted_socket(
                    self._first,
                    peer,
                    ssl=self._context,
                    ssl_handshake_timeout=HANDSHAKE_S,
                )
                return
        peer.close()
        self.failed(address)


def has_gone(peer: socket.socket) -> bool:
    """Did it close the connection, or break it, before it said anything?"""
    try:
        return not peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _accept_now(listener: socket.socket) -> tuple[socket.socket, tuple[str, int]]:
    peer, where = listener.accept()
    peer.setblocking(False)
    return peer, where


def _enter(addresses: dict[str, None], address: str) -> None:
    """As the newest; the oldest is forgotten when there are too many."""
    addresses.pop(address, None)
    addresses[address] = None
    if len(addresses) > KNOWN_ADDRESSES:
        del addresses[next(iter(addresses))]


def _no_matter(_address: str) -> None:
    """Nobody wants to know."""
