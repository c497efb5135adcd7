"""The go/no-go board before the release is armed (E01, E05, A04), as the server sees it.

The server decides line by line (docs/protocol.md, ReadyLine); nothing is computed again here.
NO_GO keeps the arm button shut. OVERRIDE opens it only after the chief has ticked the list of what
is not ready. WAIT and WARN are shown and never block.
"""

from collections.abc import Sequence

from venue_server.wire.console_views import ReadyLine, VenueView
from venue_server.wire.names import ReadyKind, ReadyVerdict


def checks(venue: VenueView) -> tuple[ReadyLine, ...]:
    """All lines in the order they are read out; none once the papers are released."""
    return tuple(venue.ready)


def may_arm(found: Sequence[ReadyLine], overridden: bool) -> bool:
    """True when nothing is NO_GO and every OVERRIDE has been ticked."""
    verdicts = {line.verdict for line in found}
    if not found or ReadyVerdict.NO_GO in verdicts:
        return False
    return overridden or ReadyVerdict.OVERRIDE not in verdicts


def to_go_without(found: Sequence[ReadyLine]) -> tuple[str, ...]:
    """What both people agree to go without, as the order names it: seats as "room-seat", other
    lines by their kind (E05)."""
    open_ones = (line for line in found if line.verdict is ReadyVerdict.OVERRIDE)
    return tuple(name for line in open_ones for name in line.names or [line.kind.value])


def unready_seats(found: Sequence[ReadyLine]) -> tuple[str, ...]:
    """Seats ("room-seat") of candidates in the room whose station lacks its verified paper."""
    stations = (line for line in found if line.kind is ReadyKind.STATIONS)
    return tuple(name for line in stations for name in line.names)
