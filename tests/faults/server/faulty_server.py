"""The real server program on disks that are slow, hang, or refuse, as a file says at each instant.

python faulty_server.py FAULTS run --data DIR

FAULTS is a JSON file {"primary": FAULT, "second": FAULT}; it may change at any time. A FAULT is
empty, "hang", "slow MILLISECONDS", or the name of an error (one of REFUSING). It strikes every
write, sync and opening for writing on that device; what SQLite does in C is struck at its commit.
"log": "flood" lets the program log without end.
"""

import errno
import itertools
import json
import logging
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from venue_server import __main__ as program
from venue_server import foundation
from venue_server.storage.engine import open_engine

FAULTS = Path(sys.argv[1])
DATA = Path(sys.argv[sys.argv.index("--data") + 1]).resolve()
SECOND = DATA / "second"
REFUSING = ("ENOSPC", "EROFS", "EIO", "ENODEV")
real_fsync, real_write, real_pwrite, real_open = os.fsync, os.write, os.pwrite, os.open


def now(device: str) -> str:
    """The fault of a device at this instant."""
    try:
        return str(json.loads(FAULTS.read_text())[device])
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return ""


def strike(device: str) -> None:
    """Wait or raise, as the fault says. A hang lasts until the fault is another one."""
    fault = now(device)
    while fault == "hang":
        time.sleep(0.02)
        fault = now(device)
    if fault.startswith("slow"):
        time.sleep(float(fault.split()[1]) / 1000)
    elif fault:
        number = getattr(errno, fault)
        raise OSError(number, os.strerror(number))


def strike_path(path: Path) -> None:
    if path.is_relative_to(SECOND):
        strike("second")
    elif path.is_relative_to(DATA):
        strike("primary")


def strike_fd(fd: int) -> None:
    strike_path(Path(os.readlink(f"/proc/self/fd/{fd}")))


def fsync(fd: int) -> None:
    strike_fd(fd)
    real_fsync(fd)


def write(fd: int, data: Any) -> int:
    if now("second") in REFUSING or now("primary") in REFUSING:
        strike_fd(fd)
    return real_write(fd, data)


def pwrite(fd: int, data: Any, offset: int) -> int:
    strike_fd(fd)
    return real_pwrite(fd, data, offset)


def opened(path: Any, flags: int, *args: Any, **named: Any) -> int:
    if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and now("second") + now("primary"):
        strike_path(Path(os.fspath(path)).absolute())
    return real_open(path, flags, *args, **named)


def engine_on_disk(path: Path) -> Engine:
    """The primary store, whose commit is struck as its device is."""
    engine = open_engine(path)

    @event.listens_for(engine, "commit")
    def _commit(_connection: Any) -> None:
        try:
            strike("primary")
        except OSError as error:
            raise sqlite3.OperationalError(f"disk I/O error ({error.strerror})") from error

    return engine


def flood() -> None:
    """Log as fast as a program gone wrong does, every line another one, while FAULTS says so."""
    for number in itertools.count():
        while now("log") != "flood":
            time.sleep(0.02)
        logging.getLogger(f"flood.{number % 5000}").error("line %s %s", number, "x" * 1000)
        if number % 20 == 0:
            time.sleep(0.01)


if __name__ == "__main__":
    threading.Thread(target=flood, daemon=True).start()
    os.fsync, os.write, os.pwrite, os.open = fsync, write, pwrite, opened
    foundation.open_engine = engine_on_disk
    sys.exit(program.main(sys.argv[2:]))
