"""The exam day's clockwork: what happens by itself, at its instant, and nothing else.

Each keeper is one loop that looks at the store and the clock, acts when its rule says so, and can
be killed anywhere: after a restart it finds the same facts and goes on. People's orders come in at
the desks; keepers never decide what the regulation leaves to people.
"""

import asyncio
import logging
from contextlib import suppress

from venue_server.backup.service import BackupService
from venue_server.gateway.desk_parts import DeskParts
from venue_server.intake.papers import HeldPaper
from venue_server.ledger.catalogue import Event
from venue_server.release.headquarters_line import HeadquartersLine, LineFault
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.sitting.rows import Session
from venue_server.stations.delivery import PaperOnOffer, ReleasedForm
from venue_server.wire.alarms import Alarm
from venue_server.wire.messages import TimingChanged
from venue_server.wire.names import DataState, Mode, SessionState, SittingState
from venue_server.wire.refusals import Refusal

LOOK_S = 0.1
TIME_RETRY_S = 2.0
WATCH_S = 1.0
BACKUP_RETRY_S = 10.0
WARM_S = 5.0
_log = logging.getLogger(__name__)


class TimeKeeper:
    """Trusted time from headquarters, and a watch on the wall clock (F7)."""

    def __init__(self, parts: DeskParts, line: HeadquartersLine) -> None:
        self._parts = parts
        self._line = line

    async def run(self) -> None:
        """Establish trusted time, then watch for jumps."""
        while not self._parts.clock.trusted:
            if not await self._ask():
                await asyncio.sleep(TIME_RETRY_S)
        while True:
            jump = self._parts.clock.wall_jump_ms()
            if jump:
                await self._parts.ledger.note(Event.CLOCK_JUMPED, jump_ms=jump)
            await asyncio.sleep(WATCH_S)

    async def _ask(self) -> bool:
        clock = self._parts.clock
        began = asyncio.get_running_loop().time()
        try:
            answer = await self._line.time()
        except LineFault as fault:
            _log.warning("headquarters' time: %s", fault)
            return False
        if isinstance(answer, Refusal):
            _log.error("headquarters' time: %s", answer.text("en"))
            return False
        rate = float(answer["rate"])
        if rate != 1.0 and self._parts.mode is not Mode.REHEARSAL:
            _log.error("headquarters' time runs at rate %s outside a rehearsal", rate)
            return False
        round_trip = (asyncio.get_running_loop().time() - began) * 1000
        if not clock.anchor_to(float(answer["now_ms"]), rate, round_trip, "headquarters"):
            return False
        await self._parts.ledger.note(
            Event.CLOCK_SET, source="headquarters", uncertainty_ms=int(round_trip / 2) + 1
        )
        self._parts.hub.venue_changed()
        return True


class PaperKeeper:
    """Offers a complete paper to every station (E02), and the answers' key once it is needed."""

    def __init__(self, parts: DeskParts, keys: AnswerKeys) -> None:
        self._parts = parts
        self._keys = keys

    def refresh(self) -> None:
        """The current session or its paper may have changed."""
        parts = self._parts
        parts.papers.reload()
        session = parts.sittings.current_session()
        if session is not None and session.data_state is not DataState.UPLOADED:
            # Once uploaded the key may already be destroyed; it must never be made anew.
            self._keys.ensure(session.session_id)
        held = parts.papers.held(session)
        parts.delivery.set_paper(_offer(held) if held else None)
        if session is not None and held is not None:
            form = parts.releases.reopen(session, held)
            if form is not None:
                parts.delivery.release(form)
        for machine in parts.enrolment.machines("station"):
            parts.delivery.offer(machine)
        parts.hub.venue_changed()


def _offer(held: HeldPaper) -> PaperOnOffer:
    manifest = held.manifest
    path = f"/papers/{manifest.paper_id}/{manifest.form_id}"
    return PaperOnOffer(held.seal, path, manifest.ciphertext_size, manifest.ciphertext_sha256)


class ReleaseKeeper:
    """From armed to released: fetch the token at its instant, then open (E01)."""

    def __init__(self, parts: DeskParts, line: HeadquartersLine) -> None:
        self._parts = parts
        self._line = line
        self._fault = ""
        self._warmed = ""  # the session whose line to headquarters was opened
        self._wake = asyncio.Event()

    def armed(self) -> None:
        """Two people armed a release."""
        self._wake.set()

    async def run(self) -> None:
        """For ever: wait for an armed session, then for its release point, then release."""
        while True:
            session = self._parts.sittings.current_session()
            held = self._parts.papers.held(session)
            if session is None or held is None or session.state is not SessionState.ARMED:
                self._wake.clear()
                await _wait(self._wake, WATCH_S)
                continue
            # Combining the shares takes milliseconds, but they are not for the instant itself.
            self._parts.releases.prepare(session.session_id, held)
            clock = self._parts.clock
            wait_s = clock.real_seconds_until(held.manifest.release_at_ms) if clock.trusted else 1.0
            if wait_s > 0:
                if wait_s <= WARM_S and self._warmed != session.session_id:
                    self._warmed = session.session_id
                    await self._warm()
                    continue
                await asyncio.sleep(min(wait_s, WATCH_S))
                continue
            if not await self._release(session, held):
                await asyncio.sleep(LOOK_S)

    async def _warm(self) -> None:
        """Open the line a little before the release point: making a TLS connection at the instant
        itself cost half of the time to the last station's key (P1)."""
        with suppress(LineFault):  # the fetch says what is wrong
            await self._line.time()

    async def _release(self, session: Session, held: HeldPaper) -> bool:
        parts = self._parts
        if parts.releases.state(session.session_id).token is None:
            await self._fetch(session, held)
        form = await parts.releases.release(session, held)
        if isinstance(form, Refusal):
            return False
        await self._push(session, form)
        return True

    async def _fetch(self, session: Session, held: HeldPaper) -> None:
        manifest = held.manifest
        try:
            token = await self._line.release_token(manifest.paper_id, manifest.form_id)
        except LineFault as fault:
            self._say(str(fault))
            return
        self._say("")
        if token is not None:
            await self._parts.releases.take_token(session, held, token)

    def _say(self, fault: str) -> None:
        """Headquarters is asked ten times a second: an outage is logged when it begins."""
        if fault and fault != self._fault:
            _log.warning("release token: %s", fault)
        self._fault = fault

    async def _push(self, session: Session, form: ReleasedForm) -> None:
        parts = self._parts
        count = parts.delivery.release(form)
        await asyncio.sleep(0)  # the keys leave before anything else is even made
        _log.info("released to %d stations", count)
        times = parts.sittings.timing(session.session_id)
        for sitting in parts.sittings.sittings(session.session_id):
            if sitting.machine_id:
                parts.hub.to_station(sitting.machine_id, TimingChanged(sitting.sitting_id, times))
        for machine in parts.enrolment.machines("station"):
            parts.hub.seat_changed(machine.room_id, machine.seat_no)  # keyed now
        parts.hub.venue_changed()


