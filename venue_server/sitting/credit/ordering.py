"""What every order about one candidate's time shares: one transaction, its ledger entry, a refusal
as a value."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from venue_server.ledger.catalogue import Event
from venue_server.sitting import store as sittings_store
from venue_server.sitting.credit.silences import Silences
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

T = TypeVar("T")


class Ordering(Silences):
    """See the module's text."""

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal

    def _found(self, tx: Connection, sitting_id: str) -> tuple[Sitting, Session]:
        sitting = sittings_store.load_sitting(tx, sitting_id)
        if sitting is None:
            raise RefusedError(Refusal(RefusalCode.SITTING_UNKNOWN, sitting_id))
        return sitting, self._sittings.session_in(tx, sitting.session_id)

    def _tell(
        self, tx: Connection, event: Event, actor: str, sitting: Sitting, **data: str | int
    ) -> None:
        where = {"sitting": sitting.sitting_id, "room": sitting.room_id}
        self._ledger.record(tx, event, actor, **where, **data)


def refuse(refusal: Refusal | None) -> None:
    """Roll the transaction back with this answer; nothing to do where there is none."""
    if refusal is not None:
        raise RefusedError(refusal)


def reasoned(reason: str) -> Refusal | None:
    """REL-13 where nobody wrote why."""
    return None if reason.strip() else Refusal(RefusalCode.REASON_MISSING)


def other_room(sitting: Sitting) -> Refusal:
    """STF-05: the sitting is another room's."""
    return Refusal(RefusalCode.ROOM_NOT_YOURS, sitting.room_id)
