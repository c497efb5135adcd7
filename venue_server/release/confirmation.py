"""A release by the sealed code is confirmed by headquarters' token once the line is back (F5)."""

from sqlalchemy import Connection

from venue_server.clock import VenueClock
from venue_server.intake.papers import HeldPaper
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release import store as rows
from venue_server.release.service import ReleaseKeys
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Session
from venue_server.storage.engine import Store
from venue_server.vault.release_token import read_release_token
from venue_server.wire.refusals import Refusal


class Confirmations:
    """What is owed, and what headquarters said."""

    def __init__(self, store: Store, ledger: Ledger, clock: VenueClock, keys: ReleaseKeys) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._keys = keys
        self._contradicted: dict[tuple[str, Form], bytes] = {}

    def unconfirmed(self, session_id: str) -> list[Form]:
        """The forms that the sealed code opened and headquarters' token has not confirmed yet."""
        return rows.unconfirmed(self._store.ask, session_id)

    async def confirm(self, session: Session, paper: HeldPaper, data: bytes) -> Refusal | None:
        """Headquarters' token arrived after the code had opened the paper: the same secret closes
        the matter, anything else is an alarm and goes into the ledger once."""
        session_id, form = session.session_id, paper.form
        secret = read_release_token(
            data, paper.manifest, self._keys.headquarters, self._keys.threshold
        )
        if isinstance(secret, Refusal):
            if self._contradicted.get((session_id, form)) != data:
                self._contradicted[session_id, form] = data
                await self._ledger.note(
                    Event.RELEASE_CONTRADICTED,
                    session=session_id,
                    form=form.form_id,
                    code=secret.code.value,
                )
            return secret
        self._contradicted.pop((session_id, form), None)

        def run(tx: Connection) -> None:
            if rows.confirm(tx, session_id, form, self._clock.now_ms()):
                self._ledger.record(
                    tx, Event.RELEASE_CONFIRMED, session=session_id, form=form.form_id
                )

        await self._store.write(run)
        return None

    def contradicted(self, session_id: str) -> bool:
        """Headquarters' token did not fit what the code opened."""
        return any(session == session_id for session, _form in self._contradicted)
