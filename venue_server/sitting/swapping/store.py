"""SQL of station swaps: append and read; a swap is never changed."""

import dataclasses

from sqlalchemy import Connection, select, update

from venue_server.sitting.rows import Sitting
from venue_server.sitting.swapping.rules import Swap
from venue_server.storage.schema import sitting as sitting_table
from venue_server.storage.schema import station_swap


def insert_swap(tx: Connection, swap: Swap) -> Swap:
    """Keep a swap; returned with its number."""
    values = dataclasses.asdict(swap)
    del values["swap_id"]
    values["held"] = int(swap.held)
    key = tx.execute(station_swap.insert().values(**values)).inserted_primary_key
    assert key is not None
    return dataclasses.replace(swap, swap_id=key[0])


def all_swaps(tx: Connection) -> list[Swap]:
    """Every swap, oldest first."""
    rows = tx.execute(select(station_swap).order_by(station_swap.c.swap_id)).mappings()
    return [Swap(**{**row, "held": bool(row["held"])}) for row in rows]


def seat_of(tx: Connection, sitting_id: str) -> str | None:
    """The seat at which a moved sitting goes on; None when it was never moved."""
    query = (
        select(station_swap.c.to_seat)
        .where(station_swap.c.sitting_id == sitting_id)
        .order_by(station_swap.c.swap_id.desc())
        .limit(1)
    )
    return tx.execute(query).scalar_one_or_none()


def let_go(tx: Connection, sitting: Sitting) -> bool:
    """No machine holds the sitting any more; False when its state changed meanwhile."""
    done = tx.execute(
        update(sitting_table)
        .where(sitting_table.c.sitting_id == sitting.sitting_id)
        .where(sitting_table.c.state == sitting.state.value)
        .values(machine_id="")
    )
    return done.rowcount == 1


def extend_final(tx: Connection, sitting: Sitting, seq: int, head: str) -> bool:
    """The handed-in answers go on to this entry, because a branch was merged. The receipt that the
    candidate saw names an entry before it. False: it changed meanwhile."""
    done = tx.execute(
        update(sitting_table)
        .where(sitting_table.c.sitting_id == sitting.sitting_id)
        .where(sitting_table.c.final_seq == sitting.final_seq)
        .where(sitting_table.c.final_head == sitting.final_head)
        .values(final_seq=seq, final_head=head)
    )
    return done.rowcount == 1
