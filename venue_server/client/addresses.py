"""Where the server may be: configured addresses first, then hints, in rotation.

An address is never trusted; TLS decides who answers there. Hints come from mDNS, which anybody on
the LAN can forge, so they are bounded, never push a configured address out, and are tried in turn
with the addresses we know: however many are forged, every second attempt goes to one of ours (R9).
"""

from collections.abc import Iterable
from typing import NamedTuple

MAX_HINTS = 8


class Address(NamedTuple):
    """A listener's host (name, IPv4, or IPv6 without brackets) and TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str, default_host: str = "") -> Address:
    """Read ``host:port`` or ``[v6]:port``; an empty host becomes ``default_host``.

    Raises ValueError on anything else, a missing host or port included.
    """
    host, separator, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(f"not an address: {text!r}")
    host = host or default_host
    if not separator or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"not an address: {text!r}")
    return Address(host, int(port))


class AddressBook:
    """The addresses one link rotates over. Not thread-safe: one loop owns it."""

    def __init__(self, configured: Iterable[str] = ()) -> None:
        self._configured = [parse_address(text) for text in configured]
        self._hints: list[Address] = []
        self._good: Address | None = None
        self._turn = 0

    def learn(self, address: Address) -> None:
        """Add a hint; the oldest hint goes when there are more than ``MAX_HINTS``."""
        if address not in self._configured and address not in self._hints:
            self._hints = [*self._hints, address][-MAX_HINTS:]

    def good(self, address: Address) -> None:
        """A link came up there: try it first next time."""
        self._good = address
        self._turn = 0

    def known(self) -> list[Address]:
        """All addresses in the order of trying: last good one, configured, hints."""
        rest = [a for a in (*self._configured, *self._hints) if a != self._good]
        return rest if self._good is None else [self._good, *rest]

    def next(self) -> Address | None:
        """The address to try now; None while none is known."""
        ours = [each for each in self.known() if each == self._good or each in self._configured]
        hints = [each for each in self.known() if each not in ours]
        lists = [each for each in (ours, hints) if each]
        if not lists:
            return None
        turn, which = divmod(self._turn, len(lists))
        self._turn += 1
        return lists[which][turn % len(lists[which])]
