"""Is the primary store whole? SQLite looks at every page and every index (PRAGMA quick_check)."""

from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool


def damage(path: Path) -> str:
    """What SQLite finds first, empty when the file is whole. Blocking: it reads all of it, on a
    connection of its own beside the writer."""
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    except DatabaseError as error:
        return str(error.orig)
    return "" if found == "ok" else str(found)
