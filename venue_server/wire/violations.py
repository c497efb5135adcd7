"""Violations and observations as values: what the venue recorded, as it now stands (V01-V09).

A violation record is the sum of its entries; nothing in it is changed or deleted (V08). Instants
are exam time in ms, UTC; 0 means "not given".
"""

from enum import StrEnum

from venue_server.wire.frames import Part


class ViolationStep(StrEnum):
    """One entry of a violation record."""

    RECORDED = "RECORDED"
    ADDED = "ADDED"  # statement, further facts or evidence: the signatures before are void
    ITEM_TAKEN = "ITEM_TAKEN"
    ITEM_RETURNED = "ITEM_RETURNED"
    CANDIDATE_SIGNED = "CANDIDATE_SIGNED"
    CANDIDATE_REFUSED = "CANDIDATE_REFUSED"
    CHIEF_SIGNED = "CHIEF_SIGNED"
    WITHDRAWN = "WITHDRAWN"


class CandidateSignature(StrEnum):
    """What the candidate did with the paper form (V06)."""

    MISSING = ""
    SIGNED = "SIGNED"
    REFUSED = "REFUSED"


class ViolationItem(Part, frozen=True):
    """An item kept against a receipt: its number, what it is, the two staff who took it (V06)."""

    number: str
    what: str
    taken_at_ms: int
    staff: list[str]
    candidate_signed: bool
    returned_at_ms: int = 0
    returned_by: list[str] = []


class ViolationFacts(Part, frozen=True):
    """What is written down. ``evidence`` names things and files; ``camera`` and ``camera_marks``
    point into the venue's video (I13)."""

    facts: str = ""
    place: str = ""
    happened_at_ms: int = 0
    warned_at_ms: int = 0
    warned_by: str = ""
    statement: str = ""
    evidence: list[str] = []
    camera: str = ""
    camera_marks: str = ""


class ViolationView(Part, frozen=True):
    """One record as it now stands. ``code`` is a suggestion (V01). ``content_hash`` is what the
    chief signs: SHA-256 of the canonical JSON of everything but the chief's signature."""

    violation_id: str
    code: str
    session_id: str
    room_id: str
    seat_no: str
    sitting_id: str
    ticket_no: str
    name: str
    recorded_at_ms: int
    recorded_by: str
    facts: ViolationFacts
    items: list[ViolationItem] = []
    candidate: CandidateSignature = CandidateSignature.MISSING
    witnesses: list[str] = []
    content_hash: str = ""
    chief: str = ""
    chief_at_ms: int = 0
    withdrawn_at_ms: int = 0
    withdrawn_by: str = ""
    withdrawn_why: str = ""
    withdrawn_ref: str = ""

    @property
    def counts(self) -> bool:
        """Does it stand (V08)?"""
        return not self.withdrawn_at_ms


class Verdict(StrEnum):
    """What a person decided about an observation (V09)."""

    OPEN = ""
    ATTACHED = "ATTACHED"  # it is evidence of a violation that a person recorded
    DISMISSED = "DISMISSED"


class ObservationView(Part, frozen=True):
    """What a station noticed, and what a person made of it. It never becomes a violation by
    itself (V09)."""

    observation_id: int
    session_id: str
    room_id: str
    seat_no: str
    sitting_id: str
    ticket_no: str
    alert: str
    at_ms: int
    verdict: Verdict = Verdict.OPEN
    violation_id: str = ""
    remark: str = ""
    decided_by: str = ""
    decided_at_ms: int = 0


class Hold(Part, frozen=True):
    """A legal hold (V07, I05): nothing of this session is purged while it stands. ``snapshot`` is
    the ledger's head when it began, to be printed."""

    session_id: str
    subject: str
    reason: str
    since_ms: int
    by: str
    snapshot: str
