"""A venue's empty store for every story of a table: migrated once, copied from then on."""

import functools
import tempfile
from pathlib import Path

from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate


@functools.cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "venue.db"
        engine = open_engine(path)
        migrate(engine)
        Store(engine).close()  # the last one to close puts the write-ahead log into the file
        return path.read_bytes()


def fresh_store(folder: Path) -> Store:
    """A store in ``folder``; whoever asks closes it."""
    path = folder / "venue.db"
    path.write_bytes(_empty())
    return Store(open_engine(path))
