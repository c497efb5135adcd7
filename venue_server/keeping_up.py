"""Keeps a keeper at work: a disk that refuses is waited for, anything else is its bug (F19, R3)."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from venue_server.storage.engine import StoreFault
from venue_server.wire.alarms import Alarm

STORE_PAUSE_S = 1.0
BLAMED_S = 5.0
"""So long after a system error a disk may still be found to be its cause: alarms are due then."""

_log = logging.getLogger(__name__)


async def kept_up(
    name: str,
    work: Callable[[], Coroutine[Any, Any, None]],
    disk_alarms: Callable[[], list[Alarm]],
) -> None:
    """A store that refuses is no bug of a keeper, nor is a folder that went with its disk: doors
    stay open, stations keep their answers, and the keeper begins again until the disk takes writes.
    What else it raises is raised."""
    while True:
        try:
            return await work()
        except* StoreFault as faults:
            _log.error("%s waits for the store: %s", name, faults.exceptions[0])
        except* OSError as errors:
            if not await _blamed(disk_alarms):
                raise
            _log.error("%s waits for the disk: %r", name, errors.exceptions[0])
        await asyncio.sleep(STORE_PAUSE_S)


async def _blamed(disk_alarms: Callable[[], list[Alarm]]) -> bool:
    until = asyncio.get_running_loop().time() + BLAMED_S
    while not disk_alarms():
        if asyncio.get_running_loop().time() >= until:
            return False
        await asyncio.sleep(STORE_PAUSE_S / 2)
    return True
