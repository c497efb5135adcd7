"""SQL of the answers: append, read back, strays.

The index ``response_by_run`` has runs of sixteen sequences before sittings, so that what a hall
answers in the same minutes is written to the same pages (P3, decision 0065). Whoever wants one
sitting's answers names the runs: a step into the index for each, never a look through all answers.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import sqlite

from venue_server.responses.second_copy import StoredResponse
from venue_server.storage.plain import Plain, inside
from venue_server.storage.schema import RUN, meta, response, sitting, stray

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


# ---- how they are read -------------------------------------------------------------------

_NO_LAST = 2**62
"""Above every sequence."""
_PART_ROWS = 1_000
_RUN: ColumnElement[int] = literal_column(f"response.{RUN}")
_newest_run = select(_RUN).select_from(response).order_by(_RUN.desc()).limit(1).scalar_subquery()


def _runs() -> CTE:
    """``number``: every run there is, from the last one that any sitting has answers in to 0."""
    run = select(_newest_run.label("number")).cte("run", recursive=True)
    return run.union_all(select(run.c.number - 1).where(run.c.number > 0))


def _of(sitting_id: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(_RUN.in_(select(_runs().c.number)), response.c.sitting_id == sitting_id)


def _last_of(
    sitting_id: ColumnElement[str], before: ColumnElement[int] | None = None
) -> ScalarSelect[int]:
    """The sequence of a sitting's last answer, or of the last that came before an instant: from
    the last run on, down to the first one that has it."""
    mine = select(func.max(response.c.seq)).where(response.c.sitting_id == sitting_id)
    if before is not None:
        mine = mine.where(response.c.received_at_ms < before)

    def found(number: ColumnElement[int]) -> ScalarSelect[int]:
        return mine.where(number == _RUN).correlate_except(response).scalar_subquery()

    run = select(_newest_run.label("number")).subquery()
    down = select(run.c.number, found(run.c.number).label("last")).cte(
        "down", recursive=True, nesting=True
    )
    further = select(down.c.number - 1, found(down.c.number - 1))
    down = down.union_all(further.where(down.c.last.is_(None), down.c.number > 0))
    return select(func.max(down.c.last)).correlate_except(down).scalar_subquery()


def _ends_of(before: ColumnElement[int] | None = None) -> Select[Any]:
    return select(sitting.c.sitting_id, _last_of(sitting.c.sitting_id, before)).where(
        sitting.c.session_id == bindparam("session")
    )


_which: ColumnElement[str] = bindparam("which")
_chosen = _of(_which), response.c.seq.between(bindparam("first"), bindparam("last"))

_LAST = Plain(
    select(response.c.seq, response.c.hash).where(_of(_which), response.c.seq == _last_of(_which))
)
_HASHES = Plain(select(response.c.seq, response.c.hash).where(*_chosen))
_SEALED = Plain(select(response.c.seq, response.c.sealed).where(*_chosen).order_by(response.c.seq))
_SIZES = Plain(
    select(response.c.seq, func.length(response.c.sealed))
    .where(*_chosen)
    .order_by(response.c.seq)
    .limit(_PART_ROWS)
)
_SEQUENCES = Plain(select(response.c.seq).where(_of(_which)).order_by(response.c.seq))

_in_run = (
    select(
        response.c.sitting_id,
        func.max(response.c.seq).label("last"),
        func.count().label("count"),
    )
    .group_by(_RUN, response.c.sitting_id)
    .subquery()
)
_ENDS = Plain(
    select(_in_run.c.sitting_id, func.max(_in_run.c.last), func.sum(_in_run.c.count)).group_by(
        _in_run.c.sitting_id
    )
)
"""The inner groups are as the index has them: what is left to sort is a sixteenth."""
_ENDS_OF = Plain(_ends_of())
_ENDS_BEFORE = Plain(_ends_of(bindparam("before")))

_whole = select(response, sitting.c.session_id).join(
    sitting, sitting.c.sitting_id == response.c.sitting_id
)
_ALL = Plain(_whole.order_by(literal_column("response.rowid")))
_WHOLE = Plain(_whole.where(_of(_which)).order_by(response.c.seq))


def last_of(tx: Connection, sitting_id: str) -> tuple[int, str] | None:
    """(sequence, hash) of the last accepted answer of a sitting."""
    rows = inside(tx)(_LAST, which=sitting_id)
    return (rows[0][0], rows[0][1]) if rows else None


def hashes_of(tx: Connection, sitting_id: str, first: int, last: int) -> dict[int, str]:
    """Sequence to hash of the accepted answers ``first`` … ``last`` of a sitting."""
    return dict(inside(tx)(_HASHES, which=sitting_id, first=first, last=last))


def sealed_of(tx: Connection, sitting_id: str, after: int = 0) -> list[tuple[int, bytes]]:
    """(sequence, sealed) after a sequence, in order."""
    return _sealed(tx, sitting_id, after + 1, _NO_LAST)


def sealed_part(
    tx: Connection, sitting_id: str, after: int, room: int, least: int
) -> list[tuple[int, bytes]]:
    """(sequence, sealed) after a sequence, as many as ``room`` bytes hold and at least ``least``.

    Sizes first, so that a sitting of any length costs the memory of one part.
    """
    count, last = 0, after
    for seq, size in inside(tx)(_SIZES, which=sitting_id, first=after + 1, last=_NO_LAST):
        room -= size
        if room < 0 and count >= least:
            break
        count, last = count + 1, seq
    return _sealed(tx, sitting_id, after + 1, last)


def _sealed(tx: Connection, sitting_id: str, first: int, last: int) -> list[tuple[int, bytes]]:
    rows = inside(tx)(_SEALED, which=sitting_id, first=first, last=last)
    return [(seq, sealed) for seq, sealed in rows]


def ends(tx: Connection) -> list[tuple[str, int, int]]:
    """(sitting, last sequence, how many answers), from the index alone."""
    return [(sitting_id, last, count) for sitting_id, last, count in inside(tx)(_ENDS)]


def sequences_of(tx: Connection, sitting_id: str) -> list[int]:
    """The sequences of a sitting's stored answers, in order."""
    return [seq for (seq,) in inside(tx)(_SEQUENCES, which=sitting_id)]


