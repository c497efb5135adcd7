"""``kaodian.order``: headquarters' signed order about one session of one venue (I03, I11).

docs/orders.md describes every field. Signed like every document of headquarters (wire/signed.py).
"""

from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.session_orders import OrderKind
from venue_server.wire.signed import read_signed

TYPE = "kaodian.order"
VERSION = "1.0"


class SessionOrder(msgspec.Struct, frozen=True):
    """Payload of the signed document. ``later_session_id`` is the session of a later plan in which
    it goes on (CONTINUE) or is run again (RERUN); ``tickets`` are those whose sittings go on,
    empty: everybody's."""

    type: str
    version: str
    venue_id: str
    session_id: str
    kind: str
    reference: str
    issued_at_ms: int
    reason: str
    later_session_id: str = ""
    tickets: list[str] = []

    @property
    def stops(self) -> bool:
        """Does nobody go on in this session?"""
        return self.kind != OrderKind.CONTINUE or not self.tickets


def shape_problem(order: SessionOrder) -> str:
    """Why the order makes no sense by itself; empty: it does. Its kind is a known one."""
    if not (order.reference.strip() and order.reason.strip() and order.issued_at_ms > 0):
        return "reference, reason, issued_at_ms"
    later = order.kind != OrderKind.CANCEL
    if later != bool(order.later_session_id) or order.later_session_id == order.session_id:
        return "later_session_id"
    if order.tickets and order.kind != OrderKind.CONTINUE:
        return "tickets"
    if len(set(order.tickets)) != len(order.tickets):
        return "tickets"
    return ""


def read_order(
    data: bytes, keys: Mapping[str, Ed25519PublicKey], threshold: int, venue_id: str
) -> SessionOrder | Refusal:
    """A verified order for this venue. Refusals: DOC-01…DOC-05, ORD-01 for another venue, ORD-06
    for a kind that this version does not know."""
    order = read_signed(data, TYPE, SessionOrder, keys, threshold)
    if isinstance(order, Refusal):
        return order
    if order.venue_id != venue_id:
        return Refusal(RefusalCode.ORDER_FOREIGN, order.venue_id)
    if order.kind not in list(OrderKind):
        return Refusal(RefusalCode.ORDER_KIND_UNKNOWN, order.kind)
    problem = shape_problem(order)
    return Refusal(RefusalCode.DOCUMENT_MALFORMED, f"{TYPE}: {problem}") if problem else order
