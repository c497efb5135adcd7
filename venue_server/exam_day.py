"""Composition of what people do on the exam day: people, doors, time, incidents, records.

Each part has one place here: its orders for the desk, its keeper beside the doors, and what it
tells the day's records. ``node.py`` builds what they stand on.
"""

from collections.abc import Coroutine
from typing import Any

from venue_server.foundation import Foundation
from venue_server.gateway.console_desk import Handler
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.lost_stations import LostStations
from venue_server.gateway.orders_incidents import IncidentOrders
from venue_server.gateway.orders_room import RoomOrders
from venue_server.gateway.orders_violations import ViolationOrders
from venue_server.records.incidents.service import IncidentService
from venue_server.records.violations.service import ViolationService


class ExamDay:
    """The parts of one running venue's exam day."""

    def __init__(self, base: Foundation, parts: DeskParts) -> None:
        self._base = base
        self._parts = parts
        self._incidents = IncidentService(base.store, base.ledger, base.clock.now_ms)
        self._violations = ViolationService(
            base.store, base.ledger, parts.sittings, self._incidents, base.clock.now_ms
        )
        self._incident_orders = IncidentOrders(parts, self._incidents, self._violations)
        self._violation_orders = ViolationOrders(parts, self._violations)
        self._tell_incidents(parts)

    def _tell_incidents(self, parts: DeskParts) -> None:
        sources = parts.sources
        sources.room_lines += [self._incidents.room_lines, self._violation_orders.room_lines]
        sources.open_points += [self._incidents.open_points, self._violation_orders.open_points]
        sources.bundle_parts["incidents"] = self._incidents.for_bundle
        sources.bundle_parts["violations"] = self._violations.for_bundle
        sources.holds.append(lambda session_id: bool(self._incidents.holds(session_id)))
        parts.alarms.also(self._incident_orders.alarms)
        parts.alarms.also(self._violation_orders.alarms)

    def handlers(self) -> dict[str, Handler]:
        """Every order of these parts, by name."""
        return {
            **RoomOrders(self._parts).handlers(),
            **self._incident_orders.handlers(),
            **self._violation_orders.handlers(),
        }

    def keepers(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Work that goes on while the doors are open, by the name of its task."""
        return {"lost stations": LostStations(self._parts, self._incidents).run()}
