"""The order that tells what the venue still holds of each session (L04, L10, M01-M07)."""

from venue_server.gateway.answer_facts import AnswerFacts
from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.holdings_view import Holding, holdings_view
from venue_server.gateway.orders_backups import BackupOrders
from venue_server.gateway.orders_wiping import WipingOrders
from venue_server.responses.store import ends_of
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.upload.delivered import Trusted, delivered
from venue_server.upload.store import earlier_versions, read_bundle, read_certificate
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal
from venue_server.wire.wiping_orders import GetHoldings


class HoldingsOrders:
    """Gathers what other parts know; decides nothing."""

    def __init__(
        self,
        closing: Closing,
        answers: AnswerFacts,
        backups: BackupOrders,
        wiping: WipingOrders,
        store: Store,
    ) -> None:
        self._closing = closing
        self._answers = answers
        self._backups = backups
        self._wiping = wiping
        self._store = store

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {"GetHoldings": self._holdings}

    async def _holdings(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetHoldings)
        sessions = self._closing.parts.sittings.sessions()
        ended = [each for each in sessions if each.state in AFTER_END]
        return holdings_view([await self._of(each) for each in ended])

    async def _of(self, session: Session) -> Holding:
        parts, session_id = self._closing.parts, session.session_id
        trusted = Trusted(parts.headquarters_keys, parts.headquarters_threshold)
        read = self._store.read
        certificate = self._closing.certificate(session_id)
        enrolled = {each.machine_id for each in parts.enrolment.machines("station")}
        stored = await background.quick(read, lambda tx: ends_of(tx, session_id))
        return Holding(
            session=session,
            answers=await self._answers.of_session(session),
            stored=sum(stored.values()),
            second=not parts.responses.degraded,
            copies=self._backups.labels(session),
            required=self._backups.required,
            lost=await background.quick(self._answers.lost_media, session_id),
            bundle=read(lambda tx: read_bundle(tx, session_id)),
            earlier=read(lambda tx: earlier_versions(tx, session_id)),
            home=read(lambda tx: delivered(tx, session_id, trusted)),
            begun=certificate is None
            and read(lambda tx: read_certificate(tx, session_id)) is not None,
            certificate=certificate,
            # Of those that are not enrolled any more nothing is expected (the check says so).
            stations=[
                each
                for each in self._closing.session_wiping.stations(session_id)
                if each.machine_id in enrolled or each.reported_at_ms is not None
            ],
            kept=self._wiping.kept_lines(session),
        )
