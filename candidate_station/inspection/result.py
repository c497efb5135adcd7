"""One finding of the station's self-check."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "OK"
    WARN = "WARN"  # usable, but a person should look
    FAIL = "FAIL"


@dataclass(frozen=True)
class CheckResult:
    """``check_id`` is stable (docs); ``expected`` and ``measured`` are short and unit-bearing,
    language-neutral where that is possible."""

    check_id: str
    expected: str
    measured: str
    verdict: Verdict
