"""What everybody asks for and hardly anything changes: read once, until its tables change.

A thousand hellos, every save and each second's looks ask the same few things; most commits are
answers and the ledger, and change nothing of them (P3, P5). Which tables a group changed is told by
triggers of the writer's own connection: they are temporary, so nothing of them is in the database,
and no way of writing gets past them. A table is watched from the first time it is asked for.
"""

from collections.abc import Callable, Iterable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, event

from venue_server.storage.plain import Plain, Row, note_tables, tables_of

MOST = 256
"""So many statements with their values; with more everything is read again."""
_WATCHED = "watched"
_TOLD = "kaodian_touched"
P = ParamSpec("P")
T = TypeVar("T")
Marks = tuple[object, ...]


class Changes:
    """Which tables changed: what was read under the same marks is still so."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._marks: dict[str, object] = {}  # by watched table: another one after every change
        self._committed = object()  # another one after every commit
        self._touched: set[str] = set()

    def marks_of(self, tables: Iterable[str]) -> Marks:
        """Taken before a read: what is read then is at least that new."""
        marks = self._marks
        try:
            return tuple([marks[table] for table in tables])
        except KeyError:
            self.watch(tables)
            return self.marks_of_all()

    def watch(self, tables: Iterable[str]) -> None:
        """Say which group changes one of these, from the next one on."""
        self._wanted.update(tables)

    def marks_of_all(self) -> Marks:
        """Another after every commit, whatever it changed."""
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

    def ended(self) -> set[str]:
        """After its commit, or after it failed; the tables it may have changed."""
        self._committed = object()
        touched = set(self._touched)
        for table in touched:
            self._marks[table] = object()
        self._touched.clear()
        return touched


class KnownRows:
    """``ask`` reads rows as last committed."""

    def __init__(self, ask: Callable[..., list[Row]], changes: Changes) -> None:
        self._ask = ask
        self._changes = changes
        self._rows: dict[tuple[object, ...], tuple[Marks, list[Row]]] = {}

    def rows(self, statement: Plain, **values: Any) -> list[Row]:
        """The rows of the last time, unless a table of theirs may have changed since; everybody's,
        nobody changes the list."""
        key = (statement, *values.items())
        marks = self._changes.marks_of(statement.tables)
        seen = self._rows.get(key)
        if seen is None or seen[0] != marks:
            if len(self._rows) >= MOST:
                self._rows.clear()
            seen = self._rows[key] = (marks, self._ask(statement, **values))
        return seen[1]

    def rows_now(self, statement: Plain, **values: Any) -> list[Row] | None:
        """The same, but None when they would have to be read."""
        seen = self._rows.get((statement, *values.items()))
        marks = self._changes.marks_of(statement.tables)
        return seen[1] if seen is not None and seen[0] == marks else None


class KnownReads:
    """What whole functions of a stage's store found. ``read`` runs one as last committed."""

    def __init__(
        self, read: Callable[[Callable[[Connection], Any]], Any], changes: Changes
    ) -> None:
        self._read = read
        self._changes = changes
        self._tables: dict[object, tuple[str, ...]] = {}  # by function: what it was seen to read
        self._found: dict[tuple[object, ...], tuple[Marks, object]] = {}

    def result(
        self, read: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What ``read(tx, ...)`` found the last time, unless a table that it reads may have changed
        since; everybody's, nobody changes it."""
        key = (read, args, *kwargs.items())
        known = self._tables.get(read)
        at_all = self._changes.marks_of_all()
        marks = at_all if known is None else self._changes.marks_of(known)
        seen = self._found.get(key)
        if seen is not None and seen[0] == marks:
            return cast(T, seen[1])
        tables: set[str] = set()
        found: T = self._read(lambda tx: noting(tx, tables, lambda: read(tx, *args, **kwargs)))
        if known is None or not tables.issubset(known):
            # It went further than it ever did: what was marked does not cover that.
            known = self._tables[read] = tuple(sorted(tables.union(known or ())))
            self._changes.watch(known)
            marks = at_all
        if len(self._found) >= MOST:
            self._found.clear()
        self._found[key] = (marks, found)
        if marks not in (self._changes.marks_of(known), self._changes.marks_of_all()):
            self._found.pop(key, None)  # changed meanwhile: whoever forgets may have passed by
        return found

    def forget(self, touched: set[str]) -> None:
        """These tables changed: what was read of them is not kept, for it may have been deleted."""
        if not touched:  # nearly every group: answers and the ledger
            return
        for key in list(self._found):
            if not touched.isdisjoint(self._tables[key[0]]):
                self._found.pop(key, None)


def noting(tx: Connection, tables: set[str], read: Callable[[], T]) -> T:
    """What ``read`` gives, with the tables that it asked inside ``tx`` put into ``tables``."""

    def note(_tx: Connection, statement: Any, *_rest: object) -> None:
        tables.update(tables_of(statement))

    event.listen(tx, "before_execute", note)
    with note_tables(tx, tables):
        return read()
