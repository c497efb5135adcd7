"""The sealed sample paper and its venue, as in the journeys (tests/journeys/venue/conftest.py)."""

import importlib.util
import sys
from pathlib import Path

_NAME = "venue_journey_kit"
if _NAME not in sys.modules:
    _file = Path(__file__).parents[2] / "journeys" / "venue" / "conftest.py"
    _spec = importlib.util.spec_from_file_location(_NAME, _file)
    assert _spec is not None and _spec.loader is not None
    sys.modules[_NAME] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules[_NAME])

template = sys.modules[_NAME].template
kit = sys.modules[_NAME].kit
