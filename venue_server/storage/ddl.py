"""The statements that make an empty store, written out once a process.

SQLAlchemy compiles a hundred tables and indexes anew each time it creates them, which takes far
longer than SQLite needs to carry them out.
"""

from functools import cache

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from venue_server.storage.schema import append_only_triggers, metadata


@cache
def statements() -> tuple[str, ...]:
    """SQL of every table, index and append-only trigger, in an order in which they can be made."""
    dialect = sqlite.dialect()
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        by_name = sorted(table.indexes, key=lambda each: str(each.name))
        made += [str(CreateIndex(each).compile(dialect=dialect)) for each in by_name]
    return (*made, *append_only_triggers())
