"""A look into a store beside its server, or without one: read only, nothing begun or mended."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from venue_server.storage.engine import StoreDamagedError


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """A connection that cannot write. Raises FileNotFoundError, StoreDamagedError."""
    if not path.exists():
        raise FileNotFoundError(str(path))
    where = f"sqlite:///file:{path.resolve()}?mode=ro&uri=true"
    try:
        with create_engine(where, poolclass=NullPool).connect() as connection:
            yield connection
    except DatabaseError as error:
        raise StoreDamagedError(str(error.orig)) from error
