"""Every message that crosses the LAN. docs/protocol.md explains the flows.

One WebSocket text frame holds one JSON message; its ``t`` field is the struct's name. ``n`` is a
request's number, chosen by the sender and echoed as ``re`` by the one answer to it. All instants
are exam time: milliseconds since the epoch, UTC. Nothing here may hold item content.
"""

from venue_server.wire.admission_orders import AdmissionMessage
from venue_server.wire.alarms import Alarm
from venue_server.wire.backup_orders import BackupMessage
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.credit_orders import CreditMessage
from venue_server.wire.duty_orders import DutyMessage
from venue_server.wire.frames import Message as Message
from venue_server.wire.frames import Part as Part
from venue_server.wire.frames import Second as Second
from venue_server.wire.handover_orders import HandOverMessage
from venue_server.wire.incident_orders import IncidentMessage
from venue_server.wire.inspection_orders import (
    InspectionMessage,
    RunStationCheck,
    StationEcho,
    StationFacts,
    StationProbe,
)
from venue_server.wire.intake_orders import IntakeMessage
from venue_server.wire.names import (
    DataState,
    IdDocument,
    MediaClass,
    Mode,
    NameCheck,
    PackageState,
    PersonCheck,
    ReadyKind,
    ReadyVerdict,
    Role,
    SeatLink,
    SessionState,
    SittingState,
    SubmitKind,
)
from venue_server.wire.notice_orders import NoticeMessage, NoticesPublished
from venue_server.wire.people_orders import ChangePassword, PeopleMessage
from venue_server.wire.record_orders import RecordMessage
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.remarks import Remark
from venue_server.wire.roomtime_orders import RoomTimeMessage
from venue_server.wire.session_orders import SessionOrderMessage
from venue_server.wire.swap_orders import Moved, OfferTail, SittingMoved, SwapMessage, TakeAnswers
from venue_server.wire.wiping_orders import AnswersAt, AtRisk, WipingMessage
from venue_server.wire.wiping_orders import PaperWiped as PaperWiped
from venue_server.wire.wiping_orders import WipePaper as WipePaper

PROTOCOL_VERSION = 1
MAX_FRAME = 4 * 1024 * 1024
# Whatever entry the server took must fit into one frame again, with another message around it.
MAX_SAVE_FRAME = MAX_FRAME - 64 * 1024
HISTORY_BYTES = 256 * 1024  # of entries in one message; a sitting's history comes in such parts


# ---- parts -------------------------------------------------------------------------------


class Timing(Part, frozen=True):
    """The instants of one sitting, from the one pure policy (G01-G12).

    ``suspended_at_ms`` is when the last suspension began, 0 when there was none; the room stands
    still from then until ``resumes_at_ms``, which is 0 while nobody ordered it (I06). Until it is
    ordered the other instants are those of the time before the suspension.
    """

    effective_start_ms: int
    admission_closes_ms: int
    closed_until_ms: int
    end_ms: int
    suspended_at_ms: int = 0
    resumes_at_ms: int = 0

    @property
    def stands(self) -> bool:
        """Was the room suspended, and no resumption ordered yet?"""
        return self.suspended_at_ms > 0 and self.resumes_at_ms == 0

    def is_suspended(self, now_ms: int) -> bool:
        """Does the room stand still at ``now_ms`` (I06)?"""
        begun = 0 < self.suspended_at_ms <= now_ms
        return begun and (self.stands or now_ms < self.resumes_at_ms)

    def room_clock_ms(self, now_ms: int) -> int:
        """The room's own clock at ``now_ms``: it stands while nobody ordered it to go on."""
        return min(now_ms, self.suspended_at_ms) if self.stands else now_ms


class SessionBrief(Part, frozen=True):
    """What a station shows about the session before anyone logs in."""

    session_id: str
    exam_title: str
    subject_code: str
    subject_title: str
    scheduled_start_ms: int
    duration_s: int
    media_class: MediaClass
    mode: Mode
    tools: list[str] = []  # CALCULATOR, HIGHLIGHT: the plan's switches (H05)


class CandidateBrief(Part, frozen=True):
    """What the candidate confirms about themselves; the ID number is masked (O08)."""

    name: str
    ticket_no: str
    id_number_masked: str
    room_id: str
    seat_no: str
    photo: str = ""  # base64 JPEG or PNG, may be empty
    arrangements: list[str] = []  # LARGE_FONT, HIGH_CONTRAST …: where the screen begins


