"""Orders about headquarters' orders: taken in by two people, looked at (I03, I11)."""

from collections.abc import Callable
from pathlib import Path

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import tell_times
from venue_server.release.arriving.store import LineDocument
from venue_server.sitting.ordered.document import SessionOrder, read_order
from venue_server.sitting.ordered.service import OrderBook
from venue_server.storage.media_lanes import on_medium
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.session_orders import (
    ArrivedOrderView,
    GetSessionOrders,
    ImportSessionOrder,
    OrderKind,
    TakeSessionOrder,
)
from venue_server.wire.station_messages import ReleaseHeld

MAX_FILE = 1024 * 1024
SHORTEST_DIGEST = 8
Waiting = Callable[[], list[tuple[LineDocument, SessionOrder]]]
"""Orders that came over the line and that nobody took in yet."""


class SessionOrderOrders:
    """Thin: permission was checked at the desk, the rules are in ``sitting/ordered``."""

    def __init__(self, parts: DeskParts, book: OrderBook, waiting: Waiting) -> None:
        self._parts = parts
        self._book = book
        self._waiting = waiting

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "ImportSessionOrder": self._import,
            "TakeSessionOrder": self._take,
            "GetSessionOrders": self._get,
        }

    async def _import(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ImportSessionOrder)
        parts = self._parts
        try:
            data = await on_medium(Path(message.file), _read_file, Path(message.file))
        except OSError as error:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, error.strerror or message.file)
        keys, threshold = parts.headquarters_keys, parts.headquarters_threshold
        found = read_order(data, keys, threshold, parts.venue_id)
        if isinstance(found, Refusal):
            return found
        return await self._keep(found, data, ordered)

    async def _take(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, TakeSessionOrder)
        digest = message.sha256.strip().lower()
        meant = [each for each in self._waiting() if each[0].sha256.startswith(digest)]
        if len(digest) < SHORTEST_DIGEST or len(meant) != 1:
            return Refusal(RefusalCode.ORDER_NOT_WAITING, digest)
        ((kept, found),) = meant
        return await self._keep(found, kept.document.encode(), ordered)

    async def _keep(self, found: SessionOrder, data: bytes, ordered: Ordered) -> Result | Refusal:
        parts = self._parts
        rooms = await self._book.keep(found, data, ordered.both)
        if isinstance(rooms, Refusal):
            return rooms
        tell_times(parts, found.session_id, rooms)
        if parts.release_held():
            parts.hub.to_stations(ReleaseHeld(True), lambda _machine_id: True)
        parts.hub.venue_changed()
        return {"session_id": found.session_id, "kind": found.kind, "suspended": rooms}

    async def _get(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetSessionOrders)
        waiting = [
            ArrivedOrderView(
                sha256=kept.sha256,
                session_id=found.session_id,
                kind=OrderKind(found.kind),
                reference=found.reference,
                reason=found.reason,
                issued_at_ms=found.issued_at_ms,
                arrived_at_ms=kept.arrived_at_ms,
            )
            for kept, found in self._waiting()
            if message.session_id in ("", found.session_id)
        ]
        return {"orders": self._book.views(message.session_id), "waiting": waiting}


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE)
