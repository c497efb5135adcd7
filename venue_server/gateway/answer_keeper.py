"""Tells every station how far its candidate's answers have come, and writes the metrics (H07)."""

import asyncio
from pathlib import Path

from venue_server.gateway.answer_facts import AnswerFacts
from venue_server.gateway.connection import Connection
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.metrics_file import MetricsFile
from venue_server.records.answer_places import SittingAnswers, Totals, metrics
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.wire.names import SessionState
from venue_server.wire.wiping_orders import AnswerPlace, AnswersAt, AtRisk

LOOK_S = 1.0
REST = 60
"""So many times as long as a look took is rested: saves that meet one wait for it (P4)."""
LONGEST_REST_S = 5.0
"""However long a look took: everybody is told within seconds."""
METRICS = "answers.prom"


class AnswerKeeper:
    """Looks once a second, and more seldom where there is much to look at. ``folder`` takes the
    metrics, for any collector that reads text files; counts only (O08)."""

    def __init__(self, parts: DeskParts, facts: AnswerFacts, folder: Path) -> None:
        self._parts = parts
        self._facts = facts
        self._metrics = MetricsFile(folder / METRICS)
        self._risks: dict[str, AtRisk] = {}
        self._told: dict[str, tuple[Connection, AnswersAt]] = {}
        self._done: dict[str, Totals] = {}  # of sessions in which nothing moves any more

    async def run(self) -> None:
        """For ever."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            counted: dict[str, Totals] = {}
            for session in self._parts.sittings.sessions():
                if session.state is SessionState.STARTED or session.state in AFTER_END:
                    counted[session.session_id] = await self._session(session)
            self._metrics.write_soon(metrics(counted))
            rest_s = min(LONGEST_REST_S, REST * (loop.time() - began))
            await asyncio.sleep(max(LOOK_S, rest_s))

    async def _session(self, session: Session) -> Totals:
        known = self._done.get(session.session_id)
        if known is not None:
            return known
        found = await self._facts.of_session(session)
        if session.state in AFTER_END:
            # From then on a board shows what is recorded of copies, not the session's state.
            self._parts.sources.risks.update({one.sitting_id: one.risk for one in found})
        self._redraw(found)
        acknowledged, counts = await self._facts.reckoned(found)
        self._tell(found, acknowledged)
        if session.state is SessionState.WIPED:
            self._done[session.session_id] = counts
        return counts

    def _redraw(self, found: list[SittingAnswers]) -> None:
        """Seats whose risk is another one now: a disk that goes says nothing to any seat."""
        for one in found:
            if self._risks.get(one.sitting_id, AtRisk()) != one.risk:
                self._risks[one.sitting_id] = one.risk
                self._parts.hub.seat_changed(one.room_id, one.seat_no)

    def _tell(self, found: list[SittingAnswers], acknowledged: list[AnswerPlace]) -> None:
        """Each connection hears of a change once, and of everything when it is new."""
        stations = self._parts.hub.stations
        for one, place in zip(found, acknowledged, strict=True):
            connection = stations.get(one.machine_id)
            if connection is None:
                continue
            told = self._told.get(one.machine_id)
            if place is AnswerPlace.NOWHERE and told is not None:
                # It was told of a place that is gone: what it has itself is all there is.
                place = AnswerPlace.STATION
            message = AnswersAt(one.sitting_id, place)
            if place is AnswerPlace.NOWHERE or told == (connection, message):
                continue
            self._told[one.machine_id] = connection, message
            connection.send(message)
