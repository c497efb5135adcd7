"""Trusted exam time: headquarters' signed time carried on by the steady clock (G08, F7, E01).

Exam time never follows the operating system's wall clock. It runs by an anchor (record.py): the
steady clock since a moment known on both clocks, corrected for the measured drift. Every exchange
with headquarters either agrees within what both may be wrong, and then the clock is slewed, or
contradicts, and then nothing moves until it is confirmed (correction.py). Time never goes back.
``rate`` is 1 except in a rehearsal, whose day runs faster. States: docs/states/clock.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from venue_server.trusted_time.correction import CONFIRM, GUARD_S, SMALL_MS, permitted, speed
from venue_server.trusted_time.estimate import (
    Drift,
    Estimate,
    Exchange,
    estimate,
    gap,
    keep,
    surely,
)
from venue_server.trusted_time.record import (
    Anchor,
    Mark,
    anchor_at,
    read_anchor,
    read_mark,
    write_anchor,
    write_mark,
)
from venue_server.trusted_time.sources_io import ClockSources, boot_ms, wall_ms
from venue_server.trusted_time.states import ALLOWS, ClockFacts, ClockState, Source, Use, judge

MAX_ROUND_TRIP_MS = 1_000
SLEEP_ERROR_MS = 2_000.0
"""A sleep is counted by the machine's battery clock, which knows whole seconds."""
MARK_SLACK_MS = 1_000.0


class Taken(StrEnum):
    """What became of one exchange."""

    SET = "set"  # there was no trusted time before
    AGREED = "agreed"
    SLOW = "slow"  # too long a round trip to tell anything
    DISPUTED = "disputed"  # contradicts; nothing moved
    CONFIRMED = "confirmed"  # contradicts as those before did; a remedy is due


@dataclass(frozen=True)
class Reading:
    """The clock as people are shown it. Milliseconds are real; ``None`` is not known."""

    state: ClockState
    source: Source
    uncertainty_ms: float | None
    age_ms: float | None
    system_ahead_ms: float | None
    rival_ms: float | None


