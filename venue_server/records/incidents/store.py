"""What incidents remember: entries, observations, holds. All SQL of this part is here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from venue_server.records.incidents.rules import IncidentEntry, decoded, encoded, standing
from venue_server.sitting.states import AT_SEAT, DOORS
from venue_server.storage import schema
from venue_server.wire.incidents import IncidentView
from venue_server.wire.names import SessionState
from venue_server.wire.violations import Hold

_entries = schema.incident_entry


def next_id(tx: Connection) -> str:
    """A short number for a new incident: I001, I002, …"""
    count = tx.execute(select(func.count(_entries.c.incident_id.distinct()))).scalar_one()
    return f"I{count + 1:03d}"


def append(
    tx: Connection,
    incident_id: str,
    session_id: str,
    room_id: str,
    entry: IncidentEntry,
    raised_by: str | None = None,
) -> str:
    """Append one entry; returns its document."""
    last = tx.execute(
        select(func.max(_entries.c.seq)).where(_entries.c.incident_id == incident_id)
    ).scalar_one()
    document = encoded(entry)
    tx.execute(
        _entries.insert().values(
            incident_id=incident_id,
            seq=(last or 0) + 1,
            session_id=session_id,
            room_id=room_id,
            raised_by=raised_by,
            document=document,
        )
    )
    return document


def was_raised(tx: Connection, key: str) -> bool:
    """Did this key open an incident already?"""
    found = select(_entries.c.incident_id).where(_entries.c.raised_by == key)
    return tx.execute(found).first() is not None


def load(tx: Connection, incident_id: str) -> IncidentView | None:
    """One incident as it stands."""
    rows = select(_entries).where(_entries.c.incident_id == incident_id)
    return next(iter(_standing(tx.execute(rows.order_by(_entries.c.seq)).all())), None)


def load_all(tx: Connection, session_id: str = "") -> list[IncidentView]:
    """Every incident, or those of one session, by number."""
    rows = select(_entries).order_by(_entries.c.incident_id, _entries.c.seq)
    if session_id:
        rows = rows.where(_entries.c.session_id == session_id)
    return _standing(tx.execute(rows).all())


def _standing(rows: Any) -> list[IncidentView]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.incident_id, []).append(row)
    return [
        standing(
            incident_id,
            found[0].session_id,
            found[0].room_id,
            found[0].raised_by or "",
            [decoded(row.document) for row in found],
        )
        for incident_id, found in grouped.items()
    ]


def history(tx: Connection, session_id: str) -> list[dict[str, Any]]:
    """Every entry of a session's incidents as it was written, for the bundle."""
    rows = (
        select(_entries)
        .where(_entries.c.session_id == session_id)
        .order_by(_entries.c.incident_id, _entries.c.seq)
    )
    return [
        {"incident_id": row.incident_id, "seq": row.seq, "entry": json.loads(row.document)}
        for row in tx.execute(rows)
    ]


# ---- sessions and seats --------------------------------------------------------------------


def running_sessions(tx: Connection) -> list[str]:
    """Sessions at work now."""
    return _sessions(tx, (SessionState.STARTED,))


def open_sessions(tx: Connection) -> list[str]:
    """Sessions whose doors are open, by their id."""
    return _sessions(tx, tuple(DOORS))


def _sessions(tx: Connection, states: tuple[SessionState, ...]) -> list[str]:
    table = schema.session
    query = select(table.c.session_id).where(table.c.state.in_([each.value for each in states]))
    return list(tx.execute(query.order_by(table.c.session_id)).scalars())


@dataclass(frozen=True)
class Seat:
    """Who sits at a machine now."""

    session_id: str
    room_id: str
    seat_no: str
    sitting_id: str
    ticket_no: str


def seat_of(tx: Connection, machine_id: str) -> Seat | None:
    """The candidate at a machine in a session whose doors are open."""
    sitting, session = schema.sitting, schema.session
    query = (
        select(sitting)
        .join(session, session.c.session_id == sitting.c.session_id)
        .where(
            sitting.c.machine_id == machine_id,
            sitting.c.state.in_([each.value for each in AT_SEAT]),
            session.c.state.in_([each.value for each in DOORS]),
        )
        .limit(1)
    )
    row = tx.execute(query).first()
    if row is None:
        return None
    return Seat(row.session_id, row.room_id, row.seat_no, row.sitting_id, row.ticket_no)


# ---- holds ---------------------------------------------------------------------------------

_holds = schema.evidence_hold


def append_hold(tx: Connection, session_id: str, subject: str, begins: bool, **values: Any) -> str:
    """Begin or end a hold; returns the ledger's head at that moment."""
    head = tx.execute(
        select(schema.ledger.c.hash).order_by(schema.ledger.c.seq.desc()).limit(1)
    ).scalar()
    tx.execute(
        _holds.insert().values(
            session_id=session_id,
            subject=subject,
            begins=int(begins),
            snapshot=head or "",
            **values,
        )
    )
    return head or ""


def holds(tx: Connection, session_id: str) -> list[Hold]:
    """The holds that stand for a session; a hold without session is the whole venue's."""
    query = select(_holds).where(or_(_holds.c.session_id == session_id, _holds.c.session_id == ""))
    standing_now: dict[str, Hold] = {}
    for row in tx.execute(query.order_by(_holds.c.hold_id)):
        if row.begins:
            hold = Hold(
                row.session_id, row.subject, row.reason, row.at_ms, row.persons, row.snapshot
            )
            standing_now[row.subject] = hold
        else:
            standing_now.pop(row.subject, None)
    return list(standing_now.values())


# ---- the ledger ----------------------------------------------------------------------------


def told(tx: Connection, *events: str) -> Iterator[dict[str, Any]]:
    """Ledger entries of these kinds, in order."""
    line = schema.ledger.c.line
    kinds = [line.contains(f'"event":"{event}"', autoescape=True) for event in events]
    rows = tx.execute(select(line).where(or_(*kinds)).order_by(schema.ledger.c.seq))
    for row in rows:
        entry = json.loads(row.line)
        if entry["event"] in events:
            yield entry
