"""How a thread stands to the others: behind the answers, or before everything (R11).

On Linux niceness and the class of input and output belong to a thread (setpriority(2),
ioprio_set(2)). A thread that steps back stays back: only root could lift it again. Threads that it
starts are as it is. What the system does not allow is not done; only others' waiting depends on it.

A thread that computes in Python must not step back. It holds the interpreter while the system runs
something else, and the answers wait for both: measured, 29 ms where it was 5
(docs/decisions/0058-own-work-steps-back.md).
"""

import contextlib
import os
import threading

import psutil

BESIDE = 10
"""The niceness of background work: a ninth of an answer's weight, and never nothing."""
LAST, FIRST = 7, 0
"""Places within the best-effort class. Not the idle one: a busy disk would never write a backup."""


def step_back() -> None:
    """The calling thread does heavy work that does not hold the interpreter: hashing, compressing,
    SQLite's reading, copying."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BESIDE)
    _place(LAST)


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
