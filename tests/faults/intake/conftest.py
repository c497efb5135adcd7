"""A receipt under faults (F6): the intake of a venue, a medium, and headquarters' mirror."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.venue.conftest import kit, template
from tests.journeys.venue.venue_template import DAY
from tests.unit.venue.intake_desk import Desk, seal_small

__all__ = ["kit", "template"]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, template: Any) -> Path:
    """The sample paper sealed with small blocks: many blocks a fragment."""
    return seal_small(template, DAY, tmp_path_factory.mktemp("small") / "sealed")


@pytest.fixture
async def desk(tmp_path: Path, template: Any, small: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, template, DAY, small)
    await made.plan()
    await made.begin()
    yield made
    made.store.close()
