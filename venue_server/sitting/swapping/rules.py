"""May this candidate go on at that spare (F12, F13, I07, C06)? Pure rules.

The seat that headquarters drew stays the candidate's seat in every record; a swap only says at
which machine of the same room they sit. Another room is refused: a room that cannot be used at all
is a matter for suspension and headquarters (F16), not for moving people one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from venue_server.sitting.rows import Sitting
from venue_server.sitting.states import AT_SEAT, CLOSED_SITTINGS, DOORS
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode

_NOBODY_COMES = frozenset({SittingState.LATE_REFUSED, SittingState.ABSENT, SittingState.NOT_HELD})


@dataclass(frozen=True)
class Swap:
    """One swap, as the table ``station_swap`` holds it. ``held``: the candidate had logged in at
    ``from_machine``; ``kept_seq`` and ``kept_head`` are the server's end of the chain then."""

    swap_id: int
    session_id: str
    sitting_id: str
    room_id: str
    at_ms: int
    from_seat: str
    from_machine: str
    held: bool
    to_seat: str
    to_machine: str
    kept_seq: int
    kept_head: str
    reason: str
    persons: str


@dataclass(frozen=True)
class Target:
    """The machine wanted as a spare. ``has_paper``: it holds verified ciphertext, or none is
    complete at the venue yet."""

    machine_id: str
    room_id: str
    seat_no: str
    online: bool
    has_paper: bool


@dataclass(frozen=True)
class Asked:
    """What the two people said."""

    reason: str
    person_confirmed: bool


class Unusable(StrEnum):
    """Why a machine is no spare now; the words go into the refusal's detail and the list."""

    SEAT_OF_ANOTHER = "SEAT_OF_ANOTHER"  # another candidate's seat
    IN_USE = "IN_USE"  # another candidate was moved there
    OFFLINE = "OFFLINE"
    NO_PAPER = "NO_PAPER"
    SAME = "SAME"  # the candidate sits there now


def unusable(
    target: Target, sitting_id: str, sittings: Iterable[Sitting], last: Iterable[Swap]
) -> Unusable | None:
    """Why ``target`` cannot be the spare of this sitting; None: it can. ``last`` holds the last
    swap of every moved sitting of the session. The candidate's own seat is always theirs."""
    rows = [each for each in sittings if each.sitting_id != sitting_id]
    place = target.room_id, target.seat_no
    if any((one.room_id, one.seat_no) == place and _may_come(one) for one in rows):
        return Unusable.SEAT_OF_ANOTHER
    moved = {swap.sitting_id: swap for swap in last}
    taken = [one for one in rows if one.sitting_id in moved and _may_come(one)]
    if any((one.room_id, moved[one.sitting_id].to_seat) == place for one in taken):
        return Unusable.IN_USE
    if not target.online:
        return Unusable.OFFLINE
    return None if target.has_paper else Unusable.NO_PAPER


def _may_come(sitting: Sitting) -> bool:
    return sitting.state not in _NOBODY_COMES


def may_swap(
    sitting: Sitting, session: SessionState, ended: bool, room_id: str, asked: Asked
) -> Refusal | None:
    """May this sitting be moved now at all? ``ended``: their own time is over."""
    if sitting.room_id != room_id:
        return Refusal(RefusalCode.ROOM_NOT_YOURS, sitting.room_id)
    if sitting.state in CLOSED_SITTINGS or session not in DOORS or ended:
        return Refusal(RefusalCode.SITTING_ENDED)
    if sitting.state not in AT_SEAT:
        return Refusal(RefusalCode.NOT_ADMITTED)
    if not asked.reason.strip():
        return Refusal(RefusalCode.SWAP_REASON_MISSING)
    return None if asked.person_confirmed else Refusal(RefusalCode.PERSON_UNCONFIRMED)


def last_holder(swaps: Iterable[Swap]) -> str:
    """The machine where the candidate last really sat before the swaps; empty when nowhere."""
    return next((each.from_machine for each in reversed(list(swaps)) if each.held), "")


def may_bring_tail(sitting: Sitting, swaps: Iterable[Swap], machine_id: str) -> bool:
    """May this machine still continue the chain? Only the one that held the sitting last, and only
    until somebody logs in at the spare: from then on the spare is the chain's one writer."""
    return sitting.machine_id == "" and machine_id != "" and last_holder(swaps) == machine_id
