"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Coroutine
from typing import Any

from venue_server.day_equipment import EquipmentKeeper
from venue_server.foundation import Foundation
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.day_facts import CopyRule, DayFactsSource
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.orders_keeping import KeepingOrders
from venue_server.gateway.orders_records import RecordOrders
from venue_server.gateway.orders_room import RoomOrders


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts, closing: Closing) -> None:
        self._base = base
        self._parts = parts
        self._closing = closing
        settings = base.settings
        copies = CopyRule(settings.backups_required, not settings.same_device_allowed)
        parts.alarms.also(closing.exports.alarms)
        self._facts = DayFactsSource(closing, base.store, base.data, copies)

    def handlers(self) -> dict[str, Handler]:
        """Every order of these parts, by name."""
        return {
            **RoomOrders(self._parts).handlers(),
            **RecordOrders(self._closing, self._facts).handlers(),
            **KeepingOrders(self._closing).handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {
            "equipment": EquipmentKeeper(self._base.data, self._parts.clock.now_ms).run(),
        }
