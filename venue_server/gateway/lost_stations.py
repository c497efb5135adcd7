"""Watches for stations lost in number (I04, S1 §46(五)): that opens a SEVERE incident by itself.

Lost is a station that was here and is not any more while its candidate is at work. After a start of
the server nobody is lost before all had time to come back. One outage opens one incident: another
one only after the stations were back.
"""

import asyncio

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.not_back import wait_for_return
from venue_server.records.incidents.automatic import stations_lost
from venue_server.records.incidents.rules import are_lost
from venue_server.records.incidents.service import IncidentService
from venue_server.sitting.rows import Session
from venue_server.wire.names import SeatLink, SessionState

LOOK_S = 1.0
STAYS_S = 5.0
"""Real seconds that so many must stay away: a switch that blinks is no breakdown."""


class LostStations:
    """Looks once a second."""

    def __init__(self, parts: DeskParts, incidents: IncidentService) -> None:
        self._parts = parts
        self._incidents = incidents
        self._since: dict[str, float] = {}
        self._said: set[str] = set()

    async def run(self) -> None:
        """For ever."""
        await wait_for_return(self._parts)
        while True:
            now = asyncio.get_running_loop().time()
            for session in self._parts.sittings.sessions():
                if session.state is SessionState.STARTED:
                    await self.look(session, now)
            await asyncio.sleep(LOOK_S)

    async def look(self, session: Session, now_s: float) -> None:
        """Look at one session at ``now_s``, in seconds that only go forward."""
        key = session.session_id
        # Nearly always nobody is away: then a thousand sittings need not be read each second.
        lost, stations = self.count(key) if self._parts.presence.any_offline() else (0, 0)
        percent = self._parts.sittings.plan_of(session).thresholds.stations_lost_percent
        if not are_lost(lost, stations, percent):
            self._since.pop(key, None)
            self._said.discard(key)
            return
        since = self._since.setdefault(key, now_s)
        if key in self._said or now_s - since < STAYS_S:
            return
        self._said.add(key)
        at_ms = self._parts.clock.now_ms()
        if await self._incidents.raise_once(stations_lost(key, lost, stations, at_ms)) is not None:
            self._parts.hub.venue_changed()

    def count(self, session_id: str) -> tuple[int, int]:
        """(stations lost, stations with somebody at work)."""
        at_work = self._parts.sittings.machines_at_work(session_id)
        links = [self._parts.presence.of(machine_id).link for machine_id in at_work]
        return links.count(SeatLink.OFFLINE), len(at_work)
