"""Wiping of stations: what each was ordered to destroy, and its own word that it did (L10, L11).

An order is a row before it is sent, and sent again at every hello until its station reported under
its own certificate: a station that is switched off today is wiped when it comes back. Nothing is
believed of a station but what it said itself.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.schema import station_wipe
from venue_server.wire.wiping_orders import PaperWiped, WipePaper


@dataclass(frozen=True)
class StationWipe:
    """One order to one station. ``reported_at_ms`` is None until the station said that it is done;
    ``left`` names what it found on its disk afterwards, which keeps the order open."""

    session_id: str
    machine_id: str
    paper_id: str
    sitting_id: str
    ordered_at_ms: int
    reported_at_ms: int | None
    left: tuple[str, ...]


class StationWipes:
    """The orders of every session of this venue."""

    def __init__(self, store: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms

    def order(
        self, tx: Connection, session_id: str, orders: Mapping[str, Sequence[WipePaper]]
    ) -> None:
        """Keep what each machine has to destroy, by machine id; again is harmless."""
        known = {(each.machine_id, each.paper_id, each.sitting_id) for each in _of(tx, session_id)}
        for machine_id, wanted in orders.items():
            for each in wanted:
                if (machine_id, each.paper_id, each.sitting_id) in known:
                    continue
                tx.execute(
                    station_wipe.insert().values(
                        session_id=session_id,
                        machine_id=machine_id,
                        paper_id=each.paper_id,
                        sitting_id=each.sitting_id,
                        sha256=json.dumps(each.sha256),
                        ordered_at_ms=self._now_ms(),
                    )
                )

    def pending(self, machine_id: str) -> list[WipePaper]:
        """What this station was ordered and has not reported."""
        query = select(station_wipe).where(
            station_wipe.c.machine_id == machine_id, station_wipe.c.reported_at_ms.is_(None)
        )
        rows = self._store.read(lambda tx: tx.execute(query).all())
        return [WipePaper(row.paper_id, row.sitting_id, json.loads(row.sha256)) for row in rows]

    async def reported(self, machine_id: str, message: PaperWiped) -> None:
        """A station says what it destroyed. What it still found keeps its order open."""

        def run(tx: Connection) -> None:
            where = (
                (station_wipe.c.machine_id == machine_id)
                & (station_wipe.c.paper_id == message.paper_id)
                & station_wipe.c.reported_at_ms.is_(None)
            )
            if message.sitting_id:
                where &= station_wipe.c.sitting_id == message.sitting_id
            sessions = tx.execute(select(station_wipe.c.session_id).where(where)).scalars().all()
            done = None if message.left else self._now_ms()
            values = {"left_behind": json.dumps(message.left), "reported_at_ms": done}
            tx.execute(update(station_wipe).where(where).values(**values))
            for session_id in dict.fromkeys(sessions):
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

    def of_session(self, session_id: str) -> list[StationWipe]:
        """Every order of a session."""
        return self._store.read(lambda tx: _of(tx, session_id))


def _of(tx: Connection, session_id: str) -> list[StationWipe]:
    query = select(station_wipe).where(station_wipe.c.session_id == session_id)
    return [_read(row) for row in tx.execute(query.order_by(station_wipe.c.machine_id))]


def _read(row: Row[Any]) -> StationWipe:
    return StationWipe(
        row.session_id,
        row.machine_id,
        row.paper_id,
        row.sitting_id,
        row.ordered_at_ms,
        row.reported_at_ms,
        tuple(json.loads(row.left_behind)),
    )
