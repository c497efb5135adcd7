"""Looking for venue servers by mDNS. A hint only: TLS or the enrolment code decides whom to trust.

Asking carries no personal data, and nothing that is answered here is trusted.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from venue_server.client.addresses import Address
from venue_server.wire import discovery

_RESOLVE_MS = 3000
_MAX_PENDING = 32  # anybody may announce names; resolve a bounded number at a time


@dataclass(frozen=True)
class Found:
    """A server that announced itself. ``enrol`` is None when it takes no enrolments now."""

    address: Address
    enrol: Address | None
    venue: str
    version: int


class Discovery:
    """Reports announced servers until closed. One for a whole process is enough.

    ``venue`` (MachineIdentity.venue) keeps other venues' announcements out; empty takes all.
    ``interfaces`` limits the search to these local addresses.
    """

    def __init__(
        self,
        on_found: Callable[[Found], None],
        venue: str = "",
        interfaces: Sequence[str] | None = None,
    ) -> None:
        self._on_found = on_found
        self._venue = venue
        self._interfaces = interfaces
        self._resolving: set[asyncio.Task[None]] = set()
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None

    async def start(self) -> None:
        """Begin to listen; raises OSError when there is no network at all."""
        self._zeroconf = (
            AsyncZeroconf(interfaces=list(self._interfaces))
            if self._interfaces is not None
            else AsyncZeroconf()
        )
        self._browser = AsyncServiceBrowser(
            self._zeroconf.zeroconf, discovery.TYPE, handlers=[self._changed]
        )

    async def close(self) -> None:
        for task in self._resolving:
            task.cancel()
        await asyncio.gather(*self._resolving, return_exceptions=True)
        if self._browser is not None:
            await self._browser.async_cancel()
        if self._zeroconf is not None:
            await self._zeroconf.async_close()

    def _changed(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if state_change is ServiceStateChange.Removed or len(self._resolving) >= _MAX_PENDING:
            return
        task = asyncio.get_running_loop().create_task(self._resolve(zeroconf, service_type, name))
        self._resolving.add(task)
        task.add_done_callback(self._resolving.discard)

    async def _resolve(self, zeroconf: Zeroconf, service_type: str, name: str) -> None:
        info = AsyncServiceInfo(service_type, name)
        if not await info.async_request(zeroconf, _RESOLVE_MS) or not info.port:
            return
        txt = info.decoded_properties
        for host in info.parsed_scoped_addresses():
            found = read_announcement(host, info.port, txt)
            if found is not None and self._venue in ("", found.venue):
                self._on_found(found)


def read_announcement(host: str, port: int, txt: dict[str, str | None]) -> Found | None:
    """Make sense of one announcement; None when it makes none."""
    version = txt.get(discovery.TXT_VERSION) or ""
    enrol = txt.get(discovery.TXT_ENROL_PORT) or ""
    if not version.isdecimal():
        return None
    open_for_enrolment = enrol.isdecimal() and 0 < int(enrol) < 65536
    return Found(
        Address(host, port),
        Address(host, int(enrol)) if open_for_enrolment else None,
        txt.get(discovery.TXT_VENUE) or "",
        int(version),
    )


async def first_found(
    timeout_s: float, venue: str = "", interfaces: Sequence[str] | None = None
) -> Found | None:
    """The first server heard within ``timeout_s``, or None."""
    found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
    search = Discovery(lambda f: None if found.done() else found.set_result(f), venue, interfaces)
    await search.start()
    try:
        async with asyncio.timeout(timeout_s):
            return await found
    except TimeoutError:
        return None
    finally:
        await search.close()
