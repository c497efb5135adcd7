"""A sealed bundle is kept twice: on the second device as well, until it may be destroyed (L01, R3).

After sealing nobody can make it anew without everybody's signatures; a disk that dies, or a byte
that turns, between sealing and headquarters' receipt would hold up a session's answers. Blocking.
"""

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from venue_server.storage.files import READ_SIZE, replacing, sha256_file
from venue_server.storage.one_thread import in_daemon
from venue_server.upload.bundle import SealedBundle

_log = logging.getLogger(__name__)

DAMAGED = ".damaged"
"""Behind the name of a bundle that was not what was sealed, and is mended from its twin."""


class NotAsSealedError(Exception):
    """Neither copy of a bundle is what was sealed."""


class Twins:
    """The second copies of one venue's bundles; ``folder`` gives None while its device is away."""

    def __init__(self, folder: Callable[[], Path | None]) -> None:
        self._folder = folder
        self._work: dict[str, Future[bool]] = {}

    def keep(self, bundle: SealedBundle) -> None:
        """Begin to copy what is not there yet, in a thread of its own: a second device that hangs
        holds up nothing, and gets one."""
        before = self._work.get(bundle.bundle_id)
        if before is None or before.done():
            self._work[bundle.bundle_id] = in_daemon("bundle twin", lambda: self._keep(bundle))

    def _keep(self, bundle: SealedBundle) -> bool:
        folder = self._folder()
        return folder is not None and keep_twin(bundle, folder)

    def sound(self, bundle: SealedBundle) -> tuple[Path | None, bool]:
        """As :func:`sound_file`; the second device is not looked at while it is not needed."""
        found, mended = sound_file(bundle, None)
        return (found, mended) if found else sound_file(bundle, self._folder())


def keep_twin(bundle: SealedBundle, folder: Path) -> bool:
    """Copy the bundle to ``folder`` on the second device, unless it is there; False when that
    device does not take it. What is there was compared when it was written, and is when it is
    used."""
    twin = folder / bundle.file.name
    try:
        if twin.exists() and twin.stat().st_size == bundle.size:
            return True
        folder.mkdir(exist_ok=True, mode=0o700)
        _copy(bundle.file, twin)
        if sha256_file(twin) == bundle.sha256:
            return True
        twin.unlink()  # what it was copied from is not what was sealed any more
        return False
    except OSError as error:
        _log.error("bundle %s has no second copy: %s", bundle.bundle_id, error)
        return False


def sound_file(bundle: SealedBundle, folder: Path | None) -> tuple[Path | None, bool]:
    """Where the bundle lies as it was sealed, and whether its place was mended from its twin in
    ``folder``. What was there is kept beside it. None when neither is what was sealed."""
    if _is(bundle, bundle.file):
        return bundle.file, False
    twin = folder / bundle.file.name if folder is not None else None
    if twin is None or not _is(bundle, twin):
        return None, False
    try:
        if bundle.file.exists():
            bundle.file.replace(bundle.file.with_name(f"{bundle.file.name}{DAMAGED}"))
        _copy(twin, bundle.file)
    except OSError as error:
        _log.error("bundle %s cannot be mended: %s", bundle.bundle_id, error)
        return twin, False
    return bundle.file, True


def _is(bundle: SealedBundle, file: Path) -> bool:
    try:
        return sha256_file(file) == bundle.sha256
    except OSError:
        return False


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, replacing(target) as write:
        shutil.copyfileobj(read, write, READ_SIZE)
