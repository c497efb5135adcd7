"""Personal time and exceptions, carried out: each order is one transaction with its ledger entry.

Who may order what, and the second person, the desk has checked (staff/permissions.py). A refusal
is returned, never raised.
"""

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.catalogue import Event
from venue_server.sitting import store as sittings_store
from venue_server.sitting.credit import store
from venue_server.sitting.credit.ordering import other_room, reasoned, refuse
from venue_server.sitting.credit.revoking import Revoking
from venue_server.sitting.credit.rules import (
    may_credit,
    may_go_out,
    may_propose,
    may_reopen,
    wanted,
    within_cap,
)
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.sessions import Also
from venue_server.wire.credit_orders import (
    SEAT_AWAY,
    SEAT_CREDIT_OPEN,
    SEAT_REVOKE_OPEN,
    Credit,
    CreditReason,
    ExitReason,
    LostTime,
)
from venue_server.wire.names import SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

_IN_PROGRESS = SittingState.IN_PROGRESS


class CreditService(Revoking):
    """See the module's text."""

    # ---- 补时 (I07) ----------------------------------------------------------------------

    async def propose(
        self,
        sitting_id: str,
        room_id: str,
        reason: CreditReason,
        seconds: int,
        note: str,
        reference: str,
        gaps: list[LostTime],
        actor: str,
    ) -> Credit | Refusal:
        """Propose more time. ``seconds`` 0 means what ``gaps`` measured, less what was proposed
        before and not rejected."""

        def run(tx: Connection) -> Credit:
            sitting, session = self._found(tx, sitting_id)
            refuse(None if sitting.room_id == room_id else other_room(sitting))
            refuse(may_credit(sitting, session))
            measured_ms = sum(each.measured_ms for each in gaps)
            before_s = store.standing_s(tx, sitting_id)
            wanted_s = wanted(seconds, measured_ms, before_s)
            refuse(may_propose(wanted_s, measured_ms, before_s, note))
            refuse(self._within_cap(tx, sitting, session, wanted_s, reference))
            values = {
                "seconds": wanted_s,
                "measured_ms": measured_ms,
                "reason": reason.value,
                "reference": reference.strip(),
            }
            number = store.insert_proposal(
                tx,
                session_id=session.session_id,
                sitting_id=sitting_id,
                evidence=msgspec.json.encode(gaps).decode(),
                note=note.strip(),
                proposed_by=actor,
                proposed_at_ms=self._now_ms(),
                **values,
            )
            self._tell(tx, Event.TIME_PROPOSED, actor, sitting, proposal=number, **values)
            made = store.credit(tx, number)
            assert made is not None, "just kept"
            return made

        return await self._order(run)

    def _within_cap(
        self, tx: Connection, sitting: Sitting, session: Session, seconds: int, reference: str
    ) -> Refusal | None:
        granted_s = store.granted(tx).get(sitting.sitting_id, 0)
        cap_s = self._sittings.plan_of(session).thresholds.compensation_cap_s
        return within_cap(granted_s, seconds, cap_s, reference)

    async def decide(
        self, proposal_id: int, approve: bool, note: str, actor: str
    ) -> Credit | Refusal:
        """Approve or reject; never by the person who proposed. An approved one counts from the
        commit on, and several add up. So it is with taking a credit back (revoking.py)."""

        def run(tx: Connection) -> Credit:
            one = store.credit(tx, proposal_id)
            if one is None:
                raise RefusedError(Refusal(RefusalCode.PROPOSAL_UNKNOWN, str(proposal_id)))
            if one.approved is not None:
                raise RefusedError(Refusal(RefusalCode.CREDIT_DECIDED, str(proposal_id)))
            if one.proposed_by == actor:
                raise RefusedError(Refusal(RefusalCode.SAME_PERSON))
            sitting, session = self._found(tx, one.sitting_id)
            if one.revokes:
                if approve:
                    return self._revoke(tx, one, sitting, session, note, actor)
                return self._reject_revocation(tx, one, sitting, note, actor)
            before_ms = self._sittings.times_inside(tx, session, sitting).end_ms
            after_ms = before_ms
            if approve:
                refuse(may_credit(sitting, session))
                refuse(self._within_cap(tx, sitting, session, one.seconds, one.reference))
                granted_s = store.granted(tx).get(sitting.sitting_id, 0)
                after = self._sittings.times_with(session, sitting, granted_s + one.seconds)
                after_ms = after.end_ms
            store.insert_decision(
                tx,
                proposal_id=proposal_id,
                approved=int(approve),
                note=note.strip(),
                decided_by=actor,
                decided_at_ms=self._now_ms(),
                end_before_ms=before_ms,
                end_after_ms=after_ms,
            )
            self._sittings.touched()
            event = Event.TIME_APPROVED if approve else Event.TIME_REJECTED
            self._tell(
                tx,
                event,
                actor,
                sitting,
                proposal=proposal_id,
                seconds=one.seconds,
                proposed_by=one.proposed_by,
            )
            decided = store.credit(tx, proposal_id)
            assert decided is not None, "rows are never deleted"
            return decided

        return await self._order(run)

    def credits(self, session_id: str) -> list[Credit]:
        """Every proposal of a session, oldest first."""
        return self._store.known_read(store.credits_of, session_id)

    def seat_alerts(self, session_id: str) -> dict[str, list[str]]:
        """Sitting to what its seat on the board must say: an undecided proposal, a break."""
        found: dict[str, list[str]] = {}
        for one in self.credits(session_id):
            if one.approved is None:
                word = SEAT_REVOKE_OPEN if one.revokes else SEAT_CREDIT_OPEN
                word = f"{word}:{one.seconds // 60}"
                found.setdefault(one.sitting_id, []).append(word)
        for sitting_id in self._store.known_read(store.out_now, session_id):
            found.setdefault(sitting_id, []).append(SEAT_AWAY)
        return found

    # ---- reopened (I10), left (G01) ------------------------------------------------------

    async def reopen(self, sitting_id: str, reason: str, persons: str) -> Sitting | Refusal:
        """Undo a hand-in. The chain goes on where it is; what was undone is kept whole."""

        def run(tx: Connection) -> Sitting:
            refuse(reasoned(reason))
            sitting, session = self._found(tx, sitting_id)
            times = self._sittings.times_inside(tx, session, sitting)
            refuse(may_reopen(sitting, session, times, self._now_ms()))
            assert sitting.submit_kind is not None, "it was handed in"
            kept = {
                "submitted_at_ms": sitting.submitted_at_ms,
                "final_seq": sitting.final_seq,
                "final_head": sitting.final_head,
            }
            store.insert_reopening(
                tx,
                session_id=session.session_id,
                sitting_id=sitting_id,
                submit_kind=sitting.submit_kind.value,
                reason=reason.strip(),
                persons=persons,
                reopened_at_ms=self._now_ms(),
                **kept,
            )
            moved = sittings_store.move_sitting(
                tx, sitting, _IN_PROGRESS, submit_kind=None, **dict.fromkeys(kept)
            )
            self._tell(
                tx,
                Event.REOPENED,
                persons,
                sitting,
                reason=reason.strip(),
                seq=sitting.final_seq or 0,
                head=sitting.final_head or "",
            )
            return moved

        done = await self._order(run)
        if not isinstance(done, Refusal):
            self._sittings.moved(sitting_id)
        return done

    async def exit_specially(
        self,
        sitting_id: str,
        cause: ExitReason,
        reason: str,
        persons: str,
        head: tuple[int, str],
        also: Also,
    ) -> Sitting | Refusal:
        """Answers so far are taken as they stand, and the candidate leaves for good: one
        transaction. ``head`` is the chain's durable end; ``also`` proves it there."""

        def run(tx: Connection) -> Sitting:
            refuse(reasoned(reason))
            sitting, _session = self._found(tx, sitting_id)
            also(tx)
            now = self._now_ms()
            handed_in = sittings_store.move_sitting(
                tx,
                sitting,
                SittingState.SUBMITTED,
                submitted_at_ms=now,
                submit_kind=SubmitKind.EXCEPTIONAL,
                final_seq=head[0],
                final_head=head[1],
            )
            left = sittings_store.move_sitting(tx, handed_in, SittingState.EXITED, exited_at_ms=now)
            store.insert_exit(
                tx,
                sitting_id=sitting_id,
                session_id=sitting.session_id,
                cause=cause.value,
                reason=reason.strip(),
                persons=persons,
                exited_at_ms=now,
            )
            store.break_ends(tx, sitting_id, now, persons)
            self._tell(
                tx,
                Event.EXITED_SPECIALLY,
                persons,
                sitting,
                cause=cause.value,
                reason=reason.strip(),
                seq=head[0],
                head=head[1],
            )
            return left

        done = await self._order(run)
        if not isinstance(done, Refusal):
            self._sittings.moved(sitting_id)
        return done

    # ---- breaks (H06) --------------------------------------------------------------------

    async def go_out(self, sitting_id: str, room_id: str, actor: str) -> Sitting | Refusal:
        """The station locks; at most one candidate of a room is out."""

        def run(tx: Connection) -> Sitting:
            sitting, session = self._found(tx, sitting_id)
            if sitting.room_id != room_id:
                raise RefusedError(other_room(sitting))
            out = [
                each.seat_no
                for each in store.breaks(tx, session.session_id, room_id)
                if each.back_at_ms is None
            ]
            refuse(may_go_out(sitting, session, next(iter(out), "")))
            store.break_begins(
                tx,
                session_id=session.session_id,
                room_id=room_id,
                sitting_id=sitting_id,
                out_at_ms=self._now_ms(),
                out_by=actor,
            )
            self._tell(tx, Event.BREAK_BEGUN, actor, sitting)
            return sitting

        return await self._order(run)

    async def come_back(self, sitting_id: str, room_id: str, actor: str) -> Sitting | Refusal:
        """The invigilator saw the candidate back at the seat; also after the end."""

        def run(tx: Connection) -> Sitting:
            sitting, _session = self._found(tx, sitting_id)
            if sitting.room_id != room_id:
                raise RefusedError(other_room(sitting))
            if not store.break_ends(tx, sitting_id, self._now_ms(), actor):
                raise RefusedError(Refusal(RefusalCode.NOT_OUT))
            self._tell(tx, Event.BREAK_ENDED, actor, sitting)
            return sitting

        return await self._order(run)

    # ---- reading -------------------------------------------------------------------------

    def breaks(self, session_id: str, room_id: str) -> list[store.Break]:
        """The break log of a room."""
        return self._store.read(lambda tx: store.breaks(tx, session_id, room_id))

    def reopenings(self, session_id: str, room_id: str) -> list[store.Reopening]:
        """What was undone in a room."""
        return self._store.read(lambda tx: store.reopenings(tx, session_id, room_id))

    def special_exits(self, session_id: str, room_id: str) -> list[store.SpecialExit]:
        """Who left a closed room."""
        return self._store.read(lambda tx: store.special_exits(tx, session_id, room_id))
