"""The duty book's SQL: entries are added and read, never changed."""

import msgspec
from sqlalchemy import Connection, select

from venue_server.staff.dutybook.rules import Content, Entry
from venue_server.storage import schema

_content = msgspec.json.Decoder(Content)


def insert(tx: Connection, content: Content, persons: str, at_ms: int) -> int:
    """Add an entry; its number."""
    done = tx.execute(
        schema.duty_entry.insert().values(
            document=msgspec.json.encode(content).decode(), persons=persons, at_ms=at_ms
        )
    )
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def entries(tx: Connection) -> list[Entry]:
    """Every entry, oldest first."""
    table = schema.duty_entry
    rows = tx.execute(select(table).order_by(table.c.entry_id))
    return [
        Entry(row.entry_id, _content.decode(row.document), row.persons, row.at_ms) for row in rows
    ]
