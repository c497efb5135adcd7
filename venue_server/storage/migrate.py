"""Bring a store to the newest schema before anything else opens it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from venue_server.storage.engine import StoreDamagedError

_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def migrate(engine: Engine) -> None:
    """Run every migration the store has not seen; each in one transaction.

    Raises StoreDamagedError when SQLite cannot read what lies there.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") not in _DAMAGED:
            raise
        raise StoreDamagedError(str(error.orig)) from error
