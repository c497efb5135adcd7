"""The same venue and headquarters as in the journeys (tests/journeys/upload/conftest.py)."""

import asyncio
import importlib.util
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

_file = Path(__file__).parents[2] / "journeys" / "upload" / "conftest.py"
_spec = importlib.util.spec_from_file_location("upload_journey_kit", _file)
assert _spec is not None and _spec.loader is not None
_kit = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _kit
_spec.loader.exec_module(_kit)

headquarters = _kit.headquarters
kit = _kit.kit
proxy = _kit.proxy
service = _kit.service
world = _kit.world


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits for what other threads do, at their own pace."""

    async def wait(fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not fits():  # noqa: ASYNC110  # its threads' own pace
                await asyncio.sleep(0.01)

    return wait
