"""Orders about duty hours, shifts and who is at the venue (A10, A13, A14).

Instants are exam time in milliseconds, UTC.
"""

from venue_server.wire.frames import Message, Part, Second


class GetDuty(Message, frozen=True):
    """Duty hours, an override that runs, shifts with their gaps, and who is here."""

    n: int


class OverrideDutyHours(Message, frozen=True):
    """The chief and an administrator allow an update, a restore or a stop inside duty hours, for
    thirty minutes (A14)."""

    n: int
    reason: str
    second: Second


class StaffHere(Message, frozen=True):
    """Somebody came (``here``) or left. ``badge``: the number on the badge, or the person's id."""

    n: int
    badge: str
    here: bool


class EnterShift(Message, frozen=True):
    """Somebody is on duty at a place with a telephone, in ``[from_ms, until_ms)`` (A13)."""

    n: int
    person_id: str
    place: str
    phone: str
    from_ms: int
    until_ms: int


class WithdrawShift(Message, frozen=True):
    """A shift that was entered does not stand any more."""

    n: int
    shift_id: int
    reason: str


class ShiftView(Part, frozen=True):
    """A shift that stands."""

    shift_id: int
    person_id: str
    name: str
    place: str
    phone: str
    from_ms: int
    until_ms: int


class PresenceView(Part, frozen=True):
    """One person's last coming today; ``left_ms`` is 0 while they are here."""

    person_id: str
    name: str
    badge_no: str
    since_ms: int
    left_ms: int


class DutyView(Part, frozen=True):
    """The answer to :class:`GetDuty`. ``until_ms`` 0: outside duty hours; ``override_ms`` 0: none
    runs, else until when; ``gaps``: stretches of duty hours, not over yet, without a shift."""

    hours: list[tuple[int, int]]
    until_ms: int
    override_ms: int
    shifts: list[ShiftView]
    gaps: list[tuple[int, int]]
    present: list[PresenceView]


DutyMessage = GetDuty | OverrideDutyHours | StaffHere | EnterShift | WithdrawShift
