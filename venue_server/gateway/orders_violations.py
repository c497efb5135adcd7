"""Orders about violations and observations, and the end of a sitting for disorder."""

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.records.incidents.rules import MAX_TEXT, signer
from venue_server.records.violations import observing, rules
from venue_server.records.violations.rules import ViolationEntry
from venue_server.records.violations.service import ViolationService
from venue_server.sitting.states import AFTER_END
from venue_server.staff.permissions import sees
from venue_server.wire.alarms import Alarm
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.incident_orders import (
    AddToViolation,
    DecideObservation,
    GetViolations,
    NoteRefusal,
    NoteSignature,
    RecordViolation,
    ReturnEvidence,
    SignViolation,
    TakeItem,
    TerminateSitting,
    WithdrawViolation,
)
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import SittingTerminated
from venue_server.wire.violations import ObservationView, ViolationStep, ViolationView


class ViolationOrders:
    """Thin: permission was checked at the desk, what may be done is the rules'."""

    def __init__(self, parts: DeskParts, violations: ViolationService) -> None:
        self._parts = parts
        self._violations = violations

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "RecordViolation": self._record,
            "AddToViolation": self._add,
            "TakeItem": self._take,
            "ReturnEvidence": self._return,
            "NoteSignature": self._signature,
            "NoteRefusal": self._refusal,
            "SignViolation": self._sign,
            "WithdrawViolation": self._withdraw,
            "TerminateSitting": self._terminate,
            "DecideObservation": self._decide,
            "GetViolations": self._get,
        }

    # ---- the record ---------------------------------------------------------------------

    async def _record(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, RecordViolation)
        person = ordered.person
        done = await self._violations.record(
            message.room_id,
            message.sitting_id,
            message.code,
            message.facts,
            signer(person),
            person.person_id,
        )
        return _shown(done)

    async def _add(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, AddToViolation)
        person = ordered.person
        done = await self._violations.add(
            message.violation_id, message.room_id, message.facts, signer(person), person.person_id
        )
        return _shown(done)

    async def _take(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, TakeItem)
        number, what = message.number.strip()[:60], message.what.strip()[:MAX_TEXT]
        entry = self._entry(
            ordered,
            ViolationStep.ITEM_TAKEN,
            number=number,
            what=what,
            candidate_signed=message.candidate_signed,
        )
        done = await self._violations.step(
            message.violation_id,
            message.room_id,
            entry,
            _both(ordered),
            lambda now: rules.may_take(now, number, what),
        )
        return _shown(done)

    async def _return(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ReturnEvidence)
        number = message.number.strip()
        done = await self._violations.step(
            message.violation_id,
            message.room_id,
            self._entry(ordered, ViolationStep.ITEM_RETURNED, number=number),
            _both(ordered),
            lambda now: rules.may_return(now, number),
        )
        return _shown(done)

    async def _signature(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, NoteSignature)
        entry = self._entry(ordered, ViolationStep.CANDIDATE_SIGNED)
        done = await self._violations.step(
            message.violation_id, message.room_id, entry, _both(ordered)
        )
        return _shown(done)

    async def _refusal(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, NoteRefusal)
        entry = self._entry(ordered, ViolationStep.CANDIDATE_REFUSED)
        done = await self._violations.step(
            message.violation_id, message.room_id, entry, _both(ordered)
        )
        return _shown(done)

    async def _sign(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SignViolation)
        person = ordered.person
        done = await self._violations.sign(
            message.violation_id, message.content_hash, signer(person), person.person_id
        )
        return _shown(done)

    async def _withdraw(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, WithdrawViolation)
        person = ordered.person
        done = await self._violations.withdraw(
            message.violation_id,
            message.reason,
            message.reference,
            signer(person),
            person.person_id,
        )
        return _shown(done)

    def _entry(self, ordered: Ordered, step: ViolationStep, **values: object) -> ViolationEntry:
        entry = ViolationEntry(
            step,
            self._parts.clock.now_ms(),
            signer(ordered.person),
            signer(ordered.second) if ordered.second else "",
        )
        return msgspec.structs.replace(entry, **values)

    # ---- the end of a sitting (V05) -----------------------------------------------------

    async def _terminate(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, TerminateSitting)
        assert ordered.second is not None
        parts = self._parts
        sitting = parts.sittings.sitting(message.sitting_id)
        if sitting is None:
            return Refusal(RefusalCode.SITTING_UNKNOWN, message.sitting_id)
        session = parts.sittings.session(sitting.session_id)
        refusal = rules.may_terminate(sitting, session.state, message.room_id, message.reason)
        if refusal is not None:
            return refusal
        by = signer(ordered.person, ordered.second)
        # First nothing new is taken, then the end of what was taken is written down.
        end = await parts.responses.stop_sitting(sitting.session_id, sitting.sitting_id)
        done = await self._violations.terminate(
            message.room_id,
            message.sitting_id,
            message.reason,
            (end.seq, end.hash),
            by,
            _both(ordered),
        )
        if isinstance(done, Refusal):
            now = parts.sittings.sitting(sitting.sitting_id)
            if now is not None and now.state is not SittingState.TERMINATED:
                parts.responses.resume_sitting(sitting.sitting_id)
            return done
        if sitting.machine_id:
            parts.hub.to_station(sitting.machine_id, SittingTerminated(sitting.sitting_id))
        parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        return _shown(done)

    # ---- observations and lists ---------------------------------------------------------

    async def _decide(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, DecideObservation)
        person = ordered.person
        done = await self._violations.decide(
            message.observation_id,
            message.room_id,
            message.violation_id,
            message.remark,
            signer(person),
            person.person_id,
        )
        if isinstance(done, ObservationView):
            return {"observation": msgspec.to_builtins(done)}
        return done

    async def _get(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetViolations)
        session = self._parts.sittings.current_session()
        session_id = message.session_id or (session.session_id if session else "")
        violations = self._violations.all(session_id)
        observations = self._violations.observations(session_id)
        return {
            "session_id": session_id,
            "violations": [
                msgspec.to_builtins(one) for one in violations if sees(ordered.person, one.room_id)
            ],
            "observations": [
                msgspec.to_builtins(one)
                for one in observations
                if sees(ordered.person, one.room_id)
            ],
        }

    # ---- what it tells the day's records --------------------------------------------------

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """Lines of one room's record."""
        return observing.room_lines(self._violations.all(session_id), room_id)

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """What is unsigned or undecided (V06, V09)."""
        ended = self._parts.sittings.session(session_id).state in AFTER_END
        violations = self._violations.all(session_id)
        present = self._violations.present(session_id)
        observations = self._violations.observations(session_id)
        return observing.open_points(violations, observations, present, ended)

    def alarms(self) -> list[Alarm]:
        """Rooms with too many violations, now (Y06)."""
        session = self._parts.sittings.current_session()
        return observing.share_alarms(self._shares(session.session_id)) if session else []

    def _shares(self, session_id: str) -> dict[str, tuple[int, int]]:
        violations = self._violations.all(session_id)
        if not violations:
            return {}
        session = self._parts.sittings.session(session_id)
        percent = self._parts.sittings.plan_of(session).thresholds.violation_share_percent
        return observing.high_shares(violations, self._violations.present(session_id), percent)


def _both(ordered: Ordered) -> str:
    second = f",{ordered.second.person_id}" if ordered.second else ""
    return f"{ordered.person.person_id}{second}"


def _shown(done: ViolationView | Refusal) -> Result | Refusal:
    return done if isinstance(done, Refusal) else {"violation": msgspec.to_builtins(done)}