class VenueClock:
    """The one clock of the server. ``file`` keeps the anchor, the files of ``marks`` the high-water
    mark; ``usable`` says which of them may be touched now (a medium may be away).

    With ``practice`` a day may be repeated: headquarters' first answer after a reboot counts even
    when it is earlier than the mark.
    """

    def __init__(
        self,
        file: Path,
        sources: ClockSources | None = None,
        marks: Iterable[Path] = (),
        practice: bool = False,
        usable: Callable[[Path], bool] = lambda _file: True,
    ) -> None:
        self._file = file
        self._marks = list(marks)
        self._usable = usable
        self._practice = practice
        self._unsaved = False
        self.sources = sources or ClockSources()
        self._mark = self.read_mark()
        self._window: list[Exchange] = []
        self._rivals: list[Exchange] = []
        found = read_anchor(file)
        self._anchor = found if found and found.boot_id == self.sources.boot_id() else None
        self.set_back = False
        self.look_back(self._mark)

    # ---- reading -------------------------------------------------------------------------

    @property
    def state(self) -> ClockState:
        """How far this time can be trusted, now."""
        if self._anchor is None:
            return judge(ClockFacts(Source.NONE))
        steady_ms = self.steady_ms()
        return judge(
            ClockFacts(
                self._anchor.source,
                steady_ms - self._anchor.synced_ms,
                self._anchor.uncertainty_ms(steady_ms),
                self._anchor.rival_ms is not None,
            )
        )

    def allows(self, use: Use) -> bool:
        """May time be used for this, in the present state?"""
        return use in ALLOWS[self.state]

    @property
    def guides(self) -> bool:
        """May stations and consoles follow this time? The same as ``allows(Use.GUIDE)``, which
        every state allows but the one without an anchor; asked with each ping."""
        return self._anchor is not None

    @property
    def trusted(self) -> bool:
        """True while time is good enough to open a paper by it alone."""
        return self.allows(Use.CODE)

    @property
    def source(self) -> str:
        """``headquarters``, or ``system`` when nothing better is known."""
        known = self._anchor is not None and self._anchor.source is Source.HEADQUARTERS
        return (Source.HEADQUARTERS if known else Source.SYSTEM).value

    @property
    def rate(self) -> float:
        """Exam seconds per real second."""
        return self._anchor.rate if self._anchor else 1.0

    def steady_ms(self) -> float:
        """Real milliseconds that never jump; for pauses and round trips."""
        return self.sources.boot_ms()

    def now(self) -> float:
        """Exam time in milliseconds, with fractions. Without an anchor: the wall clock, but when a
        session ran before the reboot only what has surely passed."""
        if self._anchor is not None:
            return self._anchor.exam_at(self.sources.boot_ms())
        floor = self._floor()
        if self._mark is not None and self._mark.running:
            return floor
        return max(floor, self.sources.wall_ms())

    def now_ms(self) -> int:
        """Exam time in whole milliseconds."""
        return int(self.now())

    def certain(self) -> float:
        """The exam time that has surely been reached (ms): what opens or ends by itself goes by it.

        :meth:`now` less the uncertainty, and never beyond what a source that contradicts says;
        without an anchor what surely passed since the mark.
        """
        if self._anchor is None:
            return self._floor()
        unsure = self._anchor.uncertainty_ms(self.steady_ms()) * self.rate
        return self.now() - unsure - self.ahead_ms()

    def ahead_ms(self) -> float:
        """How far (exam ms) this clock may be ahead of a source that contradicts it; usually 0."""
        rival = self._anchor.rival_ms if self._anchor else None
        return max(0.0, -(rival or 0.0)) * self.rate

    def owed_ms(self) -> float:
        """Real milliseconds that are still being made good by slewing."""
        if self._anchor is None:
            return 0.0
        return self._anchor.owed_ms - self._anchor.slewed_ms(self.steady_ms())

    def real_seconds_until(self, exam_ms: float) -> float:
        """Real seconds from now to an exam instant; never negative."""
        return max(0.0, (exam_ms - self.now()) / self.rate / 1000)

    def real_seconds_until_certain(self, exam_ms: float) -> float:
        """Real seconds until an exam instant has surely passed; never negative."""
        return max(0.0, (exam_ms - self.certain()) / self.rate / 1000)

    def reading(self) -> Reading:
        """For status, consoles and whoever looks after the machine."""
        anchor, steady = self._anchor, self.steady_ms()
        if anchor is None:
            return Reading(self.state, Source.NONE, None, None, None, None)
        ahead = self.sources.wall_ms() - self.now() if anchor.rate == 1.0 else None
        return Reading(
            state=self.state,
            source=anchor.source,
            uncertainty_ms=anchor.uncertainty_ms(steady),
            age_ms=steady - anchor.synced_ms,
            system_ahead_ms=ahead,
            rival_ms=anchor.rival_ms,
        )

    # ---- headquarters --------------------------------------------------------------------

    def take(self, exchange: Exchange, rate: float) -> Taken:
        """One signed answer of headquarters. Nothing steps here but a clock that was never set."""
        if not 0 <= exchange.round_trip_ms <= MAX_ROUND_TRIP_MS:  # below 0: set back meanwhile
            return Taken.SLOW
        anchor = self._anchor
        if anchor is None or rate != anchor.rate:
            if anchor is not None and anchor.source is Source.HEADQUARTERS:
                self._run_by(msgspec.structs.replace(anchor, rival_ms=anchor.rival_ms or 0.0))
                return Taken.DISPUTED  # the rate of a day never changes
            floor = 0.0 if self._practice else self._floor()
            self._begin([exchange], rate)
            self._stay_above(floor)
            return Taken.SET
        middle = anchor.exam_at(exchange.received_ms) / rate
        unsure = anchor.uncertainty_ms(exchange.received_ms)
        difference = gap(middle - unsure, middle + unsure, exchange, rate)
        if abs(difference) > SMALL_MS:
            return self._dispute(exchange, exchange.exam_ms / rate - middle)
        was = anchor.source
        self._rivals.clear()
        self._follow(keep(self._window, exchange), exchange.received_ms)
        return Taken.AGREED if was is Source.HEADQUARTERS else Taken.SET

    def _begin(self, window: list[Exchange], rate: float) -> None:
        """A first anchor, or a new one: nothing known before binds it."""
        known = surely(window, rate)
        self._window, self._rivals = window, []
        self._run_by(anchor_at(self.sources.boot_id(), known, rate, Source.HEADQUARTERS))

    def _stay_above(self, floor: float) -> None:
        """Headquarters says less than what had surely passed before the reboot."""
        assert self._anchor is not None
        behind = (floor - self.now()) / self.rate
        if behind > MARK_SLACK_MS:
            self._run_by(msgspec.structs.replace(self._anchor, rival_ms=behind))

    def _follow(self, window: list[Exchange], at_ms: float) -> None:
        """Run towards what the exchanges say, without a step."""
        anchor = self._anchor
        assert anchor is not None
        known = estimate(window, anchor.rate)
        if known is None:  # the drift changed, or an old exchange was worse than it looked
            window = window[-1:]
            known = surely(window, anchor.rate)
        self._window = window
        shown = anchor.exam_at(at_ms)
        owed = known.middle_ms - shown / anchor.rate
        whole = anchor_at(anchor.boot_id, known, anchor.rate, Source.HEADQUARTERS)
        self._run_by(msgspec.structs.replace(whole, exam_ms=shown, owed_ms=owed, speed=speed(owed)))

    def _dispute(self, exchange: Exchange, difference: float) -> Taken:
        anchor = self._anchor
        assert anchor is not None
        if self._rivals:
            known = surely(self._rivals, anchor.rate)
            low, high = known.around(exchange.received_ms)
            if abs(gap(low, high, exchange, anchor.rate)) > SMALL_MS:
                self._rivals.clear()  # not even among themselves do they agree
        self._rivals.append(exchange)
        del self._rivals[:-CONFIRM]
        self._run_by(msgspec.structs.replace(anchor, rival_ms=difference))
        return Taken.CONFIRMED if len(self._rivals) >= CONFIRM else Taken.DISPUTED

    # ---- remedies ------------------------------------------------------------------------

    def confirmed_gap_ms(self) -> float | None:
        """Headquarters less this clock (real ms), by the exchanges that contradict; None when they
        are not enough (any more)."""
        if self._anchor is None or len(self._rivals) < CONFIRM:
            return None
        known = surely(self._rivals, self._anchor.rate)
        return known.middle_ms - self._anchor.exam_at(known.at_ms) / self._anchor.rate

    def slew_to_rivals(self) -> None:
        """Believe the contradicting exchanges and run towards them."""
        rivals, self._rivals = self._rivals, []
        self._follow(rivals, rivals[-1].received_ms)

    def step_to_rivals(self, instants: Iterable[float]) -> float:
        """Believe them at once, but never over an instant of the day; the exam ms it stepped. What
        is left of the difference stays disputed and is looked at again."""
        anchor = self._anchor
        assert anchor is not None and self._rivals
        now, rivals = self.now(), list(self._rivals)
        known = surely(rivals, anchor.rate)
        target = (known.middle_ms + self.steady_ms() - known.at_ms) * anchor.rate
        reached = permitted(now, target, instants, GUARD_S * 1000 * anchor.rate)
        if reached == target or anchor.source is Source.SYSTEM:
            self._begin(rivals, anchor.rate)
            return self.now() - now
        self._rivals.clear()
        self._run_by(
            msgspec.structs.replace(
                anchor,
                boot_ms=self.steady_ms(),
                exam_ms=reached,
                half_ms=anchor.uncertainty_ms(self.steady_ms()),
                owed_ms=0.0,
                rival_ms=(target - reached) / anchor.rate,
            )
        )
        return reached - now

    def system_backs(self, gap_ms: float, agree_ms: float) -> bool:
        """Does the disciplined wall clock say what headquarters says? Only at rate 1."""
        if self.sources.system_error_ms() is None or self.rate != 1.0:
            return False
        return abs(self.sources.wall_ms() - (self.now() + gap_ms)) <= agree_ms

    # ---- the machine's own clocks --------------------------------------------------------

    def follow_system(self) -> bool:
        """Without headquarters: start from the wall clock if the kernel says that it is disciplined
        and it does not contradict the mark. True when it was taken."""
        error = self.sources.system_error_ms()
        wall = self.sources.wall_ms()
        if self._anchor is not None or error is None:
            return False
        if self._mark is not None and (self._mark.rate != 1.0 or wall < self._floor()):
            return False
        known = Estimate(self.steady_ms(), wall, error, Drift())
        self._run_by(anchor_at(self.sources.boot_id(), known, 1.0, Source.SYSTEM))
        return True

    def slept(self) -> None:
        """The machine slept: its steady clock counted that in whole seconds only."""
        self._window.clear()
        self._rivals.clear()
        if self._anchor is not None:
            half = self._anchor.half_ms + SLEEP_ERROR_MS
            self._run_by(msgspec.structs.replace(self._anchor, half_ms=half))

    def read_mark(self) -> Mark | None:
        """The mark on disk; may block."""
        return read_mark(filter(self._usable, self._marks))

    def look_back(self, mark: Mark | None) -> int:
        """Real ms by which time is below a mark of this very boot: memory or disk was set back to
        an earlier state. 0 when it is not, or when it was said before."""
        anchor = self._anchor
        if anchor is None or mark is None or mark.boot_id != anchor.boot_id or self.set_back:
            return 0
        behind = (mark.exam_ms - self.now()) / self.rate
        if behind <= MARK_SLACK_MS:
            return 0
        self.set_back = True
        self._run_by(msgspec.structs.replace(anchor, rival_ms=behind))
        return int(behind)

    def new_mark(self, running: bool) -> Mark | None:
        """How far time has surely come now; None when that is not known by headquarters' time."""
        if self.state not in (ClockState.TRUSTED, ClockState.HOLDOVER) or self._anchor is None:
            return None
        steady = self.steady_ms()
        self._mark = Mark(self._anchor.boot_id, steady, self.certain(), self.rate, running)
        return self._mark

    def keep_mark(self, mark: Mark) -> list[Path]:
        """Write the mark; returns the files that could not be written. May block."""
        return write_mark(self._marks, mark, self._usable)

    def save(self) -> bool:
        """Write the anchor if it changed; False when the disk refused. May block."""
        if self._unsaved and self._anchor is not None and self._usable(self._file):
            self._unsaved = False
            try:
                write_anchor(self._file, self._anchor)
            except OSError:
                self._unsaved = True
        return not self._unsaved

    def _floor(self) -> float:
        """After a reboot: the mark, and the time this machine has been up since."""
        if self._mark is None:
            return 0.0
        return self._mark.floor(self.sources.boot_id(), self.steady_ms())

    def _run_by(self, anchor: Anchor) -> None:
        self._anchor = anchor
        self._unsaved = True
        if anchor.rival_ms is None:
            self.set_back = False


__all__ = [
    "Anchor",
    "ClockSources",
    "Reading",
    "Taken",
    "VenueClock",
    "boot_ms",
    "wall_ms",
]
