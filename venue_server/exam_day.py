"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from venue_server.day_people import PeopleKeeper
from venue_server.foundation import Foundation
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.orders_accounts import AccountOrders
from venue_server.gateway.orders_people import PeopleOrders
from venue_server.gateway.orders_room import RoomOrders


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts) -> None:
        self._base = base
        self._parts = parts

        parts.sources.room_lines.append(parts.people.room_lines)
        parts.sources.open_points.append(parts.people.open_points)

    def handlers(self, people_changed: Callable[[], None]) -> dict[str, Handler]:
        """Every order of these parts, by name. ``people_changed`` tells the desk."""
        self._people_changed = people_changed
        return {
            **RoomOrders(self._parts).handlers(),
            **PeopleOrders(self._parts, people_changed).handlers(),
            **AccountOrders(self._parts, people_changed).handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {
            "people": PeopleKeeper(self._parts, self._people_changed).run(),
        }
