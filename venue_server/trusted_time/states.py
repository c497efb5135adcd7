"""How far the venue's time can be trusted, and what each state allows (docs/states/clock.md).

Pure: facts in, a state out. The state is never stored; it follows from the anchor, its age and what
contradicts it, so that a restart finds the same state again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

HOLD_AFTER_MS = 15 * 60 * 1000
"""Without headquarters for this long the uncertainty is counted, not neglected."""
EXACT_MS = 250.0
"""A trusted time is this exact (real milliseconds); what is decided by it needs no allowance."""


class ClockState(StrEnum):
    """In the order of trust, SUSPECT aside."""

    UNSET = "UNSET"
    SYSTEM_SYNCED = "SYSTEM_SYNCED"
    TRUSTED = "TRUSTED"
    HOLDOVER = "HOLDOVER"
    SUSPECT = "SUSPECT"


class Use(StrEnum):
    """What time is used for."""

    GUIDE = "guide"  # stations and consoles follow it
    END = "end"  # a running session ends by it, at its certain bound
    TOKEN = "token"  # noqa: S105  # a paper opens with headquarters' own token
    CODE = "code"  # a paper opens with the sealed code of two custodians


class Source(StrEnum):
    """Where an anchor came from."""

    NONE = "none"
    SYSTEM = "system"
    HEADQUARTERS = "headquarters"


_S = ClockState
ALLOWS: Mapping[ClockState, frozenset[Use]] = {
    # Sessions that ran before a reboot still end, by the lower bound that the mark gives.
    _S.UNSET: frozenset({Use.END}),
    _S.SYSTEM_SYNCED: frozenset({Use.GUIDE, Use.END}),
    _S.TRUSTED: frozenset(Use),
    _S.HOLDOVER: frozenset(Use),
    # Headquarters withholds the token until its own release point; the code's only lock is time.
    _S.SUSPECT: frozenset({Use.GUIDE, Use.END, Use.TOKEN}),
}

NEXT: Mapping[ClockState, frozenset[ClockState]] = {
    # HOLDOVER at once when the line is slow; SUSPECT when headquarters is behind the mark.
    _S.UNSET: frozenset({_S.SYSTEM_SYNCED, _S.TRUSTED, _S.HOLDOVER, _S.SUSPECT}),
    _S.SYSTEM_SYNCED: frozenset({_S.TRUSTED, _S.HOLDOVER, _S.SUSPECT}),
    _S.TRUSTED: frozenset({_S.HOLDOVER, _S.SUSPECT}),
    _S.HOLDOVER: frozenset({_S.TRUSTED, _S.SUSPECT}),
    _S.SUSPECT: frozenset({_S.TRUSTED, _S.HOLDOVER}),
}
"""Within one run of the server on one boot. A reboot begins at UNSET."""


@dataclass(frozen=True)
class ClockFacts:
    """Everything the state follows from. ``age_ms`` and ``uncertainty_ms`` are real milliseconds;
    ``disputed`` means that a source contradicts this clock beyond what both may be wrong."""

    source: Source
    age_ms: float = 0.0
    uncertainty_ms: float = 0.0
    disputed: bool = False


def judge(facts: ClockFacts) -> ClockState:
    """The state of a clock with these facts."""
    if facts.source is Source.NONE:
        return _S.UNSET
    if facts.disputed:
        return _S.SUSPECT
    if facts.source is Source.SYSTEM:
        return _S.SYSTEM_SYNCED
    if facts.age_ms > HOLD_AFTER_MS or facts.uncertainty_ms > EXACT_MS:
        return _S.HOLDOVER
    return _S.TRUSTED
