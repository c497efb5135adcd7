"""What somebody in the room does to a simulated station, as one JSON line of standard input."""

import msgspec

EVERY_STATION = -1


class Deed(msgspec.Struct, frozen=True):
    """``do`` is one of: ``restart``; ``unplug`` and ``plug``; ``cable`` and ``no-cable`` (to the
    Internet); ``sit``, by the candidate of ``ticket_no``, and ``rise``; ``code``: the room start
    code ``code`` is told here, and typed where it is asked (E04). ``index`` is the station's, or
    EVERY_STATION."""

    do: str
    index: int = EVERY_STATION
    ticket_no: str = ""
    code: str = ""


def read_deed(line: str) -> Deed | None:
    """None when the line is no deed."""
    try:
        return msgspec.json.decode(line, type=Deed)
    except msgspec.DecodeError:
        return None
