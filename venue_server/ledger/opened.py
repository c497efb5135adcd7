"""Which packages the ledger's files say were opened (E07): a memory outside the store.

Whoever puts an old copy of the store back makes it forget that a paper was opened. The ledger's
file and its copy on the second device do not forget; all would have to be put back together.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from venue_server.ledger.catalogue import Event

_MARK = json.dumps(Event.RELEASED.value).encode()


def opened_packages(files: Iterable[Path]) -> frozenset[str]:
    """The package ids of every release that any of these files tells of. A file that cannot be read
    says nothing here; that it is out of order is the ledger's own alarm."""
    return frozenset(package for file in files for package in _opened(file))


def _opened(file: Path) -> list[str]:
    try:
        with file.open("rb") as lines:
            return [package for line in lines if _MARK in line and (package := _package(line))]
    except OSError:
        return []


def _package(line: bytes) -> str:
    try:
        entry = json.loads(line)
    except ValueError:  # the torn last line of a crash
        return ""
    match entry:
        case {"event": Event.RELEASED.value, "data": {"package": str(package)}}:
            return package
    return ""
