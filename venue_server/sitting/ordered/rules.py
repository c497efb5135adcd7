"""May an order of headquarters be taken in, and what does it leave to do (I03, I11)? Pure."""

from collections.abc import Collection, Sequence

from venue_server.sitting.ordered.document import SessionOrder
from venue_server.sitting.rows import Session
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.session_orders import OrderKind


def judge_new(
    new: SessionOrder, earlier: Sequence[SessionOrder], session: Session, tickets: Collection[str]
) -> Refusal | None:
    """``earlier`` are the orders about this session, ``tickets`` everybody registered in it.

    ORD-03 known already, ORD-04 contradicts an earlier one, ORD-05 nothing of the session is here
    any more, ORD-07 somebody who is not registered in it."""
    if any(each.reference == new.reference for each in earlier):
        return Refusal(RefusalCode.ORDER_REPLAYED, new.reference)
    if session.state is SessionState.WIPED:
        return Refusal(RefusalCode.ORDER_TOO_LATE, session.session_id)
    unknown = sorted(set(new.tickets) - set(tickets))
    if unknown:
        return Refusal(RefusalCode.ORDER_TICKET_UNKNOWN, ", ".join(unknown))
    against = next((each for each in earlier if contradicts(new, each)), None)
    return Refusal(RefusalCode.ORDER_CONTRADICTS, against.reference) if against else None


def contradicts(new: SessionOrder, old: SessionOrder) -> bool:
    """Two orders stand beside each other only if they let different people go on. What became of a
    session is said once; headquarters settles a change of mind where the answers are."""
    both_continue = new.kind == old.kind == OrderKind.CONTINUE
    return not both_continue or new.stops or old.stops or bool(set(new.tickets) & set(old.tickets))
