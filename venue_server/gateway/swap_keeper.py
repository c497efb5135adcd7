"""The clockwork of branches: merges by rule, tells machines when nothing of theirs waits (F24).

It finds its work in the store, so that it can be killed anywhere.
"""

import asyncio

from sqlalchemy import Connection

from venue_server.backup.store import forget_copies
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.swap_desk import SwapDesk
from venue_server.responses.branching.rules import Verdict, last_answers
from venue_server.responses.branching.service import Standing
from venue_server.sitting.states import CLOSED_SITTINGS
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.names import DataState, SessionState, SittingState
from venue_server.wire.swap_orders import SittingMoved, TakeAnswers

LOOK_S = 1.0
AGAIN_S = 5.0
_OPEN = (SessionState.STARTED, SessionState.ENDED, SessionState.RECONCILED)


class SwapKeeper:
    """One loop over the branches of sessions whose records are open."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._desk = SwapDesk(parts)
        self._asked_at: dict[str, float] = {}
        self._told: set[tuple[str, str, int]] = set()
        self._waiting: list[Standing] = []

    async def run(self) -> None:
        """For ever. The first round carries out decisions that a kill interrupted."""
        for standing in self._standings():
            if standing.decided:
                await self._parts.branches.finish(standing.sitting.sitting_id)
        while True:
            found = self._standings()
            for standing in found:
                await self._step(standing)
            self._waiting = [e for e in found if e.open and e.verdict is Verdict.PEOPLE]
            await asyncio.sleep(LOOK_S)

    def _standings(self) -> list[Standing]:
        parts = self._parts
        open_ones = [each for each in parts.sittings.sessions() if each.state in _OPEN]
        return [one for each in open_ones for one in parts.branches.in_session(each.session_id)]

    async def _step(self, standing: Standing) -> None:
        sitting = standing.sitting
        if not standing.open:
            self._tell_settled(standing)
        elif standing.verdict is Verdict.MERGE and sitting.state in CLOSED_SITTINGS:
            if await self._parts.branches.merge_by_rule(standing) is None:
                await self.backed_up_again(sitting.session_id)
                self._parts.hub.venue_changed()
        elif standing.verdict is Verdict.MERGE and sitting.state is SittingState.IN_PROGRESS:
            self._offer(standing)

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
        return claims + [
            Alarm(
                AlarmCode.BRANCH_OPEN,
                {
                    "seat": f"{one.sitting.room_id}-{one.sitting.seat_no}",
                    "machine": one.branch.machine_id,
                },
            )
            for one in self._waiting
        ]
