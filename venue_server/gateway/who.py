"""Who is at the main door: the machine that a connection's certificate belongs to.

Identity is per connection: the SHA-256 of the client certificate, looked up in the roster, which is
also the revocation list. It is looked up anew for every connection, so a machine that was revoked a
moment ago is refused now.
"""

import asyncio
import hashlib
from collections.abc import Callable

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.strangers import Strangers
from venue_server.ledger.catalogue import Event
from venue_server.stations.store import Machine

REFUSED_AGAIN_S = 60.0
REFUSED_KNOWN = 4096


def address_of(transport: asyncio.BaseTransport | None) -> str:
    """The peer's address; empty when there is none any more."""
    peer = transport.get_extra_info("peername") if transport else None
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


def _certificate_sha256(transport: asyncio.BaseTransport | None) -> str:
    tls = transport.get_extra_info("ssl_object") if transport else None
    der = tls.getpeercert(True) if tls else None
    return hashlib.sha256(der).hexdigest() if der else ""


class Who:
    """Looks machines up, and notes who was refused. ``know`` is told the addresses of machines."""

    def __init__(self, parts: DeskParts, know: Callable[[str], None]) -> None:
        self._parts = parts
        self._know = know
        self._strangers = Strangers()
        parts.alarms.also(lambda: self._strangers.alarms(asyncio.get_running_loop().time()))
        self._refused: dict[tuple[str, str], float] = {}  # when a refusal was noted last

    def is_at(self, transport: asyncio.BaseTransport | None, kind: str) -> Machine | None:
        """The enrolled machine of this kind at the other end, or None."""
        fingerprint = _certificate_sha256(transport)
        machine = self._parts.enrolment.identify(fingerprint) if fingerprint else None
        if machine is None or machine.kind != kind:
            return None
        address = address_of(transport)
        if address:
            self._know(address)
            self._strangers.know(address)
        return machine

    async def note_refusal(
        self, transport: asyncio.BaseTransport | None, kind: str, route: str
    ) -> None:
        """Somebody who is no such machine was refused. An entry is an fsync, so once a minute of
        each: whoever knocks without end fills no ledger."""
        fingerprint, address = _certificate_sha256(transport), address_of(transport)
        if not self._parts.enrolment.identify(fingerprint):
            self._strangers.saw(address, asyncio.get_running_loop().time())
        if self._is_worth_noting(fingerprint, route):
            await self._parts.ledger.note(
                Event.MACHINE_REFUSED, certificate=fingerprint, door=kind, address=address
            )

    def _is_worth_noting(self, fingerprint: str, route: str) -> bool:
        now_s = asyncio.get_running_loop().time()
        if now_s - self._refused.get((fingerprint, route), -REFUSED_AGAIN_S) < REFUSED_AGAIN_S:
            return False
        if len(self._refused) >= REFUSED_KNOWN:
            self._refused.clear()
        self._refused[fingerprint, route] = now_s
        return True

    def handshake_failed(self, address: str) -> None:
        """No certificate of this venue: on record once for an address, rarely in all (N10)."""
        if self._strangers.saw(address, asyncio.get_running_loop().time()):
            self._parts.ledger.note_soon(
                Event.MACHINE_REFUSED, certificate="", door="handshake", address=address
            )
