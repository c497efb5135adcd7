"""Headquarters' orders about sessions: taken in by two people, durable, carried with the answers.

An order about a session that runs suspends its rooms in the same transaction, through the service
of the rooms' time. Nothing is ever deleted, overwritten or shortened by one.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.ordered import store as rows
from venue_server.sitting.ordered.document import SessionOrder
from venue_server.sitting.ordered.rules import judge_new
from venue_server.sitting.ordered.store import KeptOrder
from venue_server.sitting.ordered.texts import (
    not_carried,
    not_held,
    open_order,
    order_alarm,
    order_line,
)
from venue_server.sitting.roomtime import rules as room_rules
from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.sitting.sessions import SessionOrders
from venue_server.sitting.states import BEFORE_START
from venue_server.storage.engine import Store
from venue_server.wire.alarms import Alarm
from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.session_orders import OrderKind, SessionOrderView

_CARRIED = frozenset({SessionState.SEALED, SessionState.UPLOADED, SessionState.WIPED})


class OrderBook:
    """See the module's text. Reads come from memory; every order is durable before it counts.
    ``sealed_at_ms``: when the present bundle of a session was sealed, None before that."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        sittings: SessionOrders,
        times: RoomTimes,
        now_ms: Callable[[], int],
        sealed_at_ms: Callable[[str], int | None],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sittings = sittings
        self._times = times
        self._now_ms = now_ms
        self._sealed_at_ms = sealed_at_ms
        self._kept = self._load()

    def _load(self) -> list[tuple[KeptOrder, SessionOrder]]:
        return [(each, _order_in(each)) for each in self._store.read(rows.orders)]

    def about(self, session_id: str) -> list[tuple[KeptOrder, SessionOrder]]:
        """The orders about one session, in the sequence in which they came."""
        return [each for each in self._kept if each[0].session_id == session_id]

    def judge(self, new: SessionOrder) -> Refusal | None:
        """What :meth:`keep` would say to a verified order now."""
        return self._store.read(lambda tx: self._judge(tx, new))

    def _judge(self, tx: Connection, new: SessionOrder) -> Refusal | None:
        if new.session_id not in {each.session_id for each in self._sittings.sessions()}:
            return Refusal(RefusalCode.ORDER_SESSION_UNKNOWN, new.session_id)
        session = self._sittings.session_in(tx, new.session_id)
        known = [_order_in(each) for each in rows.orders(tx)]
        earlier = [each for each in known if each.session_id == new.session_id]
        tickets = [each.ticket_no for each in session.planned.candidates]
        return judge_new(new, earlier, session, tickets)

    async def keep(self, new: SessionOrder, document: bytes, persons: str) -> list[str] | Refusal:
        """Keep a verified order (:func:`judge_new`, ORD-02 for a session that is not here), and
        suspend every room that still runs where nobody is to go on; returns these rooms."""

        def run(tx: Connection) -> list[str]:
            refusal = self._judge(tx, new)
            if refusal is not None:
                raise RefusedError(refusal)
            stopped = self._suspend(tx, new, persons)
            now = self._now_ms()
            kept = KeptOrder(
                new.session_id,
                new.reference,
                new.kind,
                new.stops,
                document.decode(),
                now,
                persons,
            )
            rows.insert(tx, kept)
            self._tell(tx, new, stopped, persons)
            return stopped

        try:
            stopped = await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        finally:
            self._sittings.refresh()
        self._kept = self._load()
        return stopped

    def _suspend(self, tx: Connection, new: SessionOrder, persons: str) -> list[str]:
        session = self._sittings.session_in(tx, new.session_id)
        running = room_rules.to_suspend(session, "", self._now_ms())
        if not new.stops or isinstance(running, Refusal):
            return []  # somebody goes on, or nothing runs: before the start and after the end
        reason = f"{OrderKind(new.kind).text()} {new.reference}"
        return self._times.suspend_in(tx, new.session_id, "", reason, persons)

    def _tell(self, tx: Connection, new: SessionOrder, stopped: list[str], persons: str) -> None:
        self._ledger.record(
            tx,
            Event.SESSION_ORDERED,
            persons,
            session=new.session_id,
            kind=new.kind,
            reference=new.reference,
            reason=new.reason,
            later=new.later_session_id,
            tickets=new.tickets,
            suspended=stopped,
        )

    # ---- telling -------------------------------------------------------------------------

    def views(self, session_id: str = "") -> list[SessionOrderView]:
        """Every order about a session (empty: about any), as it was taken in."""
        return [_view(*each) for each in self._kept if session_id in ("", each[0].session_id)]

    def room_lines(self, session_id: str, _room_id: str) -> list[RecordLine]:
        """An order is in the record of every room of its session (K01)."""
        return [order_line(kept, order) for kept, order in self.about(session_id)]

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """Orders that no sealed bundle carries yet, and what a stop before the start leaves."""
        session, told = self._sittings.session(session_id), self.about(session_id)
        if session.state is SessionState.WIPED:
            return []
        if session.state in _CARRIED:
            sealed_at = self._sealed_at_ms(session_id)
            late = [one for kept, one in told if kept.imported_at_ms >= (sealed_at or 0)]
            return [not_carried(order) for order in late]
        unheld = session.state in BEFORE_START
        stops = [not_held(order) for _, order in told if order.stops and unheld]
        return stops + [open_order(order) for _, order in told]

    def alarms(self) -> list[Alarm]:
        """A banner for each order about a session that is not yet with headquarters."""
        going = {
            each.session_id
            for each in self._sittings.sessions()
            if each.state not in _CARRIED - {SessionState.SEALED}
        }
        return [order_alarm(order) for kept, order in self._kept if kept.session_id in going]

    def for_bundle(self, session_id: str) -> dict[str, Any]:
        """``records/orders.json``: whose sittings are only part of the whole and go on elsewhere,
        which session this one continues, and every order with its signatures."""
        found = self.about(session_id)
        continued = [one for _, one in found if one.kind == OrderKind.CONTINUE]
        return {
            "partial": bool(continued),
            "continued": [
                {"in": one.later_session_id, "tickets": one.tickets} for one in continued
            ],
            "continues": self._sittings.planned(session_id).continues,
            "orders": [
                {
                    "document": msgspec.json.decode(kept.document),
                    "imported_at_ms": kept.imported_at_ms,
                    "imported_by": kept.imported_by,
                }
                for kept, _ in found
            ],
        }


def _order_in(kept: KeptOrder) -> SessionOrder:
    """The order in a stored document; it was verified when it came."""
    return msgspec.convert(msgspec.json.decode(kept.document)["payload"], SessionOrder)


def _view(kept: KeptOrder, order: SessionOrder) -> SessionOrderView:
    return SessionOrderView(
        session_id=order.session_id,
        kind=OrderKind(order.kind),
        reference=order.reference,
        reason=order.reason,
        issued_at_ms=order.issued_at_ms,
        later_session_id=order.later_session_id,
        tickets=order.tickets,
        imported_at_ms=kept.imported_at_ms,
        imported_by=kept.imported_by,
    )
