"""What was ordered about the time of rooms: holds, starts of their own, suspensions, extensions.

Rows are added, never taken back: a suspension gets its length once, a pending extension its
confirmation once; both are asked for in the WHERE clause.
"""

from collections import defaultdict

from sqlalchemy import Connection, select

from venue_server.sitting.policy import Adjustment, AdjustmentKind
from venue_server.storage.schema import room_time


def adjustments(tx: Connection, session_id: str) -> dict[str, tuple[Adjustment, ...]]:
    """What was approved for each room of a session, in the order it was ordered."""
    rows = tx.execute(
        select(room_time)
        .where(room_time.c.session_id == session_id)
        .order_by(room_time.c.adjustment_id)
    )
    found: dict[str, list[Adjustment]] = defaultdict(list)
    for row in rows:
        found[row.room_id].append(Adjustment(AdjustmentKind(row.kind), row.at_ms, row.length_ms))
    return {room_id: tuple(each) for room_id, each in found.items()}
