"""Looks at one backup medium: is it what was proved, and which device is it? Blocking; a medium may
hang in any of it, so it is called in a thread of its own and never from the loop (R3)."""

from collections.abc import Sequence
from pathlib import Path

from venue_server.backup.archive import BackupFault, check_archive
from venue_server.backup.store import BackupCopy
from venue_server.backup.targets import BackupTarget
from venue_server.intake.custody.media_io import medium_of
from venue_server.storage.media_lanes import watching
from venue_server.storage.medium import MediumProblem


def looked(
    target: BackupTarget, expected: Sequence[BackupCopy]
) -> tuple[str | None, str, MediumProblem | None]:
    """The first archive that is not what was proved, what the device says it is, and whether it was
    still there afterwards."""
    return _first_changed(target, expected), serial_of(target.folder), target.problem()


def _first_changed(target: BackupTarget, expected: Sequence[BackupCopy]) -> str | None:
    """The first archive that is not what was proved; None when all are."""
    for copy in expected:
        name = Path(copy.file).name
        try:
            with watching(str(target.folder)):
                check_archive(target.folder / name, copy.sha256)
        except BackupFault:
            return name
    return None


def serial_of(folder: Path) -> str:
    """What the device under a folder says it is; empty when it says nothing."""
    found = medium_of(folder)
    return found.medium_id if found else ""
