"""Announcing the server by mDNS: a hint without secrets or personal data (wire/discovery.py).

It runs beside everything else: a LAN that is down, or a host that answers every name with its own,
holds up neither the start nor the keepers. Whoever else announces this venue is a second server by
mistake, over a copy of the store, or pretends to be one: both are an alarm (R9), and a hint is
never more than that.
"""

import asyncio
import logging
import secrets
import socket
from collections.abc import Sequence

import psutil
import zeroconf
from zeroconf import IPVersion, ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from venue_server.gateway.listener import Ports
from venue_server.wire import discovery
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.messages import PROTOCOL_VERSION

AGAIN_S = 15.0
RESOLVE_MS = 3_000
TTL_S = 120
"""A server that was switched off is told of no longer than this."""
MOST_PENDING = 32
_log = logging.getLogger(__name__)


class Announcement:
    """The announcement lasts as long as the async context. ``interfaces``: only on these."""

    def __init__(
        self, ca_der: bytes, ports: Ports, interfaces: Sequence[str] | None = None
    ) -> None:
        self._hint = discovery.venue_hint(ca_der)
        self._ports = ports
        self._interfaces = interfaces
        # A name that nobody else has, so that no conflict ever needs to be asked about.
        self._name = f"{self._hint}-{secrets.token_hex(4)}"
        self._task: asyncio.Task[None] | None = None
        self._resolving: set[asyncio.Task[None]] = set()
        self._twins: dict[str, str] = {}

    async def __aenter__(self) -> "Announcement":
        self._task = asyncio.create_task(self._run(), name="announcement")
        return self

    async def __aexit__(self, *_exc: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def alarms(self) -> list[Alarm]:
        """Another server of this venue, as long as it announces itself."""
        if not self._twins:
            return []
        found = ", ".join(sorted(set(self._twins.values())))
        return [Alarm(AlarmCode.TWIN_SERVER, {"addresses": found})]

    async def _run(self) -> None:
        while True:
            try:
                await self._announced()
            except (OSError, zeroconf.Error) as error:
                _log.warning("cannot announce on the LAN, tried again: %s", error)
            await asyncio.sleep(AGAIN_S)

    async def _announced(self) -> None:
        """Announce, and listen for others, until cancelled."""
        there = (
            AsyncZeroconf(ip_version=IPVersion.V4Only)
            if self._interfaces is None
            else AsyncZeroconf(interfaces=list(self._interfaces))
        )
        try:
            await there.async_register_service(self._info(), cooperating_responders=True)
            browser = AsyncServiceBrowser(there.zeroconf, discovery.TYPE, handlers=[self._changed])
            try:
                await asyncio.Event().wait()
            finally:
                for task in self._resolving:
                    task.cancel()
                await browser.async_cancel()
        finally:
            await there.async_unregister_all_services()
            await there.async_close()

    def _info(self) -> ServiceInfo:
        return ServiceInfo(
            discovery.TYPE,
            f"{self._name}.{discovery.TYPE}",
            port=self._ports.main,
            addresses=_addresses(),
            properties={
                discovery.TXT_VERSION: str(PROTOCOL_VERSION),
                discovery.TXT_VENUE: self._hint,
                discovery.TXT_ENROL_PORT: str(self._ports.enrol),
            },
            server=f"{self._name}.local.",
            host_ttl=TTL_S,
            other_ttl=TTL_S,
        )

    # ---- others ----------------------------------------------------------------------------

    def _changed(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if state_change is ServiceStateChange.Removed:
            self._twins.pop(name, None)
            return
        if name.startswith(self._name) or len(self._resolving) >= MOST_PENDING:
            return
        task = asyncio.get_running_loop().create_task(self._resolve(zeroconf, service_type, name))
        self._resolving.add(task)
        task.add_done_callback(self._resolving.discard)

    async def _resolve(self, zeroconf: Zeroconf, service_type: str, name: str) -> None:
        """Is it a server of this venue? One that was killed is still told of by some caches for
        minutes: at the own address and port it is this one."""
        info = AsyncServiceInfo(service_type, name)
        if not await info.async_request(zeroconf, RESOLVE_MS):
            return
        if info.decoded_properties.get(discovery.TXT_VENUE) != self._hint:
            return
        theirs = set(info.addresses_by_version(IPVersion.V4Only))
        if theirs <= set(_addresses()) and info.port == self._ports.main:
            return
        told = ", ".join(f"{each}:{info.port}" for each in info.parsed_addresses())
        if len(self._twins) < MOST_PENDING:
            self._twins[name] = told or name
            _log.error("another server of this venue is on the LAN: %s", told)


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
