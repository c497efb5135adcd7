"""What must be true at the end of the day, in ten points: which are open, and who must act. Pure.

The facts of one session go in; every point comes out, closed or with what is still open about it.
Points that other parts of the day know of (incidents without a result, unconfirmed extensions …)
belong to the sixth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from venue_server.wire.close_texts import TITLES
from venue_server.wire.day_records import OpenPoint
from venue_server.wire.names import Role
from venue_server.wire.remarks import Remark, RemarkCode, remark

_CHIEF = [Role.CHIEF]
_ADMIN = [Role.SYSADMIN]
_BOTH = [Role.CHIEF, Role.SYSADMIN]
_ROOM = [Role.INVIGILATOR, Role.CHIEF]


@dataclass(frozen=True)
class DayFacts:
    """The facts of one session. ``ended``: its papers are over; ``undecided``: tickets that are
    neither present nor absent; ``sealed_present``: present candidates in the sealed bundle (None:
    not sealed); ``left_behind``: names of keys and papers the scan found; ``reserves_lost``:
    reserve papers that are neither sealed, nor approved, nor wiped."""

    session_id: str
    ended: bool
    present: int
    undecided: Sequence[str]
    sealed_present: int | None
    unsigned_rooms: Sequence[str]
    unanswered: dict[str, int] = field(default_factory=dict)
    copies: int = 0
    copies_needed: int = 2
    receipt: bool = False
    handed_over: bool = False
    points: Sequence[OpenPoint] = ()
    code_unconfirmed: Sequence[str] = ()
    media_out: Sequence[str] = ()
    wiped: bool = False
    left_behind: Sequence[str] = ()
    ledger_problem: str = ""
    reserves_lost: Sequence[str] = ()


@dataclass(frozen=True)
class StillOpen:
    """One thing that is open: what, by which rule, and who must act."""

    about: Remark
    who: Sequence[Role]
    rule: str


@dataclass(frozen=True)
class ClosePoint:
    """One of the ten points; closed when nothing about it is open."""

    number: int
    title: tuple[str, str]  # zh, en
    open: Sequence[StillOpen]

    @property
    def closed(self) -> bool:
        """Nothing about it is open."""
        return not self.open

    def as_dict(self) -> dict[str, Any]:
        """As it is sent and printed."""
        return {
            "number": self.number,
            "zh": self.title[0],
            "en": self.title[1],
            "closed": self.closed,
            "open": [
                {"about": each.about, "who": list(each.who), "rule": each.rule}
                for each in self.open
            ],
        }


def close_check(facts: DayFacts) -> list[ClosePoint]:
    """The ten points of one session, in their order."""
    found = (
        _outcomes(facts),
        _bundles(facts),
        _records(facts),
        _copies(facts),
        _receipt(facts),
        _points(facts),
        [_still(RemarkCode.MEDIUM_NOT_BACK, _ADMIN, "D03", medium=m) for m in facts.media_out],
        _nothing_left(facts),
        _ledger(facts),
        [_still(RemarkCode.RESERVE_LOST, _BOTH, "D10", paper=p) for p in facts.reserves_lost],
    )
    return [
        ClosePoint(number, title, still)
        for number, (title, still) in enumerate(zip(TITLES, found, strict=True), start=1)
    ]


def _still(code: RemarkCode, who: Sequence[Role], rule: str, **args: object) -> StillOpen:
    return StillOpen(remark(code, **args), who, rule)


def _outcomes(facts: DayFacts) -> list[StillOpen]:
    if not facts.ended:
        return [_still(RemarkCode.SESSION_NOT_ENDED, _CHIEF, "K03")]
    tickets = facts.undecided
    return [_still(RemarkCode.NO_OUTCOME, _CHIEF, "K04", ticket=ticket) for ticket in tickets]


def _bundles(facts: DayFacts) -> list[StillOpen]:
    if facts.sealed_present is None:
        return [_still(RemarkCode.NOT_SEALED_YET, _BOTH, "L02")]
    if facts.sealed_present == facts.present:
        return []
    numbers = {"present": facts.present, "sealed": facts.sealed_present}
    return [_still(RemarkCode.BUNDLES_DIFFER, _BOTH, "L02", **numbers)]


def _records(facts: DayFacts) -> list[StillOpen]:
    waiting = [
        _still(RemarkCode.NEVER_ANSWERED_POINT, _ROOM, "K07", room=room, count=count)
        for room, count in facts.unanswered.items()
        if count
    ]
    rooms = facts.unsigned_rooms
    return waiting + [_still(RemarkCode.RECORD_NOT_SIGNED, _ROOM, "K01", room=r) for r in rooms]


def _copies(facts: DayFacts) -> list[StillOpen]:
    if facts.copies >= facts.copies_needed:
        return []
    numbers = {"count": facts.copies, "needed": facts.copies_needed}
    return [_still(RemarkCode.COPIES_FEW, _ADMIN, "L04", **numbers)]


def _receipt(facts: DayFacts) -> list[StillOpen]:
    done = facts.receipt or facts.handed_over
    return [] if done else [_still(RemarkCode.NO_RECEIPT, _ADMIN, "L08")]


def _points(facts: DayFacts) -> list[StillOpen]:
    told = [StillOpen(each.remark, each.who, each.rule) for each in facts.points]
    forms = facts.code_unconfirmed
    return told + [_still(RemarkCode.CODE_NOT_CONFIRMED, _ADMIN, "E04", form=f) for f in forms]


def _nothing_left(facts: DayFacts) -> list[StillOpen]:
    if not facts.wiped:
        return [_still(RemarkCode.NOT_WIPED, _ADMIN, "L11")]
    return [_still(RemarkCode.LEFT_BEHIND, _ADMIN, "L10", name=n) for n in facts.left_behind]


def _ledger(facts: DayFacts) -> list[StillOpen]:
    problem = facts.ledger_problem
    return [_still(RemarkCode.LEDGER_BROKEN, _BOTH, "N01", problem=problem)] if problem else []
