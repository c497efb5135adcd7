"""Bring a store to the newest schema before anything else opens it."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from venue_server.storage.engine import StoreDamagedError

MIGRATIONS = Path(__file__).parent / "migrations"
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def migrate(engine: Engine) -> None:
    """Run every migration the store has not seen; each in one transaction.

    Raises StoreDamagedError when SQLite cannot read what lies there.
    """
    try:
        with engine.begin() as connection:
            if _version(connection) != _newest():
                _upgrade(connection)
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") not in _DAMAGED:
            raise
        raise StoreDamagedError(str(error.orig)) from error


def _version(connection: Connection) -> str:
    """The last migration that the store has seen; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _newest() -> str:
    """The last migration there is: their files are named NUMBER_what.py."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    # Read in here: a venue migrates once, and starts again in the middle of an exam without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
