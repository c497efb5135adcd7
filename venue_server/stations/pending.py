"""Who may wait to be enrolled: a rule over the machines that wait; no flood keeps others out.

Anybody on the LAN may ask (N10). Each address has a few places of its own; when all places are
taken, whoever holds most gives one up, first what never showed a code, then the oldest. A machine
that is switched on therefore always gets a place, and one whose code is on its screen keeps it
against any flood from fewer addresses than there are places.
"""

from dataclasses import dataclass

from venue_server.wire import enrolment as wire

MAX_PENDING = 2_000
PENDING_REAL_S = 1_800.0
BEGUN_REAL_S = 60.0
SETTLED_REAL_S = 10.0
"""A place younger than this is not given up: it bounds how fast one address can ask."""


@dataclass
class Pending:
    """A machine that asks to be enrolled."""

    enrolment_id: str
    kind: str
    address: str
    commit: str
    server_nonce: bytes
    since: float  # monotonic seconds
    since_ms: int
    reveal: wire.Reveal | None = None
    code: str = ""
    outcome: wire.Outcome | None = None

    @property
    def waits(self) -> bool:
        """Nobody confirmed it yet."""
        return self.outcome is None


class PendingList:
    """Those that wait, by enrolment id; confirmed ones stay until they were told. ``per_address``
    places for each address."""

    def __init__(self, per_address: int) -> None:
        self._per_address = per_address
        self._all: dict[str, Pending] = {}

    def get(self, enrolment_id: str) -> Pending | None:
        """The machine of that id, while it waits."""
        return self._all.get(enrolment_id)

    def all(self) -> list[Pending]:
        """Everyone, oldest first."""
        return list(self._all.values())

    def forget_old(self, now: float) -> None:
        """A code is shown for half an hour; a machine without one is done in a moment."""

        def alive(each: Pending) -> bool:
            limit = PENDING_REAL_S if each.reveal else BEGUN_REAL_S
            return now - each.since < limit

        self._all = {key: each for key, each in self._all.items() if alive(each)}

    def add(self, new: Pending) -> bool:
        """Give a place; False when the address must wait."""
        now = new.since
        own = [each for each in self._all.values() if each.waits and each.address == new.address]
        if len(own) >= self._per_address:
            return self._exchange(_first_to_go(own), new, now)
        if len(self._all) < MAX_PENDING:
            self._all[new.enrolment_id] = new
            return True
        return self._exchange(self._of_the_largest(len(own)), new, now)

    def _of_the_largest(self, own: int) -> Pending | None:
        """Whose place a newcomer gets that already has ``own``: of an address that has more, or,
        when everyone has one, of the one that is furthest from being enrolled."""
        by_address: dict[str, list[Pending]] = {}
        for each in self._all.values():
            if each.waits:
                by_address.setdefault(each.address, []).append(each)
        largest = max(map(len, by_address.values()), default=0)
        if largest <= max(own, 1) and own > 0:
            return None
        held = [each for many in by_address.values() if len(many) == largest for each in many]
        return _first_to_go(held)

    def _exchange(self, old: Pending | None, new: Pending, now: float) -> bool:
        if old is None or now - old.since < SETTLED_REAL_S:
            return False
        del self._all[old.enrolment_id]
        self._all[new.enrolment_id] = new
        return True


def _first_to_go(held: list[Pending]) -> Pending | None:
    return min(held, key=lambda each: (each.reveal is not None, each.since), default=None)
