"""Stations that were at work when this server last ran and have not come back (F1, F3, I04, I12).

A power cut takes stations and server at once. The server that starts again has never seen the ones
that stay dark, but it knows whose candidates were answering at them: for the board they are away,
not new; and once the others had time to return, their silence is on record, from when they were
here for certain.
"""

import asyncio

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.lost_time_watch import station_lost
from venue_server.wire.credit_orders import GapCause
from venue_server.wire.names import SeatLink

RETURN_S = 30.0
"""Real seconds in which a whole venue comes back to a server that started again (P5), and more."""


async def wait_for_return(parts: DeskParts) -> None:
    """After a start: tell at once who is away, and note in the end who stayed away."""
    expected = parts.credits.here_before
    if not expected:
        return
    for machine_id, seen_ms in expected.items():
        parts.presence.was_here(machine_id, seen_ms)
    await asyncio.sleep(RETURN_S)
    for machine_id, seen_ms in expected.items():
        now = parts.presence.of(machine_id)
        # One that came and left again was seen later than that, and its silence is noted.
        if now.link is SeatLink.OFFLINE and now.last_seen_ms == seen_ms:
            station_lost(parts, machine_id, GapCause.SERVER)
