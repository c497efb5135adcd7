"""The real server program, which kills itself with SIGKILL at a named point around the release.

python killed_server.py POINT run --data DIR
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from venue_server import __main__ as program
from venue_server.day import ReleaseKeeper
from venue_server.release.headquarters_line import HeadquartersLine
from venue_server.release.service import Releases


def die(*_args: object, **_named: object) -> None:
    """As a power cut would, in the middle of it."""
    os.kill(os.getpid(), signal.SIGKILL)


def once_held(release: Callable[..., Any]) -> Callable[..., Any]:
    """Die at the first try to release with the secret durably here."""

    def tried(self: Releases, session: Any, paper: Any) -> Any:
        if self.held(session.session_id):
            die()
        return release(self, session, paper)

    return tried


def arm(point: str) -> None:
    """Put the kill in its place."""
    match point:
        case "before-fetch":
            HeadquartersLine.release_token = die  # type: ignore[method-assign,assignment]
        case "fetched-not-durable":
            Releases.take_token = die  # type: ignore[method-assign,assignment]
        case "durable-not-released":
            Releases.release = once_held(Releases.release)  # type: ignore[method-assign]
        case "released-not-pushed":
            ReleaseKeeper._push = die  # type: ignore[method-assign,assignment]
        case _:
            raise ValueError(point)


if __name__ == "__main__":
    arm(sys.argv[1])
    sys.exit(program.main(sys.argv[2:]))
