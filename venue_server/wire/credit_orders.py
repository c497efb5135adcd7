"""Orders about one candidate's time and exceptions: 补时, reopening, special exit, breaks
(I07, I08, I10, I12, G01, H06).

The answers are described in docs/protocol.md. Instants are exam time in milliseconds, UTC.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Part, Second

SEAT_CREDIT_OPEN = "CREDIT_OPEN"
"""In ``SeatView.alerts``: 补时 waits for its decision; behind ``:`` the minutes."""
SEAT_REVOKE_OPEN = "REVOKE_OPEN"
"""In ``SeatView.alerts``: taking 补时 back waits for its decision; behind ``:`` the minutes."""
SEAT_AWAY = "SEAT_AWAY"
"""In ``SeatView.alerts``: the candidate is on a break."""


class GapCause(StrEnum):
    """What interrupted a candidate, as far as heartbeats and the answers' chain show it."""

    STATION = "STATION"  # the station's program or power went: the paper was opened anew
    LINK = "LINK"  # the line was away, the station lived on
    SERVER = "SERVER"  # the server was away, the station lived on
    OLD_END = "OLD_END"  # handed in by itself at an end that was moved meanwhile
    HAND_IN = "HAND_IN"  # handed in by the candidate and reopened: never given back


class CreditReason(StrEnum):
    """Why time is credited."""

    STATION_FAULT = "STATION_FAULT"
    POWER = "POWER"
    NETWORK = "NETWORK"
    SERVER = "SERVER"
    SWAP = "SWAP"
    DISTURBANCE = "DISTURBANCE"
    OLD_END = "OLD_END"
    OTHER = "OTHER"


class ExitReason(StrEnum):
    """Why somebody leaves while the room is closed (G01)."""

    ILLNESS = "ILLNESS"
    EVACUATION = "EVACUATION"
    VIOLATION = "VIOLATION"
    OTHER = "OTHER"


class LostTime(Part, frozen=True):
    """One interruption of one sitting. ``measured_ms`` is the time that was demonstrably lost; a
    line that was away while answers went on is listed with 0. ``end_ms`` is missing while it
    lasts. ``acts`` counts what the candidate did at the station meanwhile. ``event`` numbers the
    interruptions that began together in a room, 0 for one that stands alone."""

    cause: GapCause
    start_ms: int
    end_ms: int | None
    measured_ms: int
    acts: int
    event: int = 0


class Credit(Part, frozen=True):
    """One proposal of 补时 and what was decided; ``approved`` is missing while it is open.

    ``revokes`` is not 0 for a proposal to take back what is unconsumed of that credit: ``seconds``
    is then the most that it takes, ``taken_s`` what its approval took. ``revoked_s`` is what was
    taken back of a credit so far. ``end_before_ms`` and ``end_after_ms`` are the candidate's own
    end around an approval.
    """

    proposal_id: int
    sitting_id: str
    room_id: str
    seat_no: str
    ticket_no: str
    seconds: int
    measured_ms: int
    reason: str
    note: str
    reference: str
    proposed_by: str
    proposed_at_ms: int
    approved: bool | None = None
    decided_by: str = ""
    decided_at_ms: int = 0
    decision_note: str = ""
    revokes: int = 0
    taken_s: int = 0
    revoked_s: int = 0
    end_before_ms: int = 0
    end_after_ms: int = 0


class Interruption(Part, frozen=True):
    """One line of the interruption log (I12). ``cause`` is a GapCause or BREAK; ``action`` the
    proposal of 补时. ``why`` and ``done`` are the words of the incident that names the seat."""

    room_id: str
    seat_no: str
    ticket_no: str
    name: str
    station_id: str
    cause: str
    start_ms: int
    end_ms: int | None
    measured_ms: int
    event: int = 0
    action: str = ""
    by: str = ""
    approved_by: str = ""
    reference: str = ""
    incident_id: str = ""
    why: str = ""
    done: str = ""


class GetCredits(Message, frozen=True):
    """The proposals of a room (empty: of every room of one's own), newest first."""

    n: int
    room_id: str = ""


class GetLostTime(Message, frozen=True):
    """What one sitting lost, measured now, with its proposals."""

    n: int
    room_id: str
    sitting_id: str


class ProposeTime(Message, frozen=True):
    """Propose 补时 for one candidate (I07). ``seconds`` 0: what was measured and not credited yet,
    rounded up to whole minutes. Above the plan's cap only with headquarters' ``reference``."""

    n: int
    room_id: str
    sitting_id: str
    reason: CreditReason
    seconds: int = 0
    note: str = ""
    reference: str = ""


class RevokeTime(Message, frozen=True):
    """Propose to take back what is unconsumed of an approved credit that was a wrong entry (I07).
    ``seconds``: at most so much of it; 0 is all. ``reason`` is asked for always. It is decided by
    ``DecideTime``, as a credit is."""

    n: int
    room_id: str
    proposal_id: int
    reason: str
    seconds: int = 0


class DecideTime(Message, frozen=True):
    """The chief or a deputy, never the one who proposed, decides (I07)."""

    n: int
    proposal_id: int
    approve: bool
    note: str = ""


class ReopenSitting(Message, frozen=True):
    """Undo a hand-in that was a mistake, before the sitting's end (I10, F15)."""

    n: int
    sitting_id: str
    reason: str
    second: Second


class ExitSpecially(Message, frozen=True):
    """Let somebody leave while the room is closed (G01): answers are taken as they stand."""

    n: int
    sitting_id: str
    cause: ExitReason
    reason: str
    second: Second


class StartBreak(Message, frozen=True):
    """暂离: the station locks, the paper is hidden, time runs on (H06, F11)."""

    n: int
    room_id: str
    sitting_id: str


class EndBreak(Message, frozen=True):
    """The candidate is back; the station unlocks."""

    n: int
    room_id: str
    sitting_id: str


class GetInterruptions(Message, frozen=True):
    """The interruption log of a room, or of the whole venue (I12)."""

    n: int
    room_id: str = ""


CreditMessage = (
    GetCredits
    | GetLostTime
    | ProposeTime
    | RevokeTime
    | DecideTime
    | ReopenSitting
    | ExitSpecially
    | StartBreak
    | EndBreak
    | GetInterruptions
)
