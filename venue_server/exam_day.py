"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Coroutine
from typing import Any

from venue_server.foundation import Foundation
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.orders_admission import AdmissionOrders
from venue_server.gateway.orders_room import RoomOrders
from venue_server.sitting.door.service import DoorBook


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts) -> None:
        self._base = base
        self._parts = parts
        self._admission = self._at_the_doors()

    def handlers(self) -> dict[str, Handler]:
        """Every order of these parts, by name."""
        return {
            **RoomOrders(self._parts).handlers(),
            **self._admission.handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {}

    def _at_the_doors(self) -> AdmissionOrders:
        base, parts = self._base, self._parts
        door = DoorBook(base.store, base.ledger, parts.sittings, parts.clock.now_ms, base.keys.hpke)
        parts.sources.room_lines.append(door.room_lines)
        parts.sources.open_points.append(door.open_points)
        orders = AdmissionOrders(parts, door)
        parts.alarms.also(orders.alarms)
        return orders
