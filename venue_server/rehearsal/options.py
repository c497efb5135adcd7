"""What a rehearsal may be told, and the times that follow from it."""

from dataclasses import dataclass
from pathlib import Path

from venue_server.headquarters.sample import sample_package_path

MINUTE_MS = 60_000
EXAM_MINUTES = 90
BEFORE_MINUTES = 60  # from the start of the day's script to the start of the exam
AFTER_MINUTES = 6
SETUP_REAL_S = 15.0  # starting programs and enrolling machines does not run on compressed time
MIN_DURATION_S = 40.0


HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
MORNING_MS = 6 * HOUR_MS  # 06:00 by Beijing's clock; the exam is about two hours later
BEIJING_MS = 8 * HOUR_MS


def morning_after(now_ms: int) -> int:
    """The next morning, so that a rehearsal never runs over midnight: rooms are drawn on the exam
    day and on no other (B02)."""
    return (now_ms + BEIJING_MS) // DAY_MS * DAY_MS + DAY_MS + MORNING_MS - BEIJING_MS


@dataclass(frozen=True)
class RehearsalOptions:
    """``duration_s`` is real seconds for the whole; ``folder`` takes everything written."""

    stations: int
    duration_s: float
    folder: Path
    paper: Path | None
    report: Path | None
    show: bool
    seed: int
    begin_ms: int  # exam time at which headquarters' clock begins: see morning_after
    faults: tuple[str, ...] = ()  # rehearsal/faults.py

    @property
    def package(self) -> Path:
        """The QTI package of this rehearsal."""
        return self.paper or sample_package_path()

    @property
    def rate(self) -> float:
        """Exam seconds per real second."""
        day_s = (BEFORE_MINUTES + EXAM_MINUTES + AFTER_MINUTES) * 60
        return round(day_s / max(10.0, self.duration_s - SETUP_REAL_S), 3)


@dataclass(frozen=True)
class DayTimes:
    """Instants of the day in exam milliseconds, from the start of the exam."""

    start_ms: int

    def at(self, minutes: float) -> int:
        """``minutes`` after the start (negative: before)."""
        return self.start_ms + int(minutes * MINUTE_MS)
