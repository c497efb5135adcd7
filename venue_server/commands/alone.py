"""One process at a time works on a venue's data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class VenueBusyError(Exception):
    """Another process works on this data folder."""


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the data folder's lock: one server, or one offline command. Raises VenueBusyError."""
    with (data / "run" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise VenueBusyError(str(data)) from error
        yield
