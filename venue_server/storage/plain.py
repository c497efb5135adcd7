"""Statements compiled once and run by the driver itself, for what is asked at every hello (P5).

SQLAlchemy's execution of one small statement costs ten times what SQLite needs for it; a thousand
stations that come back ask some ten of them each. The statements are still built from the schema.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ClauseElement

Row = tuple[Any, ...]
_NOTED = "tables noted"


class Plain:
    """One statement in SQLite's own words. ``columns`` are those an INSERT names, ``tables`` those
    it touches; values are given by the names of the statement's parameters. No types are converted:
    only for columns of text, whole numbers and bytes."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        compiled = statement.compile(
            dialect=sqlite.dialect(paramstyle="named"),
            column_keys=list(columns) if columns is not None else None,
        )
        self.text = str(compiled)
        self.tables = tables_of(statement)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def with_values(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of all parameters; those the statement fixed need not be given."""
        return {**self._fixed, **values} if self._fixed else values


Ask = Callable[..., list[Row]]
"""``ask(statement, **values)``: the rows, as last committed or as a transaction sees them."""

Known = Callable[..., list[Row]]
"""``known(statement, **values)``: the rows as last committed, read again only after a change of
their tables (``known.py``); they are everybody's, nobody changes the list."""


def inside(tx: Connection) -> Ask:
    """Ask as this transaction sees it, and for as long as it lasts; a change gives no rows."""
    execute = _driver(tx).execute
    noted: set[str] | None = tx.info.get(_NOTED)

    def ask(statement: Plain, **values: Any) -> list[Row]:
        if noted is not None:
            noted.update(statement.tables)
        rows: list[Row] = execute(statement.text, statement.with_values(values)).fetchall()
        return rows

    return ask


def change(tx: Connection, statement: Plain, **values: Any) -> int:
    """Run a change inside a transaction; how many rows it touched."""
    return int(_driver(tx).execute(statement.text, statement.with_values(values)).rowcount)


def _driver(tx: Connection) -> Any:
    driver = tx.connection.driver_connection
    assert driver is not None, "inside a transaction"
    return driver


def tables_of(statement: ClauseElement) -> tuple[str, ...]:
    """The names of all tables that a statement touches, in order."""
    found = {each.name for each in visitors.iterate(statement) if isinstance(each, Table)}
    return tuple(sorted(found))


@contextmanager
def note_tables(tx: Connection, tables: set[str]) -> Iterator[None]:
    """Meanwhile the tables of whatever is asked inside this transaction are noted."""
    tx.info[_NOTED] = tables
    try:
        yield
    finally:
        del tx.info[_NOTED]
