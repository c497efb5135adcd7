"""What the server shows and answers to a console or the command line."""

from venue_server.wire.alarms import Alarm
from venue_server.wire.frames import Message, Part
from venue_server.wire.messages import PaperSeal, Refused, SessionBrief, TimePong, Timing
from venue_server.wire.names import (
    DataState,
    Mode,
    PackageState,
    ReadyKind,
    ReadyVerdict,
    Role,
    SeatLink,
    SessionState,
    SittingState,
    SubmitKind,
)
from venue_server.wire.remarks import Remark
from venue_server.wire.upload_orders import Uploads, UploadsChanged
from venue_server.wire.wiping_orders import AtRisk


class ReadyLine(Part, frozen=True):
    """One line of the go/no-go board: ``have`` of ``need`` where that makes sense, and the names of
    what is missing (forms, seats as "room-seat", rooms, the clock's source)."""

    kind: ReadyKind
    verdict: ReadyVerdict
    have: int = 0
    need: int = 0
    names: list[str] = []


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
    start_code: str = ""  # while it is needed, to whom may tell it in the room (E04)


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
    zone: str = ""  # 考区, as the signed plan names it

    @property
    def printed_name(self) -> str:
        """考区 and 考点, what is known: the head line of every printed sheet."""
        return "　".join(part for part in (self.zone, self.venue_name) if part)


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
    """The whole board of the signed-in person's rooms; sent after SignedIn and on big changes.
    ``uploads``: for whoever may ask, as they were last told."""

    venue: VenueView
    rooms: list[RoomView]
    seats: dict[str, list[SeatView]]
    uploads: Uploads | None = None


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
    | UploadsChanged
    | Done
    | Refused
)
