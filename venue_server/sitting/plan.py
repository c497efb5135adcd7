"""The signed plan of a venue's day, as typed values (C06, G03: it comes from headquarters only).

Signed document of type ``kaodian.plan`` (wire/signed.py). docs/plan.md describes every field;
plan_rules.py says what must be true of it, plan_reading.py makes it of a document.
"""

import msgspec

from venue_server.wire.names import IdDocument, MediaClass, Mode, Role

PLAN_TYPE = "kaodian.plan"


class Candidate(msgspec.Struct, frozen=True):
    """One registered candidate of one session, with the seat headquarters drew (C06).

    ``name`` is the registered name; ``name_on_document`` is given where the document shows another
    spelling of it because of a rare character (F03). Access arrangements are headquarters' alone:
    ``extra_time_s`` of answering time, ``arrangements`` such as LARGE_FONT or HIGH_CONTRAST.
    """

    ticket_no: str
    name: str
    id_document: IdDocument
    id_number: str
    room_id: str
    seat_no: str
    photo: str = ""
    form_id: str = ""  # one of the session's main papers; empty: it has only one
    name_on_document: str = ""
    rare_char_note: str = ""
    extra_time_s: int = 0
    arrangements: list[str] = []


class PlannedPaper(msgspec.Struct, frozen=True):
    """One form that a session may need. A reserve opens only by the zone director's word (D10)."""

    paper_id: str
    form_id: str
    reserve: bool = False


class Room(msgspec.Struct, frozen=True):
    """``building``, ``floor`` and ``way`` are for the posted map only (C02)."""

    room_id: str
    name: str
    building: str = ""
    floor: str = ""
    way: str = ""


class Seat(msgspec.Struct, frozen=True):
    """``x`` and ``y`` are grid places in the room, from the front left."""

    room_id: str
    seat_no: str
    x: int
    y: int


class PlannedSession(msgspec.Struct, frozen=True):
    """``relaxed`` lets the room close only until 15 minutes before the end (G03)."""

    session_id: str
    subject_code: str
    subject_title: str
    start_ms: int
    duration_s: int
    media_class: MediaClass
    relaxed: bool
    receipt_open_ms: int
    receipt_close_ms: int
    receipt_limit_s: int
    admission_open_s: int  # seconds before the start at which doors open (F10)
    candidates: list[Candidate]
    papers: list[PlannedPaper] = []  # empty: the one paper of the subject, whatever its ids
    group: str = ""  # sessions of one group are linked (连考): one admission serves them all (F15)
    login_cutoff_s: int | None = None  # seconds after the start; None: whoever is admitted (F07)
    tools: list[str] = []  # on the candidate's screen, e.g. CALCULATOR, HIGHLIGHT (H05)
    continues: str = ""  # the earlier session whose sittings go on here, by order (I11)
    category: str = ""  # decides how long the records are kept (M06)
    keep_months: dict[str, int] = {}  # local periods by what is kept: answers, records (M06)
    start_code: bool = False  # candidates type their room's start code, told at the release (E04)


class PlannedStaff(msgspec.Struct, frozen=True):
    """One person of the signed roster (A01-A13, A15, B01). ``rooms`` is the area of a roving
    invigilator; which room an invigilator supervises is drawn on the day (B02)."""

    person_id: str
    name: str
    roles: list[Role]
    rooms: list[str] = []
    gender: str = ""  # F or M, for the usual mix of a room (A06)
    computer_capable: bool = False  # A05
    trained: bool = False  # B01: for every kind of session, where ``trained_on`` says nothing
    badge_no: str = ""  # A10
    phone: str = ""  # A11
    source_unit: str = ""  # B04
    duties: str = ""  # office, security, medical … (A11)
    trained_on: dict[str, str] = {}  # kind of session (a MediaClass) to the date, YYYY-MM-DD (B01)


class Thresholds(msgspec.Struct, frozen=True):
    """Figures headquarters decides for a venue; the defaults are what its plan leaves out."""

    interruption_escalate_min: tuple[int, ...] = (
        30,
    )  # I09: the next level decides, nothing is cancelled
    compensation_cap_s: int = 1800  # largest 补时 of one candidate that the venue may approve (I07)
    stations_lost_percent: int = 30  # of a session's stations: a grave problem by itself (I04)
    violation_share_percent: int = 30  # of those present in a room: a warning (Y06)
    min_sysadmin: int = 1  # A03
    spare_percent: int = 10  # spare stations (C01)
    min_servers: int = 1  # C01
    disk_reserve_bytes: int = 2_000_000_000  # C08
    clock_offset_ms: int = 1000  # of a station against the server (C08, F7)
    untrained_block: bool = False  # B01: an untrained person stands in the way of the start


class PostedTexts(msgspec.Struct, frozen=True):
    """What headquarters wants posted in its own words (C02); empty: the standard text."""

    room_rules: str = ""
    violation_rules: str = ""


class DesignatedServer(msgspec.Struct, frozen=True):
    """Where answers go and nowhere else (L01): the base URL and the one certificate accepted."""

    base_url: str
    certificate_pem: str


class Plan(msgspec.Struct, frozen=True):
    """A venue's plan. ``bundle_public`` is headquarters' raw HPKE public key, base64."""

    type: str
    version: str
    plan_id: str
    venue_id: str
    venue_name: str
    exam_title: str
    mode: Mode
    rooms: list[Room]
    seats: list[Seat]
    sessions: list[PlannedSession]
    designated_server: DesignatedServer
    bundle_public: str
    staff: list[PlannedStaff] = []
    thresholds: Thresholds = Thresholds()
    zone: str = ""  # 考区, on labels and prints
    posted: PostedTexts = PostedTexts()
