"""How long a loop waits for its turn beside one thread of work in its process (decision 60).

A process of its own for each kind, on the server's core: the main thread wakes each 3 ms and
computes a little, as the server's loop does, while another thread works without end. Told is how
much later than asked it was done. ``beside`` programs compute on the same core at nice 10.
"""

import multiprocessing
import os
import select
import sys
import threading
import time
import zlib
from collections.abc import Callable
from hashlib import sha256
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from measuring import SERVER_CORE, percentile, pin

WAKE_S = 0.003
BESIDE = 10
USUAL_S = 0.005
KINDS: dict[str, tuple[str, int, float]] = {
    "nothing": ("", 0, USUAL_S),
    "hashing": ("hash", 0, USUAL_S),
    "hashing, stepped back": ("hash", BESIDE, USUAL_S),
    "Python": ("compute", 0, USUAL_S),
    "Python, stepped back": ("compute", BESIDE, USUAL_S),
    "Python, nice 19": ("compute", 19, USUAL_S),
    "Python, short turns": ("compute", 0, 0.0005),
    "Python, another process": ("process", BESIDE, USUAL_S),
}
"""Work, niceness of its thread, the interpreter's turn."""


def _hash() -> None:
    data = os.urandom(1 << 20)
    while True:
        sha256(zlib.compress(data, 1)).digest()


def _compute() -> None:
    number, parent = 1, os.getppid()
    while os.getppid() == parent:  # it must not outlive a benchmark that was killed
        for _ in range(1000):
            number = number * 6364136223846793005 % (1 << 64) + 1


def _beside(nice: int) -> None:
    pin(SERVER_CORE)
    os.nice(nice)
    _compute()


def _loop(kind: str, for_s: float, told: Connection) -> None:
    pin(SERVER_CORE)
    work, nice, turn_s = KINDS[kind]
    sys.setswitchinterval(turn_s)
    works: dict[str, Callable[[], None]] = {"hash": _hash, "compute": _compute}

    def run() -> None:
        if nice:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
        works[work]()

    if work in works:
        threading.Thread(target=run, daemon=True).start()
    delays, ends = [], time.perf_counter() + for_s
    while (began := time.perf_counter()) < ends:
        select.select([], [], [], WAKE_S)
        sum(range(3000))
        select.select([], [], [], 0)  # lets the interpreter go, as a send does
        delays.append((time.perf_counter() - began - WAKE_S) * 1000)
    told.send(delays)
    told.close()
    os._exit(0)  # the other thread never ends


def delays_ms(kind: str, for_s: float, beside: int) -> tuple[float, float]:
    """Median and p99 of the delay in ms."""
    fork = multiprocessing.get_context("fork")  # nothing of it is read anew: quick
    others: list[BaseProcess] = [
        fork.Process(target=_beside, args=(BESIDE,), daemon=True)
        for _ in range(beside + (KINDS[kind][0] == "process"))
    ]
    ours, theirs = fork.Pipe(False)
    loop = fork.Process(target=_loop, args=(kind, for_s, theirs), daemon=True)
    try:
        for each in (*others, loop):
            each.start()
        theirs.close()
        found: list[float] = ours.recv()
    finally:
        for each in (*others, loop):
            each.kill()
            each.join(30)
    return percentile(found, 0.5), percentile(found, 0.99)
