"""What all tests share: a collector of garbage that looks seldom, and compiled statements."""

import gc
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

OBJECTS = 10_000
"""New objects between two looks; Python's own number is 700."""


def pytest_configure() -> None:
    """Nine thousand tests are read in: nothing of that is garbage."""
    gc.disable()
    _compile_once()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was read in stays to the end: no look goes through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)
    gc.enable()


def _compile_once() -> None:
    """A server opens one store; these tests open thousands, and SQLAlchemy would compile the same
    statements for each: it keeps them by engine and dialect. That was a seventh of a venue test."""
    compiled: dict[Any, Any] = {}
    made = Engine.__init__

    def make(self: Engine, *args: Any, **named: Any) -> None:
        made(self, *args, **named)
        self.update_execution_options(compiled_cache=compiled)

    kind: Any = SQLiteDialect_pysqlite  # all of them are made alike
    kind.__hash__ = lambda self: hash(type(self))
    kind.__eq__ = lambda self, other: type(self) is type(other)
    engine: Any = Engine
    engine.__init__ = make
