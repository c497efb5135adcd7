"""What records remember: signatures, and what the ledger tells about a room. All SQL here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, or_, select

from venue_server.ledger.catalogue import Event
from venue_server.storage import schema
from venue_server.wire.names import Role


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's signature under the content with this hash."""

    person_id: str
    name: str
    role: Role
    content_hash: str
    at_ms: int


def sign(tx: Connection, session_id: str, room_id: str, signature: Signature) -> None:
    """Keep a signature; a person's earlier one in this room is replaced."""
    table = schema.record_signature
    key = {"session_id": session_id, "room_id": room_id, "person_id": signature.person_id}
    tx.execute(delete(table).filter_by(**key))
    tx.execute(
        table.insert().values(
            **key,
            role=signature.role.value,
            content_hash=signature.content_hash,
            signed_at_ms=signature.at_ms,
        )
    )


def signatures(tx: Connection, session_id: str, room_id: str) -> list[Signature]:
    """Every signature of a room's record, whatever content it was under, oldest first."""
    table, staff = schema.record_signature, schema.staff
    query = (
        select(table, staff.c.name)
        .join(staff, staff.c.person_id == table.c.person_id)
        .where(table.c.session_id == session_id, table.c.room_id == room_id)
        .order_by(table.c.signed_at_ms, table.c.person_id)
    )
    return [
        Signature(row.person_id, row.name, Role(row.role), row.content_hash, row.signed_at_ms)
        for row in tx.execute(query)
    ]


def told(tx: Connection, session_id: str, room_id: str, *events: Event) -> Iterator[dict[str, Any]]:
    """Ledger entries of these kinds about one room of one session, in order."""
    line = schema.ledger.c.line
    kinds = [line.contains(f'"event":"{event.value}"', autoescape=True) for event in events]
    rows = tx.execute(select(line).where(or_(*kinds)).order_by(schema.ledger.c.seq))
    names = {event.value for event in events}
    for row in rows:
        entry = json.loads(row.line)
        where = (entry["data"].get("session"), entry["data"].get("room"))
        if entry["event"] in names and where == (session_id, room_id):
            yield entry
