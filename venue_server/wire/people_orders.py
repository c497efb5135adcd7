"""Orders about people: accounts, recusals, the draw of rooms, delegated posts (A01-A15, B01-B05).

The answers are described in docs/protocol.md. Instants are exam time in milliseconds, UTC.
"""

from venue_server.wire.frames import Message, Second
from venue_server.wire.names import Role


class ChangePassword(Message, frozen=True):
    """A person sets their own password; ``present`` is the one they have, or the one-time code of a
    first sign-in. Like SignIn it needs nobody signed in."""

    n: int
    person_id: str
    present: str
    password: str
    totp: str = ""

    def __repr__(self) -> str:
        return f"ChangePassword({self.n}, {self.person_id!r})"


# ---- accounts ----------------------------------------------------------------------------


class GetPeople(Message, frozen=True):
    """Everyone, who is here, declarations, rooms, delegations, and what READY finds. An empty
    session means the current one."""

    n: int
    session_id: str = ""


class GetOrganisation(Message, frozen=True):
    """The organisation book: everybody's post, telephone and duty hours (A11, A13-A15). Recorded,
    because telephone numbers are personal data (O08)."""

    n: int


class IssueCode(Message, frozen=True):
    """A one-time code with which a person sets their own password; the old one ends with it."""

    n: int
    person_id: str
    second: Second


class AddPerson(Message, frozen=True):
    """Somebody who is not on the signed roster: a local addition, called out before the start.
    ``valid_until_ms`` 0 means without an end; an inspector's account must have one (A12)."""

    n: int
    person_id: str
    name: str
    roles: list[Role]
    rooms: list[str]
    reason: str
    second: Second
    valid_until_ms: int = 0


class DisableAccount(Message, frozen=True):
    n: int
    person_id: str
    reason: str
    second: Second


class EnableAccount(Message, frozen=True):
    n: int
    person_id: str
    reason: str
    second: Second


class UnlockAccount(Message, frozen=True):
    """Another administrator lifts a lock-out after wrong passwords."""

    n: int
    person_id: str


class BeginTotp(Message, frozen=True):
    """Make a second factor for oneself; it counts only once a code of it was confirmed."""

    n: int


class ConfirmTotp(Message, frozen=True):
    n: int
    code: str

    def __repr__(self) -> str:
        return f"ConfirmTotp({self.n})"


class ResetTotp(Message, frozen=True):
    """Take somebody's second factor away (a lost telephone)."""

    n: int
    person_id: str
    second: Second


class RecordAgreement(Message, frozen=True):
    """A person's signed undertakings are at ``reference`` (B05)."""

    n: int
    person_id: str
    reference: str


# ---- recusals ----------------------------------------------------------------------------


class DeclareRecusal(Message, frozen=True):
    """The signed-in person declares for a session and those linked to it (B03). ``kind`` is NONE,
    CANDIDATE (``about``: the ticket number), ROOM (``about``: the room) or VENUE."""

    n: int
    session_id: str
    kind: str
    about: str = ""
    reason: str = ""


class DecideRecusal(Message, frozen=True):
    """``scope`` is NONE, ROOMS (with ``rooms``) or VENUE: then the account ends at once (B03)."""

    n: int
    session_id: str
    person_id: str
    scope: str
    reason: str
    rooms: list[str] = []


# ---- rooms -------------------------------------------------------------------------------


class DrawRooms(Message, frozen=True):
    """Draw the invigilators' rooms of a session and those linked to it (B02). ``absent`` people are
    left out; ``reason`` is needed for every draw but the first."""

    n: int
    session_id: str
    second: Second
    absent: list[str] = []
    reason: str = ""


class GetDraw(Message, frozen=True):
    """The draws of a session as documents that anybody can check (docs/draw.md)."""

    n: int
    session_id: str


class AssignRoom(Message, frozen=True):
    """Put one person into ``to_room`` against the draw, or out of any room (empty): 「原则上」. A
    roving invigilator steps in like this (F21)."""

    n: int
    session_id: str
    person_id: str
    to_room: str
    reason: str
    second: Second


# ---- posts -------------------------------------------------------------------------------


class Delegate(Message, frozen=True):
    """The post CHIEF or SYSADMIN of ``giver`` is done by ``taker`` until ``until_ms``; 0 hands it
    over until somebody ends it (A01, A02, N03)."""

    n: int
    role: Role
    giver: str
    taker: str
    reason: str
    second: Second
    until_ms: int = 0


class EndDelegation(Message, frozen=True):
    n: int
    delegation_id: int


PeopleMessage = (
    GetPeople
    | GetOrganisation
    | IssueCode
    | AddPerson
    | DisableAccount
    | EnableAccount
    | UnlockAccount
    | BeginTotp
    | ConfirmTotp
    | ResetTotp
    | RecordAgreement
    | DeclareRecusal
    | DecideRecusal
    | DrawRooms
    | GetDraw
    | AssignRoom
    | Delegate
    | EndDelegation
)
