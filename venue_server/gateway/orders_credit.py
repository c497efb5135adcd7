"""Orders about one candidate's time and exceptions (I07, I08, I10, G01, H06)."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.credit_records import as_csv, interruption_log
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.lost_time_watch import LostTimeWatch
from venue_server.gateway.sitting_view import sitting_view, timing_changed
from venue_server.responses.acceptance import Head
from venue_server.responses.store import last_of
from venue_server.sitting.rows import Sitting
from venue_server.staff.permissions import sees
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.credit_orders import (
    Credit,
    DecideTime,
    EndBreak,
    ExitSpecially,
    GetCredits,
    GetInterruptions,
    GetLostTime,
    ProposeTime,
    ReopenSitting,
    RevokeTime,
    StartBreak,
)
from venue_server.wire.incidents import IncidentView
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.station_messages import BreakChanged, SittingChanged, TimingChanged


class CreditOrders:
    """What people order about one candidate; the candidate's station is told at once."""

    def __init__(
        self,
        parts: DeskParts,
        watch: LostTimeWatch,
        incidents: Callable[[str], Sequence[IncidentView]],
    ) -> None:
        self._parts = parts
        self._incidents = incidents
        self._credits = parts.credits
        self._watch = watch

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetCredits": self._get_credits,
            "GetLostTime": self._get_lost_time,
            "ProposeTime": self._propose,
            "RevokeTime": self._revoke,
            "DecideTime": self._decide,
            "ReopenSitting": self._reopen,
            "ExitSpecially": self._exit,
            "StartBreak": self._start_break,
            "EndBreak": self._end_break,
            "GetInterruptions": self._interruptions,
        }

    # ---- 补时 ----------------------------------------------------------------------------

    async def _get_credits(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetCredits)
        session = self._parts.sittings.current_session()
        found = self._credits.credits(session.session_id) if session else []
        mine = [
            each
            for each in reversed(found)
            if message.room_id in ("", each.room_id) and sees(ordered.person, each.room_id)
        ]
        return {"credits": mine}

    async def _get_lost_time(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetLostTime)
        sitting = self._in_room(message.sitting_id, message.room_id)
        if isinstance(sitting, Refusal):
            return sitting
        own = [
            each
            for each in self._credits.credits(sitting.session_id)
            if each.sitting_id == sitting.sitting_id
        ]
        return {
            "gaps": self._watch.of(sitting),
            "credits": own,
            "end_ms": self._parts.sittings.times_of(sitting).end_ms,
        }

    async def _propose(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ProposeTime)
        sitting = self._in_room(message.sitting_id, message.room_id)
        if isinstance(sitting, Refusal):
            return sitting
        if message.seconds < 0:
            return Refusal(RefusalCode.MESSAGE_MALFORMED, "seconds")
        done = await self._credits.propose(
            sitting.sitting_id,
            message.room_id,
            message.reason,
            message.seconds,
            message.note,
            message.reference,
            self._watch.of(sitting),
            ordered.person.person_id,
        )
        return self._told(done, sitting)

    async def _revoke(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, RevokeTime)
        if message.seconds < 0:
            return Refusal(RefusalCode.MESSAGE_MALFORMED, "seconds")
        done = await self._credits.propose_revocation(
            message.proposal_id,
            message.room_id,
            message.reason,
            message.seconds,
            ordered.person.person_id,
        )
        if isinstance(done, Refusal):
            return done
        return self._told(done, self._whose(done))

    async def _decide(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, DecideTime)
        done = await self._credits.decide(
            message.proposal_id, message.approve, message.note, ordered.person.person_id
        )
        if isinstance(done, Refusal):
            return done
        sitting = self._whose(done)
        if done.approved:
            self._send(sitting, timing_changed(self._parts, sitting))
        told = self._told(done, sitting)
        if done.approved and done.revokes and not isinstance(told, Refusal):
            # Nobody is to believe that a station heard which was away.
            told["heard"] = sitting.machine_id in self._parts.hub.stations
        return told

    def _whose(self, one: Credit) -> Sitting:
        sitting = self._parts.sittings.sitting(one.sitting_id)
        assert sitting is not None, "proposals belong to sittings"
        return sitting

    def _told(self, done: Credit | Refusal, sitting: Sitting) -> Result | Refusal:
        if isinstance(done, Refusal):
            return done
        self._parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        return {"credit": done}

    # ---- reopened, left ------------------------------------------------------------------

    async def _reopen(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ReopenSitting)
        done = await self._credits.reopen(message.sitting_id, message.reason, ordered.both)
        return self._changed(done)

    async def _exit(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ExitSpecially)
        sittings = self._parts.sittings
        sitting = sittings.sitting(message.sitting_id)
        if sitting is None:
            return Refusal(RefusalCode.SITTING_UNKNOWN, message.sitting_id)
        sittings.held.add(sitting.sitting_id)  # nothing new from now on; what is on its way counts
        sittings.moved(sitting.sitting_id)
        try:
            responses = self._parts.responses
            head = await responses.flushed(sitting.session_id, sitting.sitting_id)
            done = await self._credits.exit_specially(
                sitting.sitting_id,
                message.cause,
                message.reason,
                ordered.both,
                (head.seq, head.hash),
                _still_ends_at(sitting.sitting_id, head),
            )
        finally:
            sittings.held.discard(sitting.sitting_id)
        return self._changed(done)

    def _changed(self, done: Sitting | Refusal) -> Result | Refusal:
        if isinstance(done, Refusal):
            return done
        self._send(done, SittingChanged(sitting_view(self._parts, done, None)))
        machine = self._parts.enrolment.machine(done.machine_id)
        if machine is not None and done.submit_kind is None:
            self._parts.delivery.give_keys(machine)  # its paper was closed at the hand-in
        self._parts.hub.seat_changed(done.room_id, done.seat_no)
        return {"sitting_id": done.sitting_id}

    # ---- breaks --------------------------------------------------------------------------

    async def _start_break(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, StartBreak)
        done = await self._credits.go_out(
            message.sitting_id, message.room_id, ordered.person.person_id
        )
        return self._broken(done, away=True)

    async def _end_break(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, EndBreak)
        done = await self._credits.come_back(
            message.sitting_id, message.room_id, ordered.person.person_id
        )
        return self._broken(done, away=False)

    def _broken(self, done: Sitting | Refusal, away: bool) -> Result | Refusal:
        if isinstance(done, Refusal):
            return done
        self._send(done, BreakChanged(done.sitting_id, away))
        self._parts.hub.seat_changed(done.room_id, done.seat_no)
        return {"sitting_id": done.sitting_id}

    # ---- the log -------------------------------------------------------------------------

    async def _interruptions(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetInterruptions)
        session = self._parts.sittings.current_session()
        if session is None:
            return {"interruptions": [], "lines": []}
        plan = self._parts.sittings.plan_of(session)
        rooms = [
            room.room_id
            for room in plan.rooms
            if message.room_id in ("", room.room_id) and sees(ordered.person, room.room_id)
        ]
        session_id = session.session_id
        incidents = self._incidents(session_id)
        found = [
            line
            for room_id in rooms
            for line in interruption_log(self._parts, self._watch, session_id, room_id, incidents)
        ]
        return {"interruptions": found, "lines": [{"text": text} for text in as_csv(found)]}

    def _in_room(self, sitting_id: str, room_id: str) -> Sitting | Refusal:
        sitting = self._parts.sittings.sitting(sitting_id)
        if sitting is None:
            return Refusal(RefusalCode.SITTING_UNKNOWN, sitting_id)
        if sitting.room_id != room_id:
            return Refusal(RefusalCode.ROOM_NOT_YOURS, sitting.room_id)
        return sitting

    def _send(
        self, sitting: Sitting, message: TimingChanged | SittingChanged | BreakChanged
    ) -> None:
        self._parts.hub.to_station(sitting.machine_id, message)


def _still_ends_at(sitting_id: str, head: Head) -> Callable[[Connection], None]:
    def check(tx: Connection) -> None:
        last = last_of(tx, sitting_id)
        if last is not None and last != (head.seq, head.hash):
            raise RefusedError(Refusal(RefusalCode.SAVE_GAP, str(last[0])))

    return check
