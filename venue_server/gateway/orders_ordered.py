"""Orders about headquarters' orders: taken in by two people, looked at (I03, I11)."""

import asyncio
from pathlib import Path

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import tell_times
from venue_server.sitting.ordered.document import read_order
from venue_server.sitting.ordered.service import OrderBook
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.session_orders import GetSessionOrders, ImportSessionOrder

MAX_FILE = 1024 * 1024


class SessionOrderOrders:
    """Thin: permission was checked at the desk, the rules are in ``sitting/ordered``."""

    def __init__(self, parts: DeskParts, book: OrderBook) -> None:
        self._parts = parts
        self._book = book

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {"ImportSessionOrder": self._import, "GetSessionOrders": self._get}

    async def _import(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ImportSessionOrder)
        parts = self._parts
        try:
            data = await asyncio.to_thread(_read_file, Path(message.file))
        except OSError as error:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, error.strerror or message.file)
        keys, threshold = parts.headquarters_keys, parts.headquarters_threshold
        found = read_order(data, keys, threshold, parts.venue_id)
        if isinstance(found, Refusal):
            return found
        rooms = await self._book.keep(found, data, ordered.both)
        if isinstance(rooms, Refusal):
            return rooms
        tell_times(parts, found.session_id, rooms)
        parts.hub.venue_changed()
        return {"session_id": found.session_id, "kind": found.kind, "suspended": rooms}

    async def _get(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetSessionOrders)
        return {"orders": self._book.views(message.session_id)}


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE)
