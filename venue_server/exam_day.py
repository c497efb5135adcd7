"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Coroutine
from typing import Any

from venue_server.foundation import Foundation
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.orders_room import RoomOrders
from venue_server.gateway.orders_roomtime import RoomTimeOrders
from venue_server.sitting.roomtime.service import RoomTimes


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts) -> None:
        self._base = base
        self._parts = parts
        self._room_times = _room_times(base, parts)
        parts.sources.room_lines.append(self._room_times.room_lines)
        parts.sources.open_points.append(self._room_times.open_points)
        parts.alarms.also(self._room_times.alarms)

    def handlers(self) -> dict[str, Handler]:
        """Every order of these parts, by name."""
        return {
            **RoomOrders(self._parts).handlers(),
            **RoomTimeOrders(self._parts, self._room_times).handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {}


def _room_times(base: Foundation, parts: DeskParts) -> RoomTimes:
    def lead_ms() -> int:
        return int(base.settings.room_lead_s * 1000 * base.clock.rate)

    return RoomTimes(base.store, base.ledger, parts.sittings, base.clock.now_ms, lead_ms)
