"""Every message between the server and a station."""

from venue_server.wire.chain import ResponseEntry
from venue_server.wire.frames import Message, Part
from venue_server.wire.inspection_orders import (
    RunStationCheck,
    StationEcho,
    StationFacts,
    StationProbe,
)
from venue_server.wire.messages import PaperSeal, Refused, SessionBrief, TimePing, TimePong, Timing
from venue_server.wire.names import SittingState, SubmitKind
from venue_server.wire.notice_orders import NoticesPublished
from venue_server.wire.start_code import StartCodeSeal
from venue_server.wire.swap_orders import Moved, OfferTail, SittingMoved, TakeAnswers
from venue_server.wire.wiping_orders import AnswersAt, PaperWiped, WipePaper


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
    revoked_s: int = 0  # 补时 taken back so far: ``timing`` may be so much shorter (I07)
    start_code: StartCodeSeal | None = None  # to be typed before the paper opens (E04)


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
    """The instants of a sitting. They are shorter than before only by what ``revoked_s`` grew.
    ``start_code`` as in SittingView."""

    sitting_id: str
    timing: Timing
    credited_s: int = 0
    revoked_s: int = 0
    start_code: StartCodeSeal | None = None


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
