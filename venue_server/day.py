"""The exam day's clockwork: what happens by itself, at its instant, and nothing else.

Each keeper is one loop that looks at the store and the clock, acts when its rule says so, and can
be killed anywhere: after a restart it finds the same facts and goes on. People's orders come in at
the desks; keepers never decide what the regulation leaves to people.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import tell_times
from venue_server.intake.papers import HeldPaper
from venue_server.ledger.catalogue import Event
from venue_server.release.headquarters_line import HeadquartersLine, LineFault
from venue_server.release.token_fetch import TokenFetch
from venue_server.release.watch import ReleaseWatch
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Session
from venue_server.stations.delivery import PaperOnOffer, ReleasedForms
from venue_server.stations.presence import PaperAt
from venue_server.stations.store import Machine
from venue_server.trusted_time.states import Use
from venue_server.wire.alarms import Alarm
from venue_server.wire.names import DataState, SessionState, SittingState
from venue_server.wire.refusals import Refusal

LOOK_S = 0.1
WATCH_S = 1.0
WARM_S = 5.0
_KEY_MAY_BE_GONE = (DataState.SEALED, DataState.UPLOADING, DataState.UPLOADED, DataState.WIPED)
_UNSEALED = (SessionState.STARTED, SessionState.ENDED, SessionState.RECONCILED)
_log = logging.getLogger(__name__)


class PaperKeeper:
    """Offers every station the complete paper of its seat (E02, C05), and makes the answers' key
    once it is needed."""

    def __init__(self, parts: DeskParts, keys: AnswerKeys) -> None:
        self._parts = parts
        self._keys = keys

    def refresh(self) -> None:
        """The current session, its papers or who gets which may have changed."""
        parts = self._parts
        parts.papers.reload()
        session = parts.sittings.current_session()
        if session is not None and session.data_state not in _KEY_MAY_BE_GONE:
            # Once sealed the key may already be destroyed; it must never be made anew.
            self._keys.ensure(session.session_id)
        self._set_papers(session)
        for machine in parts.enrolment.machines("station"):
            parts.delivery.offer(machine)
        parts.hub.venue_changed()

    def _set_papers(self, session: Session | None) -> None:
        parts = self._parts
        held = parts.forms.papers(session)
        forms = parts.forms.assignment(session) if session else None
        stale = parts.delivery.set_papers(
            [_offer(each) for each in held],
            lambda machine: forms.of_seat(*self._seat(session, machine)) if forms else None,
        )
        for machine_id in stale:
            parts.presence.paper(machine_id, PaperAt.NONE)
        if session is not None and held:
            released = parts.releases.reopen(session, held)
            if released is not None:
                parts.delivery.release(released)

    def _seat(self, session: Session | None, machine: Machine) -> tuple[str, str]:
        """The seat whose form a machine gets: a spare gets that of the candidate moved there."""
        place = machine.room_id, machine.seat_no
        return self._parts.swaps.home(session.session_id, place) if session else place


def _offer(held: HeldPaper) -> PaperOnOffer:
    manifest = held.manifest
    path = f"/papers/{manifest.paper_id}/{manifest.form_id}"
    return PaperOnOffer(held.seal, path, manifest.ciphertext_size, manifest.ciphertext_sha256)


class ReleaseKeeper:
    """From armed to released: fetch the token at its instant, then open (E01)."""

    def __init__(
        self,
        parts: DeskParts,
        line: HeadquartersLine,
        published_early: Callable[[tuple[str, str]], bool],
        watch: ReleaseWatch,
    ) -> None:
        self._parts = parts
        self._line = line
        self._published_early = published_early
        self._watch = watch
        self._fetches: dict[Form, TokenFetch] = {}
        self._warmed = ""  # the session whose line to headquarters was opened
        self._wake = asyncio.Event()

    def changed(self) -> None:
        """Two people armed a release, or its secret arrived by another way."""
        self._wake.set()

    async def run(self) -> None:
        """For ever: wait for an armed session, then for its release point, then release."""
        while True:
            self._wake.clear()
            pause_s = await self._step()
            if pause_s > 0:
                await _wait(self._wake, min(pause_s, WATCH_S))

    async def _step(self) -> float:
        """Do what is due; the real seconds until there may be more."""
        parts = self._parts
        session = parts.sittings.current_session()
        papers = parts.forms.complete(session)
        if session is None or papers is None or session.state is not SessionState.ARMED:
            return WATCH_S
        if session.stopped:
            return WATCH_S  # headquarters ordered it: its papers stay shut (I03)
        # Combining the shares takes milliseconds, but they are not for the instant itself.
        parts.releases.prepare(session.session_id, papers)
        if not parts.clock.allows(Use.TOKEN):
            return WATCH_S
        pause_s = await self._look_for_tokens(session, papers)
        if pause_s is not None:
            return await self._warm(session, pause_s)
        release_at_ms = max(paper.manifest.release_at_ms for paper in papers)
        wait_s = parts.clock.real_seconds_until_certain(release_at_ms)
        if wait_s > 0:
            return wait_s
        forms = await parts.releases.release(session, papers)
        if isinstance(forms, Refusal):
            return LOOK_S
        parts.papers.reload()
        await self._push(session, forms)
        return 0.0

    async def _look_for_tokens(self, session: Session, papers: list[HeldPaper]) -> float | None:
        """Ask for every form's token that is missing and due; the real seconds until the next
        question, None when all secrets are here. Nothing is asked while frozen: then the release
        itself says no, and the ledger that it did."""
        parts = self._parts
        if parts.freezing.now() is not None:
            return None
        held = parts.releases.held(session.session_id)
        missing = [paper for paper in papers if paper.form not in held]
        asking = asyncio.gather(*(self._look_for_token(session, each) for each in missing))
        try:
            # A headquarters that takes the question and says nothing holds nobody up: what two
            # custodians enter meanwhile is used at once (F5).
            while not asking.done() and not self._all_held(session, papers):
                self._wake.clear()
                woken: asyncio.Future[Any] = asyncio.ensure_future(self._wake.wait())
                either: set[asyncio.Future[Any]] = {asking, woken}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
            pauses = [0.0] if not asking.done() else asking.result()
        finally:
            asking.cancel()
        return None if self._all_held(session, papers) else min(pauses)

    def _all_held(self, session: Session, papers: list[HeldPaper]) -> bool:
        held = self._parts.releases.held(session.session_id)
        return all(paper.form in held for paper in papers)

    async def _look_for_token(self, session: Session, held: HeldPaper) -> float:
        """Ask for the token if it is time to; the real seconds until the next question."""
        clock, manifest = self._parts.clock, held.manifest
        form = held.form
        fetch = self._fetches.get(form)
        if fetch is None:
            fetch = TokenFetch(self._line, form, lambda: clock.steady_ms() / 1000)
            self._fetches[form] = fetch
        since_s = (clock.now() - manifest.release_at_ms) / clock.rate / 1000
        if since_s < 0 and not self._published_early(form):
            return -since_s
        if since_s >= 0:
            lead_ms = session.planned.start_ms - manifest.release_at_ms
            fetch.point_came(since_s, lead_ms / clock.rate / 1000)
        token = await fetch.ask(since_s)
        if token is not None:
            refusal = await self._parts.releases.take_token(session, held, token)
            if refusal is not None:
                self._watch.token_refused(session.session_id, refusal.code)
        return fetch.wait_s()

    async def _warm(self, session: Session, pause_s: float) -> float:
        """Open the line once, a little before the next question: making a TLS connection at the
        release point itself cost half of the time to the last station's key (P1)."""
        if pause_s > WARM_S:
            return pause_s - WARM_S
        if self._warmed != session.session_id:
            self._warmed = session.session_id
            began = asyncio.get_running_loop().time()
            with suppress(LineFault):  # the fetch says what is wrong
                await self._line.time()
            pause_s -= asyncio.get_running_loop().time() - began
        return max(0.0, pause_s)

    async def _push(self, session: Session, forms: ReleasedForms) -> None:
        parts = self._parts
        count = parts.delivery.release(forms)
        await asyncio.sleep(0)  # the keys leave before anything else is even made
        _log.info("released to %d stations", count)
        tell_times(parts, session.session_id)
        for machine in parts.enrolment.machines("station"):
            parts.hub.seat_changed(machine.room_id, machine.seat_no)  # keyed now
        parts.hub.venue_changed()


