"""The inspection as the console reads it, and what of it is shown. No Qt (C08-C10)."""

from typing import Any

import msgspec

from venue_server.wire.remarks import Remark

GOOD, WARNED, FAILED, WAITS = "OK", "WARN", "FAIL", "WAIT"
SEALED, BROKEN = "SEALED", "SEAL_BROKEN"


class Check(msgspec.Struct, frozen=True):
    """One check as it stands. ``title`` says it twice, ``names`` what is not right."""

    check_id: str
    title: str
    mandatory: bool
    asked: bool
    expected: str
    measured: str
    verdict: str
    names: list[str] = []
    person: str = ""
    at_ms: int = 0
    run: int = 0


class Finding(msgspec.Struct, frozen=True):
    """A failure, and its correction once there is one (``closed_ms``)."""

    check_id: str
    measured: str
    found_ms: int
    closed_ms: int
    names: list[str] = []
    title: str = ""
    now: str = ""
    closed_by: str = ""


class StationFinding(msgspec.Struct, frozen=True):
    check_id: str
    verdict: str
    measured: str = ""


class Facts(msgspec.Struct, frozen=True):
    """What a station told of itself; empty when it told nothing."""

    app_sha256: str = ""
    os_build: str = ""
    ram_bytes: int = 0
    disk_free: int = 0
    screen: str = ""
    removable: list[str] = []
    findings: list[StationFinding] = []


class StationRow(msgspec.Struct, frozen=True):
    seat: str
    online: bool
    restart: str
    facts: Facts
    offset_ms: int | None = None
    round_trip_ms: int | None = None


class Inspection(msgspec.Struct, frozen=True):
    """The answer to GetInspection and to every order of the inspection."""

    state: str
    checks: list[Check]
    open: list[str]
    findings: list[Finding] = []
    stations: list[StationRow] = []
    reasons: list[Remark] = []
    persons: list[str] = []
    since_ms: int = 0
    digest: str = ""
    reason: str = ""


class ReportResult(msgspec.Struct, frozen=True):
    """The signed document, as it is saved and printed."""

    report: dict[str, Any]


def shown(inspection: Inspection, only_open: bool) -> list[Check]:
    """The checks to list: all, or those that did not pass."""
    return [each for each in inspection.checks if not only_open or each.verdict != GOOD]


def failing(facts: Facts) -> list[str]:
    """The ids of the findings of a station that failed."""
    return [each.check_id for each in facts.findings if each.verdict == FAILED]
