"""Headquarters' orders about a session, as the rule that takes them in sees them (I03, I11)."""

from collections.abc import Callable, Sequence

from tests.unit.sitting.conftest import payload, session
from venue_server.sitting.ordered.document import TYPE, VERSION, SessionOrder
from venue_server.sitting.ordered.rules import judge_new
from venue_server.sitting.plan import Plan
from venue_server.sitting.plan_reading import read_plan
from venue_server.sitting.rows import Session
from venue_server.wire.names import DataState, SessionState
from venue_server.wire.session_orders import OrderKind

TICKETS = ("T1", "T2", "T3")


def said(
    kind: OrderKind = OrderKind.CANCEL, reference: str = "函1号", tickets: Sequence[str] = ()
) -> SessionOrder:
    """An order as headquarters signs it; what goes on later goes on in session s2."""
    later = "" if kind is OrderKind.CANCEL else "s2"
    return SessionOrder(
        TYPE, VERSION, "v1", "s1", kind.value, reference, 1000, "停电", later, list(tickets)
    )


def taken(
    new: SessionOrder,
    *earlier: SessionOrder,
    state: SessionState = SessionState.STARTED,
) -> Callable[[], str]:
    """The refusal's code, or "taken"."""

    def outcome() -> str:
        plan = read_plan(payload(sessions=[session()]))
        assert isinstance(plan, Plan)
        planned = plan.sessions[0]
        now = Session("s1", "p1", state, DataState.COLLECTING, None, None, planned, frozenset())
        refusal = judge_new(new, earlier, now, TICKETS)
        return "taken" if refusal is None else refusal.code.value

    return outcome
