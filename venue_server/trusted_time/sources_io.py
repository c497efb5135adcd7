"""The clocks of this machine, read and never set (F7).

The steady clock counts on CLOCK_MONOTONIC_RAW, which neither NTP nor anybody's ``adjtimex`` can
make faster or slower, plus the time the machine slept (the gap between CLOCK_BOOTTIME and
CLOCK_MONOTONIC, which are disciplined alike). It goes on across restarts of the server on one boot.
"""

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, clock_gettime

TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
STA_UNSYNC = 0x40
STA_CLOCKERR = 0x1000


def suspended_ms() -> float:
    """Milliseconds this machine slept since it was booted."""
    asleep = clock_gettime(CLOCK_BOOTTIME) - clock_gettime(CLOCK_MONOTONIC)
    return asleep * 1000 if asleep > 0 else 0.0


def boot_ms() -> float:
    """Milliseconds of the steady clock: never set, never slewed, counts through suspend."""
    return clock_gettime(CLOCK_MONOTONIC_RAW) * 1000 + suspended_ms()


def boot_id() -> str:
    """The kernel's id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def wall_ms() -> float:
    """The operating system's wall clock; shown, watched, never trusted by itself."""
    return time.time() * 1000


class _Timex(ctypes.Structure):
    """The head of ``struct timex`` (adjtimex(2)); the kernel writes beyond it into ``rest``."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def system_error_ms() -> float | None:
    """The largest error the kernel's NTP discipline admits to, or None when it says that the wall
    clock is not synchronised, or says nothing (not Linux, forbidden by a seccomp filter)."""
    adjtimex = getattr(ctypes.CDLL(None), "adjtimex", None)
    if adjtimex is None:
        return None
    timex = _Timex()  # modes 0: read only
    state = adjtimex(ctypes.byref(timex))
    if state < 0 or state == TIME_ERROR or timex.status & (STA_UNSYNC | STA_CLOCKERR):
        return None
    return float(timex.maxerror) / 1000


@dataclass(frozen=True)
class ClockSources:
    """Where the clock reads; replaced in tests."""

    boot_ms: Callable[[], float] = boot_ms
    wall_ms: Callable[[], float] = wall_ms
    boot_id: Callable[[], str] = boot_id
    suspended_ms: Callable[[], float] = suspended_ms
    system_error_ms: Callable[[], float | None] = system_error_ms
