"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Coroutine
from typing import Any

from venue_server.foundation import Foundation
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.credit_records import CreditRecords
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.lost_time_watch import LostTimeWatch
from venue_server.gateway.orders_credit import CreditOrders
from venue_server.gateway.orders_room import RoomOrders


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts) -> None:
        self._base = base
        self._parts = parts
        self._lost_time = LostTimeWatch(parts)
        credit_records = CreditRecords(parts)
        parts.sources.room_lines.append(credit_records.lines)
        parts.sources.open_points.append(credit_records.points)

    def handlers(self) -> dict[str, Handler]:
        """Every order of these parts, by name."""
        return {
            **RoomOrders(self._parts).handlers(),
            **CreditOrders(self._parts, self._lost_time).handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {"lost-time": self._lost_time.run()}
