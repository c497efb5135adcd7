"""The clockwork of the line to headquarters around a release (F5): probe it, warn in time, and have
a release by the sealed code confirmed once the line is back.
"""

import asyncio
import logging
import random

from venue_server.gateway.desk_parts import DeskParts
from venue_server.intake.papers import HeldPaper
from venue_server.ledger.catalogue import Event
from venue_server.release.headquarters_line import HeadquartersLine, LineFault
from venue_server.release.token_fetch import TokenFetch
from venue_server.release.token_schedule import (
    WATCH_FROM_S,
    Urgency,
    probe_pause_s,
    urgency,
)
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Session
from venue_server.sitting.states import BEFORE_START
from venue_server.trusted_time.states import Use
from venue_server.wire.alarms import Alarm, AlarmCode

WATCH_S = 1.0
_ALARMS = {
    Urgency.NOTICE: AlarmCode.LINE_NOTICE,
    Urgency.WARNING: AlarmCode.LINE_WARNING,
    Urgency.ALARM: AlarmCode.LINE_ALARM,
    Urgency.CODE_NEAR: AlarmCode.LINE_CODE_NEAR,
    Urgency.CODE: AlarmCode.LINE_CODE,
}
_log = logging.getLogger(__name__)


class LineKeeper:
    """Knows whether headquarters can be reached when it matters."""

    def __init__(self, parts: DeskParts, line: HeadquartersLine) -> None:
        self._parts = parts
        self._line = line
        self._reachable = True
        self._urgency = Urgency.NONE
        self._due_s = 0.0
        self._early: set[tuple[str, str]] = set()
        self._confirming: dict[tuple[str, Form], TokenFetch] = {}

    def alarms(self) -> list[Alarm]:
        """What is wrong with the line now, in view of the next release; and a release by code that
        headquarters has not confirmed, or contradicts."""
        line = _ALARMS.get(self._urgency)
        codes = [line] if line else []
        sessions = [each.session_id for each in self._parts.sittings.sessions()]
        told = self._parts.confirmations
        if any(told.contradicted(each) for each in sessions):
            codes.append(AlarmCode.CODE_CONTRADICTED)
        elif any(told.unconfirmed(each) for each in sessions):
            codes.append(AlarmCode.CODE_UNCONFIRMED)
        return [Alarm(code) for code in codes]

    def published_early(self, form: tuple[str, str]) -> bool:
        """Headquarters was seen to publish this form's token before its point."""
        return form in self._early

    async def run(self) -> None:
        """For ever: probe when it is time to, and ask for confirmations that are owed."""
        while True:
            await self._watch()
            for session in self._parts.sittings.sessions():
                await self._confirm_all(session)
            await asyncio.sleep(WATCH_S)

    def _next(self) -> list[HeldPaper]:
        """The papers whose release is near and whose secret is not here."""
        session = self._parts.sittings.current_session()
        if session is None or session.state not in BEFORE_START:
            return []
        papers = self._parts.forms.complete(session)
        if papers is None:
            return []
        if not self._parts.clock.allows(Use.GUIDE):
            return []  # how near the point is nobody knows; that has an alarm of its own
        now_ms, held = self._parts.clock.now(), self._parts.releases.held(session.session_id)
        return [
            paper
            for paper in papers
            if paper.form not in held
            and (paper.manifest.release_at_ms - now_ms) / 1000 <= WATCH_FROM_S
        ]

    async def _watch(self) -> None:
        clock, waiting = self._parts.clock, self._next()
        if not waiting:
            await self._say(Urgency.NONE)
            return
        point_ms = min(paper.manifest.release_at_ms for paper in waiting)
        if clock.steady_ms() / 1000 >= self._due_s:
            for paper in waiting:
                await self._probe(paper.form)
            real_s = clock.real_seconds_until(point_ms)
            pause_s = probe_pause_s(real_s, self._reachable, random.random())  # noqa: S311  # jitter
            self._due_s = clock.steady_ms() / 1000 + pause_s
        await self._say(urgency(point_ms - clock.now(), self._reachable))

    async def _probe(self, form: tuple[str, str]) -> None:
        try:
            if await self._line.published(*form):
                self._early.add(form)
            self._reachable = True
        except LineFault as fault:
            if self._reachable:
                _log.warning("the line to headquarters: %s", fault)
            self._reachable = False

    async def _say(self, now: Urgency) -> None:
        before, self._urgency = self._urgency, now
        if now is before:
            return
        if now > before:
            minutes = {Urgency.CODE: 0, Urgency.CODE_NEAR: 5, Urgency.ALARM: 15}
            within = minutes.get(now, 30 if now is Urgency.WARNING else 45)
            await self._parts.ledger.note(Event.LINE_LOST, within_min=within)
        elif now is Urgency.NONE and self._reachable:
            await self._parts.ledger.note(Event.LINE_BACK)
        self._parts.hub.venue_changed()

    async def _confirm_all(self, session: Session) -> None:
        owed = self._parts.confirmations.unconfirmed(session.session_id)
        for paper in self._parts.forms.papers(session) if owed else ():
            if paper.form in owed:
                await self._confirm(session, paper)

    async def _confirm(self, session: Session, paper: HeldPaper) -> None:
        clock, key = self._parts.clock, (session.session_id, paper.form)
        fetch = self._confirming.get(key)
        if fetch is None:
            fetch = TokenFetch(self._line, paper.form, lambda: clock.steady_ms() / 1000)
            self._confirming[key] = fetch
        since_s = (clock.now() - paper.manifest.release_at_ms) / clock.rate / 1000
        token = await fetch.ask(since_s)
        if (
            token is not None
            and await self._parts.confirmations.confirm(session, paper, token) is None
        ):
            self._confirming.pop(key)
            self._parts.hub.venue_changed()
