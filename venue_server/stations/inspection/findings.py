"""From all results there ever were to how it stands: latest, open, closed. Pure (C09)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from venue_server.stations.inspection.catalogue import CHECKS
from venue_server.stations.inspection.drift import recheck
from venue_server.stations.inspection.store import Result, SealStep
from venue_server.wire.inspection_orders import CheckVerdict, SealState

OPEN = frozenset({CheckVerdict.FAIL, CheckVerdict.WAIT})


@dataclass(frozen=True)
class Finding:
    """A check that failed in ``failed``, and the result that closed it (None: still open)."""

    check_id: str
    failed: Result
    closed: Result | None


def latest(results: Iterable[Result]) -> dict[str, Result]:
    """The newest result of each check."""
    return {each.outcome.check_id: each for each in results}


def open_checks(results: Iterable[Result], mandatory: bool = True) -> list[str]:
    """Checks that failed, wait, or were never run, in the catalogue's order."""
    now = latest(results)
    return [
        check.check_id
        for check in CHECKS
        if (check.mandatory or not mandatory)
        and (check.check_id not in now or now[check.check_id].outcome.verdict in OPEN)
    ]


def findings(results: Sequence[Result]) -> list[Finding]:
    """Every failure there ever was, each with its correction; repeated failures are one finding."""
    pending: dict[str, Result] = {}
    found: list[Finding] = []
    for each in results:
        name, verdict = each.outcome.check_id, each.outcome.verdict
        if verdict is CheckVerdict.FAIL:
            pending.setdefault(name, each)
        elif name in pending and verdict is not CheckVerdict.WAIT:
            found.append(Finding(name, pending.pop(name), each))
    return found + [Finding(name, failed, None) for name, failed in pending.items()]


def to_repeat(results: Sequence[Result], seal: SealStep) -> frozenset[str]:
    """What a partial run looks at: whatever is open or warned, and what the broken seal touches."""
    now = latest(results)
    bad = {
        check.check_id
        for check in CHECKS
        if not check.asked
        and (check.check_id not in now or now[check.check_id].outcome.verdict != CheckVerdict.OK)
    }
    return frozenset(bad) | recheck(seal.remarks if seal.state is SealState.SEAL_BROKEN else ())


def not_rechecked(results: Sequence[Result], seal: SealStep) -> list[str]:
    """Checks that a broken seal touches and that were not run since it broke."""
    if seal.state is not SealState.SEAL_BROKEN:
        return []
    now = latest(results)
    return sorted(
        name for name in recheck(seal.remarks) if name not in now or now[name].at_ms < seal.at_ms
    )
