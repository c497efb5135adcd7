"""The SQL of a room's door: doubts, corrections, kept items, visitors.

A transition is an UPDATE whose WHERE names what it starts from, checked by its row count.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select, update

from venue_server.sitting.door.rows import DOUBT_NEXT, Correction, Doubt, KeptItem, Visitor
from venue_server.storage.schema import correction as correction_table
from venue_server.storage.schema import doubt as doubt_table
from venue_server.storage.schema import kept_item as item_table
from venue_server.storage.schema import visitor as visitor_table
from venue_server.wire.names import ChiefWord, DoubtKind, DoubtState, ItemKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

# ---- doubts ----------------------------------------------------------------------------------


def insert_doubt(tx: Connection, doubt: Doubt) -> None:
    """A new doubt."""
    tx.execute(doubt_table.insert().values(**_doubt_values(doubt)))


def widen_doubt(tx: Connection, doubt: Doubt, kinds: frozenset[DoubtKind]) -> None:
    """A later check found more that does not match."""
    tx.execute(
        update(doubt_table)
        .where(doubt_table.c.doubt_id == doubt.doubt_id)
        .values(kinds=_joined(doubt.kinds | kinds))
    )


def move_doubt(tx: Connection, doubt: Doubt, to: DoubtState, **values: Any) -> Doubt:
    """Move a doubt on; raises RefusedError ADM-15 when its state does not lead there."""
    done = tx.execute(
        update(doubt_table)
        .where(doubt_table.c.doubt_id == doubt.doubt_id)
        .where(doubt_table.c.state == doubt.state.value)
        .values(state=to.value, **values)
    )
    if to not in DOUBT_NEXT[doubt.state] or done.rowcount != 1:
        raise RefusedError(Refusal(RefusalCode.DOUBT_UNKNOWN, doubt.state.value))
    return dataclasses.replace(doubt, state=to, **values)


def load_doubt(tx: Connection, doubt_id: str) -> Doubt | None:
    """One doubt, or None."""
    row = tx.execute(select(doubt_table).where(doubt_table.c.doubt_id == doubt_id)).first()
    return _doubt(row) if row else None


def raised_doubt(tx: Connection, sitting_id: str) -> Doubt | None:
    """The doubt of somebody who still stands at the door, or None."""
    query = select(doubt_table).where(
        doubt_table.c.sitting_id == sitting_id, doubt_table.c.state == DoubtState.RAISED.value
    )
    row = tx.execute(query).first()
    return _doubt(row) if row else None


def count_doubts(tx: Connection, sitting_id: str) -> int:
    """How many doubts a sitting ever had."""
    found = select(func.count()).where(doubt_table.c.sitting_id == sitting_id)
    return int(tx.execute(found).scalar_one())


def doubts_of(tx: Connection, session_ids: Sequence[str]) -> list[Doubt]:
    """Every doubt of some sessions, oldest first."""
    query = select(doubt_table).where(doubt_table.c.session_id.in_(session_ids))
    return [_doubt(row) for row in tx.execute(query.order_by(doubt_table.c.raised_at_ms))]


def _doubt_values(doubt: Doubt) -> dict[str, Any]:
    values = dataclasses.asdict(doubt)
    values |= {"kinds": _joined(doubt.kinds), "state": doubt.state.value}
    return values | {"word": doubt.word.value if doubt.word else ""}


def _doubt(row: Row[Any]) -> Doubt:
    values = dict(row._mapping)
    values["kinds"] = frozenset(DoubtKind(kind) for kind in row.kinds.split(","))
    values["state"] = DoubtState(row.state)
    values["word"] = ChiefWord(row.word) if row.word else None
    return Doubt(**values)


def _joined(kinds: frozenset[DoubtKind]) -> str:
    return ",".join(sorted(kinds))


# ---- corrections -----------------------------------------------------------------------------


def insert_correction(tx: Connection, filed: Correction) -> None:
    """A correction that was asked for."""
    tx.execute(correction_table.insert().values(**dataclasses.asdict(filed)))


def corrections_of(tx: Connection, session_ids: list[str]) -> list[Correction]:
    """Every correction of some sessions, oldest first."""
    query = select(correction_table).where(correction_table.c.session_id.in_(session_ids))
    rows = tx.execute(query.order_by(correction_table.c.filed_at_ms))
    return [Correction(**row._mapping) for row in rows]


def count_corrections(tx: Connection) -> int:
    """How many corrections were filed at this venue."""
    return _count(tx, correction_table)


# ---- items -----------------------------------------------------------------------------------


def insert_item(tx: Connection, item: KeptItem) -> None:
    """An item taken into custody."""
    tx.execute(item_table.insert().values(**dataclasses.asdict(item) | {"kind": item.kind.value}))


def count_items(tx: Connection) -> int:
    """How many items were ever kept at this venue: the next receipt's number."""
    return _count(tx, item_table)


