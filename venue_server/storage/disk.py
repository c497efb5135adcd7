"""Reserved disk: answers must never starve because something else filled the disk (Finland 2025).

A file of the reserve's size is allocated at start; when free space falls below the floor the
reserve is released, which gives answers room while the alarm is raised (R11, F19).
"""

import os
import shutil
from collections import deque
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


TREND_S = 600.0
TREND_STEP_S = 10.0
FILLING_MIN = 60


class DiskTrend:
    """In how many minutes a disk reaches its floor at the rate of the last ten minutes (F19). Time
    is passed in, in steady seconds; free space that grows ends what was seen before."""

    def __init__(self, floor: int) -> None:
        self._floor = floor
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, at_s: float, free: int) -> None:
        """One more look; one closer than ten seconds to the last says nothing new."""
        if self._seen and free > self._seen[-1][1]:
            self._seen.clear()
        if self._seen and at_s - self._seen[-1][0] < TREND_STEP_S:
            return
        self._seen.append((at_s, free))
        while at_s - self._seen[0][0] > TREND_S:
            self._seen.popleft()

    def minutes_left(self) -> int | None:
        """Whole minutes until the floor; None when nothing is used up, or over a day away."""
        if len(self._seen) < 3:
            return None
        (began, before), (ended, now) = self._seen[0], self._seen[-1]
        used = before - now
        if used <= 0:
            return None
        left_s = max(0, now - self._floor) * (ended - began) / used
        return int(left_s // 60) if left_s < 24 * 3600 else None
