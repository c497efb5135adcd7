"""Delegations, recusals, draws and assignments as frozen values. Instants are exam time in ms."""

from dataclasses import dataclass

from venue_server.staff.duty.names import AssignedBy, RecusalKind, RecusalScope
from venue_server.wire.names import Role


@dataclass(frozen=True, slots=True)
class Delegation:
    """``taker`` does what ``giver``'s post may, from ``begins_ms`` until ``until_ms`` (0: the post
    was handed over) or until somebody ends it."""

    delegation_id: int
    role: Role
    giver: str
    taker: str
    begins_ms: int
    until_ms: int
    reason: str
    persons: str
    ended_at_ms: int | None = None
    ended_by: str | None = None

    def runs_at(self, now_ms: int) -> bool:
        """In force at that instant? At the very end it is over."""
        over = self.ended_at_ms is not None or 0 < self.until_ms <= now_ms
        return self.begins_ms <= now_ms and not over


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one person declared for one session; the last one counts."""

    session_id: str
    person_id: str
    kind: RecusalKind
    about: str
    reason: str
    declared_at_ms: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one person's recusal for one session; the last one counts."""

    session_id: str
    person_id: str
    scope: RecusalScope
    rooms: frozenset[str]
    reason: str
    decided_by: str
    decided_at_ms: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """The room of one person in one session; NO_ROOM for a spare. The last one counts."""

    session_id: str
    person_id: str
    room_id: str
    way: AssignedBy
    reason: str
    persons: str
    assigned_at_ms: int


@dataclass(frozen=True, slots=True)
class KeptDraw:
    """One draw as it was made; ``document`` is canonical JSON (docs/draw.md)."""

    session_id: str
    number: int
    document: str
    persons: str
    reason: str
    drawn_at_ms: int


@dataclass(frozen=True, slots=True)
class Duty:
    """Everything that bears on people in one session."""

    delegations: tuple[Delegation, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    decisions: tuple[Decision, ...] = ()
