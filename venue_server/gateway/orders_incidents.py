"""Orders about incidents and held evidence."""

from typing import Any

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.records.incidents import rules
from venue_server.records.incidents.rules import signer
from venue_server.records.incidents.service import IncidentService
from venue_server.records.violations.service import ViolationService
from venue_server.sitting.states import BEFORE_START
from venue_server.staff.permissions import sees
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.incident_orders import (
    AddToIncident,
    CloseIncident,
    ContainIncident,
    CountersignIncident,
    GetIncidents,
    HoldEvidence,
    LiftHold,
    OpenIncident,
    ReportIncident,
)
from venue_server.wire.incidents import IncidentView
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import ReleaseHeld
from venue_server.wire.violations import Hold


class IncidentOrders:
    """Thin: permission was checked at the desk, what may be done is the rules'."""

    def __init__(
        self, parts: DeskParts, incidents: IncidentService, violations: ViolationService
    ) -> None:
        self._parts = parts
        self._incidents = incidents
        self._violations = violations

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "OpenIncident": self._open,
            "AddToIncident": self._add,
            "ReportIncident": self._report,
            "ContainIncident": self._contain,
            "CloseIncident": self._close,
            "CountersignIncident": self._countersign,
            "GetIncidents": self._get,
            "HoldEvidence": self._hold,
            "LiftHold": self._lift,
        }

    def session_id(self, asked: str = "") -> str:
        """The session asked for, else the current one; empty when there is none."""
        session = self._parts.sittings.current_session()
        return asked or (session.session_id if session else "")

    # ---- incidents ----------------------------------------------------------------------

    async def _open(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, OpenIncident)
        person = ordered.person
        done = await self._incidents.open(
            self.session_id(message.session_id),
            message.room_id,
            message.kind,
            message.severity,
            message.grave,
            message.facts,
            signer(person),
            person.person_id,
        )
        return self._shown(done)

    async def _add(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, AddToIncident)
        person = ordered.person
        done = await self._incidents.add(
            message.incident_id,
            message.room_id,
            message.facts,
            message.severity,
            message.grave,
            signer(person),
            person.person_id,
        )
        return self._shown(done)

    async def _report(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ReportIncident)
        person = ordered.person
        done = await self._incidents.report(
            message.incident_id,
            message.to,
            message.way,
            message.reference,
            signer(person),
            person.person_id,
        )
        return self._shown(done)

    async def _contain(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        """Hold the evidence first: a freeze that fails leaves the hold, never the other way."""
        assert isinstance(message, ContainIncident)
        person, parts = ordered.person, self._parts
        done = await self._incidents.contain(
            message.incident_id, message.reason, signer(person), person.person_id
        )
        unreleased = any(each.state in BEFORE_START for each in parts.sittings.sessions())
        if isinstance(done, IncidentView) and unreleased and parts.freezing.now() is None:
            reason = f"{message.incident_id} {message.reason}"
            refusal = await parts.freezing.freeze(person.person_id, reason)
            if refusal is not None and refusal.code is not RefusalCode.RELEASE_FROZEN:
                return refusal
            parts.hub.to_stations(ReleaseHeld(True), lambda _machine_id: True)
        return self._shown(done)

    async def _close(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, CloseIncident)
        person = ordered.person
        done = await self._incidents.close(
            message.incident_id, message.result, signer(person), person.person_id
        )
        return self._shown(done)

    async def _countersign(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, CountersignIncident)
        person = ordered.person
        done = await self._incidents.countersign(
            message.incident_id, message.room_id, signer(person), person.person_id
        )
        return self._shown(done)

    async def _get(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetIncidents)
        session_id = self.session_id(message.session_id)
        incidents = [
            one for one in self._incidents.all(session_id) if sees(ordered.person, one.room_id)
        ]
        return {
            "session_id": session_id,
            "incidents": [self._one(one) for one in incidents],
            "holds": [msgspec.to_builtins(one) for one in self._incidents.holds(session_id)],
        }

    # ---- evidence -----------------------------------------------------------------------

    async def _hold(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, HoldEvidence)
        session_id = self._session_of(message.subject)
        if isinstance(session_id, Refusal):
            return session_id
        person = ordered.person
        done = await self._incidents.hold(
            session_id, message.subject, message.reason, signer(person), person.person_id
        )
        return self._held(done)

    async def _lift(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, LiftHold)
        assert ordered.second is not None
        session_id = self._session_of(message.subject)
        if isinstance(session_id, Refusal):
            return session_id
        both = signer(ordered.person, ordered.second)
        actor = ordered.both
        done = await self._incidents.lift(
            session_id, message.subject, message.reason, message.reference, both, actor
        )
        return self._held(done)

    def _session_of(self, subject: str) -> str | Refusal:
        found = self._incidents.one(subject) or self._violations.one(subject)
        if found is None:
            return Refusal(RefusalCode.INCIDENT_UNKNOWN, subject)
        return found.session_id

    @staticmethod
    def _held(done: Hold | Refusal) -> Result | Refusal:
        return done if isinstance(done, Refusal) else {"hold": msgspec.to_builtins(done)}

    # ---- what is shown ------------------------------------------------------------------

    def _shown(self, done: IncidentView | Refusal) -> Result | Refusal:
        return done if isinstance(done, Refusal) else {"incident": self._one(done)}

    def _one(self, one: IncidentView) -> dict[str, Any]:
        plan = self._parts.sittings.plan
        exam = plan.exam_title if plan else ""
        plain: dict[str, Any] = msgspec.to_builtins(one)
        return plain | {
            "must_report": one.must_report,
            "duration_ms": one.duration_ms,
            "report": rules.report_text(self._parts.venue_name, exam, one),
        }

    def alarms(self) -> list[Alarm]:
        """What every console shows: reports that are owed, interruptions that last (I09), an item
        that many say is defective (F14)."""
        plan = self._parts.sittings.plan
        if plan is None:
            return []
        now_ms = self._parts.clock.now_ms()
        found: list[Alarm] = []
        incidents = self._incidents.all(self.session_id())
        for one in incidents:
            args = {"incident": one.incident_id}
            if one.must_report:
                found.append(Alarm(AlarmCode.INCIDENT_UNREPORTED, args))
            passed = rules.escalation_min(one, plan.thresholds.interruption_escalate_min, now_ms)
            if passed:
                args = args | {"minutes": str(passed)}
                found.append(Alarm(AlarmCode.INCIDENT_ESCALATES, args))
        for item, count in rules.repeated_defects(incidents).items():
            found.append(Alarm(AlarmCode.PAPER_DEFECT, {"item": item, "count": str(count)}))
        return found
