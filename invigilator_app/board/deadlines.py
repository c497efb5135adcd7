"""The deadline strip: the instants of the closed-room policy against the exam clock.

The console computes none of them: they come in ``Timing`` from the server's one pure policy.
"""

from dataclasses import dataclass
from enum import StrEnum

from venue_server.wire.console_views import RoomView


class DeadlineKind(StrEnum):
    START = "START"
    ADMISSION_CLOSES = "ADMISSION_CLOSES"
    CLOSED_UNTIL = "CLOSED_UNTIL"
    END = "END"


@dataclass(frozen=True)
class Deadline:
    """``left_ms`` is exam time until ``at_ms``, never negative; ``next`` marks the nearest one
    still to come."""

    kind: DeadlineKind
    at_ms: int
    left_ms: int
    passed: bool
    next: bool = False


def deadlines(room: RoomView, now_ms: int) -> tuple[Deadline, ...]:
    """The room's deadlines in order of time; only the planned start while timing is unknown. While
    the room stands still none comes nearer (I06)."""
    instants = _instants(room)
    if room.timing is not None:
        now_ms = room.timing.room_clock_ms(now_ms)
    upcoming = [at for _, at in instants if at > now_ms]
    nearest = min(upcoming, default=None)
    return tuple(
        Deadline(kind, at, max(0, at - now_ms), at <= now_ms, at == nearest)
        for kind, at in instants
    )


def _instants(room: RoomView) -> list[tuple[DeadlineKind, int]]:
    timing = room.timing
    if timing is None:
        planned = room.session.scheduled_start_ms if room.session else 0
        return [(DeadlineKind.START, planned)] if planned else []
    return [
        (DeadlineKind.START, timing.effective_start_ms),
        (DeadlineKind.ADMISSION_CLOSES, timing.admission_closes_ms),
        (DeadlineKind.CLOSED_UNTIL, timing.closed_until_ms),
        (DeadlineKind.END, timing.end_ms),
    ]


def admission_over(room: RoomView, now_ms: int) -> bool:
    """True when nobody may enter any more (F05, F06): half-open, so closed at the instant itself.
    Only a hint to the person at the door; the server decides."""
    timing = room.timing
    return timing is not None and timing.room_clock_ms(now_ms) >= timing.admission_closes_ms