class SittingView(Part, frozen=True):
    """One sitting as its own station needs it: at log-in and again at every reconnect.

    ``seq`` and ``head`` are the server's durable end of the answer chain. ``history`` holds the
    first entries after the station's own ``last_seq``, up to ``HISTORY_BYTES``; while it does not
    reach ``seq``, the station asks for the rest by ``GetHistory``.
    """

    sitting_id: str
    state: SittingState
    candidate: CandidateBrief
    timing: Timing | None
    seq: int
    head: str
    history: list[ResponseEntry] = []
    credited_s: int = 0  # 补时 approved so far; ``timing`` holds it already (I08)
    reopened_seq: int = 0  # hand-ins up to here were undone (I10)
    away: bool = False  # on a break: the paper is hidden (H06)


class PaperSeal(Part, frozen=True):
    """What may be shown of a sealed paper before release (D17)."""

    paper_id: str
    form_id: str
    short_digest: str
    verified: bool
    classification: str = ""  # the mark every paper carries, and until when (D12)
    declassify_at_ms: int = 0


class ReadyLine(Part, frozen=True):
    """One line of the go/no-go board: ``have`` of ``need`` where that makes sense, and the names of
    what is missing (forms, seats as "room-seat", rooms, the clock's source)."""

    kind: ReadyKind
    verdict: ReadyVerdict
    have: int = 0
    need: int = 0
    names: list[str] = []


# ---- both directions ---------------------------------------------------------------------


class Refused(Message, frozen=True):
    """The answer no. ``re`` is 0 when it answers no numbered request."""

    re: int
    code: RefusalCode
    detail: str = ""
    remarks: list[Remark] = []


class TimePing(Message, frozen=True):
    """Clock question. ``mono_ms`` is the asker's monotonic clock, echoed unread."""

    n: int
    mono_ms: float


class TimePong(Message, frozen=True):
    """``exam_ms`` is the server's exam time between receipt and answer. ``rate`` is exam seconds
    per real second: 1 except in a rehearsal with time compressed."""

    re: int
    mono_ms: float
    exam_ms: float
    rate: float


# ---- station -> server -------------------------------------------------------------------


class StationHello(Message, frozen=True):
    """First frame of a station. ``have_paper`` is the SHA-256 of verified ciphertext held."""

    protocol: int
    app_version: str
    have_paper: str = ""
    sitting_id: str = ""
    last_seq: int = 0


class PaperReady(Message, frozen=True):
    """The ciphertext is here and its SHA-256 matches (E02)."""

    paper_id: str
    form_id: str
    sha256: str


class LogIn(Message, frozen=True):
    """Ticket number and identity number as typed (F11)."""

    n: int
    ticket_no: str
    id_number: str


class ConfirmIdentity(Message, frozen=True):
    n: int
    sitting_id: str


class AcknowledgeRules(Message, frozen=True):
    n: int
    sitting_id: str
    text_version: str


class PaperOpened(Message, frozen=True):
    """The paper is on the screen; ``opened_at_ms`` by the station's estimate of exam time."""

    sitting_id: str
    opened_at_ms: int


class Save(Message, frozen=True):
    """Entries of the chain, oldest first, each already in the station's own journal (H07). Only
    when the station's own disk refuses do entries come that the server alone will hold."""

    sitting_id: str
    entries: list[ResponseEntry]


class GetHistory(Message, frozen=True):
    """The next part of a sitting's entries, from ``after`` + 1 on (a spare station, H08)."""

    n: int
    sitting_id: str
    after: int


class Submit(Message, frozen=True):
    """Hand in. Sent only after the closing ``submit`` entry with ``seq`` and ``head`` was saved."""

    n: int
    sitting_id: str
    kind: SubmitKind
    seq: int
    head: str


class Heartbeat(Message, frozen=True):
    """Every two seconds. ``unsynced`` counts entries not yet acknowledged; ``answered`` items."""

    unsynced: int
    answered: int
    screen: str
    alerts: list[str] = []
    last_seq: int = 0  # of the own journal, so that a lost one shows exactly what is missing (F25)


StationMessage = (
    StationHello
    | TimePing
    | PaperReady
    | LogIn
    | ConfirmIdentity
    | AcknowledgeRules
    | PaperOpened
    | Save
    | GetHistory
    | Submit
    | Heartbeat
    | PaperWiped
    | StationFacts
    | StationEcho
    | OfferTail
)

