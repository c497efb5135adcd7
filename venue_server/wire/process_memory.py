"""What a process holds in memory stays there: no core file, no looking in, secrets overwritten.

Root reads any memory, and nothing here is against root (docs/threat-model.md). What this stops is
a crash that leaves the paper on a disk, a debugger started by the same user, and keys that lie
about in freed memory for days after the exam.
"""

import ctypes
import resource

_PR_SET_DUMPABLE = 4
_SHORTEST = 16  # shorter values may be shared by the interpreter; no secret of ours is


def forbid_core_files() -> None:
    """No core file of this process and its children, whatever the service manager says."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def hide_from_others() -> bool:
    """Nobody but root may trace this process or read its memory; False where there is no such
    thing. Not for a process that starts Chromium: its sandbox writes to /proc/self in the child
    before it executes, which this forbids."""
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
    return prctl is not None and prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0


def overwrite(secret: bytes | bytearray) -> None:
    """Fill a secret with zeros where it lies. The caller is the last to use it.

    ``bytes`` are immutable by agreement only: CPython keeps their characters at the end of the
    object, before one zero byte. Copies that libraries made are not reached; best effort.
    """
    if isinstance(secret, bytearray):
        secret[:] = bytes(len(secret))
    elif len(secret) >= _SHORTEST:
        begin = id(secret) + bytes.__basicsize__ - 1
        ctypes.memset(begin, 0, len(secret))
