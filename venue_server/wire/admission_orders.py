"""Orders at a room's door: doubts, corrections, kept items, visitors (A09, F02-F04, F09, F14).

The answers are described in docs/protocol.md. Instants are exam time in milliseconds, UTC.
"""

from venue_server.wire.frames import Message, Part, Second
from venue_server.wire.names import ChiefWord, DoubtKind, DoubtState, ItemKind


class LookUpCandidate(Message, frozen=True):
    """What the list says of a ticket, to hold beside the person and the documents (F02, F08)."""

    n: int
    room_id: str
    ticket_no: str


class AdmitInDoubt(Message, frozen=True):
    """Two invigilators of the room let somebody in whose identity is in doubt (F14)."""

    n: int
    room_id: str
    ticket_no: str
    note: str
    second: Second


class SettleDoubt(Message, frozen=True):
    """Two invigilators of the room compared again and sign what they found (F14)."""

    n: int
    room_id: str
    doubt_id: str
    verified: bool
    note: str
    second: Second


class DecideDoubt(Message, frozen=True):
    """The chief decides about an identity that could not be verified (F14)."""

    n: int
    doubt_id: str
    word: ChiefWord
    note: str


class RequestCorrection(Message, frozen=True):
    """File a correction of the registration: name or identity number, never both (F04). Nothing is
    changed at the venue."""

    n: int
    room_id: str
    ticket_no: str
    reason: str
    name: str = ""
    id_number: str = ""

    def __repr__(self) -> str:
        return f"RequestCorrection({self.n}, {self.room_id!r}, {self.ticket_no!r})"


class KeepItem(Message, frozen=True):
    """Take an item into custody and get its receipt (F09)."""

    n: int
    room_id: str
    ticket_no: str
    kind: ItemKind
    what: str
    candidate_signed: bool
    second: Second


class ReturnItem(Message, frozen=True):
    """The item leaves custody: back to the candidate, or ``handed_to`` somebody else (F09)."""

    n: int
    room_id: str
    receipt_no: str
    signed: bool
    second: Second
    handed_to: str = ""


class ApproveVisitor(Message, frozen=True):
    """The chief or a deputy approves somebody else's visit to one room (A09)."""

    n: int
    room_id: str
    name: str
    unit: str
    reason: str


class VisitorIn(Message, frozen=True):
    n: int
    room_id: str
    visitor_id: str


class VisitorOut(Message, frozen=True):
    n: int
    room_id: str
    visitor_id: str


class GetDoorLog(Message, frozen=True):
    """Everything kept about a room's door in the current session; an empty room means all."""

    n: int
    room_id: str


AdmissionMessage = (
    LookUpCandidate
    | AdmitInDoubt
    | SettleDoubt
    | DecideDoubt
    | RequestCorrection
    | KeepItem
    | ReturnItem
    | ApproveVisitor
    | VisitorIn
    | VisitorOut
    | GetDoorLog
)

# ---- what the answers hold -------------------------------------------------------------------


class CandidateCard(Part, frozen=True):
    """Answer to LookUpCandidate. The number is masked; the server compares what is typed (O08).
    ``state`` is the sitting's, ``doubts`` what is open at the door."""

    ticket_no: str
    name: str
    id_document: str
    id_number_masked: str
    room_id: str
    seat_no: str
    state: str
    photo: str = ""
    name_on_document: str = ""
    rare_char_note: str = ""
    arrangements: list[str] = []
    doubts: list[DoubtKind] = []
    admitted_at_ms: int = 0


class DoubtLine(Part, frozen=True):
    doubt_id: str
    room_id: str
    ticket_no: str
    name: str
    seat_no: str
    kinds: list[DoubtKind]
    state: DoubtState
    raised_at_ms: int
    admitted_at_ms: int = 0
    settled_at_ms: int = 0
    decided_at_ms: int = 0
    word: ChiefWord | None = None
    note: str = ""


class ItemLine(Part, frozen=True):
    receipt_no: str
    room_id: str
    ticket_no: str
    name: str
    kind: ItemKind
    what: str
    kept_at_ms: int
    kept_by: str
    candidate_signed: bool
    ended_at_ms: int = 0
    handed_to: str = ""


class VisitorLine(Part, frozen=True):
    visitor_id: str
    room_id: str
    name: str
    unit: str
    reason: str
    approved_by: str
    in_ms: int = 0
    out_ms: int = 0


class CorrectionLine(Part, frozen=True):
    """``wish`` is what is asked for; a number is masked."""

    correction_id: str
    room_id: str
    ticket_no: str
    field: str
    wish: str
    reason: str
    filed_at_ms: int


class DoorLog(Part, frozen=True):
    """Answer to GetDoorLog."""

    doubts: list[DoubtLine] = []
    items: list[ItemLine] = []
    visitors: list[VisitorLine] = []
    corrections: list[CorrectionLine] = []
