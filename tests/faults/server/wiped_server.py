"""The real server program, which kills itself with SIGKILL at a named point of a wiping.

python wiped_server.py POINT run --data DIR
"""

import os
import signal
import sys
from pathlib import Path

from venue_server import __main__ as program
from venue_server.gateway.closing import Closing
from venue_server.storage import files
from venue_server.upload import wiping


def die(*_args: object, **_named: object) -> None:
    """As a power cut would, in the middle of it."""
    os.kill(os.getpid(), signal.SIGKILL)


def shred_and_die(path: Path) -> None:
    files.shred(path)
    die()


def arm(point: str) -> None:
    """Put the kill in its place."""
    match point:
        case "key-gone":
            wiping.shred = shred_and_die
        case "certified-not-said":
            Closing._advance = die  # type: ignore[method-assign,assignment]
        case _:
            raise ValueError(point)


if __name__ == "__main__":
    arm(sys.argv[1])
    sys.exit(program.main(sys.argv[2:]))