# ---- server -> station -------------------------------------------------------------------


class Welcome(Message, frozen=True):
    """Answer to StationHello."""

    station_id: str
    venue_name: str
    room_id: str
    seat_no: str
    session: SessionBrief | None
    login_allowed: bool
    sitting: SittingView | None = None
    release_held: bool = False
    moved: Moved | None = None  # the sitting that the hello named goes on elsewhere (F13)
    terminated: bool = False  # the sitting at this station was ended by two people (V05)


class SessionChanged(Message, frozen=True):
    """A session came, changed, or ended for this station."""

    session: SessionBrief | None


class PaperOffer(Message, frozen=True):
    """Ciphertext to fetch by HTTP ranges from ``path`` on the same server, then verify."""

    seal: PaperSeal
    path: str
    size: int
    sha256: str


class WrappingKey(Message, frozen=True):
    """A 32-byte wrapping key, HPKE-sealed (X25519+ML-KEM-768, HKDF-SHA256, AES-256-GCM) to the
    station's own key with the info of ``wire.form_key.wrapping_info``. Base64."""

    paper_id: str
    form_id: str
    sealed: str


class ReleaseHeld(Message, frozen=True):
    """The release is held back, or no longer. Candidates are told to wait, never why (I05)."""

    held: bool


class FormKey(Message, frozen=True):
    """The content key under the wrapping key: AES-256-GCM, base64 of nonce | ciphertext | tag,
    aad = ``paper_id/form_id``. The paper opens at ``effective_start_ms``, not on receipt."""

    paper_id: str
    form_id: str
    wrapped: str
    effective_start_ms: int


class LoginAllowed(Message, frozen=True):
    room_id: str


class LoggedIn(Message, frozen=True):
    """Answer to LogIn, ConfirmIdentity and AcknowledgeRules: the sitting as it now is."""

    re: int
    sitting: SittingView


class History(Message, frozen=True):
    """Answer to GetHistory: the next entries in order, at least one while there are any, together
    about ``HISTORY_BYTES``."""

    re: int
    sitting_id: str
    entries: list[ResponseEntry]


class TimingChanged(Message, frozen=True):
    sitting_id: str
    timing: Timing
    credited_s: int = 0


class SittingChanged(Message, frozen=True):
    """People changed this station's sitting: reopened it, or let its candidate leave."""

    sitting: SittingView


class BreakChanged(Message, frozen=True):
    """The candidate is on a break, or back from it (H06)."""

    sitting_id: str
    away: bool


class SaveAck(Message, frozen=True):
    """Everything up to ``seq`` is on the primary store and the second copy, fsynced."""

    sitting_id: str
    seq: int
    head: str


class SubmitReceipt(Message, frozen=True):
    """The hand-in is durable. ``code`` is the head's code (G11, receipt_code.py)."""

    re: int
    sitting_id: str
    kind: SubmitKind
    head: str
    code: str
    at_ms: int


class SittingTerminated(Message, frozen=True):
    """Two people ended this sitting (V05): lock with a clear screen; answers not sent stay."""

    sitting_id: str


ToStation = (
    Welcome
    | SessionChanged
    | TimePong
    | PaperOffer
    | WrappingKey
    | FormKey
    | ReleaseHeld
    | LoginAllowed
    | LoggedIn
    | History
    | TimingChanged
    | SittingChanged
    | BreakChanged
    | SaveAck
    | SubmitReceipt
    | SittingTerminated
    | WipePaper
    | AnswersAt
    | RunStationCheck
    | StationProbe
    | SittingMoved
    | TakeAnswers
    | NoticesPublished
    | Refused
)

# ---- console and command line -> server --------------------------------------------------


class ConsoleHello(Message, frozen=True):
    protocol: int
    app_version: str


class SignIn(Message, frozen=True):
    n: int
    person_id: str
    password: str
    totp: str = ""

    def __repr__(self) -> str:
        return f"SignIn({self.n}, {self.person_id!r})"


class SignOut(Message, frozen=True):
    n: int


class GetStatus(Message, frozen=True):
    """One screen of truth for the administrator; answered by Done with the parts named there."""

    n: int


class ListEnrolments(Message, frozen=True):
    n: int


class ConfirmEnrolment(Message, frozen=True):
    """Confirm the code shown by the new machine. ``kind`` is ``station`` or ``console``."""

    n: int
    code: str
    kind: str
    name: str
    room_id: str = ""
    seat_no: str = ""


