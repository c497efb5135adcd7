"""What the store knows about a room's door, as frozen values, and how a doubt may go on (F14)."""

from collections.abc import Mapping
from dataclasses import dataclass

from venue_server.wire.names import ChiefWord, DoubtKind, DoubtState, ItemKind

_S = DoubtState
DOUBT_NEXT: Mapping[DoubtState, frozenset[DoubtState]] = {
    _S.RAISED: frozenset({_S.PROVISIONAL, _S.WITHDRAWN}),
    _S.PROVISIONAL: frozenset({_S.VERIFIED, _S.NOT_VERIFIED}),
    _S.NOT_VERIFIED: frozenset({_S.DECIDED}),
    _S.VERIFIED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.DECIDED: frozenset(),
}

OPEN_DOUBTS = frozenset({_S.PROVISIONAL, _S.NOT_VERIFIED})
"""Somebody sits in the room whose identity is not settled."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One identity doubt. ``…_by`` of two people are their ids with a comma. Instants in ms."""

    doubt_id: str
    sitting_id: str
    session_id: str
    room_id: str
    ticket_no: str
    kinds: frozenset[DoubtKind]
    state: DoubtState
    raised_at_ms: int
    raised_by: str
    admitted_at_ms: int | None = None
    admitted_by: str = ""
    settled_at_ms: int | None = None
    settled_by: str = ""
    decided_at_ms: int | None = None
    decided_by: str = ""
    word: ChiefWord | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptItem:
    """One item in custody (F09). ``handed_to``: whoever got it instead of the candidate."""

    receipt_no: str
    session_id: str
    room_id: str
    ticket_no: str
    kind: ItemKind
    what: str
    kept_at_ms: int
    kept_by: str
    candidate_signed: bool
    ended_at_ms: int | None = None
    ended_by: str = ""
    handed_to: str = ""
    return_signed: bool | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """One approved visit to a room by somebody who has no work there (A09)."""

    visitor_id: str
    session_id: str
    room_id: str
    name: str
    unit: str
    reason: str
    approved_at_ms: int
    approved_by: str
    in_ms: int | None = None
    in_by: str = ""
    out_ms: int | None = None
    out_by: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of a registration that was asked for (F04). It is filed, never applied:
    ``sealed`` is the wish under the venue's own key."""

    correction_id: str
    session_id: str
    room_id: str
    ticket_no: str
    field: str
    sealed: bytes
    reason: str
    filed_at_ms: int
    filed_by: str
