"""How long things are kept, as people enter it: the day of the scores, a legal hold (M01-M03, V07).

Nothing is purged here.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.records import store
from venue_server.records.retention import Retention, retention
from venue_server.records.service import RecordsService
from venue_server.sitting.service import SittingService
from venue_server.sitting.states import AFTER_END
from venue_server.storage.engine import Store
from venue_server.wire.refusals import Refusal, RefusalCode


class Keeping:
    """Entries are append-only; the newest of a session counts."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        sittings: SittingService,
        records: RecordsService,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._sittings = sittings
        self._records = records
        self._now_ms = now_ms

    def of_session(self, session_id: str) -> list[Retention]:
        """What applies to a session's answers and records."""
        told = [line for lines in self._records.lines(session_id).values() for line in lines]
        grave = any(line.grave for line in told)
        planned = self._sittings.session(session_id).planned
        published = self.published_ms(session_id)
        hold = self._store.read(lambda tx: store.hold(tx, session_id))
        return retention(planned.category, grave, published, hold, planned.keep_months)

    def published_ms(self, session_id: str) -> int | None:
        """When the scores were published, as people entered it; None while nobody did."""
        return self._store.read(lambda tx: store.scores_published_ms(tx, session_id))

    def hold(self, session_id: str) -> str:
        """The reason of the legal hold on a session; empty while there is none (V07)."""
        return self._store.read(lambda tx: store.hold(tx, session_id))

    async def enter_scores(
        self, session_id: str, published_at_ms: int, reference: str, persons: str
    ) -> list[Retention] | Refusal:
        """Two people enter the day of the scores. Refused: SES-01 before the session's end, REC-04
        without a reference, or when that day lies before the end or in the future."""
        session = self._sittings.session(session_id)
        now = self._now_ms()
        if session.state not in AFTER_END:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
        if not reference.strip() or not session.whole.end_ms <= published_at_ms <= now:
            return Refusal(RefusalCode.RECORD_TEXT_MISSING, session_id)

        def run(tx: Connection) -> None:
            before = store.scores_published_ms(tx, session_id)
            store.enter_scores(tx, session_id, published_at_ms, reference, persons, now)
            self._ledger.record(
                tx,
                Event.SCORES_PUBLISHED,
                persons,
                session=session_id,
                before="" if before is None else str(before),
                after=str(published_at_ms),
                reason=reference,
            )

        await self._store.write(run)
        return self.of_session(session_id)

    async def set_hold(
        self, session_id: str, reason: str, why: str, persons: str
    ) -> list[Retention] | Refusal:
        """Two people set a hold or lift it. REC-04 when nothing changes or ``why`` is missing."""
        reason, why, now = reason.strip(), why.strip(), self._now_ms()
        if not why or reason == self._store.read(lambda tx: store.hold(tx, session_id)):
            return Refusal(RefusalCode.RECORD_TEXT_MISSING, session_id)

        def run(tx: Connection) -> None:
            before = store.hold(tx, session_id)
            store.set_hold(tx, session_id, reason, why, persons, now)
            self._ledger.record(
                tx,
                Event.HOLD_CHANGED,
                persons,
                session=session_id,
                before=before,
                after=reason,
                reason=why,
            )

        await self._store.write(run)
        return self.of_session(session_id)
