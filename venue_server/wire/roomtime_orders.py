"""Orders about the time of a room or of all rooms: start, suspension, extension (G08, I02, I06).

An empty ``room_id`` means every room of the session; an empty ``session_id`` the current session.
The answers are described in docs/protocol.md. Instants are exam time in milliseconds, UTC.
"""

from venue_server.wire.frames import Message, Part, Second


class HoldRoom(Message, frozen=True):
    """A room is not ready: its stations do not open at the common start. Only before the release;
    also the way to make room for an earlier session that was extended."""

    n: int
    room_id: str
    reason: str
    session_id: str = ""


class StartRoom(Message, frozen=True):
    """Start a room that was held back, all its stations together. ``at_ms`` 0: as soon as the lead
    allows; before the release 0 lets the room open at the common start after all."""

    n: int
    room_id: str
    reason: str
    at_ms: int = 0
    session_id: str = ""


class SuspendTime(Message, frozen=True):
    """Freeze a room or the venue at once: screens hidden, input locked, remaining time kept (F16,
    F17). A resumption that was ordered but not reached is called off."""

    n: int
    reason: str
    room_id: str = ""


class ResumeTime(Message, frozen=True):
    """Let every suspended room named go on, together, after the lead. ``reason``: on whose word."""

    n: int
    reason: str
    room_id: str = ""


class Approval(Part, frozen=True):
    """Headquarters' consent to an extension (S1 article 32): who, under which number, when."""

    authority: str
    ref_no: str
    approver: str
    approved_at_ms: int


class ExtendTime(Message, frozen=True):
    """More time for a room or the venue (顺延), on headquarters' consent."""

    n: int
    minutes: int
    reason: str
    approval: Approval
    room_id: str = ""


class ExtendTimeOffline(Message, frozen=True):
    """The same while headquarters cannot be reached in writing: two people, 待确认; the session's
    answers cannot be sealed before the consent is confirmed (I02)."""

    n: int
    minutes: int
    reason: str
    second: Second
    room_id: str = ""


class ConfirmExtension(Message, frozen=True):
    """Headquarters' consent to an extension that was given offline."""

    n: int
    extension_id: int
    approval: Approval


class GetRoomTimes(Message, frozen=True):
    """Each room's instants and everything that was ordered about them."""

    n: int
    session_id: str = ""


class GetStartCode(Message, frozen=True):
    """A room's start code (考场启动码, E04), once its stations were told their start."""

    n: int
    room_id: str
    session_id: str = ""


RoomTimeMessage = (
    HoldRoom
    | StartRoom
    | SuspendTime
    | ResumeTime
    | ExtendTime
    | ExtendTimeOffline
    | ConfirmExtension
    | GetRoomTimes
    | GetStartCode
)
