"""How a link reaches its server: mTLS on the LAN, or a Unix socket on the server's machine."""

import socket
import sys
from pathlib import Path
from typing import NamedTuple, Protocol

import aiohttp

from venue_server.client.addresses import Address, AddressBook
from venue_server.client.identity import MachineIdentity

_CONNECTIONS = 4  # the WebSocket, one download, and one of each still closing
_IDLE_S = 5.0
_SYN_RETRIES = 1  # a switched-off server costs 3 s, not two minutes


class Target(NamedTuple):
    """One place to connect to. ``server_name`` is the TLS name expected there."""

    base_url: str
    server_name: str | None = None
    address: Address | None = None


class Endpoint(Protocol):
    """What a link needs to know about the other side."""

    def connector(self) -> aiohttp.BaseConnector:
        """A new connector; called on the running loop."""

    def next(self) -> Target | None:
        """The place to try now; None while none is known."""

    def good(self, target: Target) -> None:
        """The link came up there."""


class TlsEndpoint:
    """The venue server on the LAN, for an enrolled machine."""

    def __init__(self, identity: MachineIdentity, book: AddressBook | None = None) -> None:
        self.identity = identity
        self.book = AddressBook(identity.addresses) if book is None else book

    def connector(self) -> aiohttp.BaseConnector:
        return aiohttp.TCPConnector(
            ssl=self.identity.ssl_context(),
            limit=_CONNECTIONS,
            keepalive_timeout=_IDLE_S,
            socket_factory=_new_socket,
        )

    def next(self) -> Target | None:
        address = self.book.next()
        if address is None:
            return None
        return Target(f"https://{address}", self.identity.server_name, address)

    def good(self, target: Target) -> None:
        if target.address is not None:
            self.book.good(target.address)


class UnixEndpoint:
    """The control socket of a server on this machine; the file's owner and mode guard it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def connector(self) -> aiohttp.BaseConnector:
        return aiohttp.UnixConnector(str(self.path), limit=_CONNECTIONS)

    def next(self) -> Target | None:
        return Target("http://venue-server")

    def good(self, target: Target) -> None:
        del target


def _new_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = info
    new = socket.socket(family, kind, protocol)
    if sys.platform == "linux":
        new.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, _SYN_RETRIES)
    return new
