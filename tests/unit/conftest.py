"""A store of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Empty, of the newest schema, in ``venue.db``."""
    engine = open_engine(tmp_path / "venue.db")
    migrate(engine)
    one = Store(engine)
    yield one
    one.close()
