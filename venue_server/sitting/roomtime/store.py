"""What was ordered about the time of rooms: holds, starts of their own, suspensions, extensions.

A step is an UPDATE whose WHERE names what it starts from, checked by its row count. What is left of
an order is never less than was given: lengths are set, and taken back only to be set longer.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from venue_server.sitting.policy import Adjustment, AdjustmentKind
from venue_server.storage.schema import extension, room, room_time
from venue_server.wire.roomtime_orders import Approval


@dataclass(frozen=True, slots=True)
class OrderedSuspension:
    """One suspension of one room. Instants in exam ms; ``length_ms`` None while it lasts."""

    adjustment_id: int
    room_id: str
    at_ms: int
    length_ms: int | None
    persons: str
    reason: str
    resumed_by: str
    resume_reason: str


@dataclass(frozen=True, slots=True)
class OrderedExtension:
    """One extension; ``confirmed_at_ms`` None means 待确认. An empty room means every room."""

    extension_id: int
    session_id: str
    room_id: str
    length_ms: int
    reason: str
    persons: str
    ordered_at_ms: int
    authority: str
    ref_no: str
    approver: str
    approved_at_ms: int | None
    confirmed_at_ms: int | None
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class OrderedStart:
    """A room that was held back, and the start it was given."""

    room_id: str
    held_at_ms: int
    held_reason: str
    effective_start_ms: int | None
    start_reason: str


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


# ---- holding and starting ---------------------------------------------------------------------


def _room(session_id: str, room_id: str) -> ColumnElement[bool]:
    return (room.c.session_id == session_id) & (room.c.room_id == room_id)


def hold(tx: Connection, session_id: str, room_id: str, now_ms: int, reason: str) -> bool:
    """Hold a room back; False when it is already, or was started."""
    done = tx.execute(
        update(room)
        .where(_room(session_id, room_id), room.c.held_at_ms.is_(None))
        .values(held_at_ms=now_ms, held_reason=reason)
    )
    return done.rowcount == 1


def let_go(tx: Connection, session_id: str, room_id: str) -> bool:
    """A held room opens at the common start after all; False when it is not held."""
    done = tx.execute(
        update(room)
        .where(_room(session_id, room_id), room.c.held_at_ms.is_not(None))
        .where(room.c.effective_start_ms.is_(None))
        .values(held_at_ms=None, held_reason=None)
    )
    return done.rowcount == 1


def start(tx: Connection, session_id: str, room_id: str, at_ms: int, reason: str) -> bool:
    """Give a held room its start; False when it is not held or has one."""
    done = tx.execute(
        update(room)
        .where(_room(session_id, room_id), room.c.held_at_ms.is_not(None))
        .where(room.c.effective_start_ms.is_(None))
        .values(effective_start_ms=at_ms, start_reason=reason)
    )
    return done.rowcount == 1


def starts(tx: Connection, session_id: str) -> list[OrderedStart]:
    """Every room that is or was held back."""
    rows = tx.execute(
        select(room)
        .where(room.c.session_id == session_id, room.c.held_at_ms.is_not(None))
        .order_by(room.c.room_id)
    )
    return [
        OrderedStart(
            row.room_id,
            row.held_at_ms,
            row.held_reason or "",
            row.effective_start_ms,
            row.start_reason or "",
        )
        for row in rows
    ]


# ---- suspending and resuming ------------------------------------------------------------------


def suspend(
    tx: Connection, session_id: str, room_id: str, at_ms: int, by: Mapping[str, str]
) -> None:
    """A room stands still from ``at_ms`` on. ``by`` holds ``persons`` and ``reason``."""
    tx.execute(
        insert(room_time).values(
            session_id=session_id,
            room_id=room_id,
            kind=AdjustmentKind.SUSPENSION.value,
            at_ms=at_ms,
            ordered_at_ms=at_ms,
            **by,
        )
    )


def _suspension(session_id: str, room_id: str, at_ms: int) -> ColumnElement[bool]:
    return (
        (room_time.c.session_id == session_id)
        & (room_time.c.room_id == room_id)
        & (room_time.c.kind == AdjustmentKind.SUSPENSION.value)
        & (room_time.c.at_ms == at_ms)
    )


def suspend_on(tx: Connection, session_id: str, room_id: str, at_ms: int) -> bool:
    """A resumption that was not reached yet is called off: the suspension of ``at_ms`` goes on."""
    done = tx.execute(
        update(room_time)
        .where(_suspension(session_id, room_id, at_ms), room_time.c.length_ms.is_not(None))
        .values(length_ms=None, resumed_by="", resume_reason="")
    )
    return done.rowcount == 1


def resume(
    tx: Connection, session_id: str, room_id: str, at_ms: int, until_ms: int, by: Mapping[str, str]
) -> bool:
    """The suspension of ``at_ms`` ends at ``until_ms``; False when that was ordered already."""
    done = tx.execute(
        update(room_time)
        .where(_suspension(session_id, room_id, at_ms), room_time.c.length_ms.is_(None))
        .values(length_ms=until_ms - at_ms, resumed_by=by["persons"], resume_reason=by["reason"])
    )
    return done.rowcount == 1


def suspensions(tx: Connection, session_id: str) -> list[OrderedSuspension]:
    """Every suspension of a session's rooms, oldest first."""
    rows = tx.execute(
        select(room_time)
        .where(room_time.c.session_id == session_id)
        .where(room_time.c.kind == AdjustmentKind.SUSPENSION.value)
        .order_by(room_time.c.adjustment_id)
    )
    return [
        OrderedSuspension(
            row.adjustment_id,
            row.room_id,
            row.at_ms,
            row.length_ms,
            row.persons,
            row.reason,
            row.resumed_by,
            row.resume_reason,
        )
        for row in rows
    ]


