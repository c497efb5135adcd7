"""Duty hours (A14, J3 §11): from 19:00 the evening before until one hour after the end. Pure."""

from venue_server.staff.duty.rules import midnight_before

EVENING_MS = 5 * 3600 * 1000  # 19:00 is five hours before midnight
AFTER_END_MS = 3600 * 1000


def duty_hours(sessions: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """(start, end) of the sessions, in exam time ms, to (from, until) of each stretch of duty;
    stretches that meet are one."""
    stretches: list[tuple[int, int]] = []
    for start_ms, end_ms in sorted(sessions):
        begins, ends = midnight_before(start_ms) - EVENING_MS, end_ms + AFTER_END_MS
        if stretches and begins <= stretches[-1][1]:
            begins = stretches.pop()[0]
        stretches.append((begins, ends))
    return stretches
