"""Instants and spans as figures. Exam time is shown in Beijing time at every venue."""

from datetime import UTC, datetime, timedelta, timezone

_BEIJING = timezone(timedelta(hours=8))


def clock(at_ms: int) -> str:
    """``09:00:00``."""
    return f"{_local(at_ms):%H:%M:%S}"


def minute(at_ms: int) -> str:
    """``09:00``."""
    return f"{_local(at_ms):%H:%M}"


def day_minute(at_ms: int) -> str:
    """``2026-11-22 09:00``."""
    return f"{_local(at_ms):%Y-%m-%d %H:%M}"


def span(ms: int) -> str:
    """``05:12`` or ``1:05:12``; a started second counts whole, so 0 shows only at zero."""
    seconds = max(0, -(-ms // 1000))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _local(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_BEIJING)
