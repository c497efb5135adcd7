"""Orders about backup media. Thin: what is verified is in the store, the facts are in backup/."""

from datetime import datetime, timedelta, timezone

import msgspec

from venue_server.backup.label import LabelPlace
from venue_server.backup.service import BackupService
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.orders_closing import of_record
from venue_server.sitting.rows import Session
from venue_server.wire.backup_orders import BackupLabel, Backups, BackupSession, GetBackups
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal

_BEIJING = timezone(timedelta(hours=8))


class BackupOrders:
    """What there is on which medium."""

    def __init__(self, parts: DeskParts, backups: BackupService) -> None:
        self._parts = parts
        self._backups = backups

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {"GetBackups": self._show}

    async def _show(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetBackups)
        sittings = self._parts.sittings
        sessions = sittings.sessions()
        if message.session_id:
            named = of_record(sittings, message.session_id)
            if isinstance(named, Refusal):
                return named
            sessions = [named]
        labels = [label for each in sessions for label in self.labels(each)]
        told = [self._told(each) for each in sessions]
        answer = Backups(self._backups.media(), labels, self._backups.required, told)
        found: Result = msgspec.to_builtins(answer)
        return found

    def _told(self, session: Session) -> BackupSession:
        begins = datetime.fromtimestamp(session.planned.start_ms / 1000, _BEIJING)
        return BackupSession(
            session.session_id,
            self._parts.sittings.plan_of(session).exam_title,
            session.planned.subject_title,
            session.planned.start_ms,
            f"{begins:%Y-%m-%d}",
            session.data_state,
            self._backups.counted(session.session_id),
        )

    def labels(self, session: Session) -> list[BackupLabel]:
        """A label for each verified copy of a session."""
        return self._backups.labels(self._place(session))

    @property
    def required(self) -> int:
        """How many verified copies a session needs."""
        return self._backups.required

    def _place(self, session: Session) -> LabelPlace:
        plan = self._parts.sittings.plan_of(session)
        names = {room.room_id: room.name for room in plan.rooms}
        return LabelPlace(
            plan.zone,
            self._parts.venue_id,
            self._parts.venue_name,
            tuple(names.get(room, room) for room in session.rooms),
            plan.exam_title,
            session.session_id,
            session.planned.subject_title,
            session.planned.start_ms,
        )
