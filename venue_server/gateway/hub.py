"""Who is connected, and what has changed since the consoles were last told.

Board changes are coalesced: many changes of one seat between two flushes cost one message, so a
thousand busy stations cannot flood a console (P10).
"""

import asyncio
from collections.abc import Callable

from venue_server.gateway.connection import Connection
from venue_server.wire.codec import encode_frame
from venue_server.wire.frames import Message
from venue_server.wire.upload_orders import Uploads

FLUSH_S = 0.2


class Hub:
    """The live connections by machine id, and the set of changed seats."""

    def __init__(self) -> None:
        self.stations: dict[str, Connection] = {}
        self._open: dict[str, list[Connection]] = {}  # by name, oldest first
        self._changed_seats: set[tuple[str, str]] = set()
        self._venue_changed = False
        self._uploads_changed = False
        self.uploads: Uploads | None = None  # as they were last told
        self._wake = asyncio.Event()

    # ---- every connection ----------------------------------------------------------------

    def opened(self, connection: Connection) -> None:
        """A conversation begins, with a station or at a console."""
        self._open.setdefault(connection.name, []).append(connection)

    def closed(self, connection: Connection) -> None:
        """It ended."""
        own = self._open.get(connection.name, [])
        if connection in own:
            own.remove(connection)
        if not own:
            self._open.pop(connection.name, None)

    def is_open(self, machine_id: str) -> bool:
        """Does one machine talk with us now?"""
        return machine_id in self._open

    def make_room(self, machine_id: str, most: int) -> None:
        """One more conversation of this machine begins: the oldest ones beyond ``most`` end."""
        own = self._open.get(machine_id, [])
        for connection in own[: max(0, len(own) - most + 1)]:
            connection.cut()

    def cut(self, machine_id: str) -> None:
        """End every conversation of one machine."""
        for connection in list(self._open.get(machine_id, [])):
            connection.cut()

    def cut_all(self) -> None:
        """End every conversation; peers come back when the server does."""
        for own in list(self._open.values()):
            for connection in list(own):
                connection.cut()

    # ---- stations ------------------------------------------------------------------------

    def station_up(self, machine_id: str, connection: Connection) -> None:
        """Enter a station's connection; an older one of the same machine is cut."""
        older = self.stations.get(machine_id)
        if older is not None:
            older.cut()
        self.stations[machine_id] = connection

    def station_down(self, machine_id: str, connection: Connection) -> bool:
        """Take a connection out; False when a newer one already took its place."""
        if self.stations.get(machine_id) is not connection:
            return False
        del self.stations[machine_id]
        return True

    def to_station(self, machine_id: str, message: Message) -> None:
        """Send to one station if it is connected; it catches up at its next hello otherwise."""
        connection = self.stations.get(machine_id)
        if connection is not None:
            connection.send(message)

    def to_stations(self, message: Message, where: Callable[[str], bool]) -> None:
        """Send the same message to every connected station that ``where`` picks."""
        frame = encode_frame(message)
        for machine_id, connection in list(self.stations.items()):
            if where(machine_id):
                connection.send_frame(frame)

    # ---- the board -----------------------------------------------------------------------

    def seat_changed(self, room_id: str, seat_no: str) -> None:
        """A seat's view may be another one now."""
        self._changed_seats.add((room_id, seat_no))
        self._wake.set()

    def venue_changed(self) -> None:
        """The venue's or a room's head line may be another one now."""
        self._venue_changed = True
        self._wake.set()

    def uploads_now(self, uploads: Uploads) -> None:
        """How far the uploads are; nobody is told when nothing is another."""
        if uploads != self.uploads:
            self.uploads = uploads
            self._uploads_changed = True
            self._wake.set()

    async def changes(self) -> tuple[set[tuple[str, str]], bool, bool]:
        """Wait for changes, let more gather for a moment, and take them all: seats, whether the
        head lines may be other ones, whether the uploads went on."""
        await self._wake.wait()
        await asyncio.sleep(FLUSH_S)
        self._wake.clear()
        seats, self._changed_seats = self._changed_seats, set()
        venue, self._venue_changed = self._venue_changed, False
        uploads, self._uploads_changed = self._uploads_changed, False
        return seats, venue, uploads
