"""Orders about the machines and the venue as a whole: enrolment, status, ledger check."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from venue_server.gateway.board import BoardDrawer
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.people_day import roster_entries
from venue_server.gateway.status_page import status_sections
from venue_server.sitting.forms import same_form_neighbours
from venue_server.staff.roster import roster_problem
from venue_server.storage import background
from venue_server.storage.media_lanes import on_medium
from venue_server.wire.console_orders import (
    ConfirmEnrolment,
    ConsoleMessage,
    ImportPlan,
    RevokeMachine,
)
from venue_server.wire.refusals import Refusal, RefusalCode


class MachineOrders:
    """Carried out for system administrators; status for anyone."""

    def __init__(self, parts: DeskParts, imported: Callable[[], None]) -> None:
        self._parts = parts
        self._imported = imported
        self._drawer = BoardDrawer(parts)

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "ListEnrolments": self._list,
            "ConfirmEnrolment": self._confirm,
            "RevokeMachine": self._revoke,
            "GetStatus": self._status,
            "VerifyLedger": self._verify_ledger,
            "ImportPlan": self._import_plan,
        }

    async def _list(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        return {
            "waiting": [
                {
                    "code": each.code,
                    "kind": each.kind,
                    "address": each.address,
                    "since_ms": each.since_ms,
                }
                for each in self._parts.enrolment.waiting()
            ]
        }

    async def _confirm(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ConfirmEnrolment)
        done = await self._parts.enrolment.confirm(
            message.code,
            message.kind,
            message.name,
            message.room_id,
            message.seat_no,
            ordered.person.person_id,
        )
        if isinstance(done, Refusal):
            return done
        self._parts.hub.seat_changed(done.room_id, done.seat_no)
        return {"machine_id": done.machine_id, "certificate": done.cert_sha256}

    async def _revoke(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, RevokeMachine)
        gone = self._parts.enrolment.machine(message.machine_id)
        if gone is None:
            return Refusal(RefusalCode.NOT_ENROLLED, message.machine_id)
        await self._parts.enrolment.revoke(message.machine_id, ordered.person.person_id)
        self._parts.hub.cut(message.machine_id)
        self._parts.hub.seat_changed(gone.room_id, gone.seat_no)
        return {"machine_id": message.machine_id}

    async def _import_plan(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ImportPlan)
        assert ordered.second is not None
        parts = self._parts
        try:
            document = await on_medium(Path(message.file), Path(message.file).read_bytes)
        except OSError as error:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, error.strerror or message.file)
        if unusable := self._roster_problem(document):
            return unusable
        plan = await parts.sittings.import_plan(
            document,
            parts.headquarters_keys,
            parts.headquarters_threshold,
            parts.venue_id,
            parts.mode,
            ordered.both,
        )
        if isinstance(plan, Refusal):
            return plan
        await parts.people.level()
        self._imported()
        return {
            "plan_id": plan.plan_id,
            "staff": len(plan.staff),
            "sessions": [each.session_id for each in plan.sessions],
            "candidates": sum(len(each.candidates) for each in plan.sessions),
            "same_form_neighbours": same_form_neighbours(plan),
        }

    def _roster_problem(self, document: bytes) -> Refusal | None:
        """DOC-06 for a signed roster that no venue can work with (A01, A03), before it is kept."""
        parts = self._parts
        keys, threshold = parts.headquarters_keys, parts.headquarters_threshold
        plan = parts.sittings.read_document(document, keys, threshold, parts.venue_id, parts.mode)
        if isinstance(plan, Refusal):
            return plan
        problem = roster_problem(roster_entries(plan), [room.room_id for room in plan.rooms])
        return Refusal(RefusalCode.PLAN_INVALID, problem) if problem else None

    async def _status(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        return status_sections(self._parts, *self._drawer.heads())

    async def _verify_ledger(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        verdict = await background.computing(self._parts.ledger.verified)
        return asdict(verdict)
