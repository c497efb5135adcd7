"""Samples the server machine's running status for as long as the doors are open (K05)."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from venue_server.records.equipment_io import append, sample
from venue_server.storage import background

EVERY_S = 180.0

_log = logging.getLogger(__name__)


class EquipmentKeeper:
    """One reading every few minutes. A disk that takes none loses readings and nothing else."""

    def __init__(self, data: Path, now_ms: Callable[[], int], every_s: float = EVERY_S) -> None:
        self._data = data
        self._now_ms = now_ms
        self._every_s = every_s

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await background.heavy(self._once)
            except OSError as error:
                _log.warning("no sample of the machine: %s", error.strerror)
            await asyncio.sleep(self._every_s)

    def _once(self) -> None:
        append(self._data, sample(self._data, self._now_ms()))
