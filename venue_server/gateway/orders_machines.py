"""Orders about the machines and the venue as a whole: enrolment, status, ledger check."""

import asyncio
from dataclasses import asdict

from venue_server.gateway.board import BoardDrawer
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.status_page import status_sections
from venue_server.ledger.book import compare
from venue_server.storage.engine import Store
from venue_server.wire.messages import ConfirmEnrolment, ConsoleMessage
from venue_server.wire.refusals import Refusal


class MachineOrders:
    """Carried out for system administrators; status for anyone."""

    def __init__(self, parts: DeskParts, store: Store) -> None:
        self._parts = parts
        self._store = store
        self._drawer = BoardDrawer(parts)

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "ListEnrolments": self._list,
            "ConfirmEnrolment": self._confirm,
            "GetStatus": self._status,
            "VerifyLedger": self._verify_ledger,
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

    async def _status(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        return status_sections(self._parts, *self._drawer.heads())

    async def _verify_ledger(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        verdict = await asyncio.to_thread(compare, self._store, self._parts.ledger.files)
        return asdict(verdict)