class EndKeeper:
    """From the end of the session to its collection (L01); ``day_backup`` goes on from there."""

    def __init__(self, parts: DeskParts, grace_s: float) -> None:
        self._parts = parts
        self._grace_s = grace_s

    async def run(self) -> None:
        """For ever: end what is over, collect what is handed in."""
        while True:
            # Every session of the day, not only the current one: the afternoon must not make the
            # morning's answers wait.
            pauses = [
                await self._step(session)
                for session in self._parts.sittings.sessions()
                if session.state in _UNSEALED or session.stopped
            ]
            await asyncio.sleep(min(pauses, default=WATCH_S))

    async def _step(self, session: Session) -> float:
        if session.state is SessionState.STARTED:
            sittings, clock = self._parts.sittings, self._parts.clock
            # Of the last candidate's own time; a room that stands still or is held has no end yet.
            left = clock.real_seconds_until_certain(sittings.last_end_ms(session))
            going = not sittings.is_over(session, clock.now_ms())
            if left > 0 or going or not clock.allows(Use.END):
                return min(left or WATCH_S, WATCH_S)
            await self._end(session)
            return 0
        if session.stopped and session.never_began(self._parts.clock.now_ms()):
            await self._end_unheld(session)
            return LOOK_S
        # A reconciled session is collected again when a branch of answers was merged (F24).
        if session.state is SessionState.ENDED and session.data_state is DataState.COLLECTING:
            await self._collect(session)
            return LOOK_S
        return WATCH_S

    async def _end(self, session: Session) -> None:
        # Stations hand in at the very end themselves; a moment lets their last answers arrive, so
        # that nobody who opened the paper while cut off is called absent without need.
        await asyncio.sleep(self._grace_s / max(1.0, self._parts.clock.rate))
        refusal = await self._parts.sittings.end_session(
            session.session_id, lambda tx: self._end_papers(tx, session)
        )
        if refusal is not None:
            _log.error("the session cannot end: %s", refusal.text("en"))
        self._parts.papers.reload()
        if session.stopped:
            tell_times(self._parts, session.session_id)  # it stands no more: they hand in (I03)
        # Seats without a station say nothing themselves; who was absent is known only now.
        for sitting in self._parts.sittings.sittings(session.session_id):
            self._parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        self._parts.hub.venue_changed()

    async def _end_unheld(self, session: Session) -> None:
        """Headquarters stopped it before it began (I03): its papers stay shut, nobody is absent."""
        if not self._parts.clock.allows(Use.END):
            return
        refusal = await self._parts.sittings.end_unheld(
            session.session_id, lambda tx: self._keep_unused(tx, session)
        )
        if refusal is not None:
            _log.error("the session cannot end: %s", refusal.text("en"))
        self._parts.papers.reload()
        for sitting in self._parts.sittings.sittings(session.session_id):
            self._parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        self._parts.hub.venue_changed()

    def _end_papers(self, tx: Connection, session: Session) -> None:
        """What was opened is over; what was not stays sealed and is accounted for (D10)."""
        for paper in self._parts.forms.papers(session):
            paper.mark_ended(tx)
        self._keep_unused(tx, session)

    def _keep_unused(self, tx: Connection, session: Session) -> None:
        for package_id in self._parts.papers.mark_unused(tx, session.session_id):
            self._parts.ledger.record(
                tx, Event.PAPER_UNUSED, session=session.session_id, package=package_id
            )

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


async def _wait(event: asyncio.Event, seconds: float) -> None:
    # Not wait_for: in Python 3.11 it loses a cancellation that meets the event.
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
