"""Keeps an eye on people: a post that ends by itself, a room with fewer than two (A04, F21)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from venue_server.gateway.desk_parts import DeskParts
from venue_server.staff.person import Person
from venue_server.staff.readiness import INVIGILATORS_PER_ROOM, invigilators_here
from venue_server.storage.engine import StoreFault
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.names import SessionState

WATCH_S = 1.0
Standing = list[tuple[str, frozenset[str], frozenset[str], bool]]


class PeopleKeeper:
    """``people_changed`` tells the desk that somebody may act otherwise than before."""

    def __init__(self, parts: DeskParts, people_changed: Callable[[], None]) -> None:
        self._parts = parts
        self._people_changed = people_changed
        self._short: dict[str, int] = {}
        parts.alarms.also(self.alarms)

    async def run(self) -> None:
        """For ever."""
        before: Standing = []
        while True:
            people = self._parts.staff.people()
            now = _standing(people)
            if before and now != before:
                self._people_changed()
            before = now
            await self._look_at_rooms(people)
            await asyncio.sleep(WATCH_S)

    def alarms(self) -> list[Alarm]:
        """Rooms that are sat in with fewer than two invigilators."""
        return [
            Alarm(AlarmCode.ROOM_UNDERSTAFFED, {"room": room, "count": str(count)})
            for room, count in sorted(self._short.items())
        ]

    async def _look_at_rooms(self, people: list[Person]) -> None:
        """Record when a room falls below two, and when it is well again."""
        session = self._parts.sittings.current_session()
        if session is None or session.state is not SessionState.STARTED:
            self._short = {}
            return
        since_ms = max(self._parts.day_began_ms(), 1)
        here = [one for one in people if one.active and one.signed_in_at_ms >= since_ms]
        rooms = sorted({one.room_id for one in session.planned.candidates})
        kept = self._parts.people.duties.staffing(session.session_id)
        self._short = {}
        for room_id in rooms:
            count = invigilators_here(here, room_id)
            short = count < INVIGILATORS_PER_ROOM
            if short:
                self._short[room_id] = count
            before = kept.get(room_id, INVIGILATORS_PER_ROOM)
            if count != before and (short or before < INVIGILATORS_PER_ROOM):
                # A store that cannot write has its own alarm; the next look tries again.
                with suppress(StoreFault):
                    await self._parts.people.duties.note_staffing(
                        session.session_id, room_id, count
                    )


def _standing(people: list[Person]) -> Standing:
    return [(one.person_id, frozenset(one.roles), one.rooms, one.active) for one in people]
