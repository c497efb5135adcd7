"""The time of rooms, as people order it: holding, starting, suspending, resuming, extending.

Every order is one transaction with its ledger entry, and is durable before any station is told.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.roomtime import rules
from venue_server.sitting.roomtime import store as rows
from venue_server.sitting.roomtime.store import OrderedExtension
from venue_server.sitting.roomtime.texts import (
    extension_line,
    open_extension,
    start_line,
    suspension_line,
)
from venue_server.sitting.rows import Session
from venue_server.sitting.sessions import SessionOrders
from venue_server.sitting.start_codes import make_start_codes
from venue_server.storage.engine import Store
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.roomtime_orders import Approval

T = TypeVar("T")


class RoomTimes:
    """See the module's text. A refusal is returned, never raised. ``lead_ms``: how long before an
    ordered instant the stations are told, in exam ms."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        sittings: SessionOrders,
        now_ms: Callable[[], int],
        lead_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sittings = sittings
        self._now_ms = now_ms
        self._lead_ms = lead_ms

    async def _order(self, run: Callable[[Connection], T]) -> T | Refusal:
        try:
            return await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        finally:
            self._sittings.refresh()

    def _check(self, reason: str) -> Refusal | None:
        return None if reason.strip() else Refusal(RefusalCode.REASON_MISSING)

    # ---- holding and starting ------------------------------------------------------------

    async def hold(self, session_id: str, room_id: str, reason: str, actor: str) -> Refusal | None:
        """A room that is not ready stays closed at the common start; again is harmless."""

        def run(tx: Connection) -> None:
            refusal = rules.may_hold(self._sittings.session_in(tx, session_id), room_id)
            if refusal is not None:
                raise RefusedError(refusal)
            if rows.hold(tx, session_id, room_id, self._now_ms(), reason):
                self._ledger.record(
                    tx, Event.ROOM_HELD, actor, session=session_id, room=room_id, reason=reason
                )

        refusal = self._check(reason)
        return await self._order(run) if refusal is None else refusal

    async def start(
        self, session_id: str, room_id: str, at_ms: int, reason: str, actor: str
    ) -> int | Refusal | None:
        """A held room starts at ``at_ms``, 0: as soon as may be. Returns the instant, None when
        that is the common start."""

        def run(tx: Connection) -> int | None:
            session = self._sittings.session_in(tx, session_id)
            at = rules.room_start(session, room_id, at_ms, self._now_ms(), self._lead_ms())
            if isinstance(at, Refusal):
                raise RefusedError(at)
            if at is None:
                done = rows.let_go(tx, session_id, room_id)
            else:
                done = rows.start(tx, session_id, room_id, at, reason)
            assert done, "the rule saw it held in this transaction"
            self._ledger.record(
                tx,
                Event.ROOM_STARTED,
                actor,
                session=session_id,
                room=room_id,
                effective_start_ms=at or 0,
                reason=reason,
            )
            if session.planned.start_code and session.effective_start_ms is not None:
                make_start_codes(tx, self._ledger, session_id, [room_id], actor)
            return at

        refusal = self._check(reason)
        return await self._order(run) if refusal is None else refusal

    # ---- suspending and resuming ---------------------------------------------------------

    async def suspend(
        self, session_id: str, room_id: str, reason: str, actor: str
    ) -> list[str] | Refusal:
        """Freeze a room, or every one (``room_id`` empty), from now on; returns which."""

        refusal = self._check(reason)
        if refusal is not None:
            return refusal
        return await self._order(lambda tx: self.suspend_in(tx, session_id, room_id, reason, actor))

    def suspend_in(
        self, tx: Connection, session_id: str, room_id: str, reason: str, actor: str
    ) -> list[str]:
        """The same inside a transaction that says why. RefusedError: TIM-03, nothing runs."""
        now = self._now_ms()
        session = self._sittings.session_in(tx, session_id)
        stopped = rules.to_suspend(session, room_id, now)
        if isinstance(stopped, Refusal):
            raise RefusedError(stopped)
        for each in stopped:
            if rules.is_resuming(session, each, now):
                since = session.times_in(each).suspended_at_ms
                assert rows.suspend_on(tx, session_id, each, since), "read in this transaction"
            else:
                by = {"persons": actor, "reason": reason}
                rows.suspend(tx, session_id, each, now, by)
        self._tell(tx, Event.TIME_SUSPENDED, actor, session_id, stopped, reason, at_ms=now)
        return stopped

    async def resume(
        self, session_id: str, room_id: str, reason: str, actor: str
    ) -> tuple[list[str], int] | Refusal:
        """Let the suspended rooms go on together after the lead; returns which, and when."""

        def run(tx: Connection) -> tuple[list[str], int]:
            at = self._now_ms() + self._lead_ms()
            session = self._sittings.session_in(tx, session_id)
            standing = rules.to_resume(session, room_id)
            if isinstance(standing, Refusal):
                raise RefusedError(standing)
            by = {"persons": actor, "reason": reason}
            for each in standing:
                since = session.times_in(each).suspended_at_ms
                done = rows.resume(tx, session_id, each, since, at, by)
                assert done, "the rule saw it standing in this transaction"
            self._tell(tx, Event.TIME_RESUMED, actor, session_id, standing, reason, at_ms=at)
            return standing, at

        refusal = self._check(reason)
        return await self._order(run) if refusal is None else refusal

    def _tell(
        self,
        tx: Connection,
        event: Event,
        actor: str,
        session_id: str,
        rooms: list[str],
        reason: str,
        **more: int,
    ) -> None:
        self._ledger.record(
            tx, event, actor, session=session_id, rooms=rooms, reason=reason, **more
        )

    # ---- extending -----------------------------------------------------------------------

    async def extend(
        self,
        session_id: str,
        room_id: str,
        minutes: int,
        reason: str,
        persons: str,
        approval: Approval | None,
    ) -> tuple[int, list[str]] | Refusal:
        """More time for a room or every one; without ``approval`` it is 待确认. Returns its number
        and the rooms it reached."""

        def run(tx: Connection) -> tuple[int, list[str]]:
            now = self._now_ms()
            session = self._sittings.session_in(tx, session_id)
            clocks = rules.to_extend(session, room_id, minutes, now)
            if isinstance(clocks, Refusal):
                raise RefusedError(clocks)
            length = minutes * rules.MINUTE_MS
            ends = rules.extended_ends(session, clocks, length)
            refusal = rules.conflict(session, self._sittings.sessions(), ends)
            if refusal is not None:
                raise RefusedError(refusal)
            number = rows.extend(
                tx, session_id, clocks, self._values(room_id, length, reason, persons, approval)
            )
            self._ledger.record(
                tx,
                Event.TIME_EXTENDED,
                persons,
                session=session_id,
                extension=number,
                rooms=sorted(clocks),
                minutes=minutes,
                reason=reason,
                reference=approval.ref_no if approval else "",
            )
            return number, sorted(clocks)

        refusal = self._check(reason)
        if refusal is None and approval is not None:
            refusal = rules.check_approval(approval, self._now_ms())
        return await self._order(run) if refusal is None else refusal

    def _values(
        self, room_id: str, length_ms: int, reason: str, persons: str, approval: Approval | None
    ) -> dict[str, str | int]:
        now = self._now_ms()
        values: dict[str, str | int] = {
            "room_id": room_id,
            "length_ms": length_ms,
            "reason": reason,
            "persons": persons,
            "ordered_at_ms": now,
        }
        if approval is not None:
            values |= {
                "authority": approval.authority,
                "ref_no": approval.ref_no,
                "approver": approval.approver,
                "approved_at_ms": approval.approved_at_ms,
                "confirmed_at_ms": now,
                "confirmed_by": persons,
            }
        return values

    async def confirm(self, number: int, approval: Approval, actor: str) -> Refusal | None:
        """Headquarters consented to an extension that was given offline."""

        def run(tx: Connection) -> None:
            if not rows.confirm(tx, number, approval, self._now_ms(), actor):
                raise RefusedError(Refusal(RefusalCode.EXTENSION_UNKNOWN, str(number)))
            known = rows.extension_of(tx, number)
            assert known is not None, "just updated"
            self._ledger.record(
                tx,
                Event.EXTENSION_CONFIRMED,
                actor,
                session=known.session_id,
                extension=number,
                reference=approval.ref_no,
            )

        refusal = rules.check_approval(approval, self._now_ms())
        return await self._order(run) if refusal is None else refusal

    # ---- telling -------------------------------------------------------------------------

    def extensions(self, session_id: str) -> list[OrderedExtension]:
        """Every extension of a session, oldest first."""
        return self._store.read(lambda tx: rows.extensions(tx, session_id))

    def suspensions(self, session_id: str) -> list[rows.OrderedSuspension]:
        """Every suspension of a session's rooms, oldest first."""
        return self._store.read(lambda tx: rows.suspensions(tx, session_id))

    def starts(self, session_id: str) -> list[rows.OrderedStart]:
        """Every room that is or was held back."""
        return self._store.read(lambda tx: rows.starts(tx, session_id))

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """What of a room's time its record must say (K01)."""
        return [
            *(start_line(each) for each in self.starts(session_id) if each.room_id == room_id),
            *(
                suspension_line(each)
                for each in self.suspensions(session_id)
                if each.room_id == room_id
            ),
            *(
                extension_line(each)
                for each in self.extensions(session_id)
                if each.room_id in ("", room_id)
            ),
        ]

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """Extensions that headquarters did not confirm yet: they block the sealing (I02)."""
        return [
            open_extension(each)
            for each in self.extensions(session_id)
            if each.confirmed_at_ms is None
        ]

    def alarms(self) -> list[Alarm]:
        """Interruptions after which the next level decides; nothing is ever cancelled by itself
        (I09)."""
        return [
            alarm
            for session in self._sittings.sessions()
            if session.state is SessionState.STARTED and not session.stopped
            for alarm in self._escalations(session)
        ]

    def _escalations(self, session: Session) -> list[Alarm]:
        limits = self._sittings.plan_of(session).thresholds.interruption_escalate_min
        now, told = self._now_ms(), []
        for room_id in session.rooms:
            minutes = rules.standing_minutes(session, room_id, now)
            passed = [limit for limit in limits if minutes >= limit]
            if passed:
                args = {"room": room_id, "minutes": str(max(passed))}
                told.append(Alarm(AlarmCode.INTERRUPTION_LONG, args))
        return told
