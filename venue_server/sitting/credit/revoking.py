"""A wrong entry of 补时 is undone by taking back what is unconsumed of it, by two people (I07).

**The rule.** ``end(k)`` is the candidate's own end with ``k`` seconds of 补时 in force, from the
one timing function (policy.py). At the instant ``now`` of the approval, by the room's own clock,
at most ``wanted_s`` of ``credited_s`` go: the largest whole number ``t`` of seconds with

    t <= wanted_s,  t <= credited_s,  end(credited_s - t) > now.

So the end never comes to lie before the end that the plan, the access arrangement, 顺延 and
suspensions give without any credit, and never at or before the instant of the approval: what was
consumed by then stays, rounded up to a whole second in the candidate's favour. Because the end
still lies ahead, no extension or suspension that reached this candidate is lost with it: the end
moves by exactly ``t`` seconds.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.catalogue import Event
from venue_server.sitting.credit import store
from venue_server.sitting.credit.ordering import Ordering, other_room, reasoned, refuse
from venue_server.sitting.credit.rules import may_credit
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.credit_orders import Credit
from venue_server.wire.messages import Timing
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


def takeable_s(end_of: Callable[[int], Timing], credited_s: int, wanted_s: int, now_ms: int) -> int:
    """``t`` of the rule; ``end_of(k)`` are the instants with ``k`` seconds of 补时."""
    least, most = max(0, credited_s - max(0, wanted_s)), credited_s  # bounds of what stays
    room_ms = end_of(credited_s).room_clock_ms(now_ms)
    if end_of(credited_s).end_ms <= room_ms:
        return 0
    while least < most:  # the end grows with the credit: look for the least that lies ahead
        middle = (least + most) // 2
        if end_of(middle).end_ms > room_ms:
            most = middle
        else:
            least = middle + 1
    return credited_s - most


class Revoking(Ordering):
    """The orders."""

    async def propose_revocation(
        self, proposal_id: int, room_id: str, reason: str, seconds: int, actor: str
    ) -> Credit | Refusal:
        """Propose to take back at most ``seconds`` (0: all) of an approved credit."""

        def run(tx: Connection) -> Credit:
            credit = store.credit(tx, proposal_id)
            if credit is None:
                raise RefusedError(Refusal(RefusalCode.PROPOSAL_UNKNOWN, str(proposal_id)))
            refuse(reasoned(reason))
            sitting, session = self._found(tx, credit.sitting_id)
            refuse(None if sitting.room_id == room_id else other_room(sitting))
            refuse(may_credit(sitting, session))
            wanted_s = _wanted(credit, seconds)
            refuse(_nothing(self._takeable(tx, sitting, session, wanted_s), proposal_id))
            number = store.insert_proposal(
                tx,
                session_id=session.session_id,
                sitting_id=sitting.sitting_id,
                seconds=wanted_s,
                measured_ms=0,
                evidence="[]",
                reason=credit.reason,
                note=reason.strip(),
                reference="",
                proposed_by=actor,
                proposed_at_ms=self._now_ms(),
                revokes=proposal_id,
            )
            self._tell(
                tx,
                Event.TIME_REVOCATION_PROPOSED,
                actor,
                sitting,
                proposal=number,
                credit=proposal_id,
                seconds=wanted_s,
                reason=reason.strip(),
            )
            return _kept(tx, number)

        return await self._order(run)

    def _revoke(
        self,
        tx: Connection,
        one: Credit,
        sitting: Sitting,
        session: Session,
        note: str,
        actor: str,
    ) -> Credit:
        """Approved: what is unconsumed now goes. Raises RefusedError (CRD-05, CRD-09)."""
        refuse(may_credit(sitting, session))
        credit = _kept(tx, one.revokes)
        taken_s = self._takeable(tx, sitting, session, _wanted(credit, one.seconds))
        refuse(_nothing(taken_s, one.revokes))
        before_ms = self._sittings.times_inside(tx, session, sitting).end_ms
        granted_s = store.granted(tx).get(sitting.sitting_id, 0)
        after = self._sittings.times_with(session, sitting, granted_s - taken_s)
        store.insert_decision(
            tx,
            proposal_id=one.proposal_id,
            approved=1,
            note=note.strip(),
            decided_by=actor,
            decided_at_ms=self._now_ms(),
            taken_s=taken_s,
            end_before_ms=before_ms,
            end_after_ms=after.end_ms,
        )
        self._sittings.touched()
        self._tell(
            tx,
            Event.TIME_REVOKED,
            actor,
            sitting,
            proposal=one.proposal_id,
            credit=one.revokes,
            seconds=taken_s,
            end_before_ms=before_ms,
            end_after_ms=after.end_ms,
            reason=one.note,
            proposed_by=one.proposed_by,
        )
        return _kept(tx, one.proposal_id)

    def _reject_revocation(
        self, tx: Connection, one: Credit, sitting: Sitting, note: str, actor: str
    ) -> Credit:
        store.insert_decision(
            tx,
            proposal_id=one.proposal_id,
            approved=0,
            note=note.strip(),
            decided_by=actor,
            decided_at_ms=self._now_ms(),
        )
        data = {"proposal": one.proposal_id, "credit": one.revokes}
        event = Event.TIME_REVOCATION_REJECTED
        self._tell(tx, event, actor, sitting, proposed_by=one.proposed_by, **data)
        return _kept(tx, one.proposal_id)

    def _takeable(self, tx: Connection, sitting: Sitting, session: Session, wanted_s: int) -> int:
        granted_s = store.granted(tx).get(sitting.sitting_id, 0)

        def end_of(credited_s: int) -> Timing:
            return self._sittings.times_with(session, sitting, credited_s)

        return takeable_s(end_of, granted_s, wanted_s, self._now_ms())


def _wanted(credit: Credit, seconds: int) -> int:
    """At most what is left of that credit; nothing of one that is no approved credit."""
    if credit.revokes or not credit.approved:
        return 0
    left_s = credit.seconds - credit.revoked_s
    return min(seconds, left_s) if seconds > 0 else left_s


def _nothing(taken_s: int, proposal_id: int) -> Refusal | None:
    return None if taken_s > 0 else Refusal(RefusalCode.NOTHING_TO_REVOKE, str(proposal_id))


def _kept(tx: Connection, proposal_id: int) -> Credit:
    made = store.credit(tx, proposal_id)
    assert made is not None, "rows are never deleted"
    return made
