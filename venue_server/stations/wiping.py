"""Wiping of stations: what each was ordered to destroy, and its own word that it did (L10, L11).

An order is a row before it is sent, and sent again at every hello until its station reported under
its own certificate: a station that is switched off today is wiped when it comes back. Nothing is
believed of a station but what it said itself.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.stations import store as rows
from venue_server.stations.store import StationWipe
from venue_server.storage.engine import Store
from venue_server.wire.wiping_orders import PaperWiped, WipePaper

ANSWERS = "answers"
"""What is left of a sitting whose answers never arrived, with their numbers."""


class StationWipes:
    """The orders of every session of this venue."""

    def __init__(self, store: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms
        self._with_answers: list[StationWipe] | None = None  # None: to be read again

    def order(
        self, tx: Connection, session_id: str, orders: Mapping[str, Sequence[WipePaper]]
    ) -> None:
        """Keep what each machine has to destroy, by machine id; again is harmless."""
        known = {
            (each.machine_id, each.paper_id, each.sitting_id)
            for each in rows.wipes_of_session(tx, session_id)
        }
        for machine_id, wanted in orders.items():
            for each in wanted:
                if (machine_id, each.paper_id, each.sitting_id) not in known:
                    rows.insert_wipe(tx, session_id, machine_id, each, self._now_ms())

    def pending(self, machine_id: str) -> list[WipePaper]:
        """What this station was ordered and has not reported."""
        if not rows.any_pending(self._store.known):
            return []
        return rows.pending_wipes(self._store.ask, machine_id)

    async def reported(self, machine_id: str, message: PaperWiped) -> None:
        """A station says what it destroyed. What it still found keeps its order open."""

        def run(tx: Connection) -> None:
            done = None if message.left else self._now_ms()
            for session_id in rows.report_wipe(tx, machine_id, message, done):
                self._ledger.record(
                    tx,
                    Event.STATION_WIPED,
                    machine_id,
                    session=session_id,
                    paper=message.paper_id,
                    sitting=message.sitting_id,
                    left=message.left,
                )

        await self._store.write(run)
        self._with_answers = None

    async def brings_answers(
        self, machine_id: str, session_id: str, sitting_id: str, first: int, last: int
    ) -> bool:
        """A station has answers of a session whose wiping was begun: nobody here can keep them any
        more, so its own order stays open and names them. False when no wiping was begun."""
        mine = [each for each in self.of_session(session_id) if each.machine_id == machine_id]
        order = next((each for each in mine if each.sitting_id == sitting_id), None)
        if order is None:
            return bool(self.of_session(session_id))
        left = [f"{ANSWERS} {first}-{last}"]
        if list(order.left) != left:
            await self.reported(machine_id, PaperWiped(order.paper_id, sitting_id, left))
        return True

    def with_answers(self) -> list[StationWipe]:
        """Orders that stay open because their station still has answers."""
        if self._with_answers is None:
            found = self._store.read(rows.open_wipes)
            self._with_answers = [
                each for each in found if any(name.startswith(ANSWERS) for name in each.left)
            ]
        return self._with_answers

    def waiting(self) -> set[str]:
        """Machines with an order that they have not reported."""
        return {each.machine_id for each in self._store.read(rows.open_wipes)}

    def of_session(self, session_id: str) -> list[StationWipe]:
        """Every order of a session."""
        return self._store.read(lambda tx: rows.wipes_of_session(tx, session_id))
