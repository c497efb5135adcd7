"""Announcing the server by mDNS: a hint without secrets or personal data (wire/discovery.py)."""

import socket

import psutil
from zeroconf import IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from venue_server.gateway.listener import Ports
from venue_server.wire import discovery
from venue_server.wire.messages import PROTOCOL_VERSION


class Announcement:
    """The announcement lasts as long as the async context."""

    def __init__(self, ca_der: bytes, ports: Ports) -> None:
        self._hint = discovery.venue_hint(ca_der)
        self._ports = ports
        self._zeroconf: AsyncZeroconf | None = None

    async def __aenter__(self) -> "Announcement":
        self._zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
        info = ServiceInfo(
            discovery.TYPE,
            f"{self._hint}.{discovery.TYPE}",
            port=self._ports.main,
            addresses=_addresses(),
            properties={
                discovery.TXT_VERSION: str(PROTOCOL_VERSION),
                discovery.TXT_VENUE: self._hint,
                discovery.TXT_ENROL_PORT: str(self._ports.enrol),
            },
            server=f"{self._hint}.local.",
        )
        # A second server of the same venue takes another name instead of failing.
        await self._zeroconf.async_register_service(info, allow_name_change=True)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        assert self._zeroconf is not None
        await self._zeroconf.async_unregister_all_services()
        await self._zeroconf.async_close()


def _addresses() -> list[bytes]:
    """This machine's IPv4 addresses; loopback only when there is nothing else.

    Read from the interfaces: Debian resolves the own host name to 127.0.1.1.
    """
    found = {
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET
    }
    lan = sorted(address for address in found if not address.startswith("127."))
    return [socket.inet_aton(address) for address in lan or ["127.0.0.1"]]
