"""Orders about incidents, violations and observations (B07, I01-I13, V01-V09).

``room_id`` is where it happened; empty means the venue, which only people who are bound to no
room may say. The answers are described in docs/incidents.md.
"""

from venue_server.wire.frames import Message, Second
from venue_server.wire.incidents import GraveClass, IncidentFacts, IncidentKind, Severity
from venue_server.wire.violations import ViolationFacts


class OpenIncident(Message, frozen=True):
    """Write an incident down (B07). A grave class makes it SEVERE. An empty session is the current
    one."""

    n: int
    room_id: str
    kind: IncidentKind
    severity: Severity
    facts: IncidentFacts
    grave: GraveClass = GraveClass.NONE
    session_id: str = ""


class AddToIncident(Message, frozen=True):
    """Add to or correct an incident: whatever is named replaces what stood there. The severity may
    only rise; a closed incident is open again."""

    n: int
    room_id: str
    incident_id: str
    facts: IncidentFacts
    severity: Severity | None = None
    grave: GraveClass = GraveClass.NONE


class ReportIncident(Message, frozen=True):
    """It was reported: to whom, how, under which reference (I01)."""

    n: int
    incident_id: str
    to: str
    way: str
    reference: str


class ContainIncident(Message, frozen=True):
    """Contain (I05): freeze a release that has not been, and hold everything of the session."""

    n: int
    incident_id: str
    reason: str


class CloseIncident(Message, frozen=True):
    n: int
    incident_id: str
    result: str


class CountersignIncident(Message, frozen=True):
    """A roving invigilator has seen what stands of an incident in the area (A07)."""

    n: int
    room_id: str
    incident_id: str


class GetIncidents(Message, frozen=True):
    """Incidents of the rooms that the person sees, with report texts and measured interruptions.
    An empty session is the current one."""

    n: int
    session_id: str = ""


class RecordViolation(Message, frozen=True):
    """Record facts against somebody who is at a seat, with a suggested code of Order 31 (V01)."""

    n: int
    room_id: str
    sitting_id: str
    code: str
    facts: ViolationFacts


class AddToViolation(Message, frozen=True):
    """Statement, further facts, evidence. Signatures before it are void."""

    n: int
    room_id: str
    violation_id: str
    facts: ViolationFacts


class TakeItem(Message, frozen=True):
    """Two members of staff keep an item against a receipt (V06)."""

    n: int
    room_id: str
    violation_id: str
    number: str
    what: str
    candidate_signed: bool
    second: Second


class ReturnEvidence(Message, frozen=True):
    n: int
    room_id: str
    violation_id: str
    number: str
    second: Second


class NoteSignature(Message, frozen=True):
    """The candidate signed the printed form."""

    n: int
    room_id: str
    violation_id: str


class NoteRefusal(Message, frozen=True):
    """The candidate refused to sign; two members of staff say so (V06)."""

    n: int
    room_id: str
    violation_id: str
    second: Second


class SignViolation(Message, frozen=True):
    """The chief signs the content with this hash; without it the room record is not sealed."""

    n: int
    violation_id: str
    content_hash: str


class WithdrawViolation(Message, frozen=True):
    """A new record that the earlier one does not stand, by evidence or law (V08)."""

    n: int
    violation_id: str
    reason: str
    reference: str


class TerminateSitting(Message, frozen=True):
    """Disorder (O31 §9, V05): the chief, with an invigilator, ends a sitting. The answers so far
    are sealed like everybody's; a violation record is written in the same step."""

    n: int
    room_id: str
    sitting_id: str
    reason: str
    second: Second


class DecideObservation(Message, frozen=True):
    """What a station's observation means: evidence of ``violation_id``, or, when that is empty,
    dismissed with a remark (V09)."""

    n: int
    room_id: str
    observation_id: int
    remark: str
    violation_id: str = ""


class GetViolations(Message, frozen=True):
    """Violations and observations of the rooms that the person sees."""

    n: int
    session_id: str = ""


class HoldEvidence(Message, frozen=True):
    """Keep everything of a session for an inquiry: nothing of it is purged (V07). ``subject`` is
    an incident's or a violation's id."""

    n: int
    subject: str
    reason: str


class LiftHold(Message, frozen=True):
    """End a hold, by two people on somebody's reference (V07)."""

    n: int
    subject: str
    reason: str
    reference: str
    second: Second


IncidentMessage = (
    OpenIncident
    | AddToIncident
    | ReportIncident
    | ContainIncident
    | CloseIncident
    | CountersignIncident
    | GetIncidents
    | RecordViolation
    | AddToViolation
    | TakeItem
    | ReturnEvidence
    | NoteSignature
    | NoteRefusal
    | SignViolation
    | WithdrawViolation
    | TerminateSitting
    | DecideObservation
    | GetViolations
    | HoldEvidence
    | LiftHold
)
