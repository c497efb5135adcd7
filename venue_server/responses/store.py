"""SQL of the answers: append, read back, strays."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.dialects import sqlite

from venue_server.responses.second_copy import StoredResponse
from venue_server.storage.schema import meta, response, sitting, stray

PART_ROWS = 1_000
ONE_COPY_SINCE = "answers.one-copy-since"
_COLUMNS = ("sitting_id", "seq", "hash", "sealed", "received_at_ms")
_AT_ONCE = (64, 32, 16, 8, 4, 2, 1)


def _insert_of(count: int) -> str:
    """One statement for ``count`` rows, their values in the order of the columns."""
    rows: list[dict[str, Any]] = [
        {name: bindparam(f"{name}_{row}") for name in _COLUMNS} for row in range(count)
    ]
    compiled = response.insert().values(rows).compile(dialect=sqlite.dialect())
    assert compiled.positiontup == [f"{name}_{row}" for row in range(count) for name in _COLUMNS]
    return str(compiled)


_INSERTS = {count: _insert_of(count) for count in _AT_ONCE}


def insert_responses(tx: Connection, rows: Iterable[StoredResponse]) -> None:
    """Append accepted answers; the table takes each (sitting, sequence) once.

    Many rows in one statement: between two statements this thread gives the interpreter to the one
    that serves the stations and must get it back, which cost more than SQLite (P3).
    """
    left = [(row.sitting_id, row.seq, row.hash, row.sealed, row.received_at_ms) for row in rows]
    for count in _AT_ONCE:
        while len(left) >= count:
            values = tuple(chain.from_iterable(left[:count]))
            tx.exec_driver_sql(_INSERTS[count], values)
            del left[:count]


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


def last_of(tx: Connection, sitting_id: str) -> tuple[int, str] | None:
    """(sequence, hash) of the last accepted answer of a sitting."""
    query = (
        select(response.c.seq, response.c.hash)
        .where(response.c.sitting_id == sitting_id)
        .order_by(response.c.seq.desc())
        .limit(1)
    )
    row = tx.execute(query).first()
    return (row.seq, row.hash) if row else None


def hashes_of(tx: Connection, sitting_id: str, first: int, last: int) -> dict[int, str]:
    """Sequence to hash of the accepted answers ``first`` … ``last`` of a sitting."""
    query = select(response.c.seq, response.c.hash).where(
        response.c.sitting_id == sitting_id, response.c.seq.between(first, last)
    )
    return {row.seq: row.hash for row in tx.execute(query)}


def sealed_of(tx: Connection, sitting_id: str, after: int = 0) -> list[tuple[int, bytes]]:
    """(sequence, sealed) after a sequence, in order."""
    query = (
        select(response.c.seq, response.c.sealed)
        .where(response.c.sitting_id == sitting_id, response.c.seq > after)
        .order_by(response.c.seq)
    )
    return [(row.seq, row.sealed) for row in tx.execute(query)]


def sealed_part(
    tx: Connection, sitting_id: str, after: int, room: int, least: int
) -> list[tuple[int, bytes]]:
    """(sequence, sealed) after a sequence, as many as ``room`` bytes hold and at least ``least``.

    Sizes first, so that a sitting of any length costs the memory of one part.
    """
    size = func.length(response.c.sealed).label("size")
    sizes = (
        select(response.c.seq, size)
        .where(response.c.sitting_id == sitting_id, response.c.seq > after)
        .order_by(response.c.seq)
        .limit(PART_ROWS)
    )
    count, last = 0, after
    for row in tx.execute(sizes):
        room -= row.size
        if room < 0 and count >= least:
            break
        count, last = count + 1, row.seq
    query = (
        select(response.c.seq, response.c.sealed)
        .where(response.c.sitting_id == sitting_id, response.c.seq.between(after + 1, last))
        .order_by(response.c.seq)
    )
    return [(row.seq, row.sealed) for row in tx.execute(query)]


def ends(tx: Connection) -> list[tuple[str, int, int]]:
    """(sitting, last sequence, how many answers), from the index alone."""
    query = select(response.c.sitting_id, func.max(response.c.seq), func.count()).group_by(
        response.c.sitting_id
    )
    return [(sitting_id, last, count) for sitting_id, last, count in tx.execute(query)]


def sequences_of(tx: Connection, sitting_id: str) -> list[int]:
    """The sequences of a sitting's stored answers, in order."""
    query = select(response.c.seq).where(response.c.sitting_id == sitting_id)
    return list(tx.execute(query.order_by(response.c.seq)).scalars())


_whole = select(response, sitting.c.session_id).join(
    sitting, sitting.c.sitting_id == response.c.sitting_id
)


def all_responses(tx: Connection) -> list[StoredResponse]:
    """Every stored answer with its session, for writing the second copy anew."""
    query = _whole.order_by(response.c.sitting_id, response.c.seq)
    return [_stored(row) for row in tx.execute(query)]


def responses(tx: Connection, wanted: Iterable[tuple[str, int]]) -> list[StoredResponse]:
    """The stored answers of some keys, for levelling the two copies after a crash."""
    sequences: dict[str, set[int]] = {}
    for sitting_id, seq in wanted:
        sequences.setdefault(sitting_id, set()).add(seq)
    return [
        _stored(row)
        for sitting_id, chosen in sequences.items()
        for row in tx.execute(
            _whole.where(response.c.sitting_id == sitting_id).order_by(response.c.seq)
        )
        if row.seq in chosen
    ]


def _stored(row: Row[Any]) -> StoredResponse:
    return StoredResponse(
        row.sitting_id, row.seq, row.hash, row.sealed, row.received_at_ms, row.session_id
    )


def strays_of(tx: Connection, sitting_ids: list[str]) -> list[Row[tuple[object, ...]]]:
    """Everything kept aside of some sittings, oldest first."""
    query = select(stray).where(stray.c.sitting_id.in_(sitting_ids)).order_by(stray.c.stray_id)
    return list(tx.execute(query))


def ends_of(tx: Connection, session_id: str, before_ms: int | None = None) -> dict[str, int]:
    """Each sitting's last accepted sequence; ``before_ms``: of what came before that instant.

    One step into the index a sitting, from the end of its chain: everybody is told where answers
    are by this, within seconds, also when a million are stored.
    """
    last = select(response.c.seq).where(response.c.sitting_id == sitting.c.sitting_id)
    if before_ms is not None:
        last = last.where(response.c.received_at_ms < before_ms)
    newest = last.order_by(response.c.seq.desc()).limit(1).correlate(sitting).scalar_subquery()
    query = select(sitting.c.sitting_id, newest.label("seq")).where(
        sitting.c.session_id == session_id
    )
    return {row.sitting_id: row.seq for row in tx.execute(query) if row.seq is not None}


def one_copy_since(tx: Connection, now_ms: int) -> int:
    """Since when there is one copy only: ``now_ms`` unless it was so before, also before a
    restart."""
    known = tx.execute(select(meta.c.value).where(meta.c.key == ONE_COPY_SINCE)).scalar()
    if known is not None:
        return int(known)
    tx.execute(meta.insert().values(key=ONE_COPY_SINCE, value=str(now_ms)))
    return now_ms


def forget_one_copy(tx: Connection) -> None:
    """Both copies are in order."""
    tx.execute(meta.delete().where(meta.c.key == ONE_COPY_SINCE))
