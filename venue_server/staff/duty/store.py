"""What is remembered of a day's duties: delegations, recusals, draws, rooms. All their SQL."""

from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from venue_server.staff.duty.names import AssignedBy, RecusalKind, RecusalScope
from venue_server.staff.duty.rows import (
    Assignment,
    Decision,
    Declaration,
    Delegation,
    Duty,
    KeptDraw,
)
from venue_server.storage import schema
from venue_server.wire.names import Role


def duty(tx: Connection, session_id: str) -> Duty:
    """Everything that bears on people in a session, oldest first."""
    return Duty(
        tuple(delegations(tx)),
        tuple(assignments(tx, session_id)),
        tuple(decisions(tx, session_id)),
    )


# ---- delegations -------------------------------------------------------------------------


def delegations(tx: Connection) -> list[Delegation]:
    """Every delegation, oldest first."""
    table = schema.delegation
    rows = tx.execute(select(table).order_by(table.c.delegation_id))
    return [Delegation(**{**row._asdict(), "role": Role(row.role)}) for row in rows]


def insert_delegation(tx: Connection, one: Delegation) -> int:
    """Keep a new one; its id."""
    done = tx.execute(
        schema.delegation.insert().values(
            role=one.role.value,
            giver=one.giver,
            taker=one.taker,
            begins_ms=one.begins_ms,
            until_ms=one.until_ms,
            reason=one.reason,
            persons=one.persons,
        )
    )
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def end_delegation(tx: Connection, delegation_id: int, now_ms: int, by: str) -> bool:
    """End one that has not ended; False when it had."""
    table = schema.delegation
    done = tx.execute(
        update(table)
        .where(table.c.delegation_id == delegation_id, table.c.ended_at_ms.is_(None))
        .values(ended_at_ms=now_ms, ended_by=by)
    )
    return done.rowcount == 1


# ---- recusals ----------------------------------------------------------------------------


def insert_declaration(tx: Connection, one: Declaration) -> None:
    """Keep one person's declaration."""
    tx.execute(
        schema.recusal.insert().values(
            session_id=one.session_id,
            person_id=one.person_id,
            kind=one.kind.value,
            about=one.about,
            reason=one.reason,
            declared_at_ms=one.declared_at_ms,
        )
    )


def declarations(tx: Connection, session_id: str) -> list[Declaration]:
    """A session's declarations, oldest first."""
    table = schema.recusal
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.recusal_id)
    return [
        Declaration(
            row.session_id,
            row.person_id,
            RecusalKind(row.kind),
            row.about,
            row.reason,
            row.declared_at_ms,
        )
        for row in tx.execute(query)
    ]


def insert_decision(tx: Connection, one: Decision) -> None:
    """Keep what was decided."""
    tx.execute(
        schema.recusal_decision.insert().values(
            session_id=one.session_id,
            person_id=one.person_id,
            scope=one.scope.value,
            rooms=",".join(sorted(one.rooms)),
            reason=one.reason,
            decided_by=one.decided_by,
            decided_at_ms=one.decided_at_ms,
        )
    )


def decisions(tx: Connection, session_id: str) -> list[Decision]:
    """A session's decisions, oldest first."""
    table = schema.recusal_decision
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.decision_id)
    return [_decision(row) for row in tx.execute(query)]


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        row.session_id,
        row.person_id,
        RecusalScope(row.scope),
        frozenset(row.rooms.split(",")) if row.rooms else frozenset(),
        row.reason,
        row.decided_by,
        row.decided_at_ms,
    )


# ---- draws and rooms ---------------------------------------------------------------------


def insert_draw(tx: Connection, one: KeptDraw) -> None:
    """Keep a draw beside every earlier one."""
    tx.execute(
        schema.room_draw.insert().values(
            session_id=one.session_id,
            number=one.number,
            document=one.document,
            persons=one.persons,
            reason=one.reason,
            drawn_at_ms=one.drawn_at_ms,
        )
    )


def draws(tx: Connection, session_id: str) -> list[KeptDraw]:
    """A session's draws, oldest first."""
    table = schema.room_draw
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.number)
    return [KeptDraw(**row._asdict()) for row in tx.execute(query)]


def draw_count(tx: Connection, session_id: str) -> int:
    """How often rooms were drawn for this session."""
    table = schema.room_draw
    query = select(func.count()).where(table.c.session_id == session_id)
    return int(tx.execute(query).scalar_one())


def insert_assignments(tx: Connection, rows: list[Assignment]) -> None:
    """Keep who is in which room from now on."""
    if rows:
        values = [
            {
                "session_id": one.session_id,
                "person_id": one.person_id,
                "room_id": one.room_id,
                "way": one.way.value,
                "reason": one.reason,
                "persons": one.persons,
                "assigned_at_ms": one.assigned_at_ms,
            }
            for one in rows
        ]
        tx.execute(schema.room_assignment.insert(), values)


def assignments(tx: Connection, session_id: str) -> list[Assignment]:
    """A session's assignments, oldest first: the last one of a person counts."""
    table = schema.room_assignment
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.assignment_id)
    return [
        Assignment(
            row.session_id,
            row.person_id,
            row.room_id,
            AssignedBy(row.way),
            row.reason,
            row.persons,
            row.assigned_at_ms,
        )
        for row in tx.execute(query)
    ]


def insert_staffing(tx: Connection, session_id: str, room_id: str, count: int, at_ms: int) -> None:
    """Keep how many invigilators are in a room from now on."""
    tx.execute(
        schema.room_staffing.insert().values(
            session_id=session_id, room_id=room_id, count=count, at_ms=at_ms
        )
    )


def staffing(tx: Connection, session_id: str) -> list[tuple[str, int, int]]:
    """(room, invigilators, since) of a session, oldest first; a room not here never fell short."""
    table = schema.room_staffing
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.staffing_id)
    return [(row.room_id, int(row._mapping["count"]), row.at_ms) for row in tx.execute(query)]
