"""Reserved disk: answers must never starve because something else filled the disk (Finland 2025).

A file of the reserve's size is allocated at start; when free space falls below the floor the
reserve is released, which gives answers room while the alarm is raised (R11, F19).
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

RESERVE = "reserve"


@dataclass(frozen=True)
class DiskState:
    """Free bytes of a folder's file system, and whether its reserve is still held."""

    free: int
    reserved: bool


class DiskReserve:
    """The reserve of one folder. ``size`` and ``floor`` in bytes."""

    def __init__(self, folder: Path, size: int, floor: int) -> None:
        self._file = folder / RESERVE
        self._folder = folder
        self._size = size
        self._floor = floor

    def hold(self) -> bool:
        """Allocate the reserve; False when the disk cannot give it."""
        try:
            fd = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(fd, 0, self._size)
            finally:
                os.close(fd)
        except OSError:
            self._file.unlink(missing_ok=True)
            return False
        return True

    def watch(self) -> DiskState:
        """Look once; releases the reserve when free space is under the floor."""
        free = shutil.disk_usage(self._folder).free
        if free < self._floor and self._file.exists():
            self._file.unlink()
            free = shutil.disk_usage(self._folder).free
        return DiskState(free=free, reserved=self._file.exists())
