"""The clockwork of branches: merges by rule, tells machines when nothing of theirs waits (F24).

It finds its work in the store, so that it can be killed anywhere.
"""

import asyncio
import logging

from sqlalchemy import Connection

from venue_server.backup.store import forget_copies
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.journal_words import origin_words
from venue_server.gateway.sitting_view import sitting_view
from venue_server.gateway.swap_desk import SwapDesk
from venue_server.responses.answer_keys import AnswerFault
from venue_server.responses.branching.rules import Verdict, last_answers
from venue_server.responses.branching.service import Standing
from venue_server.sitting.states import CLOSED_SITTINGS
from venue_server.storage.engine import StoreFault
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.names import DataState, SessionState, SittingState
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import SittingChanged
from venue_server.wire.swap_orders import Keep, SittingMoved, TakeAnswers

_log = logging.getLogger(__name__)
LOOK_S = 1.0
AGAIN_S = 5.0
_OPEN = (SessionState.STARTED, SessionState.ENDED, SessionState.RECONCILED)
_SEALED = (SessionState.SEALED, SessionState.UPLOADED)


class SwapKeeper:
    """One loop over the branches of sessions whose records are open."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._desk = SwapDesk(parts)
        self._asked_at: dict[str, float] = {}
        self._told: set[tuple[str, str, int]] = set()
        self._waiting: list[Standing] = []
        self._after_seal: list[Standing] = []

    async def run(self) -> None:
        """For ever."""
        while True:
            found = self._standings(_OPEN)
            for standing in found:
                try:
                    await self._step(standing)
                except StoreFault as fault:  # the disk refuses; tried again at the next look
                    _log.error("a branch could not be merged: %s", fault)
            self._waiting = [e for e in found if e.open and e.verdict is Verdict.PEOPLE]
            self._after_seal = [each for each in self._standings(_SEALED) if each.open]
            await asyncio.sleep(LOOK_S)

    def _standings(self, states: tuple[SessionState, ...]) -> list[Standing]:
        found: list[Standing] = []
        for session in self._parts.sittings.sessions():
            if session.state in states:
                try:
                    found += self._parts.branches.in_session(session.session_id)
                except AnswerFault as fault:
                    # Answers that decayed on the disk must not stop the server over and over.
                    _log.error("branches of %s cannot be read: %s", session.session_id, fault)
        return found

    async def _step(self, standing: Standing) -> None:
        sitting = standing.sitting
        if self._is_unfinished(standing):
            await self._merged(standing, await self._parts.branches.finish(sitting.sitting_id))
        elif not standing.open:
            self._tell_settled(standing)
        elif standing.verdict is Verdict.MERGE and sitting.state in CLOSED_SITTINGS:
            await self._merged(standing, await self._parts.branches.merge_by_rule(standing))
        elif standing.verdict is Verdict.MERGE and sitting.state is SittingState.IN_PROGRESS:
            self._offer(standing)

    def _is_unfinished(self, standing: Standing) -> bool:
        """Decided, but a kill or a refusing disk came before it was carried out to the end."""
        sitting = standing.sitting
        if standing.decided in ("", Keep.CHAIN.value):
            return False
        head = self._parts.responses.head(sitting.session_id, sitting.sitting_id)
        behind = sitting.final_seq is not None and sitting.final_seq < head.seq
        return standing.verdict is not Verdict.SETTLED or behind

    async def _merged(self, standing: Standing, refusal: Refusal | None) -> None:
        if refusal is None:
            await self.backed_up_again(standing.sitting.session_id)
            self._tell_own(standing)
            self._parts.hub.venue_changed()

    def _tell_own(self, standing: Standing) -> None:
        """The machine whose own tail it was learns that it is in the chain: its receipt is the
        chain's new end, and its journal may go when its time comes."""
        sitting = self._parts.sittings.sitting(standing.sitting.sitting_id)
        if sitting is not None and sitting.machine_id == standing.branch.machine_id:
            view = sitting_view(self._parts, sitting, None)
            self._parts.hub.to_station(sitting.machine_id, SittingChanged(view))

    def _offer(self, standing: Standing) -> None:
        """The candidate is at work: the station there is the chain's one writer, so it enters the
        answers itself, and the candidate sees them."""
        sitting, branch = standing.sitting, standing.branch
        now = asyncio.get_running_loop().time()
        key = f"{sitting.sitting_id} {branch.machine_id} {sitting.machine_id}"
        if now >= self._asked_at.get(key, 0.0):
            self._asked_at[key] = now + AGAIN_S
            answers = last_answers(branch.entries)
            message = TakeAnswers(sitting.sitting_id, branch.base_seq, answers)
            self._parts.hub.to_station(sitting.machine_id, message)

    def _tell_settled(self, standing: Standing) -> None:
        sitting, branch = standing.sitting, standing.branch
        key = sitting.sitting_id, branch.machine_id, branch.upto
        online = self._parts.presence.is_online(branch.machine_id)
        if online and key not in self._told and branch.machine_id != sitting.machine_id:
            self._told.add(key)
            moved = self._desk.as_moved(sitting, branch.machine_id, branch.entries[-1])
            self._parts.hub.to_station(branch.machine_id, SittingMoved(moved))

    async def backed_up_again(self, session_id: str) -> None:
        """Answers came after the backup: it counts no more, and is made anew (L01)."""
        parts = self._parts
        if parts.sittings.session(session_id).data_state is not DataState.BACKED_UP:
            return

        def also(tx: Connection) -> None:
            forget_copies(tx, session_id)

        await parts.sittings.set_data_state(
            session_id, DataState.BACKED_UP, DataState.COLLECTED, also
        )

    # ---- what people see -----------------------------------------------------------------

    def alarms(self) -> list[Alarm]:
        """Second log-ins of the last minutes, and branches that wait for people, as the last look
        found them: boards ask for alarms all the time."""
        parts = self._parts
        claims = [
            Alarm(
                AlarmCode.CLAIMED_TWICE,
                {"ticket": claim.ticket_no, "first": claim.first, "second": claim.second},
            )
            for claim in parts.swaps.claims()
        ]
        waiting = [_alarm(AlarmCode.BRANCH_OPEN, each) for each in self._waiting]
        return claims + waiting + [_alarm(AlarmCode.CAME_AFTER_SEAL, e) for e in self._after_seal]


def _alarm(code: AlarmCode, one: Standing) -> Alarm:
    seat = f"{one.sitting.room_id}-{one.sitting.seat_no}"
    return Alarm(code, {"seat": seat, "machine": origin_words(one.branch.machine_id)})
