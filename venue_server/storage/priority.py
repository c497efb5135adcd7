"""How a thread stands to the others: behind the answers, or before everything (R11).

On Linux niceness and the class of input and output belong to a thread (setpriority(2),
ioprio_set(2)). A thread that steps back stays back: only root could lift it again. Threads that it
starts are as it is. What the system does not allow is not done; only others' waiting depends on it.

Stepping back at the processor has a danger. Every thread holds the interpreter for moments, and one
that computes in Python nearly always; while the system runs another program in its place, the
answers wait for both (docs/decisions/0060-own-work-steps-back.md). So a thread that computes never
steps back, and the others do it only where no other program can come between: in a control group
with a weight of its own, as the server's unit gives it, niceness orders the server's own threads.
"""

import contextlib
import functools
import os
import threading
from pathlib import Path

import psutil

USUAL_WEIGHT = 100
BESIDE = 10
"""The niceness of background work: a ninth of an answer's weight, and never nothing."""
LAST, FIRST = 7, 0
"""Places within the best-effort class. Not the idle one: a busy disk would never write a backup."""


def step_back() -> None:
    """The calling thread does heavy work that does not hold the interpreter: hashing, compressing,
    SQLite's reading, copying."""
    if stands_apart():
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BESIDE)
    _place(LAST)


@functools.cache
def stands_apart(root: Path = Path("/")) -> bool:
    """Has this process a control group whose weight sets it before other programs (cgroup v2)?"""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
        group = next(line[3:] for line in lines if line.startswith("0::"))
        weight = (root / "sys/fs/cgroup" / group.lstrip("/") / "cpu.weight").read_text()
        return int(weight) > USUAL_WEIGHT
    except (OSError, StopIteration, ValueError):
        return False


def step_forward() -> None:
    """The calling thread writes answers: first at the disk. At the processor it is first because
    the others stepped back; only root may be more."""
    _place(FIRST)


def _place(place: int) -> None:
    with contextlib.suppress(OSError, psutil.Error):
        thread = psutil.Process(threading.get_native_id())
        thread.ionice(psutil.IOPRIO_CLASS_BE, place)


def standing(thread_id: int) -> tuple[int, int]:
    """Niceness and best-effort place (4 is the middle, where nothing was said) of a thread of this
    process, by its id in the system."""
    said = psutil.Process(thread_id).ionice()
    place = said.value if said.ioclass == psutil.IOPRIO_CLASS_BE else 4
    return os.getpriority(os.PRIO_PROCESS, thread_id), place