class RevokeMachine(Message, frozen=True):
    """Take a machine off the roster; its connection is cut and its certificate refused."""

    n: int
    machine_id: str


class AllowLogin(Message, frozen=True):
    n: int
    room_id: str


class Admit(Message, frozen=True):
    """Admit a candidate at the door (F01-F06)."""

    n: int
    room_id: str
    ticket_no: str
    id_document: IdDocument
    id_number: str
    id_checked: bool
    ticket_checked: bool
    name_check: NameCheck = NameCheck.SAME
    person_check: PersonCheck = PersonCheck.SAME
    belongings_checked: bool = False  # F08


class ConfirmExit(Message, frozen=True):
    n: int
    room_id: str
    sitting_id: str


class ImportPlan(Message, frozen=True):
    """Import headquarters' signed plan from the server's own file system: one administrator does
    it, another checks it (N03)."""

    n: int
    file: str
    second: Second


class ArmRelease(Message, frozen=True):
    """Chief plus system administrator arm the release of a session (E01). ``without`` lists what
    both agree to go without: seats ("room-seat") whose station has no verified paper, and lines of
    the go/no-go board by their kind. Anything else that is not ready refuses the order (E05)."""

    n: int
    session_id: str
    second: Second
    without: list[str] = []


class EnterCodeShare(Message, frozen=True):
    """One custodian's words of a sealed code (E03); the words say which form's code it is."""

    n: int
    session_id: str
    words: str

    def __repr__(self) -> str:
        return f"EnterCodeShare({self.n}, {self.session_id!r})"


class GetGoNoGo(Message, frozen=True):
    """The go/no-go board of a session, line by line."""

    n: int
    session_id: str


class FreezeRelease(Message, frozen=True):
    """A leak is suspected: nothing is released from now on by any way (I05). One person."""

    n: int
    reason: str


class LiftFreeze(Message, frozen=True):
    """The chief lifts a freeze on headquarters' word; ``reference`` is its number."""

    n: int
    reason: str
    reference: str


class LiftFreezeTogether(Message, frozen=True):
    """The chief and the zone director lift a freeze together."""

    n: int
    reason: str
    second: Second


class ApproveReserve(Message, frozen=True):
    """The zone director, with the chief, approves a reserve paper (D10) in place of the main form
    ``replaces`` (empty: of every one) in ``room_id`` (empty: in every room), before the release."""

    n: int
    session_id: str
    paper_id: str
    form_id: str
    reason: str
    second: Second
    room_id: str = ""
    replaces: str = ""


class ImportReserveApproval(Message, frozen=True):
    """Import headquarters' signed approval of a reserve from the server's own file system."""

    n: int
    file: str
    second: Second


class WitnessSeal(Message, frozen=True):
    """Two invigilators of a room showed the intact seals, and a candidate witnessed it (D17)."""

    n: int
    room_id: str
    ticket_no: str
    second: Second


class ForceSubmit(Message, frozen=True):
    """Close a sitting after the end whose station does not come back: what the server durably holds
    is what is handed in. Two people; everything else stays with the station (L02)."""

    n: int
    room_id: str
    sitting_id: str
    second: Second


class Reconcile(Message, frozen=True):
    n: int
    session_id: str


class GetRoomRecord(Message, frozen=True):
    n: int
    room_id: str


class SignRoomRecord(Message, frozen=True):
    n: int
    room_id: str
    content_hash: str


class SealSession(Message, frozen=True):
    n: int
    session_id: str
    second: Second


class UploadSession(Message, frozen=True):
    n: int
    session_id: str


class WipeSession(Message, frozen=True):
    n: int
    session_id: str
    second: Second


class VerifyLedger(Message, frozen=True):
    n: int


ConsoleMessage = (
    ConsoleHello
    | TimePing
    | SignIn
    | SignOut
    | ChangePassword
    | PeopleMessage
    | GetStatus
    | ListEnrolments
    | ConfirmEnrolment
    | RevokeMachine
    | AllowLogin
    | Admit
    | ConfirmExit
    | ImportPlan
    | IntakeMessage
    | BackupMessage
    | InspectionMessage
    | AdmissionMessage
    | RoomTimeMessage
    | IncidentMessage
    | RecordMessage
    | HandOverMessage
    | WipingMessage
    | CreditMessage
    | ArmRelease
    | EnterCodeShare
    | GetGoNoGo
    | FreezeRelease
    | LiftFreeze
    | LiftFreezeTogether
    | ApproveReserve
    | ImportReserveApproval
    | WitnessSeal
    | ForceSubmit
    | Reconcile
    | GetRoomRecord
    | SignRoomRecord
    | SealSession
    | UploadSession
    | WipeSession
    | VerifyLedger
    | SwapMessage
    | NoticeMessage
    | SessionOrderMessage
    | DutyMessage
)

