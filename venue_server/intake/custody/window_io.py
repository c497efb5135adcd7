"""A file that says "a receipt is open", for the guard of the receiving devices (D03).

It holds the steady clock of this boot in milliseconds and is written again each second while a
receipt is open. Whoever reads it takes an old one for none: a server that died receives nothing.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from pathlib import Path

from venue_server.storage.one_thread import apart, in_daemon

WINDOW_FILE = "receiving-open"
WRITE_S = 1.0
FRESH_MS = 5_000
LONGEST = 32  # bytes; more is not ours


class WindowFile:
    """The file of one venue's data folder. ``is_open``: is a receipt open; ``boot_ms``: the steady
    clock."""

    def __init__(
        self, data: Path, is_open: Callable[[], bool], boot_ms: Callable[[], float]
    ) -> None:
        self._path = data / WINDOW_FILE
        self._is_open = is_open
        self._boot_ms = boot_ms

    async def run(self) -> None:
        """For ever; the file is gone when the server stops in order."""
        try:
            while True:
                await apart("receiving window", self.say)
                await asyncio.sleep(WRITE_S)
        finally:
            removed = in_daemon("receiving window", lambda: self._path.unlink(missing_ok=True))
            wait([removed], WRITE_S)  # on a disk that hangs it is soon too old to count

    def say(self) -> None:
        """Write or remove. A disk that refuses leaves the devices off, which harms no exam."""
        with suppress(OSError):
            if self._is_open():
                fresh = self._path.with_suffix(".new")
                fresh.write_text(f"{self._boot_ms():.0f}", encoding="ascii")
                fresh.replace(self._path)
            else:
                self._path.unlink(missing_ok=True)


def receives(data: Path, boot_ms: float) -> bool:
    """Does a fresh file say so? Never follows a link, and anything odd in it means no."""
    try:
        handle = os.open(data / WINDOW_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        said = os.read(handle, LONGEST + 1)
    except OSError:
        return False
    finally:
        os.close(handle)
    return said.isdigit() and len(said) <= LONGEST and abs(boot_ms - int(said)) <= FRESH_MS
