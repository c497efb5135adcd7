"""Builders of the journeys (tests/journeys/upload/conftest.py) for tests of single parts."""

import importlib.util
import sys
from pathlib import Path

_file = Path(__file__).parents[2] / "journeys" / "upload" / "conftest.py"
_spec = importlib.util.spec_from_file_location("upload_journey_kit", _file)
assert _spec is not None and _spec.loader is not None
_kit = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _kit
_spec.loader.exec_module(_kit)

headquarters = _kit.headquarters
kit = _kit.kit
world = _kit.world
