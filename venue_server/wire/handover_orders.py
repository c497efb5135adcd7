"""Orders about sealed answers that go by hand while the line stays down (F18, L09).

The answers are described in docs/protocol.md. Instants are exam time in milliseconds, UTC.
"""

from venue_server.wire.frames import Message, Part, Second


class ExportBundle(Message, frozen=True):
    """Write a session's sealed bundle to a registered removable medium and read it back.
    ``folder``: where the medium is mounted on the server; the signed-in person is its user."""

    n: int
    session_id: str
    folder: str
    second: Second


class TakesOver(Part, frozen=True):
    """Somebody of headquarters' side who receives. ``document``: the number of the document that
    they showed; it stands in the signed record and is masked wherever it is shown (O08)."""

    name: str
    unit: str
    document: str

    def __repr__(self) -> str:
        return f"TakesOver({self.name!r}, {self.unit!r})"


class HandOverBundles(Message, frozen=True):
    """Two give the sealed medium to two who receive it. ``medium``: what is written on the medium,
    as registered; ``reference``: headquarters' consent or the receiving unit's number."""

    n: int
    session_ids: list[str]
    medium: str
    reference: str
    seal_no: str
    receivers: list[TakesOver]
    second: Second
    place: str = ""
    note: str = ""


class TakeReceipts(Message, frozen=True):
    """Take headquarters' signed receipts that came back by hand: a file, or a medium's folder."""

    n: int
    path: str


class GetHandOvers(Message, frozen=True):
    """Where every sealed session stands: line, medium, hand-over, receipt."""

    n: int


HandOverMessage = ExportBundle | HandOverBundles | TakeReceipts | GetHandOvers
