"""The clockwork of trusted time: asks headquarters, watches the machine, records both (F7).

Killed anywhere it finds anchor and mark on disk and goes on (trusted_time/record.py).
"""

import asyncio
import logging
import random
from collections.abc import Iterator
from pathlib import Path

from venue_server.clock import Taken, VenueClock
from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.release.headquarters_line import HeadquartersLine, LineFault
from venue_server.sitting.rows import Session
from venue_server.storage import background
from venue_server.storage.media_lanes import MediumStalledError, on_medium
from venue_server.trusted_time.correction import AGREE_MS, SMALL_MS, Difference, Remedy, remedy
from venue_server.trusted_time.estimate import Exchange
from venue_server.trusted_time.machine import MachineWatch, Seen
from venue_server.trusted_time.record import Mark
from venue_server.trusted_time.schedule import BURST, Need, pause_s
from venue_server.trusted_time.states import ClockState, Source
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.names import Mode, SessionState
from venue_server.wire.refusals import Refusal

WATCH_S = 1.0
MARK_S = 30.0
SAY_AGAIN_MS = 5 * 60 * 1000
ANNOUNCED_MS = 10 * 60 * 1000
RUNNING = (SessionState.ARMED, SessionState.STARTED)
_log = logging.getLogger(__name__)


class TimeKeeper:
    """Keeps the venue's clock true, and everybody informed about how true it is."""

    def __init__(self, parts: DeskParts, line: HeadquartersLine, machine: MachineWatch) -> None:
        self._parts = parts
        self._line = line
        self._machine = machine
        self._hurry = asyncio.Event()
        self._failures = 0
        self._due_ms = 0.0
        self._said_ms: float | None = None  # when a dispute was last recorded, steady
        self._slewing = False
        self._corrected: tuple[float, float] | None = None  # when (steady), by how much (real ms)
        self._state = parts.clock.state
        self._disk_refused: frozenset[Path] = frozenset()

    @property
    def _clock(self) -> VenueClock:
        return self._parts.clock

    async def run(self) -> None:
        """For ever: ask when it is time to, look at the machine, raise the mark."""
        async with asyncio.TaskGroup() as together:
            together.create_task(self._ask_for_ever())
            together.create_task(self._watch_for_ever())
            together.create_task(self._mark_for_ever())

    def alarms(self) -> list[Alarm]:
        """A step of trusted time stays on the consoles for a while."""
        if self._corrected is None:
            return []
        at_ms, by_ms = self._corrected
        if self._clock.steady_ms() - at_ms > ANNOUNCED_MS:
            return []
        return [Alarm(AlarmCode.CLOCK_CORRECTED, {"seconds": f"{by_ms / 1000:+.1f}"})]

    # ---- asking --------------------------------------------------------------------------

    async def _ask_for_ever(self) -> None:
        while True:
            if self._clock.steady_ms() >= self._due_ms or self._hurry.is_set():
                self._hurry.clear()
                await self._burst()
                self._due_ms = self._clock.steady_ms() + 1000 * self._pause_s()
            wait_s = (self._due_ms - self._clock.steady_ms()) / 1000
            # Looked at again and again: the steady clock counts through suspend, a timer does not.
            await _wait(self._hurry, max(0.01, min(wait_s, WATCH_S)))

    def _pause_s(self) -> float:
        clock = self._clock
        now = clock.now()
        nearest = min((abs(at - now) for at in self._instants()), default=float("inf"))
        need = Need(clock.state, self._failures, nearest / clock.rate / 1000)
        return pause_s(need, random.random())  # noqa: S311  # jitter

    async def _burst(self) -> None:
        for _ in range(BURST):
            if not await self._exchange():
                self._failures += 1
                break
            self._failures = 0
        if not await background.quick(self._clock.save):
            _log.error("the clock's anchor could not be written")
        await self._state_changed()

    async def _exchange(self) -> bool:
        clock = self._clock
        sent = clock.steady_ms()
        try:
            answer = await self._line.time()
        except LineFault as fault:
            if not self._failures:
                _log.warning("headquarters' time: %s", fault)
            return False
        if isinstance(answer, Refusal):
            _log.error("headquarters' time: %s", answer.text("en"))
            return False
        rate = float(answer["rate"])
        if rate != 1.0 and self._parts.mode is not Mode.REHEARSAL:
            _log.error("headquarters' time runs at rate %s outside a rehearsal", rate)
            return False
        exchange = Exchange(sent, clock.steady_ms(), float(answer["now_ms"]))
        seen = self._machine.look()
        await self._happened(seen)
        if seen.slept_ms:
            return True  # it may lie across the sleep; what happened hurries the next question
        before = clock.now()
        taken = clock.take(exchange, rate)
        await self._record(taken, clock.now() - before)
        return taken is not Taken.SLOW

    async def _record(self, taken: Taken, moved_ms: float) -> None:
        clock, ledger = self._clock, self._parts.ledger
        if taken is Taken.SET:
            unsure = clock.reading().uncertainty_ms or 0.0
            await ledger.note(
                Event.CLOCK_SET,
                source=Source.HEADQUARTERS.value,
                uncertainty_ms=int(unsure) + 1,
                moved_ms=int(moved_ms),
            )
        elif taken in (Taken.DISPUTED, Taken.CONFIRMED):
            await self._say_disputed()
        elif taken is Taken.AGREED:
            await self._say_slewing(clock.owed_ms())
        if taken is Taken.CONFIRMED:
            await self._correct()

    async def _say_slewing(self, owed_ms: float) -> None:
        """Within what it might be wrong, yet more than nothing: after a sleep, or long alone."""
        much = abs(owed_ms) > SMALL_MS
        if much and not self._slewing:
            how = Remedy.SLEW.value
            await self._parts.ledger.note(Event.CLOCK_CORRECTED, by_ms=int(owed_ms), how=how)
        self._slewing = much

    async def _say_disputed(self) -> None:
        steady = self._clock.steady_ms()
        if self._said_ms is not None and steady - self._said_ms < SAY_AGAIN_MS:
            return
        self._said_ms = steady
        rival = self._clock.reading().rival_ms or 0.0
        _log.error("headquarters' time differs by %d ms", rival)
        await self._parts.ledger.note(Event.CLOCK_DISPUTED, difference_ms=int(rival))

    async def _correct(self) -> None:
        """Three answers in a row say the same: slew, step or hold (correction.py)."""
        clock = self._clock
        gap_ms = clock.confirmed_gap_ms()
        if gap_ms is None:
            return  # the machine slept in between
        difference = Difference(
            gap_ms=gap_ms,
            source=clock.reading().source,
            running=any(each.state is SessionState.STARTED for each in self._sessions()),
            backed=clock.set_back or clock.system_backs(gap_ms, AGREE_MS),
        )
        how = remedy(difference)
        if how is Remedy.HOLD:
            return
        by_ms = gap_ms
        if how is Remedy.SLEW:
            clock.slew_to_rivals()
        else:
            by_ms = clock.step_to_rivals(self._decisive()) / clock.rate
            if abs(by_ms) < 1.0:
                return  # short of an instant already: time has to run over it first
        self._corrected = (clock.steady_ms(), by_ms)
        self._slewing = how is Remedy.SLEW
        self._said_ms = None
        await self._parts.ledger.note(Event.CLOCK_CORRECTED, by_ms=int(by_ms), how=how.value)
        self._parts.hub.venue_changed()

    # ---- watching ------------------------------------------------------------------------

    async def _watch_for_ever(self) -> None:
        while True:
            await self._happened(self._machine.look())
            if self._clock.state is ClockState.UNSET and self._clock.follow_system():
                await self._parts.ledger.note(Event.CLOCK_SET, source=Source.SYSTEM.value)
            await self._state_changed()
            await asyncio.sleep(WATCH_S)

    async def _happened(self, seen: Seen) -> None:
        ledger = self._parts.ledger
        if seen.slept_ms:
            self._clock.slept()
            await ledger.note(Event.CLOCK_SLEPT, slept_ms=seen.slept_ms)
        if seen.jumped_ms:
            await ledger.note(Event.CLOCK_JUMPED, jump_ms=seen.jumped_ms)
        if seen.slept_ms or seen.jumped_ms:
            self._hurry.set()  # whatever happened to the machine, headquarters knows better

    async def _state_changed(self) -> None:
        before, self._state = self._state, self._clock.state
        if before is self._state:
            return
        self._parts.hub.venue_changed()
        if before is ClockState.UNSET:
            return  # told as the time being set
        _log.info("trusted time: %s, was %s", self._state, before)
        await self._parts.ledger.note(
            Event.CLOCK_STATE, before=before.value, state=self._state.value
        )

    async def _mark_for_ever(self) -> None:
        while True:
            try:
                mark = await self._mark_once()
            except MediumStalledError:
                _log.error("the clock's mark waits for a device that does not answer")
                mark = None
            await asyncio.sleep(MARK_S if mark else WATCH_S)

    async def _mark_once(self) -> Mark | None:
        found = await on_medium("clock", self._clock.read_mark)
        behind = self._clock.look_back(found)
        if behind:
            await self._parts.ledger.note(Event.CLOCK_SET_BACK, behind_ms=behind)
            self._hurry.set()
        running = any(each.state in RUNNING for each in self._sessions())
        mark = self._clock.new_mark(running)
        if mark is not None:
            failed = frozenset(await on_medium("clock", self._clock.keep_mark, mark))
            if failed - self._disk_refused:
                _log.error("the clock's mark could not be written: %s", sorted(failed))
            self._disk_refused = failed
        return mark

    # ---- the day's instants --------------------------------------------------------------

    def _sessions(self) -> list[Session]:
        return self._parts.sittings.sessions()

    def _instants(self) -> Iterator[int]:
        """Whatever hangs on the clock (exam ms): near these it is asked for more often."""
        for session in self._sessions():
            planned = session.planned
            yield from (planned.receipt_open_ms, planned.receipt_close_ms, session.doors_open_ms)
        yield from self._decisive()

    def _decisive(self) -> Iterator[int]:
        """What opens, closes or ends for candidates: no step may carry time over these."""
        for session in self._sessions():
            for room_id in session.rooms:
                times = session.times_in(room_id)
                yield from (times.effective_start_ms, times.admission_closes_ms)
                yield from (times.closed_until_ms, times.end_ms)
                if times.resumes_at_ms:
                    yield times.resumes_at_ms
            for held in self._parts.papers.all_held(session):
                yield held.manifest.release_at_ms


async def _wait(event: asyncio.Event, seconds: float) -> None:
    # Not wait_for: in Python 3.11 it loses a cancellation that meets the event.
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
