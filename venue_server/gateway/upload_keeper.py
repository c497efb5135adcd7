"""Tells consoles and collectors how far the uploads are: once in two seconds at the most, and only
what changed, so nothing while nothing uploads (L09)."""

import asyncio
from contextlib import suppress
from pathlib import Path

from venue_server.gateway.closing import Closing
from venue_server.gateway.metrics_file import MetricsFile
from venue_server.storage.engine import StoreFault
from venue_server.upload.metrics import metrics

LOOK_S = 2.0
METRICS = "upload.prom"


class UploadKeeper:
    """``folder`` takes the metrics, for any collector that reads text files."""

    def __init__(self, closing: Closing, folder: Path) -> None:
        self._closing = closing
        self._metrics = MetricsFile(folder / METRICS)

    async def run(self) -> None:
        """For ever."""
        while True:
            with suppress(StoreFault):  # the disk's own alarm tells
                self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Look once, and tell what changed."""
        if self._closing.parts.sittings.plan is None:
            return
        uploads = self._closing.uploads.progress()
        self._closing.parts.hub.uploads_now(uploads)
        self._metrics.write_soon(metrics(uploads))
