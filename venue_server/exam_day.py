"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Coroutine
from typing import Any

from venue_server.foundation import Foundation
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.journal_import import JournalImport
from venue_server.gateway.orders_room import RoomOrders
from venue_server.gateway.orders_swap import SwapOrders
from venue_server.gateway.swap_keeper import SwapKeeper
from venue_server.gateway.swap_lines import SwapRecords
from venue_server.intake.custody.service import Custody


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts) -> None:
        self._base = base
        self._parts = parts
        self._swap_keeper = SwapKeeper(parts)
        swap_records = SwapRecords(parts, base.store)
        parts.sources.room_lines.append(swap_records.room_lines)
        parts.sources.open_points.append(swap_records.open_points)
        parts.alarms.also(self._swap_keeper.alarms)

    def handlers(self) -> dict[str, Handler]:
        """Every order of these parts, by name."""
        return {
            **RoomOrders(self._parts).handlers(),
            **SwapOrders(self._parts, self._swap_keeper, self._journals()).handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {"swaps": self._swap_keeper.run()}

    def _journals(self) -> JournalImport:
        base, parts = self._base, self._parts
        custody = Custody(base.store, base.ledger, parts.staff.people, parts.clock.now_ms)
        return JournalImport(parts, custody, self._swap_keeper)
