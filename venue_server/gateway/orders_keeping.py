"""Orders about what is counted, exported and kept of a session (C07, K03, M01, V07)."""

from dataclasses import replace

from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.orders_closing import of_record
from venue_server.records import statistics
from venue_server.records.retention import Retention
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.record_orders import (
    EnterScorePublication,
    ExportSession,
    GetStatistics,
    SetLegalHold,
)
from venue_server.wire.refusals import Refusal


class KeepingOrders:
    """Thin: permission was checked at the desk, the rules are in ``venue_server/records``."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing
        self._sittings = closing.parts.sittings

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetStatistics": self._statistics,
            "ExportSession": self._export,
            "EnterScorePublication": self._scores,
            "SetLegalHold": self._hold,
        }

    async def _statistics(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetStatistics)
        if message.session_id:
            named = of_record(self._sittings, message.session_id)
            if isinstance(named, Refusal):
                return named
            sessions = [named]
        else:
            sessions = [each for each in self._sittings.sessions() if each.state in AFTER_END]
        return self._report(sessions)

    def _report(self, sessions: list[Session]) -> Result:
        per_session = {
            each.session_id: self._closing.records.statistics(each.session_id) for each in sessions
        }
        rooms = [row for rows in per_session.values() for row in rows]
        totals = [rows[-1] for rows in per_session.values()]
        subjects = statistics.per_subject(totals)
        venue = replace(statistics.added(totals), subject="")
        plan = self._sittings.plan
        percent = plan.thresholds.violation_share_percent if plan else 100
        warnings = [statistics.share_warning(row, percent) for row in rooms]
        rows = [*rooms, *subjects, venue]
        return {
            "rows": [row.as_dict() for row in rows],
            "csv": statistics.as_csv(rows),
            "problems": [each for row in rows for each in statistics.broken(row)],
            "warnings": [each for each in warnings if each],
            "due_ms": {
                each.session_id: each.whole.end_ms + statistics.DUE_DAYS * statistics.DAY_MS
                for each in sessions
            },
        }

    async def _export(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ExportSession)
        session = of_record(self._sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        person = ordered.person
        done = await self._closing.exports.export(session, person.person_id, person.name)
        if isinstance(done, Refusal):
            return done
        return {"file": str(done.file), "sha256": done.sha256}

    async def _scores(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, EnterScorePublication)
        session = of_record(self._sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.exports.keeping.enter_scores(
            session.session_id, message.published_at_ms, message.reference, ordered.both
        )
        return done if isinstance(done, Refusal) else _shown(done)

    async def _hold(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SetLegalHold)
        session = of_record(self._sittings, message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.exports.keeping.set_hold(
            session.session_id, message.reason, message.why, ordered.both
        )
        return done if isinstance(done, Refusal) else _shown(done)


def _shown(found: list[Retention]) -> Result:
    return {"retention": [each.as_dict() for each in found]}
