"""Measuring lost time: acts from the answers' chain, silences from the line (I07, I12)."""

import asyncio

from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.sitting.credit.lost_time import Act, lost_time, room_events
from venue_server.sitting.rows import Sitting
from venue_server.wire.credit_orders import GapCause, LostTime
from venue_server.wire.names import SessionState

MARK_S = 5.0
TOGETHER_S = 15.0


class LostTimeWatch:
    """Notes silences as they happen, and measures on demand."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    async def run(self) -> None:
        """For ever: while an exam runs, remember that this server runs, so that the next one knows
        how long nobody was there."""
        while True:
            if any(one.state is SessionState.STARTED for one in self._parts.sittings.sessions()):
                await self._parts.credits.mark_alive()
            await asyncio.sleep(MARK_S)

    def of(self, sitting: Sitting) -> list[LostTime]:
        """What one sitting lost, measured now."""
        outages = self._parts.credits.outages(sitting.session_id).get(sitting.sitting_id, [])
        times = self._parts.sittings.times_of(sitting)
        return lost_time(
            self._acts(sitting),
            [outage for outage, _machine in outages],
            times.effective_start_ms,
            times.end_ms,
        )

    def of_room(self, sittings: list[Sitting]) -> list[tuple[Sitting, LostTime]]:
        """Every interruption of a room's sittings; what began together has a number."""
        found = [
            (sitting, gap) for sitting in sittings if sitting.present for gap in self.of(sitting)
        ]
        within_ms = int(1000 * TOGETHER_S * self._parts.clock.rate)
        events = room_events(
            [(sitting.sitting_id, gap.start_ms) for sitting, gap in found], within_ms
        )
        return [
            (sitting, _numbered(gap, events[sitting.sitting_id, gap.start_ms]))
            for sitting, gap in found
        ]

    def machines_of(self, session_id: str) -> dict[tuple[str, int], str]:
        """(sitting, start of a silence) to the machine that fell silent then."""
        return {
            (sitting_id, outage.last_seen_ms): machine_id
            for sitting_id, outages in self._parts.credits.outages(session_id).items()
            for outage, machine_id in outages
        }

    def _acts(self, sitting: Sitting) -> list[Act]:
        entries = self._parts.responses.entries(sitting.session_id, sitting.sitting_id)
        return [
            Act(each.kind, each.at_ms, next(iter(each.values.get("submit", [])), ""))
            for each in entries
        ]


def station_lost(parts: DeskParts, machine_id: str, cause: GapCause = GapCause.LINK) -> None:
    """A station's connection ended: a silence of its sitting begins with the last heartbeat."""
    sitting = parts.sittings.sitting_of_machine(machine_id)
    silence = None
    if sitting is not None:
        last_seen_ms = parts.presence.of(machine_id).last_seen_ms
        silence = parts.credits.silent(sitting, machine_id, last_seen_ms, cause)
    parts.ledger.note_soon(Event.STATION_DOWN, machine_id, silence)


def _numbered(gap: LostTime, event: int) -> LostTime:
    return LostTime(gap.cause, gap.start_ms, gap.end_ms, gap.measured_ms, gap.acts, event)
