"""Headquarters' orders about a whole session, brought to the venue: cancel, re-run, continue (I03,
I11). The venue never decides any of them; it suspends, seals what exists, and carries the order.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Part, Second


class OrderKind(StrEnum):
    """What headquarters ordered. Names are kept in the store and in signed documents."""

    CANCEL = "CANCEL"  # 取消考试
    RERUN = "RERUN"  # 重新组织考试
    CONTINUE = "CONTINUE"  # 续考: the sittings go on in a later session

    def text(self, language: str = "zh") -> str:
        """As people read it."""
        return _WORDS[self][0 if language.startswith("zh") else 1]


_WORDS = {
    OrderKind.CANCEL: ("取消考试", "session cancelled"),
    OrderKind.RERUN: ("重新组织考试", "session to be run again"),
    OrderKind.CONTINUE: ("续考", "sittings continued later"),
}


class SessionOrderView(Part, frozen=True):
    """An order as it was taken in. ``tickets`` empty: everybody. Instants in exam ms."""

    session_id: str
    kind: OrderKind
    reference: str
    reason: str
    issued_at_ms: int
    later_session_id: str
    tickets: list[str]
    imported_at_ms: int
    imported_by: str


class ImportSessionOrder(Message, frozen=True):
    """The chief, with an administrator, takes in headquarters' signed order from the server's own
    file system. A running session it stops stands still from then on."""

    n: int
    file: str
    second: Second


class ArrivedOrderView(Part, frozen=True):
    """An order that came over headquarters' line and waits for two people. ``sha256`` names it in
    TakeSessionOrder. Instants in exam ms."""

    sha256: str
    session_id: str
    kind: OrderKind
    reference: str
    reason: str
    issued_at_ms: int
    arrived_at_ms: int


class TakeSessionOrder(Message, frozen=True):
    """As ImportSessionOrder, of an order that came over headquarters' line; ``sha256``: at least
    the first eight hex digits of it."""

    n: int
    sha256: str
    second: Second


class GetSessionOrders(Message, frozen=True):
    """Every order of headquarters about a session; ``session_id`` empty: about any."""

    n: int
    session_id: str = ""


SessionOrderMessage = ImportSessionOrder | TakeSessionOrder | GetSessionOrders
"""Headquarters' orders about a session (I03, I11)."""
