"""What a person typed into the forms for incidents and violations, read as values. No Qt."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec

from venue_server.wire.incidents import IncidentView
from venue_server.wire.violations import ObservationView, ViolationView

_BEIJING = timezone(timedelta(hours=8))


class IncidentRow(IncidentView, frozen=True):
    """As GetIncidents answers: with the report as it is read out."""

    report: str = ""


class IncidentList(msgspec.Struct, frozen=True):
    incidents: list[IncidentRow]
    session_id: str = ""


class OneIncident(msgspec.Struct, frozen=True):
    incident: IncidentRow


class ViolationList(msgspec.Struct, frozen=True):
    violations: list[ViolationView]
    observations: list[ObservationView]
    session_id: str = ""


class OneViolation(msgspec.Struct, frozen=True):
    violation: ViolationView


def instant_of(text: str, now_ms: int) -> int | None:
    """``09:12`` or ``09:12:30`` of the day of ``now_ms``, Beijing time, to exam ms; 0 for nothing,
    None for what is no time of day."""
    typed = text.strip().replace("：", ":")
    if not typed:
        return 0
    numbers = typed.split(":")
    if len(numbers) not in (2, 3) or not all(each.isascii() and each.isdigit() for each in numbers):
        return None
    hour, minute, second = (*map(int, numbers), 0)[:3]
    if hour > 23 or minute > 59 or second > 59:
        return None
    day = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(_BEIJING)
    at = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return int(at.timestamp() * 1000)


def seats_of(text: str) -> list[str]:
    """Seat numbers, separated by blanks or commas of either kind."""
    for mark in "，、,;；":
        text = text.replace(mark, " ")
    return text.split()


def lines_of(text: str) -> list[str]:
    """Evidence, one thing a line or between semicolons."""
    parts = text.replace("；", "\n").replace(";", "\n").splitlines()
    return [each.strip() for each in parts if each.strip()]