# ---- server -> console -------------------------------------------------------------------


class SeatView(Part, frozen=True):
    """One seat of a room as the server sees it now. ``paper`` is none/verified/keyed/open."""

    seat_no: str
    station_id: str
    link: SeatLink
    paper: str = "none"
    ticket_no: str = ""
    name: str = ""
    sitting_id: str = ""
    state: SittingState | None = None
    answered: int = 0
    unsynced: int = 0
    submit_kind: SubmitKind | None = None
    last_seen_ms: int = 0
    alerts: list[str] = []
    moved_to: str = ""  # this seat's candidate goes on at the station of that seat (换机)
    guest_of: str = ""  # at this spare sits the candidate of that seat
    at_risk: AtRisk = AtRisk()  # answers that one fault could lose (H07)


class RoomView(Part, frozen=True):
    """A room's head line. Counts obey scheduled = present + absent once the session ended (K03)."""

    room_id: str
    name: str
    session: SessionBrief | None
    session_state: SessionState | None
    login_allowed: bool
    timing: Timing | None
    scheduled: int
    admitted: int
    present: int
    absent: int
    submitted: int
    answers_at_risk: int
    invigilators_present: int | None = None  # signed in for this room (A04); None = not known
    seal_witnessed: bool = False  # the intact seals were shown in this room (D17)
    held: bool = False  # does not open at the common start; until the chief starts it


class VenueView(Part, frozen=True):
    """The venue's head line. ``seals`` are the papers that the session opens, ``reserves`` those
    that stay sealed; ``frozen`` is the reason of a freeze; ``ready`` is the go/no-go board, empty
    once the papers are released."""

    venue_id: str
    venue_name: str
    mode: Mode
    clock_source: str
    clock_trusted: bool
    session_id: str
    session_state: SessionState | None
    package_state: PackageState | None
    data_state: DataState | None
    seals: list[PaperSeal]
    release_at_ms: int = 0
    release_armed: bool = False
    release_key_present: bool = False
    stations_ready: int = 0
    stations_total: int = 0
    alarms: list[Alarm] = []
    backup_ready: bool | None = None  # second copy and backup path usable; None = not known
    clock_state: str = ""  # UNSET, SYSTEM_SYNCED, TRUSTED, HOLDOVER or SUSPECT
    clock_uncertainty_ms: int = 0  # real milliseconds it may be off at most; 0 = not known
    clock_age_s: int = 0  # since it last agreed with its source, in whole minutes
    reserves: list[PaperSeal] = []
    frozen: str = ""
    ready: list[ReadyLine] = []
    seal_state: str = ""  # of the venue: a SealState
    seal_reasons: list[Remark] = []  # why the seal broke (C10)


class ConsoleWelcome(Message, frozen=True):
    """Answer to ConsoleHello; nothing but the venue's name before someone signs in."""

    venue_name: str
    mode: Mode


class SignedIn(Message, frozen=True):
    """Answer to SignIn. ``rooms`` empty means all rooms."""

    re: int
    person_id: str
    name: str
    roles: list[Role]
    rooms: list[str]


class DutyChanged(Message, frozen=True):
    """The signed-in person's roles or rooms are others now (drawn, delegated, ended)."""

    roles: list[Role]
    rooms: list[str]


class Board(Message, frozen=True):
    """The whole board of the signed-in person's rooms; sent after SignedIn and on big changes."""

    venue: VenueView
    rooms: list[RoomView]
    seats: dict[str, list[SeatView]]


class VenueChanged(Message, frozen=True):
    venue: VenueView


class RoomChanged(Message, frozen=True):
    room: RoomView


class SeatChanged(Message, frozen=True):
    room_id: str
    seat: SeatView


class Done(Message, frozen=True):
    """An order was carried out. ``result`` is described with each order in docs/protocol.md."""

    re: int
    result: dict[str, object] = {}


ToConsole = (
    ConsoleWelcome
    | TimePong
    | SignedIn
    | DutyChanged
    | Board
    | VenueChanged
    | RoomChanged
    | SeatChanged
    | Done
    | Refused
)
