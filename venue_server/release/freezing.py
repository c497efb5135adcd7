"""Freezing the release when a leak is suspected (I05, F23): one person freezes, two thaw.

A freeze is venue-wide and survives a restart. It stops everything that is not released yet; papers
already open stay open, because candidates are at work on them and only headquarters may say more.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release import store as rows
from venue_server.storage.engine import Store
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

MAX_REASON = 500  # characters


class Freezing:
    """``now_ms`` gives exam time."""

    def __init__(self, store: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms

    def now(self) -> rows.Freeze | None:
        """The freeze that holds, if any."""
        return rows.freeze_of(self._store.known)

    async def freeze(self, person_id: str, reason: str) -> Refusal | None:
        """Freeze at once. Refused: REL-13 no reason, REL-10 it is frozen already."""
        text = reason.strip()[:MAX_REASON]
        if not text:
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> None:
            if rows.freeze_now(tx) is not None:
                raise RefusedError(Refusal(RefusalCode.RELEASE_FROZEN))
            rows.insert_freeze(tx, self._now_ms(), person_id, text)
            self._ledger.record(tx, Event.RELEASE_FROZEN, person_id, reason=text)

        return await self._write(run)

    async def lift(self, persons: str, reason: str, reference: str = "") -> Refusal | None:
        """Thaw; who may is the desk's to check. Refused: REL-13 no reason, REL-11 not frozen."""
        text = reason.strip()[:MAX_REASON]
        if not text:
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> None:
            frozen = rows.freeze_now(tx)
            if frozen is None:
                raise RefusedError(Refusal(RefusalCode.RELEASE_NOT_FROZEN))
            freeze_id, at_ms = frozen.freeze_id, self._now_ms()
            rows.lift_freeze(tx, freeze_id, at_ms, persons, text, reference.strip())
            self._ledger.record(
                tx, Event.RELEASE_UNFROZEN, persons, reason=text, reference=reference.strip()
            )

        return await self._write(run)

    async def _write(self, run: Callable[[Connection], None]) -> Refusal | None:
        try:
            await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        return None
