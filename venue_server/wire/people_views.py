"""What a console shows about people: the answers to GetPeople, GetDraw and GetOrganisation."""

import msgspec

from venue_server.wire.duty_orders import ShiftView
from venue_server.wire.names import Role
from venue_server.wire.remarks import Remark


class PersonView(msgspec.Struct, frozen=True):
    """One account as it stands now. ``roles`` and ``rooms`` are the effective ones, ``own_roles``
    the registered ones; ``rooms`` empty means all, "-" none yet. ``declared`` is a RecusalKind or
    empty, ``decided`` a RecusalScope or empty; ``about`` is told to the chief only."""

    person_id: str
    name: str
    roles: list[Role]
    own_roles: list[Role]
    rooms: list[str]
    here: bool
    active: bool
    planned: bool
    declared: str = ""
    about: str = ""
    decided: str = ""
    password_set: bool = False
    totp: bool = False
    locked: bool = False
    disabled: str = ""
    agreement: str = ""
    gender: str = ""
    computer_capable: bool = False
    trained: bool = False  # for the kind of this session, by its day (B01)
    badge_no: str = ""
    source_unit: str = ""
    came_ms: int = 0  # by badge today; 0: not
    left_ms: int = 0
    trained_on: dict[str, str] = {}  # kind of session to the date (B01)


class FindingView(msgspec.Struct, frozen=True):
    """One thing READY says about people."""

    code: str
    remark: Remark
    blocking: bool
    room_id: str = ""


class DrawView(msgspec.Struct, frozen=True):
    """One draw; ``document`` is the canonical JSON that anybody can check."""

    number: int
    at_ms: int
    persons: str
    reason: str
    sha256: str
    document: str


class DelegationView(msgspec.Struct, frozen=True):
    delegation_id: int
    role: Role
    giver: str
    taker: str
    begins_ms: int
    until_ms: int
    reason: str
    running: bool


class PeopleView(msgspec.Struct, frozen=True):
    """``rooms``: room id to who supervises it, by draw or by hand; ``spares``: who has none."""

    session_id: str
    people: list[PersonView]
    findings: list[FindingView]
    rooms: dict[str, list[str]]
    spares: list[str]
    draws: int
    delegations: list[DelegationView]


class DrawsView(msgspec.Struct, frozen=True):
    session_id: str
    draws: list[DrawView]


class OrganisationEntry(msgspec.Struct, frozen=True):
    """One line of the organisation book (J3 §9): with or without an account."""

    name: str
    roles: list[Role]
    duties: str
    unit: str
    phone: str
    badge_no: str
    rooms: list[str]
    planned: bool = True


class SeatPlace(msgspec.Struct, frozen=True):
    """Where a seat stands: grid places from the front left."""

    seat_no: str
    x: int
    y: int


class OrganisationRoom(msgspec.Struct, frozen=True):
    """``layout``, ``building``, ``floor`` and ``way`` are what the posted map shows (C02)."""

    room_id: str
    name: str
    seats: int
    candidates: dict[str, int]  # by session id
    building: str = ""
    floor: str = ""
    way: str = ""
    layout: list[SeatPlace] = []


class OrganisationBook(msgspec.Struct, frozen=True):
    """《考试组织册》: the venue, its people and telephones, rooms and counts, duty hours (A15)."""

    venue_name: str
    exam_title: str
    plan_id: str
    duty_hours: list[tuple[int, int]]
    people: list[OrganisationEntry]
    rooms: list[OrganisationRoom]
    shifts: list[ShiftView] = []
    zone: str = ""
    room_rules: str = ""  # what the signed plan wants posted (C02); empty: the standard text
    violation_rules: str = ""

    @property
    def printed_name(self) -> str:
        """考区 and 考点, what is known."""
        return "　".join(part for part in (self.zone, self.venue_name) if part)
