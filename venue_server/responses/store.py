"""SQL of the answers: append, read back, strays."""

from collections.abc import Iterable

from sqlalchemy import Connection, Row, select

from venue_server.responses.second_copy import StoredResponse
from venue_server.storage.schema import response, sitting, stray


def insert_responses(tx: Connection, rows: Iterable[StoredResponse]) -> None:
    """Append accepted answers; the table takes each (sitting, sequence) once."""
    values = [
        {
            "sitting_id": row.sitting_id,
            "seq": row.seq,
            "hash": row.hash,
            "sealed": row.sealed,
            "received_at_ms": row.received_at_ms,
        }
        for row in rows
    ]
    if values:
        tx.execute(response.insert(), values)


def insert_stray(
    tx: Connection, sitting_id: str, machine_id: str, code: str, sealed: bytes, at_ms: int
) -> None:
    """Keep aside what did not fit."""
    tx.execute(
        stray.insert().values(
            sitting_id=sitting_id,
            machine_id=machine_id,
            code=code,
            sealed=sealed,
            received_at_ms=at_ms,
        )
    )


def hashes_of(tx: Connection, sitting_id: str) -> dict[int, str]:
    """Sequence to hash of every accepted answer of a sitting."""
    query = select(response.c.seq, response.c.hash).where(response.c.sitting_id == sitting_id)
    return {row.seq: row.hash for row in tx.execute(query)}


def sealed_of(tx: Connection, sitting_id: str, after: int = 0) -> list[tuple[int, bytes]]:
    """(sequence, sealed) after a sequence, in order."""
    query = (
        select(response.c.seq, response.c.sealed)
        .where(response.c.sitting_id == sitting_id, response.c.seq > after)
        .order_by(response.c.seq)
    )
    return [(row.seq, row.sealed) for row in tx.execute(query)]


def all_responses(tx: Connection) -> list[StoredResponse]:
    """Every stored answer with its session, for levelling the two copies after a crash."""
    query = (
        select(response, sitting.c.session_id)
        .join(sitting, sitting.c.sitting_id == response.c.sitting_id)
        .order_by(response.c.sitting_id, response.c.seq)
    )
    return [
        StoredResponse(
            row.sitting_id, row.seq, row.hash, row.sealed, row.received_at_ms, row.session_id
        )
        for row in tx.execute(query)
    ]


def strays_of(tx: Connection, sitting_ids: list[str]) -> list[Row[tuple[object, ...]]]:
    """Everything kept aside of some sittings, oldest first."""
    query = select(stray).where(stray.c.sitting_id.in_(sitting_ids)).order_by(stray.c.stray_id)
    return list(tx.execute(query))