class EndKeeper:
    """From the end of the session to verified backups: collected, then backed up (L01)."""

    def __init__(
        self,
        parts: DeskParts,
        backups: BackupService,
        keys: AnswerKeys,
        grace_s: float,
    ) -> None:
        self._parts = parts
        self._backups = backups
        self._keys = keys
        self._grace_s = grace_s
        self._next_backup: dict[str, float] = {}  # loop time by session

    async def run(self) -> None:
        """For ever: end what is over, collect what is handed in, back up what is collected."""
        while True:
            # Every session of the day, not only the current one: the afternoon must not make the
            # morning's answers wait.
            pauses = [
                await self._step(session)
                for session in self._parts.sittings.sessions()
                if session.state in (SessionState.STARTED, SessionState.ENDED)
            ]
            await asyncio.sleep(min(pauses, default=WATCH_S))

    async def _step(self, session: Session) -> float:
        if session.state is SessionState.STARTED:
            left = self._parts.clock.real_seconds_until(session.times.end_ms)
            if left > 0:
                return min(left, WATCH_S)
            await self._end(session)
            return 0
        if session.state is not SessionState.ENDED:
            return WATCH_S
        if session.data_state is DataState.COLLECTING:
            await self._collect(session)
            return LOOK_S
        if session.data_state is DataState.COLLECTED:
            now = asyncio.get_running_loop().time()
            if now >= self._next_backup.get(session.session_id, 0.0):
                pause = await self._back_up(session)
                self._next_backup[session.session_id] = now + pause
        return WATCH_S

    async def _end(self, session: Session) -> None:
        # Stations hand in at the very end themselves; a moment lets their last answers arrive, so
        # that nobody who opened the paper while cut off is called absent without need.
        await asyncio.sleep(self._grace_s / max(1.0, self._parts.clock.rate))
        held = self._parts.papers.held(session)
        refusal = await self._parts.sittings.end_session(
            session.session_id, held.mark_ended if held else _nothing
        )
        if refusal is not None:
            _log.error("the session cannot end: %s", refusal.text("en"))
        self._parts.papers.reload()
        # Seats without a station say nothing themselves; who was absent is known only now.
        for sitting in self._parts.sittings.sittings(session.session_id):
            self._parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        self._parts.hub.venue_changed()

    async def _collect(self, session: Session) -> None:
        sittings = self._parts.sittings.sittings(session.session_id)
        if any(each.state is SittingState.IN_PROGRESS for each in sittings):
            return
        await self._parts.sittings.set_data_state(
            session.session_id,
            DataState.COLLECTING,
            DataState.COLLECTED,
            lambda tx: self._parts.ledger.record(
                tx,
                Event.COLLECTED,
                session=session.session_id,
                sittings=sum(each.present for each in sittings),
            ),
        )
        self._parts.hub.venue_changed()

    async def _back_up(self, session: Session) -> float:
        escrow = self._keys.escrow_file(session.session_id)
        done = await self._backups.make(session.session_id, {"answer-key.escrow": escrow})
        self._parts.sittings.refresh()
        self._parts.hub.venue_changed()
        if isinstance(done, Refusal):
            _log.error("backup: %s", done.text("en"))
            return BACKUP_RETRY_S
        return LOOK_S


class PresenceKeeper:
    """Cuts stations that fell silent, so that the board tells the truth (F1)."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    async def run(self) -> None:
        """For ever."""
        while True:
            for machine_id in self._parts.presence.silent():
                connection = self._parts.hub.stations.get(machine_id)
                if connection is not None:
                    connection.cut()
            await asyncio.sleep(WATCH_S)


class AlarmKeeper:
    """Tells consoles within a second what is out of order. Looking also releases the disk's reserve
    when it is needed (R11), whether anybody is signed in or not."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    async def run(self) -> None:
        """For ever."""
        before: list[Alarm] = []
        while True:
            now = self._parts.alarms.current()
            if now != before:
                self._parts.hub.venue_changed()
            before = now
            await asyncio.sleep(WATCH_S)


def _nothing(_tx: object) -> None:
    """No paper was ever held."""


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
