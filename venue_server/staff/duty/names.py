"""Words of the staff's day that are stored and sent."""

from enum import StrEnum


class RecusalKind(StrEnum):
    """What a person declares about themselves for a session (B03, S1 §49)."""

    NONE = "NONE"  # no relation to any candidate, no other interest
    CANDIDATE = "CANDIDATE"  # to one candidate, named by the ticket number
    ROOM = "ROOM"  # to somebody in a room
    VENUE = "VENUE"  # to the venue's exam as a whole


class RecusalScope(StrEnum):
    """What the chief decides."""

    NONE = "NONE"
    ROOMS = "ROOMS"  # never in these rooms
    VENUE = "VENUE"  # leaves the work at once


class AssignedBy(StrEnum):
    """How somebody came to a room."""

    DRAW = "DRAW"
    OVERRIDE = "OVERRIDE"