# ---- extending --------------------------------------------------------------------------------


def extend(
    tx: Connection, session_id: str, clocks: Mapping[str, int], values: Mapping[str, Any]
) -> int:
    """Keep an extension and give it to its rooms; ``clocks`` is each room's own clock now. Returns
    its number."""
    made = tx.execute(insert(extension).values(session_id=session_id, **values))
    assert made.inserted_primary_key is not None
    number = int(made.inserted_primary_key[0])
    tx.execute(
        insert(room_time),
        [
            {
                "session_id": session_id,
                "room_id": room_id,
                "kind": AdjustmentKind.EXTENSION.value,
                "at_ms": at_ms,
                "length_ms": values["length_ms"],
                "ordered_at_ms": values["ordered_at_ms"],
                "persons": values["persons"],
                "reason": values["reason"],
                "extension_id": number,
            }
            for room_id, at_ms in clocks.items()
        ],
    )
    return number


def confirm(tx: Connection, number: int, approval: Approval, now_ms: int, person_id: str) -> bool:
    """Headquarters consented to a pending extension; False when none of this number is pending."""
    done = tx.execute(
        update(extension)
        .where(extension.c.extension_id == number, extension.c.confirmed_at_ms.is_(None))
        .values(
            authority=approval.authority,
            ref_no=approval.ref_no,
            approver=approval.approver,
            approved_at_ms=approval.approved_at_ms,
            confirmed_at_ms=now_ms,
            confirmed_by=person_id,
        )
    )
    return done.rowcount == 1


def extensions(tx: Connection, session_id: str) -> list[OrderedExtension]:
    """Every extension of a session, oldest first."""
    rows = tx.execute(
        select(extension)
        .where(extension.c.session_id == session_id)
        .order_by(extension.c.extension_id)
    )
    return [OrderedExtension(**row._mapping) for row in rows]


def extension_of(tx: Connection, number: int) -> OrderedExtension | None:
    """One extension, or None."""
    row = tx.execute(select(extension).where(extension.c.extension_id == number)).first()
    return OrderedExtension(**row._mapping) if row else None
