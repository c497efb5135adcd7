"""The results of orders as values: typed readings of ``Done.result`` (docs/protocol.md).

A result that does not have its promised form is a :class:`ResultError`: the world broke, not an
expected no. Unknown extra fields are kept out of the way, so a newer server can say more.
"""

from typing import Any, TypeVar

import msgspec

from venue_server.wire.admission_orders import CandidateCard, DoorLog
from venue_server.wire.console_views import Done
from venue_server.wire.remarks import Remark
from venue_server.wire.wiping_orders import AnswerPlace

ResultT = TypeVar("ResultT", bound=msgspec.Struct)


class ResultError(Exception):
    """The server's answer does not have the agreed form."""


class StatusSection(msgspec.Struct, frozen=True):
    title: str
    rows: list[tuple[str, str, str]]  # label, value, verdict


class Status(msgspec.Struct, frozen=True):
    sections: list[StatusSection]
    next: list[str] = []


class Extension(msgspec.Struct, frozen=True):
    """One extension; ``confirmed_at_ms`` None means 待确认, an empty room every room."""

    extension_id: int
    room_id: str
    length_ms: int
    reason: str
    confirmed_at_ms: int | None


class RoomTimesTold(msgspec.Struct, frozen=True):
    """Answer to GetRoomTimes, as far as it is shown."""

    session_id: str
    extensions: list[Extension]


class WaitingMachine(msgspec.Struct, frozen=True):
    """A machine that waits for its code to be confirmed."""

    code: str
    kind: str
    address: str
    since_ms: int


class Waiting(msgspec.Struct, frozen=True):
    waiting: list[WaitingMachine]


class SpareSeat(msgspec.Struct, frozen=True):
    """A spare of a room; ``why`` says what is against it now, empty when nothing is."""

    seat_no: str
    why: str = ""


class Spares(msgspec.Struct, frozen=True):
    spares: list[SpareSeat]


class SwapView(msgspec.Struct, frozen=True):
    """One swap (换机)."""

    at_ms: int
    room_id: str
    from_seat: str
    to_seat: str
    reason: str
    persons: str


class BranchItemView(msgspec.Struct, frozen=True):
    """An item of a branch by its name; never its content (O02)."""

    item_id: str
    at_ms: int
    stand: str


class BranchView(msgspec.Struct, frozen=True):
    """Answers that one machine kept of a sitting and the server's chain does not hold."""

    sitting_id: str
    room_id: str
    seat_no: str
    machine_id: str
    machine_seat: str
    verdict: str
    open: bool
    items: list[BranchItemView]


class Swaps(msgspec.Struct, frozen=True):
    swaps: list[SwapView]
    branches: list[BranchView]


class JournalTaken(msgspec.Struct, frozen=True):
    """What became of one journal of a dead station."""

    sitting_id: str
    verdict: str
    journal_seq: int
    server_seq: int
    now_seq: int
    kept_aside: int
    damaged: bool
    gap_from: int = 0
    gap_to: int = 0
    lost: str = ""
    proof: str = ""
    signed_by: str = ""
    unfinished: bool = False
    unproved: int = 0
    code: str = ""


class Journals(msgspec.Struct, frozen=True):
    journals: list[JournalTaken]


class LedgerHead(msgspec.Struct, frozen=True):
    entries: int = 0
    head: str = ""


class CloseCheck(msgspec.Struct, frozen=True):
    """The ten points of each session; ``next`` says who must do what."""

    closed: bool
    sections: list[StatusSection]
    next: list[str] = []
    ledger: LedgerHead = LedgerHead()


class NextVersion(msgspec.Struct, frozen=True):
    """A sealing anew began; the number of the version to come (L03)."""

    version: int


class AnswerRow(msgspec.Struct, frozen=True):
    """Where one candidate's answers are; the last sequence at each place."""

    room_id: str
    seat_no: str
    ticket_no: str
    place: AnswerPlace
    station: int
    server: int
    second: int
    backup: int
    backups: int
    headquarters: int
    only_station: int
    station_since_ms: int
    one_disk: int
    disk_since_ms: int
    unheard: bool


class Answers(msgspec.Struct, frozen=True):
    """The truth about a session's answers (H07): sums in words, then everybody's."""

    session_id: str
    sections: list[StatusSection]
    rows: list[AnswerRow]


class CountRow(msgspec.Struct, frozen=True):
    """Counts of a room; without a room of a session, without both of a subject or the venue."""

    scheduled: int
    present: int
    absent: int
    submitted: int = 0
    violations: int = 0
    anomalies: int = 0
    room_id: str = ""
    session_id: str = ""
    subject: str = ""


class CountReport(msgspec.Struct, frozen=True):
    rows: list[CountRow]
    problems: list[Remark] = []
    warnings: list[Remark] = []


