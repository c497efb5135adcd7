"""Reconciliation (L02, K04, K07): does everyone present have exactly the answers they handed in?

Pure. What does not fit blocks; what a person should look at is a remark.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from venue_server.sitting.rows import Sitting
from venue_server.wire.remarks import Remark, RemarkCode


@dataclass(frozen=True)
class ChainEnd:
    """What the server durably holds of one sitting: the end of its chain, and items answered."""

    seq: int
    head: str
    answered: int


@dataclass(frozen=True)
class ReconcileRow:
    """One candidate's outcome: PRESENT, ABSENT or NOT_HELD (or the state, when it is none yet).

    ``bundles`` is 1 when the answers held are the answers handed in. ``problem`` is what a person
    should know; ``blocking`` problems must be solved before the session is reconciled.
    """

    sitting_id: str
    ticket_no: str
    name: str
    room_id: str
    seat_no: str
    outcome: str
    bundles: int
    problem: Remark | None = None
    blocking: bool = False


@dataclass(frozen=True)
class Reconciliation:
    """Every candidate of a session, and whether all of it fits."""

    session_id: str
    rows: list[ReconcileRow]

    @property
    def present(self) -> int:
        """实考."""
        return sum(row.outcome == "PRESENT" for row in self.rows)

    @property
    def absent(self) -> int:
        """缺考."""
        return sum(row.outcome == "ABSENT" for row in self.rows)

    @property
    def not_held(self) -> int:
        """未开考: headquarters stopped the session before it began (I03)."""
        return sum(row.outcome == "NOT_HELD" for row in self.rows)

    @property
    def consistent(self) -> bool:
        """应考 = 实考 + 缺考 + 未开考, one bundle for everyone present, nothing blocking."""
        complete = self.present + self.absent + self.not_held == len(self.rows)
        return complete and not any(row.blocking for row in self.rows)

    def as_result(self) -> dict[str, Any]:
        """The answer to the order Reconcile (docs/protocol.md)."""
        return {
            "session_id": self.session_id,
            "rows": [asdict(row) | {"problem": row.problem} for row in self.rows],
            "scheduled": len(self.rows),
            "present": self.present,
            "absent": self.absent,
            "not_held": self.not_held,
            "consistent": self.consistent,
        }


def reconcile(
    session_id: str,
    sittings: Iterable[Sitting],
    name_of: Callable[[Sitting], str],
    chains: Mapping[str, ChainEnd],
) -> Reconciliation:
    """Compare outcomes with the answers held. ``chains`` maps sitting ids to what the server has;
    a sitting without any entry is not in it."""
    rows = [_row(one, name_of(one), chains.get(one.sitting_id)) for one in sittings]
    return Reconciliation(session_id, rows)


def _row(sitting: Sitting, name: str, chain: ChainEnd | None) -> ReconcileRow:
    outcome = _outcome(sitting)
    empty = chain is None and sitting.final_seq == 0  # two people closed it with nothing saved
    same = chain and (chain.seq, chain.head) == (sitting.final_seq, sitting.final_head)
    held = empty or bool(same)
    problem, blocking = _problem(sitting, outcome, chain, held)
    return ReconcileRow(
        sitting_id=sitting.sitting_id,
        ticket_no=sitting.ticket_no,
        name=name,
        room_id=sitting.room_id,
        seat_no=sitting.seat_no,
        outcome=outcome,
        bundles=int(held),
        problem=Remark(problem) if problem else None,
        blocking=blocking,
    )


def _outcome(sitting: Sitting) -> str:
    if sitting.present:
        return "PRESENT"
    return "ABSENT" if sitting.absent else sitting.state.value


def _problem(
    sitting: Sitting, outcome: str, chain: ChainEnd | None, held: bool
) -> tuple[RemarkCode | None, bool]:
    if outcome == "PRESENT":
        return _present_problem(sitting, chain, held)
    if outcome not in ("ABSENT", "NOT_HELD"):
        return RemarkCode.SESSION_NOT_ENDED, True
    if chain is not None:
        return RemarkCode.ABSENT_WITH_ANSWERS, True
    return (_absence_remark(sitting) if outcome == "ABSENT" else None), False


def _present_problem(
    sitting: Sitting, chain: ChainEnd | None, held: bool
) -> tuple[RemarkCode | None, bool]:
    if sitting.submitted_at_ms is None:
        return RemarkCode.NOT_HANDED_IN, True
    if chain is None:
        # A bundle may be empty with a reason (L02); without one something is missing.
        forced = RemarkCode.FORCED_WITHOUT_ANSWERS
        return (forced, False) if held else (RemarkCode.NO_ANSWERS, True)
    if not held:
        return RemarkCode.ANSWERS_DIFFER, True
    return (None if chain.answered else RemarkCode.NOTHING_ANSWERED), False


def _absence_remark(sitting: Sitting) -> RemarkCode | None:
    if sitting.logged_in_at_ms is not None:
        return RemarkCode.LOGGED_IN_ONLY
    return RemarkCode.ADMITTED_ONLY if sitting.admitted_at_ms is not None else None
