"""The duty book of a running venue: one transaction an entry, with its event in the ledger."""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.staff.dutybook import store
from venue_server.staff.dutybook.rules import (
    OVERRIDE_MS,
    Entry,
    Override,
    Presence,
    Shift,
    Stay,
    Withdrawal,
    shift_problem,
    standing,
    stays,
)
from venue_server.storage.engine import Store
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


class DutyBook:
    """``now_ms`` gives exam time. The desk has judged who may order."""

    def __init__(self, store_: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store_
        self._ledger = ledger
        self._now_ms = now_ms

    def entries(self) -> list[Entry]:
        """Every entry, oldest first."""
        return self._store.read(store.entries)

    def stays(self) -> dict[str, Stay]:
        """Who came today, and who left again."""
        return stays(self.entries(), self._now_ms())

    async def override(self, reason: str, persons: str) -> int | Refusal:
        """Two people allow a deliberate stop; until when. REL-13 without a reason (A14)."""
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        now_ms = self._now_ms()
        given = Override(reason.strip(), now_ms + OVERRIDE_MS)

        def run(tx: Connection) -> int:
            store.insert(tx, given, persons, now_ms)
            self._ledger.record(
                tx, Event.DUTY_OVERRIDDEN, persons, reason=given.reason, until_ms=given.until_ms
            )
            return given.until_ms

        return await self._store.write(run)

    async def note(self, person_id: str, here: bool, by: str) -> Stay | Refusal:
        """Somebody came or left; what was so already is not written again. DTY-02: leaves without
        having come (A10)."""
        now_ms = self._now_ms()

        def run(tx: Connection) -> Stay | Refusal:
            before = stays(store.entries(tx), now_ms).get(person_id)
            is_here = before is not None and not before.left_ms
            if here != is_here:
                if before is None and not here:
                    return Refusal(RefusalCode.BADGE_UNKNOWN, person_id)
                store.insert(tx, Presence(person_id, here), by, now_ms)
                self._ledger.record(tx, Event.STAFF_PRESENCE, by, person=person_id, here=here)
            return stays(store.entries(tx), now_ms)[person_id]

        return await self._store.write(run)

    async def enter(self, shift: Shift, by: str) -> int | Refusal:
        """A shift; its number. DTY-03 (A13)."""
        if problem := shift_problem(shift):
            return problem

        def run(tx: Connection) -> int:
            number = store.insert(tx, shift, by, self._now_ms())
            # The telephone is personal data: it stays out of the ledger (O08).
            self._ledger.record(
                tx,
                Event.SHIFT_ENTERED,
                by,
                shift=number,
                person=shift.person_id,
                place=shift.place,
                from_ms=shift.from_ms,
                until_ms=shift.until_ms,
            )
            return number

        return await self._store.write(run)

    async def withdraw(self, shift_id: int, reason: str, by: str) -> Refusal | None:
        """DTY-03 no such shift stands, REL-13 no reason."""
        if not reason.strip():
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> None:
            shift = dict(standing(store.entries(tx))).get(shift_id)
            if shift is None:
                raise RefusedError(Refusal(RefusalCode.SHIFT_INVALID, str(shift_id)))
            store.insert(tx, Withdrawal(shift_id, reason.strip()), by, self._now_ms())
            self._ledger.record(
                tx,
                Event.SHIFT_WITHDRAWN,
                by,
                shift=shift_id,
                before=f"{shift.person_id} {shift.place} {shift.from_ms}-{shift.until_ms}",
                after="",
                reason=reason.strip(),
            )

        try:
            await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        return None
