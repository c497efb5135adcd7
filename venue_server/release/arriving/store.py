"""SQL of documents that came over headquarters' line; append-only."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from venue_server.storage.schema import line_document


@dataclass(frozen=True)
class LineDocument:
    """One document of headquarters' list. ``number`` is its place there, from 1; ``kind`` its type,
    empty when it is not known; ``code`` the refusal of what was no document for this venue, whose
    bytes are not kept."""

    number: int
    sha256: str
    kind: str
    document: str
    code: str
    arrived_at_ms: int

    def __repr__(self) -> str:
        return f"LineDocument({self.number} {self.kind or self.code})"


def documents(tx: Connection) -> list[LineDocument]:
    """Everything that came, in headquarters' order."""
    rows = tx.execute(select(line_document).order_by(line_document.c.number))
    return [LineDocument(**row._mapping) for row in rows]


def insert(tx: Connection, found: LineDocument) -> bool:
    """Keep one; False when this place was filled before."""
    number = line_document.c.number
    if tx.execute(select(number).where(number == found.number)).first() is not None:
        return False
    tx.execute(line_document.insert().values(**found.__dict__))
    return True
