"""Hosts of which nobody knows anything and that talk to the venue's server (N10).

Whoever ends a TLS handshake badly, or shows a certificate that is not on the roster, is seen with
its address: an alarm as long as it is fresh, and the ledger at first sight. Both are bounded, so
that a flood of addresses fills neither. An address from which an enrolled machine comes is none.
Pure: time is passed in, in steady seconds.
"""

from collections import OrderedDict

from venue_server.wire.alarms import Alarm, AlarmCode

FRESH_S = 600.0
MOST = 64
NAMED = 5
TOLD_PER_MINUTE = 6


class Strangers:
    """What was seen of them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()  # address → last sight, oldest first
        self._known: set[str] = set()
        self._told: list[float] = []

    def saw(self, address: str, now_s: float) -> bool:
        """One knocked in vain. True when that is to be put on record: the first sight of it."""
        if address in self._known:
            return False
        is_new = self._seen.pop(address, now_s - 2 * FRESH_S) < now_s - FRESH_S
        self._seen[address] = now_s
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        self._told = [at for at in self._told if at > now_s - 60]
        if not is_new or len(self._told) >= TOLD_PER_MINUTE:
            return False
        self._told.append(now_s)
        return True

    def know(self, address: str) -> None:
        """An enrolled machine is there."""
        self._known.add(address)
        self._seen.pop(address, None)

    def alarms(self, now_s: float) -> list[Alarm]:
        """Those of the last ten minutes; newest first, a few by address and the rest by count."""
        fresh = [each for each, at in self._seen.items() if at > now_s - FRESH_S][::-1]
        if not fresh:
            return []
        count = f"{len(fresh)}+" if len(fresh) >= MOST else str(len(fresh))
        named = ", ".join(fresh[:NAMED])
        return [Alarm(AlarmCode.UNKNOWN_HOST, {"count": count, "addresses": named})]