def end_item(tx: Connection, room_id: str, receipt_no: str, **values: Any) -> KeptItem:
    """The item leaves custody; raises RefusedError ADM-19 when it is not kept in that room."""
    done = tx.execute(
        update(item_table)
        .where(item_table.c.receipt_no == receipt_no, item_table.c.room_id == room_id)
        .where(item_table.c.ended_at_ms.is_(None))
        .values(**values)
    )
    if done.rowcount != 1:
        raise RefusedError(Refusal(RefusalCode.ITEM_UNKNOWN, receipt_no))
    row = tx.execute(select(item_table).where(item_table.c.receipt_no == receipt_no)).one()
    return _item(row)


def items_of(tx: Connection, session_id: str) -> list[KeptItem]:
    """Every item of a session, by receipt."""
    query = select(item_table).where(item_table.c.session_id == session_id)
    return [_item(row) for row in tx.execute(query.order_by(item_table.c.kept_at_ms))]


def _item(row: Row[Any]) -> KeptItem:
    values = dict(row._mapping)
    values["kind"] = ItemKind(row.kind)
    values["candidate_signed"] = bool(row.candidate_signed)
    values["return_signed"] = None if row.return_signed is None else bool(row.return_signed)
    return KeptItem(**values)


# ---- visitors --------------------------------------------------------------------------------


def insert_visitor(tx: Connection, visitor: Visitor) -> None:
    """An approved visit."""
    tx.execute(visitor_table.insert().values(**dataclasses.asdict(visitor)))


def count_visitors(tx: Connection) -> int:
    """How many visits were ever approved at this venue."""
    return _count(tx, visitor_table)


def visitor_in(tx: Connection, room_id: str, visitor_id: str, now_ms: int, by: str) -> Visitor:
    """Entered; raises RefusedError ADM-20 when not approved for this room, or here already."""
    return _visit(tx, room_id, visitor_id, entering=True, values={"in_ms": now_ms, "in_by": by})


def visitor_out(tx: Connection, room_id: str, visitor_id: str, now_ms: int, by: str) -> Visitor:
    """Left; raises RefusedError ADM-20 when not inside this room."""
    return _visit(tx, room_id, visitor_id, entering=False, values={"out_ms": now_ms, "out_by": by})


def _visit(
    tx: Connection, room_id: str, visitor_id: str, *, entering: bool, values: dict[str, Any]
) -> Visitor:
    table = visitor_table
    inside = table.c.in_ms.is_(None) if entering else table.c.in_ms.is_not(None)
    done = tx.execute(
        update(table)
        .where(table.c.visitor_id == visitor_id, table.c.room_id == room_id)
        .where(inside, table.c.out_ms.is_(None))
        .values(**values)
    )
    if done.rowcount != 1:
        raise RefusedError(Refusal(RefusalCode.VISITOR_UNKNOWN, visitor_id))
    row = tx.execute(select(table).where(table.c.visitor_id == visitor_id)).one()
    return Visitor(**row._mapping)


def visitors_of(tx: Connection, session_id: str) -> list[Visitor]:
    """Every visit of a session, oldest approval first."""
    query = select(visitor_table).where(visitor_table.c.session_id == session_id)
    rows = tx.execute(query.order_by(visitor_table.c.approved_at_ms))
    return [Visitor(**row._mapping) for row in rows]


def _count(tx: Connection, table: Table) -> int:
    return int(tx.execute(select(func.count()).select_from(table)).scalar_one())