def all_responses(tx: Connection) -> list[StoredResponse]:
    """Every stored answer with its session as it came, for writing the second copy anew."""
    return [StoredResponse(*row) for row in inside(tx)(_ALL)]


def responses(tx: Connection, wanted: Iterable[tuple[str, int]]) -> list[StoredResponse]:
    """The stored answers of some keys, for levelling the two copies after a crash."""
    sequences: dict[str, set[int]] = {}
    for sitting_id, seq in wanted:
        sequences.setdefault(sitting_id, set()).add(seq)
    return [
        StoredResponse(*row)
        for sitting_id, chosen in sequences.items()
        for row in inside(tx)(_WHOLE, which=sitting_id)
        if row[1] in chosen
    ]


def strays_of(tx: Connection, sitting_ids: list[str]) -> list[Row[tuple[object, ...]]]:
    """Everything kept aside of some sittings, oldest first."""
    query = select(stray).where(stray.c.sitting_id.in_(sitting_ids)).order_by(stray.c.stray_id)
    return list(tx.execute(query))


def ends_of(tx: Connection, session_id: str, before_ms: int | None = None) -> dict[str, int]:
    """Each sitting's last accepted sequence; ``before_ms``: of what came before that instant.

    A few steps into the index a sitting: everybody is told where answers are by this, within
    seconds, also when a million are stored.
    """
    ask = inside(tx)
    if before_ms is None:
        rows = ask(_ENDS_OF, session=session_id)
    else:
        rows = ask(_ENDS_BEFORE, session=session_id, before=before_ms)
    return {sitting_id: seq for sitting_id, seq in rows if seq is not None}


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
