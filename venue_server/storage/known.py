"""Rows that everybody asks for and hardly anything changes: read once, until their tables change.

A thousand hellos, every save and each second's looks ask the same few things; most commits are
answers and the ledger, and change nothing of them (P3, P5). Which tables a group changed is told by
triggers of the writer's own connection: they are temporary, so nothing of them is in the database,
and no way of writing gets past them. A table is watched from the first time it is asked for.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from venue_server.storage.plain import Plain, Row

MOST = 256
"""So many statements with their values; with more everything is read again."""
_WATCHED = "watched"
_TOLD = "kaodian_touched"


class KnownRows:
    """``ask`` reads rows as last committed."""

    def __init__(self, ask: Callable[..., list[Row]]) -> None:
        self._ask = ask
        self._rows: dict[tuple[object, ...], tuple[tuple[object, ...], list[Row]]] = {}
        self._wanted: set[str] = set()
        self._marks: dict[str, object] = {}  # by watched table: another one after every change
        self._committed = object()  # another one after every commit
        self._touched: set[str] = set()

    def rows(self, statement: Plain, **values: Any) -> list[Row]:
        """The rows of the last time, unless a table of theirs may have changed since; everybody's,
        nobody changes the list."""
        key = (statement, *values.items())
        marks = self._marks_of(statement)  # first: what is read then is at least that new
        seen = self._rows.get(key)
        if seen is None or seen[0] != marks:
            if len(self._rows) >= MOST:
                self._rows.clear()
            seen = self._rows[key] = (marks, self._ask(statement, **values))
        return seen[1]

    def rows_now(self, statement: Plain, **values: Any) -> list[Row] | None:
        """The same, but None when they would have to be read."""
        seen = self._rows.get((statement, *values.items()))
        return seen[1] if seen is not None and seen[0] == self._marks_of(statement) else None

    def _marks_of(self, statement: Plain) -> tuple[object, ...]:
        marks = self._marks
        try:
            return tuple([marks[table] for table in statement.tables])
        except KeyError:
            self._wanted.update(statement.tables)
            return (self._committed,)

    # ---- the writer's side ---------------------------------------------------------------

    def begin(self, connection: Connection) -> None:
        """Before a group's transaction, on its connection."""
        watched: set[str] = connection.info.setdefault(_WATCHED, set())
        if len(watched) == len(self._wanted):
            return
        driver = connection.connection.driver_connection
        assert driver is not None, "a group is about to be written"
        driver.create_function(_TOLD, 1, self._touched.add)
        for table in sorted(self._wanted - watched):
            for change in ("INSERT", "UPDATE", "DELETE"):
                driver.execute(
                    f'CREATE TEMP TRIGGER IF NOT EXISTS "{_TOLD}_{table}_{change}" AFTER {change} '
                    f"ON main.\"{table}\" BEGIN SELECT {_TOLD}('{table}'); END"
                )
            watched.add(table)
            self._marks[table] = object()

    def ended(self) -> None:
        """After its commit, or after it failed."""
        self._committed = object()
        for table in self._touched:
            self._marks[table] = object()
        self._touched.clear()
