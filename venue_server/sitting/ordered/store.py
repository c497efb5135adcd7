"""SQL of headquarters' orders about sessions; append-only."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from venue_server.storage.schema import session_order


@dataclass(frozen=True)
class KeptOrder:
    """An order as stored; ``document`` is the signed file. ``stops``: nobody goes on in it."""

    session_id: str
    reference: str
    kind: str
    stops: bool
    document: str
    imported_at_ms: int
    imported_by: str


def orders(tx: Connection) -> list[KeptOrder]:
    """Every order, in the sequence in which they came."""
    return [_kept(row) for row in tx.execute(select(session_order).order_by("order_id"))]


def _kept(row: Row[tuple[object, ...]]) -> KeptOrder:
    values = dict(row._mapping)
    del values["order_id"]
    return KeptOrder(**values)


def is_stopped(tx: Connection, session_id: str) -> bool:
    """Did headquarters order that nobody goes on in this session?"""
    query = select(session_order.c.order_id).where(
        session_order.c.session_id == session_id, session_order.c.stops
    )
    return tx.execute(query).first() is not None


def insert(tx: Connection, kept: KeptOrder) -> None:
    """Keep an order; the caller judged it in this transaction."""
    tx.execute(
        session_order.insert().values(
            session_id=kept.session_id,
            reference=kept.reference,
            kind=kept.kind,
            stops=kept.stops,
            document=kept.document,
            imported_at_ms=kept.imported_at_ms,
            imported_by=kept.imported_by,
        )
    )
