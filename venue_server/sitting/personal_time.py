"""One candidate's own instants: those of the room, with the end moved by their own extra time.

The room's closure stays the room's (REQUIREMENTS §10.4). Nothing here can shorten time.
"""

from venue_server.sitting.rows import Session
from venue_server.wire.messages import Timing


def personal_times(session: Session, room_id: str, extra_s: int) -> Timing:
    """``extra_s``: the signed plan's access arrangement and every approved 补时, in seconds."""
    assert extra_s >= 0, "time is never shortened"
    return session.times_in(room_id, extra_s)
