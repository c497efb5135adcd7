"""One digest of all this program is made of: its files, and what it was installed with (C10).

Nobody signs it: it only has to be the same on every station, and the same as when the venue was
sealed. A station whose program was changed could of course claim another one's digest; what keeps
programs from being changed is the installation (docs/threat-model.md).
"""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from importlib.resources import files
from pathlib import Path

PARTS = (("candidate_station", ""), ("venue_server", "wire"), ("venue_server", "client"))
"""Packages the station runs: its own, and of the server's only the wire and the client library."""


def program_digest() -> str:
    """SHA-256 as hex over names and bytes of all files and over names and versions of the
    distributions. Reads some hundred files."""
    folders = [Path(str(files(package))) / below for package, below in PARTS]
    return digest_of(folders, installed())


def installed() -> list[str]:
    """``name==version`` of every distribution in this environment."""
    return sorted({f"{each.name.lower()}=={each.version}" for each in distributions()})


def digest_of(folders: Iterable[Path], versions: Iterable[str]) -> str:
    """See :func:`program_digest`; compiled files do not count, Python writes them itself."""
    whole = hashlib.sha256()
    for folder in folders:
        for path in _sources(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            whole.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for version in versions:
        whole.update(version.encode() + b"\n")
    return whole.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and "__pycache__" not in path.parts:
            yield path