class WrittenExport(msgspec.Struct, frozen=True):
    """Where on the server the export lies."""

    file: str
    sha256: str


class ReconcileRow(msgspec.Struct, frozen=True):
    """``problem`` is what a person should know; only a ``blocking`` one must be solved."""

    ticket_no: str
    name: str
    seat_no: str
    outcome: str
    bundles: int
    problem: Remark | None = None
    blocking: bool = False
    room_id: str = ""


class Reconciliation(msgspec.Struct, frozen=True):
    """应考 = 实考 + 缺考, and one bundle for everyone present (K03)."""

    session_id: str
    rows: list[ReconcileRow]
    scheduled: int
    present: int
    absent: int
    consistent: bool


class RecordSignature(msgspec.Struct, frozen=True):
    person_id: str
    name: str
    role: str
    at_ms: int


class RecordPoint(msgspec.Struct, frozen=True):
    """Something a person must look at before the record is signed (K07)."""

    point: str
    about: Remark
    answered: bool = False
    remark: str = ""
    name: str = ""
    at_ms: int = 0


class PrintedRecord(msgspec.Struct, frozen=True):
    """A print that the server noted: a copy (副本), or a draft that is not signed by all (K06)."""

    copy: bool = False
    draft: bool = False
    at_ms: int = 0
    ledger_head: str = ""
    ledger_entries: int = 0


class RoomRecord(msgspec.Struct, frozen=True):
    """``record``: field labels to values, in the order of the sheet. ``required``: the roles whose
    signatures are still needed before sealing (K01). ``problems``: what the sheet still lacks
    (K02). ``voided``: signatures under an earlier content. ``points`` must be looked at (K07);
    ``written`` are the fields people write. ``beside`` is printed beside what was signed."""

    record: dict[str, Any]
    content_hash: str
    signatures: list[RecordSignature] = []
    required: list[str] = []
    problems: list[Remark] = []
    voided: int = 0
    points: list[RecordPoint] = []
    written: dict[str, str] = {}
    beside: dict[str, Any] = {}


class ImportedPlan(msgspec.Struct, frozen=True):
    plan_id: str
    sessions: list[str]
    candidates: int
    same_form_neighbours: list[str] = []


class LookedUp(msgspec.Struct, frozen=True):
    """What the list says of a ticket."""

    candidate: CandidateCard


class DoorBook(msgspec.Struct, frozen=True):
    """Everything kept about a room's door."""

    door: DoorLog


class OpenedReceipt(msgspec.Struct, frozen=True):
    receipt_id: str
    deadline_ms: int


class ImportedFile(msgspec.Struct, frozen=True):
    name: str
    verdict: str
    code: str = ""


class Imported(msgspec.Struct, frozen=True):
    """Every file's verdict; the counts are those of the package that is least far."""

    files: list[ImportedFile]
    state: str
    have: list[int]
    need: int
    missing: list[int] = []


class ReceiptSheet(msgspec.Struct, frozen=True):
    """What the chief signs: its code, and what still stands in the way (zh / en)."""

    code: str = ""
    blockers: list[str] = []
    signed_by: str = ""


class IntakeStanding(msgspec.Struct, frozen=True):
    """Where the receipt of the current session stands."""

    sections: list[StatusSection]
    next: list[str] = []
    session_id: str = ""
    sheet: ReceiptSheet = ReceiptSheet()


class CheckedPackages(msgspec.Struct, frozen=True):
    sections: list[StatusSection]
    passed: bool


class ClosedReceipt(msgspec.Struct, frozen=True):
    state: str


class CodeTaken(msgspec.Struct, frozen=True):
    """``complete`` once enough shares from different people are there."""

    complete: bool


class Armed(msgspec.Struct, frozen=True):
    release_at_ms: int


class SealedBundle(msgspec.Struct, frozen=True):
    bundle_sha256: str


class PendingUpload(msgspec.Struct, frozen=True):
    """The upload goes on by itself (L09)."""

    attempts: int
    next_attempt_ms: int
    problem: str


class Uploaded(msgspec.Struct, frozen=True):
    """Either the receipt, or what is still pending."""

    receipt: dict[str, Any] | None = None
    pending: PendingUpload | None = None


class WipeCertificate(msgspec.Struct, frozen=True):
    certificate: dict[str, Any]


class LedgerVerdict(msgspec.Struct, frozen=True):
    ok: bool
    entries: int
    head: str
    problem: str = ""


def read_result(done: Done, kind: type[ResultT]) -> ResultT:
    """``done.result`` as ``kind``."""
    try:
        return msgspec.convert(done.result, kind, strict=True)
    except msgspec.ValidationError as error:
        raise ResultError(f"{kind.__name__}: {error}") from error
